"""Every kind of page in both languages: well-formed, readable by ear, complete in its head, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from tests.portal.every_page import HAMELN_PYRMONT, KINDS, LANGUAGES, LIPPE, WHOLE, Kind, area, seam
from tests.portal.markup import Page, name_of, text_of

ALL = pytest.mark.parametrize(("kind", "language"), [(kind, code) for code in LANGUAGES for kind in KINDS], ids=str)
WHOLE_PAGES = pytest.mark.parametrize(
    ("kind", "language"), [(kind, code) for code in LANGUAGES for kind in WHOLE], ids=str
)
Read = Callable[[Kind, str], Page]
OWN_HOSTS = {"", urlsplit(settings.ENV.base_url).netloc}


@pytest.fixture(scope="module")
def pages_read() -> dict[str, Page]:
    """Pages that were read already: reading as strictly as this takes longer than making them."""
    return {}


@pytest.fixture
def read(visitor: Client, pages_read: dict[str, Page]) -> Callable[[Kind, str], Page]:
    """The page of a kind in a language, as a visitor gets it."""

    def page(kind: Kind, language: str) -> Page:
        path = kind.at(language)
        if path not in pages_read:
            answer = visitor.get(path)
            assert answer.status_code == kind.status
            pages_read[path] = Page(answer.content.decode(), piece=kind.frame == "piece")
        return pages_read[path]

    return page


@ALL
def test_markup(read: Read, kind: Kind, language: str) -> None:
    """One page is read once and held against all that can be wrong in its markup; everything wrong is said at once."""
    page = read(kind, language)
    wrong = [*page.errors, *_structure(page, kind, language), *_names(page), *_inline(page), *_elsewhere(page)]
    assert not wrong, "\n".join(wrong)


def _structure(page: Page, kind: Kind, language: str):
    headings = [(int(each.tag[1]), text_of(each)) for each in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    levels = [level for level, _ in headings]
    if kind.frame == "piece":
        # stands inside a page that has its h1 already
        if levels[:1] != [2]:
            yield f"begins with heading {levels[:1]}"
    else:
        if levels.count(1) != 1:
            yield f"{levels.count(1)} h1"
        if levels[:1] != [1]:
            yield f"begins with heading {headings[:1]}"
        if page.one("html").get("lang") != language:
            yield f"lang={page.one('html').get('lang')!r}"
        if len(page.all("main")) != 1:
            yield f"{len(page.all('main'))} main"
    yield from (
        f"heading {text!r} jumps from {before} to {level}"
        for before, (level, text) in zip(levels, headings[1:], strict=False)
        if level > before + 1
    )
    yield from (f"empty heading h{level}" for level, text in headings if not text)
    ids = Counter(each.get("id") for each in page.all() if each.get("id"))
    yield from (f"id {ident!r} stands {count} times" for ident, count in ids.items() if count > 1)
    for each in page.all():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget"):
            for ident in (each.get(attribute) or "").split():
                if ident not in ids:
                    yield f"{attribute}={ident!r} points nowhere"
    for link in page.all("a"):
        href = link.get("href", "")
        # the gallery shows links that lead nowhere
        if href.startswith("#") and href[1:] not in ids and kind.name != "gallery":
            yield f"link {href!r} points nowhere"


def _names(page: Page):
    labels = {each.get("for"): text_of(each) for each in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        if field.get("type") in ("hidden", "submit"):
            continue
        wrapped = [each for each in page.above(field) if each.tag == "label"]
        if not (labels.get(field.get("id")) or wrapped or field.get("aria-label") or field.get("aria-labelledby")):
            yield f"field {field.get('name')!r} has no label"
    yield from (f"picture {each.get('src')!r} has no alt" for each in page.all("img") if each.get("alt") is None)
    for each in page.all("a", "button", "summary"):
        if not name_of(each, page):
            yield f"<{each.tag} {each.attrib}> has no words"
    for each in page.all("a"):
        if not each.get("href"):
            yield f"link {text_of(each)!r} leads nowhere"
    for each in page.all("th"):
        if each.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            yield f"head of a table {text_of(each)!r} has no scope"
        elif not text_of(each):
            yield "an empty head of a table"
    for table in page.all("table"):
        captions = [text_of(each) for each in table.iter("caption")]
        if len(captions) != 1 or not captions[0]:
            yield f"table with captions {captions}"
    for each in page.all("nav", "form"):
        if each.tag == "nav" and not name_of(each, page):
            yield "a nav without a name"
    landmarks = Counter((each.tag, each.get("aria-label")) for each in page.all("nav"))
    yield from (f"{count} times {landmark}" for landmark, count in landmarks.items() if count > 1)
    for iframe in page.all("iframe"):
        if not iframe.get("title"):
            yield "a frame without a title"


def _inline(page: Page):
    for each in page.all():
        for attribute in each.attrib:
            if attribute == "style" or attribute.startswith("on"):
                yield f"<{each.tag} {attribute}={each.get(attribute)!r}>"
        if str(each.get("href", "")).lower().startswith("javascript:"):
            yield f"<{each.tag} href={each.get('href')!r}>"
    yield from ("a style element" for _ in page.all("style"))
    for script in page.all("script"):
        if not script.get("nonce"):
            yield f"script {script.get('src')!r} without a nonce"
        if script.get("type") != "application/ld+json" and (script.text or "").strip():
            yield f"inline script {script.text[:60]!r}"


def _elsewhere(page: Page):
    for each in page.all("link", "script", "img", "source", "iframe", "form", "button", "nt-map"):
        if each.tag == "link" and each.get("rel") in ("canonical", "alternate"):
            continue
        for attribute in ("src", "href", "action", "formaction", "srcset", "tiles", "background"):
            address = urlsplit(each.get(attribute, ""))
            if address.scheme not in ("", "data", "http", "https") or address.netloc not in OWN_HOSTS:
                yield f"<{each.tag} {attribute}={each.get(attribute)!r}>"


@ALL
def test_no_word_of_the_machine_on_a_page(read: Read, kind: Kind, language: str) -> None:
    words = read(kind, language).words
    for leftover in (r"\bNone\b", r"%\(\w+\)", r"\{\{|\}\}|\{%", r"\bnan\b", r"\bTrue\b|\bFalse\b", r"<[A-Z]\w+:"):
        assert not (found := re.search(f".{{0,30}}{leftover}.{{0,30}}", words)), found.group()


@WHOLE_PAGES
def test_head(read: Read, kind: Kind, language: str) -> None:
    page = read(kind, language)
    title = text_of(page.one("title"))
    assert title.endswith(" – Nahtstelle") and len(title) > len(" – Nahtstelle") + 3
    description = page.one("meta", name="description").get("content", "")
    assert 20 <= len(description) <= 400
    if kind.status != 200:
        return
    canonical = page.one("link", rel="canonical").get("href")
    path = kind.at(language).split("?")[0]
    assert canonical == settings.ENV.base_url + path
    other = "en" if language == "de" else "de"
    alternates = {
        each.get("hreflang"): urlsplit(each.get("href", "")).path
        for each in page.all("link")
        if each.get("rel") == "alternate"
    }
    assert alternates[other] == kind.at(other).split("?")[0]
    properties = {each.get("property"): each.get("content") for each in page.all("meta") if each.get("property")}
    assert properties["og:url"] == canonical
    assert properties["og:title"] and properties["og:description"]
    assert properties["og:image"].startswith(settings.ENV.base_url)
    (linked,) = [each for each in page.all("script") if each.get("type") == "application/ld+json"]
    said = json.loads(linked.text)
    assert said["@context"] == "https://schema.org"
    assert said["@type"] and said["url"] == canonical and said["name"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_pages_have_the_same_title(read: Read, language: str) -> None:
    # lists keep their title whatever they are narrowed to
    kinds = [kind for kind in WHOLE if kind.status == 200 and "?" not in kind.path]
    pages = [read(kind, language) for kind in kinds]
    titles = Counter(text_of(page.one("title")) for page in pages)
    assert not {title for title, count in titles.items() if count > 1}
    descriptions = Counter(page.one("meta", name="description").get("content") for page in pages)
    assert not {said for said, count in descriptions.items() if count > 1}


def test_the_picture_to_share_is_there(visitor: Client) -> None:
    for path in ("/", area(HAMELN_PYRMONT), seam(HAMELN_PYRMONT, LIPPE), "/en/", "/impressum/"):
        page = Page(visitor.get(path).content.decode())
        shared = page.one("meta", property="og:image").get("content", "")
        answer = visitor.get(urlsplit(shared).path)
        assert answer.status_code == 200 and answer["Content-Type"] == "image/png", shared


@pytest.mark.parametrize("kind", WHOLE, ids=str)
def test_the_other_language_is_one_link_away(read: Read, kind: Kind) -> None:
    """The same page, with what was asked for."""
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        page = read(kind, language)
        links = [each for each in page.all("a") if each.get("hreflang") == other]
        assert [each.get("href") for each in links] == [kind.at(other)]
        assert links[0].get("lang") == other


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_visitors_get_no_cookie_and_a_strict_policy(visitor: Client, kind: Kind) -> None:
    answer = visitor.get(kind.path)
    assert not answer.cookies
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    # a piece without scripts needs no nonce, and allows none
    assert re.fullmatch(r"'nonce-[\w+/=-]{16,}'", policy["script-src"]) or (
        kind.frame == "piece" and policy["script-src"] in ("", "'none'")
    )
    assert policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == ("*" if kind.frame == "embed" else "'none'")
    assert "unsafe" not in answer["Content-Security-Policy"] and "http" not in answer["Content-Security-Policy"]
    assert ("X-Frame-Options" in answer) != (kind.frame == "embed")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_answer_has_its_own_nonce(visitor: Client, kind: Kind) -> None:
    """Also where the page is remembered: the nonce of the header is the one in the page."""
    seen = set()
    for _ in range(3):
        answer = visitor.get(kind.path)
        said = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])
        used = set(re.findall(r'nonce="([^"]*)"', answer.content.decode()))
        if kind.frame == "piece":
            assert not used
            continue
        assert said and used == {said[1]}
        seen.add(said[1])
    assert kind.frame == "piece" or len(seen) == 3


def test_a_remembered_page_is_the_same_page(visitor: Client) -> None:
    def without_nonce(path: str) -> str:
        return re.sub(r'nonce="[^"]*"', "", visitor.get(path).content.decode())

    for path in ("/", seam(HAMELN_PYRMONT, LIPPE), area(HAMELN_PYRMONT), "/naehte/?land=03", "/en/naehte/?land=03"):
        assert without_nonce(path) == without_nonce(path)
    assert without_nonce("/naehte/?land=03") != without_nonce("/naehte/?land=05")
    assert without_nonce("/naehte/?land=03") != without_nonce("/en/naehte/?land=03")


def test_signed_in_people_get_pages_of_their_own(editor: Client, visitor: Client) -> None:
    """What somebody signed in sees is never remembered for others."""
    editor.get("/naehte/")
    editor.get("/naehte/")
    answer = visitor.get("/naehte/")
    assert not answer.cookies and "redakteurin" not in answer.content.decode()


def test_the_secure_site_says_so(client: Client, db: None, settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    settings.SECURE_HSTS_SECONDS = 31_536_000  # type: ignore[attr-defined]
    answer = client.get("/zustand/")
    assert answer.status_code == 301 and answer["Location"].startswith("https://")
    assert "max-age=31536000" in client.get("/zustand/", secure=True)["Strict-Transport-Security"]
