"""A page of its own with a plate and a table of the same facts, for the screen, the phone and print."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from nahtstelle.drawing.palette import DARK, LIGHT, Palette, style_sheet
from nahtstelle.drawing.plate import has_several_places
from nahtstelle.drawing.text import FONT_STACK, escape
from nahtstelle.drawing.words import WORDS, Language, Words, as_of, number

PAGE_PLATE_PX = 720
PHONE_PLATE_PX = 360

LINKS = {
    "dl-de/by-2-0": "https://www.govdata.de/dl-de/by-2-0",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "BKG": "https://www.bkg.bund.de",
    "Destatis": "https://www.destatis.de",
    "GeoNutzV": "https://www.gesetze-im-internet.de/geonutzv/",
}
"""Words in an attribution that lead to a licence or a publisher."""


def to_html(
    svg: str,
    table: pd.DataFrame,
    *,
    title: str,
    lead: str,
    attribution: str,
    edition_date: date | None,
    small_svg: str = "",
    language: Language = "de",
) -> str:
    """Set a plate and its table on a page that needs nothing else: no script, no font, no other file.

    ``svg``: from `draw_seams`, ``embedded`` and ``PAGE_PLATE_PX`` wide. ``small_svg`` is the same
    ``PHONE_PLATE_PX`` wide, shown in its place on a phone; without it the plate is shown smaller there.
    ``table``: the seams drawn, in the same order, columns as for `draw_seams`; geometry is not looked at.
    ``own_name`` (name of the own area) and ``known_share`` (0 to 1, share of the people known) get a column
    where there are several own areas and where not all people are known. ``lead`` is the answer in a sentence
    or two. Links are made of addresses and of names of licences in ``attribution``.
    """
    words = WORDS[language]
    columns = _columns(table, words, language)
    plates = f'<div class="nt-wide">{_inline(svg)}</div>' if small_svg else _inline(svg)
    if small_svg:
        plates += f'\n<div class="nt-narrow">{_inline(small_svg)}</div>'
    sources = "".join(f"<p>{_linked(line)}</p>" for line in attribution.splitlines())
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{escape(title)}</title>",
            f"<style>\n{_page_style()}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{escape(title)}</h1>",
            f'<p class="lead">{escape(lead)}</p>',
            "<div>" if has_several_places(table) else '<div class="side">',
            f"<figure>{plates}</figure>",
            _table(table, columns, words),
            "</div>",
            "</main>",
            "<footer>",
            f"<h2>{words.sources}</h2>",
            f"{sources}<p>{as_of(edition_date, language)}. {words.changed}</p>",
            "</footer>",
            "</body>",
            "</html>\n",
        ]
    )


@dataclass(frozen=True)
class _Column:
    """A column of the table: its heading, the text of a cell, whether it holds numbers."""

    heading: str
    cell: Callable[[int, pd.Series], str]
    numeric: bool = False
    names_row: bool = False


def _columns(table: pd.DataFrame, words: Words, language: Language) -> list[_Column]:
    def people(_: int, seam: pd.Series) -> str:
        return words.missing if pd.isna(seam["people"]) else number(seam["people"], 0, language)

    def known(_: int, seam: pd.Series) -> str:
        return f"{number(100 * seam['known_share'], 0, language)} %"

    columns = [
        _Column(words.number, lambda row, _: str(row), numeric=True),
        _Column(words.name, lambda _, seam: str(seam["name"]), names_row=True),
        _Column(words.length, lambda _, seam: number(seam["length_km"], 1, language), numeric=True),
        _Column(words.seam_people, people, numeric=True),
        _Column(words.land, lambda _, seam: words.yes if seam["land_seam"] else words.no),
    ]
    if has_several_places(table):
        columns.insert(1, _Column(words.own_name, lambda _, seam: str(seam["own_name"])))
    if "known_share" in table.columns and (table["known_share"].fillna(1.0) < 1.0).any():
        columns.insert(-1, _Column(words.known, known, numeric=True))
    return columns


def _table(table: pd.DataFrame, columns: Sequence[_Column], words: Words) -> str:
    heads = "".join(f'<th scope="col"{_class(column)}>{escape(column.heading)}</th>' for column in columns)
    rows = "\n".join(
        "<tr>" + "".join(_cell(column, row, seam) for column in columns) + "</tr>"
        for row, (_, seam) in enumerate(table.iterrows(), start=1)
    )
    caption = escape(words.table_caption)
    return (
        f'<div class="table" role="region" aria-label="{caption}" tabindex="0">\n'
        f"<table>\n<caption>{caption}</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
    )


def _cell(column: _Column, row: int, seam: pd.Series) -> str:
    text = escape(column.cell(row, seam))
    return f'<th scope="row">{text}</th>' if column.names_row else f"<td{_class(column)}>{text}</td>"


def _class(column: _Column) -> str:
    return ' class="n"' if column.numeric else ""


def _inline(svg: str) -> str:
    """A plate as part of a page, where it needs no namespace."""
    return svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1).strip()


def _linked(text: str) -> str:
    """A line with its addresses and its names of licences made links."""
    words = "|".join(re.escape(word) for word in LINKS)
    pieces = re.split(rf"(https?://[^\s,;)]+|\b(?:{words})\b)", text)
    return "".join(_link(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces))


def _link(piece: str) -> str:
    return f'<a href="{escape(LINKS.get(piece, piece))}">{escape(piece)}</a>'


def _page_style() -> str:
    return f"""{_colours(LIGHT)}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:47.5rem;padding:2rem 1.25rem 3rem;overflow-wrap:break-word;
font:1rem/1.5 {FONT_STACK};color:var(--text);background:var(--sheet)}}
h1{{font-size:clamp(1.5rem,1.1rem + 2vw,2.25rem);line-height:1.2;margin:0 0 .5rem;text-wrap:balance}}
h2{{font-size:1rem;margin:0 0 .25rem}}
p{{margin:0 0 .5rem;max-width:44rem}}
.lead{{font-size:1.125rem;color:var(--text)}}
figure{{margin:1.25rem 0 2rem}}
@media (min-width:75rem){{
body:has(.side){{max-width:82rem}}
.side{{display:grid;grid-template-columns:45rem minmax(0,1fr);gap:2.5rem}}
.side .table{{margin-top:1.25rem}}
}}
svg{{display:block;width:100%;height:auto}}
.nt-narrow{{display:none}}
.table{{overflow-x:auto}}
table{{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}}
caption{{text-align:left;font-weight:600;padding-bottom:.5rem}}
th,td{{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}}
thead th{{vertical-align:bottom;border-bottom:2px solid var(--quiet);font-weight:600;hyphens:auto}}
tbody th{{font-weight:400}}
tr>:last-child{{padding-right:0}}
.n{{text-align:right}}
footer{{margin-top:2rem;font-size:.875rem;color:var(--quiet)}}
a{{color:var(--link);overflow-wrap:anywhere}}
a:focus-visible,.table:focus-visible{{outline:2px solid var(--link);outline-offset:2px}}
@media (max-width:40rem){{
body{{padding:1.25rem 1rem 2rem}}
.nt-wide{{display:none}}
.nt-wide:only-child,.nt-narrow{{display:block}}
th,td{{padding-right:.35rem;font-size:.8125rem}}
}}
@media screen and (prefers-color-scheme:dark){{
{_colours(DARK)}
{style_sheet(DARK, ".nt-plate ")}
}}
@media print{{
@page{{size:A4;margin:14mm}}
:root{{--sheet:#fff}}
.nt-plate .nt-sheet{{fill:#fff}}
body{{padding:0;max-width:none;font-size:9.5pt;line-height:1.35}}
.lead{{font-size:11pt}}
footer{{margin-top:1rem;font-size:8pt}}
th,td{{padding-top:.2rem;padding-bottom:.2rem}}
h1{{font-size:18pt}}
figure{{margin:.5rem 0 1rem}}
.side,.nt-wide{{display:block}}
.nt-narrow{{display:none}}
svg{{width:auto;max-width:100%;max-height:150mm}}
figure,tr{{break-inside:avoid}}
a{{color:inherit;text-decoration:none}}
}}
"""


def _colours(palette: Palette) -> str:
    return (
        f":root{{--sheet:{palette.sheet};--text:{palette.text};--quiet:{palette.quiet};"
        f"--line:{palette.edge};--link:{palette.seam}}}"
    )
