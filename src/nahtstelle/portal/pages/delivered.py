"""The texts that come with the site: Markdown files with a head in TOML, one folder per language.

The path of a file is the path of its page; a number before the name orders pages under the same one. Fenced pieces are
the blocks Markdown has no sign for::

    ```notice Title        ```warning Title        ```steps              ```links                     ```table Caption
    Text.                  Text.                   ### First             - [Title](/address/): why    Form | Law
    ```                    ```                     Text.                 ```                          A | B
                                                   ```                                                ```
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parent / "texts"
_HEAD = re.compile(r"\A\+\+\+\n(?P<head>.*?)\n\+\+\+\n(?P<body>.*)\Z", re.DOTALL)
_LINK = re.compile(r"- \[(?P<title>[^]]+)\]\((?P<url>[^)]+)\)(?:: (?P<description>.+))?")
_MARKDOWN = MarkdownIt("commonmark", {"html": False})

Block = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """One page as it is delivered: where it belongs, of which type it is, the fields of that type."""

    path: tuple[str, ...]
    kind: str
    fields: dict[str, Any]
    body: list[Block]


def texts(language: str) -> Iterator[Text]:
    """Every page of a language, each after the one above it, neighbours in their order."""
    folder = FOLDER / language
    for file in sorted(folder.rglob("*.md"), key=lambda file: file.relative_to(folder).with_suffix("").parts):
        yield _read(file, tuple(_slug(part) for part in file.relative_to(folder).with_suffix("").parts))


def _slug(name: str) -> str:
    """The name of a file without the number that orders it."""
    return re.sub(r"\A\d+-", "", name)


def _read(file: Path, path: tuple[str, ...]) -> Text:
    found = _HEAD.match(file.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{file}: expected a head between two lines of +++")
    fields = tomllib.loads(found["head"])
    return Text(path, fields.pop("type"), fields, list(blocks(found["body"])))


def blocks(markdown: str) -> Iterator[Block]:
    """The blocks of a body, as a stream field keeps them.

    >>> list(blocks("## Why?\\n\\nFor *this*.\\n\\n- one\\n"))[0]
    {'type': 'heading', 'value': 'Why?'}
    >>> list(blocks("## Why?\\n\\nFor *this*.\\n\\n- one\\n"))[1]["value"]
    '<p>For <em>this</em>.</p><ul><li>one</li></ul>'
    """
    waiting: list[Token] = []
    for tokens in _pieces(_MARKDOWN.parse(markdown)):
        first = tokens[0]
        if first.type not in ("heading_open", "fence"):
            waiting += tokens
            continue
        yield from _text(waiting)
        waiting = []
        if first.type == "heading_open":
            yield {"type": "heading" if first.tag == "h2" else "subheading", "value": tokens[1].content}
        else:
            yield _fenced(*first.info.partition(" ")[::2], content=first.content)
    yield from _text(waiting)


def _pieces(tokens: list[Token]) -> Iterator[list[Token]]:
    """Tokens in groups: one group per piece that stands by itself."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield group
            group = []


def _text(tokens: list[Token]) -> Iterator[Block]:
    if tokens:
        yield {"type": "text", "value": _html(tokens)}


def _html(tokens: list[Token]) -> str:
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return re.sub(r">\n\s*", ">", html).replace("\n", " ").strip()


def _fenced(kind: str, said: str, content: str) -> Block:
    if kind in ("notice", "warning"):
        shown = "info" if kind == "notice" else kind
        return {
            "type": "notice",
            "value": {"kind": shown, "title": said, "text": _html(_MARKDOWN.parse(content))},
        }
    if kind == "table":
        return {"type": "table", "value": {"caption": said, "rows": content.strip()}}
    if kind == "links":
        found = [_LINK.fullmatch(line) for line in content.strip().splitlines()]
        return {"type": "links", "value": [line.groupdict(default="") for line in found if line]}
    if kind == "steps":
        inner = list(blocks(content))
        titles, said_then = inner[::2], inner[1::2]
        return {
            "type": "steps",
            "value": [{"title": a["value"], "text": b["value"]} for a, b in zip(titles, said_then, strict=True)],
        }
    raise ValueError(f"no block is called {kind!r}")
