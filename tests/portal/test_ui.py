"""The frame and the components: right in both languages, safe with hostile words, in the colours of the plates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from nahtstelle.core.model import People
from nahtstelle.drawing.marks import favicon_svg
from nahtstelle.drawing.palette import DARK, LIGHT, Palette
from nahtstelle.portal.ui.context import Here
from nahtstelle.portal.ui.contrast import contrast
from nahtstelle.portal.ui.templatetags import ui
from nahtstelle.portal.ui.views import colour_rows

STYLES = Path(__file__).parents[2] / "frontend" / "src" / "styles"
HOSTILE = '"><script>alert(1)</script>'


@dataclass(frozen=True)
class Place:
    key: str = "03252"
    name: str = "Hameln-Pyrmont"
    designation: str | None = "Landkreis"


def rendered(source: str, path: str = "/naehte/", language: str = "de", **context: Any) -> str:
    with override(language):
        request = RequestFactory().get(path)
        return Template("{% load i18n ui %}" + source).render(Context({"request": request} | context))


def spaces(text: str) -> str:
    """With plain spaces, to compare words."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


# ----------------------------------------------------------------------------------------------- colours


def test_pages_have_the_colours_of_the_plates() -> None:
    css = (STYLES / "tokens.css").read_text("utf-8")
    said = dict(re.findall(r"--nt-([a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", css))
    for field in fields(Palette):
        role = field.name.replace("_", "-")
        assert said[role] == f"{getattr(LIGHT, field.name)}, {getattr(DARK, field.name)}", role


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_are_told_from_their_ground(palette: Palette) -> None:
    for ground in (palette.sheet, palette.context):
        for ink in (palette.text, palette.quiet, palette.seam, palette.loose, palette.none, palette.unknown):
            assert contrast(ink, ground) >= 4.5
    for area in (palette.neighbour, palette.own, palette.border, palette.across, palette.across_border):
        assert contrast(palette.text, area) >= 4.5
    assert contrast(palette.sheet, palette.seam) >= 4.5, "white on buttons"


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#0a5561", "#0a5561") == 1
    assert {row.role for row in colour_rows()} == {field.name for field in fields(Palette)}


def test_the_icon_is_the_mark_as_drawn() -> None:
    assert (files("nahtstelle.portal.ui") / "static" / "ui" / "favicon.svg").read_text("utf-8") == favicon_svg()


# ----------------------------------------------------------------------------------------------- figures


def test_figures_are_written_as_the_reader_writes_them() -> None:
    source = "{{ people|number }} / {{ metres|km }} / {{ area|km2 }} / {{ share|percent }} / {{ on|as_of }}"
    values: dict[str, Any] = {
        "people": 92461,
        "metres": 34563.2,
        "area": 796.9e6,
        "share": 0.826,
        "on": dt.date(2016, 1, 1),
    }
    assert spaces(rendered(source, **values)) == "92.461 / 34,6 km / 797 km² / 83 % / Gebietsstand 1. Januar 2016"
    english = rendered(source, language="en", **values)
    assert spaces(english) == "92,461 / 34.6 km / 797 km² / 83% / Boundaries as of 1 January 2016"
    assert " " not in rendered("{{ metres|km }}", **values), "number and unit never part at the end of a line"


@pytest.mark.parametrize("filtered", ["number", "km", "km2", "percent", "people"])
def test_what_is_missing_is_a_dash_with_a_word(filtered: str) -> None:
    said = rendered("{{ nothing|" + filtered + " }}", language="en", nothing=None)
    assert '<span aria-hidden="true">–</span><span class="kern-sr-only">unknown</span>' in said


def test_people_say_how_much_is_known() -> None:
    assert rendered("{{ all|people }}{{ all|coverage }}", all=People(92461, 8, 8)) == "92.461"
    some = rendered("{{ some|people }}", language="en", some=People(74210, 9, 11))
    assert 'title="known for 82% of the municipalities"' in some
    assert spaces(re.sub("<[^>]+>", "", some)) == "min. 74,210"
    assert "nt-missing" in rendered("{{ none|people }}", none=People(None, 0, 4))


def test_a_figure_sets_its_unit_apart() -> None:
    said = rendered(
        "{% figures_row %}{% figure 'Länge' metres|km '' 'in einem Stück' 'BKG' %}{% endfigures %}", metres=1e4
    )
    assert '10,0 <span class="nt-figure__unit">km</span>' in said
    assert "<details" in said and "<div>BKG</div>" in said
    assert said.startswith('<dl class="nt-figures"><div class="nt-figure"><dt>Länge</dt>')


# ------------------------------------------------------------------------------------------ small pieces


@pytest.mark.parametrize(
    "source",
    [
        "{% area_link place %}",
        "{% key_chip word %}",
        "{% level_badge 'district' word %}",
        "{% seam_link '/naehte/a/b/' word word %}",
        "{% crumbs word '/' %}",
        "{% figure word word word word word %}",
        "{% notice 'info' word %}{% endnotice %}",
        "{% empty word %}{% endempty %}",
        "{% disclosure word %}{% enddisclosure %}",
        "{% table word %}{% endtable %}",
        "<table><thead><tr>{% sort_header word 'name' 'name' %}</tr></thead></table>",
        "{% take_away csv=word %}",
        "{% search_box 'x' 'page' word %}",
        "{% embed_box word word %}",
    ],
)
def test_hostile_words_stay_words(source: str) -> None:
    said = rendered(source, place=Place(HOSTILE, HOSTILE, HOSTILE), word=HOSTILE)
    assert "<script" not in said
    assert "alert(1)" in said
    html5lib.HTMLParser(strict=True).parseFragment(said)


def test_areas_link_to_their_page_in_the_language_of_the_reader() -> None:
    assert 'href="/verzeichnis/gebiete/03252/"' in rendered("{% area_link place %}", place=Place())
    english = rendered("{% area_link place %}", language="en", place=Place())
    assert english == (
        '<a href="/en/verzeichnis/gebiete/03252/">Hameln-Pyrmont</a> <span class="nt-kind">Landkreis</span>'
    )
    assert "nt-kind" not in rendered("{% area_link place False %}", place=Place())


def test_take_away_has_the_same_buttons_in_the_same_order() -> None:
    said = rendered("{% take_away pdf='/p' csv='/c' geojson='/g' xlsx='/x' embed='#e' %}", language="en")
    assert re.findall(r'href="([^"]+)"', said) == ["/c", "/x", "/g", "/p", "#e"]
    assert re.findall(r'href="([^"]+)"', rendered("{% take_away csv='/c' %}")) == ["/c"]


# ------------------------------------------------------------------------------------------------ tables


def sorted_by(order: str, numeric: bool, path: str = "/naehte/?land=03&seite=4") -> str:
    return rendered(
        "{% sort_header 'Menschen' 'menschen' order numeric %}", path, order=order, numeric=numeric
    ).replace("&amp;", "&")


def test_columns_turn_round_and_keep_the_filters() -> None:
    assert 'href="?land=03&sortierung=-menschen"' in sorted_by("name", numeric=True)
    assert 'href="?land=03&sortierung=menschen"' in sorted_by("name", numeric=False)
    falling = sorted_by("-menschen", numeric=True)
    assert 'aria-sort="descending"' in falling
    assert 'href="?land=03&sortierung=menschen"' in falling
    assert 'aria-sort="ascending"' in sorted_by("menschen", numeric=True)
    assert "aria-sort" not in sorted_by("name", numeric=True)


def test_pages_of_a_list() -> None:
    pages = Paginator(range(1040), 50)
    said = rendered("{% paging page %}", "/naehte/?land=03&seite=2", page=pages.page(2)).replace("&amp;", "&")
    assert 'href="?land=03" rel="prev"' in said, "the first page has one address"
    assert 'href="?land=03&seite=3" rel="next"' in said
    assert said.count('aria-current="page"') == 1
    assert "1.040" in said
    assert 'rel="next"' not in rendered("{% paging page %}", page=pages.page(21))
    assert rendered("{% paging page %}", page=Paginator([1], 50).page(1)) == ""


def test_wide_tables_scroll_by_keyboard() -> None:
    said = rendered("{% table 'Nähte im Harz' %}<tbody><tr><td>x</td></tr></tbody>{% endtable %}")
    assert 'role="region" aria-labelledby="t-nahte-im-harz" tabindex="0"' in said
    assert '<caption id="t-nahte-im-harz">Nähte im Harz</caption>' in said


class Filter(forms.Form):
    land = forms.ChoiceField(label="Land", choices=[("03", "Niedersachsen")])
    sortierung = forms.CharField(required=False, widget=forms.HiddenInput)


def test_filters_say_what_is_wrong_beside_the_field() -> None:
    said = rendered("{% filter_form form %}", form=Filter({"land": "99"}))
    assert 'aria-describedby="id_land-error"' in said and 'id="id_land-error"' in said
    assert 'aria-invalid="true"' in said
    assert "sortierung" not in said, "an empty order is not sent along"
    assert 'value="-menschen"' in rendered("{% filter_form form %}", form=Filter({"sortierung": "-menschen"}))


# ------------------------------------------------------------------------------------------------- frame


def here(path: str, language: str = "de") -> Here:
    with override(language):
        return Here(RequestFactory().get(path))


@pytest.mark.parametrize(
    ("path", "language", "other"),
    [
        ("/", "de", "/en/"),
        ("/en/", "en", "/"),
        ("/naehte/03252/05766/?ebene=kreis", "de", "/en/naehte/03252/05766/?ebene=kreis"),
        ("/en/naehte/?q=K%C3%B6ln", "en", "/naehte/?q=K%C3%B6ln"),
    ],
)
def test_the_other_language_is_one_step_away(path: str, language: str, other: str) -> None:
    page = here(path, language)
    assert page.other_language.url == other
    assert f'href="{other}"' in page.header


def test_hostile_queries_do_not_leave_the_address() -> None:
    request = RequestFactory().get("/naehte/")
    request.META["QUERY_STRING"] = f"q={HOSTILE}"
    assert "<script" not in Here(request).header


@pytest.mark.parametrize(
    ("path", "section"),
    [("/", ""), ("/naehte/03252/05766/", "naehte"), ("/verzeichnis/gebiete/03/", "verzeichnis")],
)
def test_the_present_part_of_the_site_is_marked(path: str, section: str) -> None:
    marked = re.findall(r'<a href="([^"]+)" aria-current', here(path).header)
    assert len(marked) == 1
    assert marked[0].split("/")[1] == section


def test_no_part_is_marked_elsewhere_and_nothing_is_kept_for_made_up_addresses() -> None:
    assert "aria-current" not in here("/impressum/").header
    assert here("/wp-login/").header.replace("wp-login", "") == here("/xmlrpc/").header.replace("xmlrpc", "")


def test_header_speaks_the_language_of_the_page() -> None:
    german, english = here("/karte/").header, here("/en/karte/", "en").header
    assert 'href="/karte/"' in german and 'href="/en/karte/"' in english
    assert "Skip to the content" in english
    assert re.search(r'lang="en"><span[^>]*>English', german) and re.search(r'lang="de"><span[^>]*>Deutsch', english)


# ------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("path", ["/gestaltung/", "/en/gestaltung/"])
def test_gallery(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 200
    said = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(said)
    assert said.count("<h1") == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])", said)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert " style=" not in said
    assert all("nonce=" in tag for tag in re.findall(r"<script[^>]*>", said))
    names = re.findall(r' id="([^"]+)"', said)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("template", ["404.html", "403.html", "ui/not_ready.html"])
def test_pages_for_what_goes_wrong_need_no_database(template: str) -> None:
    said = render_to_string(template, request=RequestFactory().get("/nirgendwo/"))
    html5lib.HTMLParser(strict=True).parse(said)
    assert said.count("<h1") == 1


def test_page_for_failures_needs_nothing_at_all() -> None:
    with override("en"):
        said = render_to_string("500.html")
    html5lib.HTMLParser(strict=True).parse(said)
    assert '<html lang="en">' in said and "nt/site.css" in said


def test_unknown_icons_are_not_in_the_design_system() -> None:
    """Every icon a template or a tag names is one KERN draws."""
    kern = Path(__file__).parents[2] / "frontend/node_modules/@kern-ux/native/dist/kern.css"
    if not kern.exists():
        pytest.skip("frontend/node_modules is not installed")
    drawn = set(re.findall(r"kern-icon--([a-z-]+)", kern.read_text("utf-8")))
    sources = [*Path(ui.__file__).parents[2].rglob("*.html"), Path(ui.__file__)]
    named = {name for path in sources for name in re.findall(r"""icon\(?\s?"([a-z-]+)\"""", path.read_text("utf-8"))}
    assert named and named <= drawn


def test_a_choice_is_written_as_django_writes_it() -> None:
    class Chosen(forms.Form):
        one = forms.ChoiceField(choices=[("", "alle"), ("a&b", 'A < "B"'), ("c", "C")], required=False)

    def said(html: str) -> str:
        return re.sub(r">\s+<", "><", html.strip())

    for value in ("", "a&b", "c", "wrong"):
        field = Chosen({"one": value})["one"]
        wrong = {"aria-describedby": "id_one-error", "aria-invalid": "true"} if value == "wrong" else {}
        written = said(field.as_widget(attrs=wrong | {"class": "kern-form-input__select"}))
        assert said(rendered("{% field form.one %}", form=Chosen({"one": value}))).count(written) == 1, value
