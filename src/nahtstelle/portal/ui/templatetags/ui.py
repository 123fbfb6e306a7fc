"""The components of the site for templates: figures in the reader's format, and small pieces of markup.

What stands in rows of tables is plain Python without templates, for a page has hundreds of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any, Protocol
from urllib.parse import urlencode

from django import forms, template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from nahtstelle.core.keys import Level
from nahtstelle.core.model import People
from nahtstelle.drawing.stitches import State
from nahtstelle.drawing.stitches import seam_glyph as drawn_glyph
from nahtstelle.drawing.words import NO_BREAK
from nahtstelle.drawing.words import as_of as dated
from nahtstelle.portal.ui import figures

register = template.Library()

_NARROW = "\N{NARROW NO-BREAK SPACE}"


class Named(Protocol):
    """An area, of the core or of the area table."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def designation(self) -> str | None: ...


# ----------------------------------------------------------------------------------------------- figures


def missing() -> SafeString:
    """What stands where there is no figure: a dash for the eye, the word for the ear."""
    return format_html(
        '<span class="nt-missing"><span aria-hidden="true">–</span><span class="kern-sr-only">{}</span></span>',
        _("unknown"),
    )


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    """A number: ``92.461``; a dash where it is missing."""
    return missing() if value is None else figures.number(value, digits)


@register.filter
def km(length_m: float | None, digits: int = 1) -> str:
    """A length in metres as kilometres with the unit: ``34,6 km``."""
    return missing() if length_m is None else f"{figures.km(length_m, digits)}{_NARROW}km"


@register.filter
def km2(area_m2: float | None) -> str:
    """An area in square metres as square kilometres with the unit: ``797 km²``."""
    return missing() if area_m2 is None else f"{figures.km2(area_m2)}{_NARROW}km²"


@register.filter
def percent(share: float | None) -> str:
    """A share as a percentage: ``82 %``."""
    return missing() if share is None else figures.percent(share)


@register.filter
def people(count: People | None) -> str:
    """People as far as known, for a cell: ``mind. 92.461`` where some are unknown, a dash where all are."""
    if count is None or count.people is None:
        return missing()
    if count.known_share < 1:
        return format_html(
            '<span class="nt-least"><abbr title="{}">{}</abbr>{}{}</span>',
            coverage(count),
            pgettext("before a number", "min."),
            NO_BREAK,
            figures.number(count.people),
        )
    return figures.number(count.people)


@register.filter
def coverage(count: People) -> str:
    """How much of a sum is known; nothing where all of it is."""
    if count.known_share >= 1:
        return ""
    return _("known for %(share)s of the municipalities") % {"share": figures.percent(count.known_share)}


@register.filter
def day(value: dt.date | None) -> str:
    """A date with the month as a word."""
    return figures.date(value)


@register.filter
def as_of(value: dt.date | None) -> str:
    """The date of the borders in words: ``Gebietsstand 1. Januar 2016``."""
    return dated(value, figures.language())


# ------------------------------------------------------------------------------------------ small pieces


@lru_cache(maxsize=64)
def _icon(name: str) -> SafeString:
    return format_html('<span class="kern-icon kern-icon--{}" aria-hidden="true"></span>', name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of KERN, for the eye only."""
    return _icon(name)


@lru_cache(maxsize=64)
def _glyph(step: int, land_seam: bool, state: State | None) -> SafeString:
    return mark_safe(drawn_glyph(step, land_seam, state))


@register.simple_tag
def seam_glyph(step: int, land_seam: bool = False, state: State | None = None) -> SafeString:
    """A seam as a small figure, for the eye only: the words stand beside it."""
    return _glyph(step, bool(land_seam), state)


# The pieces below are made a hundred times for a page: format_html would take ten times as long as escape does.


@register.simple_tag
def level_badge(level: Level | str, words: str = "") -> SafeString:
    """What kind of area this is: the words given, else the name of its level."""
    said = escape(words or _LEVELS[str(level)]())
    return mark_safe(f'<span class="nt-badge nt-badge--{escape(str(level))}">{said}</span>')


_LEVELS = {
    "land": lambda: _("Land"),
    "district": lambda: _("District"),
    "union": lambda: _("Municipal union"),
    "municipality": lambda: _("Municipality"),
}


@register.simple_tag
def key_chip(key: str) -> SafeString:
    """An official key, told apart from a figure."""
    return mark_safe(f'<span class="nt-key"><span class="kern-sr-only">{_("Key")} </span>{escape(key)}</span>')


@register.simple_tag
def area_link(area: Named, designation: bool = True) -> SafeString:
    """The name of an area as a link to its page, its designation after it."""
    said = area.designation if designation else None
    root = "/en" if figures.language() == "en" else ""
    kind = f' <span class="nt-kind">{escape(said)}</span>' if said and not area.name.startswith(said) else ""
    return mark_safe(f'<a href="{root}/verzeichnis/gebiete/{escape(area.key)}/">{escape(area.name)}</a>{kind}')


@register.simple_tag
def seam_link(url: str, one: str, other: str) -> SafeString:
    """The names of both sides with the border between them, as a link to the page of the seam."""
    line = '<span class="nt-pair__line" aria-hidden="true">|</span>'
    said = f'<span class="kern-sr-only">{pgettext("between two areas", "and")}</span>'
    return mark_safe(f'<a class="nt-pair" href="{escape(url)}">{escape(one)} {line}{said} {escape(other)}</a>')


# --------------------------------------------------------------------------------------------- page head


@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """The way here: names and addresses in turn, the page itself left out."""
    steps = zip(pairs[::2], pairs[1::2], strict=True)
    return format_html(
        '<nav class="nt-crumbs" aria-label="{}"><ol>{}</ol></nav>',
        _("You are here"),
        format_html_join("", '<li><a href="{1}">{0}</a></li>', steps),
    )


@register.simple_tag
def take_away(csv: str = "", xlsx: str = "", geojson: str = "", pdf: str = "", embed: str = "") -> SafeString:
    """The buttons to take a page away, always the same ones in the same order; an empty address leaves one out."""
    files = (
        ("CSV", csv, _("as a table (CSV)")),
        ("XLSX", xlsx, _("as a table for spreadsheets (XLSX)")),
        ("GeoJSON", geojson, _("as a map (GeoJSON)")),
        ("PDF", pdf, _("as a sheet to print (PDF)")),
    )
    buttons = [
        format_html('<li><a class="nt-take" href="{}" title="{}" download>{}</a></li>', url, words, name)
        for name, url, words in files
        if url
    ]
    if embed:
        buttons.append(format_html('<li><a class="nt-take nt-take--embed" href="{}">{}</a></li>', embed, _("Embed")))
    return format_html(
        '<div class="nt-takeaway" role="group" aria-label="{0}"><span class="nt-takeaway__label" aria-hidden="true">'
        "{0}</span><ul>{1}</ul></div>",
        _("Take away"),
        mark_safe("".join(buttons)),
    )


@register.inclusion_tag("ui/embed_box.html")
def embed_box(url: str, title: str, height: int = 520) -> dict[str, Any]:
    """The line of HTML that shows a map of ours in another page, with a button that copies it."""
    return {"url": url, "title": title, "height": height}


# ----------------------------------------------------------------------------------------------- figures


@register.simple_tag
def source(text: str) -> SafeString:
    """Where a figure is from, on request."""
    return format_html('<details class="nt-source"><summary>{}</summary><div>{}</div></details>', _("Source"), text)


@register.simple_tag
def figure(label: str, value: Any, unit: str = "", note: str = "", origin: str = "") -> SafeString:
    """One figure in a `figures_row`: what it is, the number, its unit, a remark such as coverage, its source.

    The value may bring its unit along, as `km` and `km2` write it.
    """
    if isinstance(value, str) and _NARROW in value:
        value, unit = value.rsplit(_NARROW, 1)
    return format_html(
        '<div class="nt-figure"><dt>{}</dt><dd class="nt-figure__value">{}{}</dd>{}{}</div>',
        label,
        missing() if value is None else value,
        format_html(' <span class="nt-figure__unit">{}</span>', unit) if unit else "",
        format_html('<dd class="nt-figure__note">{}</dd>', note) if note else "",
        format_html("<dd>{}</dd>", source(origin)) if origin else "",
    )


@register.simple_block_tag(end_name="endfigures")
def figures_row(content: str) -> SafeString:
    """A row of figures."""
    return format_html('<dl class="nt-figures">{}</dl>', content)


# ------------------------------------------------------------------------------------------------ tables


def _query(context: Context, **changed: str) -> str:
    """The query of this page with some of it changed; an empty value takes a part out."""
    request: HttpRequest | None = context.get("request")
    query = QueryDict(mutable=True) if request is None else request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_block_tag(end_name="endtable")
def table(content: str, caption: str, name: str = "", hide_caption: bool = False) -> SafeString:
    """A table with its caption, in a region that scrolls sideways by itself where it is wider than the page."""
    ident = f"t-{name or slugify(caption)}"
    return format_html(
        '<div class="nt-scroll" role="region" aria-labelledby="{0}" tabindex="0"><table class="kern-table nt-table">'
        '<caption id="{0}"{1}>{2}</caption>{3}</table></div>',
        ident,
        mark_safe(' class="kern-sr-only"') if hide_caption else "",
        caption,
        content,
    )


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context,
    label: str,
    field: str,
    order: str,
    numeric: bool = False,
    param: str = "sortierung",
    falling: bool = False,
) -> SafeString:
    """The head of a column one can sort by. ``order`` is the present one, with a minus where it falls.

    Numbers fall at first, and what is ``falling`` does; words rise; a second click turns the order round.
    """
    now = order.lstrip("-") == field
    falls = order.startswith("-")
    turned = field if (falls if now else not (numeric or falling)) else f"-{field}"
    return format_html(
        '<th scope="col"{}{}><a class="nt-sort" href="{}">{}<span class="nt-sort__arrow" aria-hidden="true">{}</span>'
        "</a></th>",
        mark_safe(' class="nt-num"') if numeric else "",
        format_html(' aria-sort="{}"', "descending" if falls else "ascending") if now else "",
        _query(context, **{param: turned, "seite": ""}),
        label,
        ("▼" if falls else "▲") if now else "",
    )


@register.simple_tag(takes_context=True)
def paging(context: Context, page: Page[Any], param: str = "seite") -> SafeString:
    """Links to the pages of a list: first, last, those around this one, the one before and the next."""
    if page.paginator.num_pages < 2:
        return mark_safe("")

    def link(to: int, words: str, relation: str) -> SafeString:
        url = _query(context, **{param: str(to) if to > 1 else ""})
        return format_html('<a class="nt-page" href="{}" rel="{}">{}</a>', url, relation, words)

    steps: list[str] = []
    for each in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if each == page.number:
            steps.append(format_html('<li><span class="nt-page" aria-current="page">{}</span></li>', each))
        elif isinstance(each, int):
            url = _query(context, **{param: str(each) if each > 1 else ""})
            label = _("Page %(number)s") % {"number": each}
            steps.append(format_html('<li><a class="nt-page" href="{}" aria-label="{}">{}</a></li>', url, label, each))
        else:
            steps.append('<li><span class="nt-page" aria-hidden="true">…</span></li>')
    return format_html(
        '<nav class="nt-paging" aria-label="{}">{}<ol>{}</ol>{}<p>{}</p></nav>',
        _("Pages of the list"),
        link(page.previous_page_number(), _("Back"), "prev") if page.has_previous() else "",
        mark_safe("".join(steps)),
        link(page.next_page_number(), pgettext("page of a list", "Next"), "next") if page.has_next() else "",
        _("%(first)s to %(last)s of %(count)s")
        % {
            "first": figures.number(page.start_index()),
            "last": figures.number(page.end_index()),
            "count": figures.number(page.paginator.count),
        },
    )


# ------------------------------------------------------------------------------------------------- forms


def _classed(field: forms.BoundField) -> SafeString:
    """The widget of a field with the classes of KERN around it."""
    said: dict[str, str | bool] = (
        {"aria-describedby": f"{field.auto_id}-error", "aria-invalid": "true"} if field.errors else {}
    )
    if isinstance(field.field.widget, forms.Select):
        said |= {"class": "kern-form-input__select"}
        plain = type(field.field.widget) is forms.Select
        select = _select(field, said) if plain else field.as_widget(attrs=said)
        return format_html('<div class="kern-form-input__select-wrapper">{}</div>', select)
    return field.as_widget(attrs=said | {"class": "kern-form-input__input"})


def _select(field: forms.BoundField, said: dict[str, str | bool]) -> SafeString:
    """A choice of one as Django writes it; its own templates, one for every option, would take ten times as long."""
    context = field.field.widget.get_context(
        field.html_name, field.value(), field.build_widget_attrs(said | {"id": field.auto_id})
    )
    attributes = {"name": field.html_name} | context["widget"]["attrs"]
    named = "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    options = "".join(
        f'<option value="{escape(str(option["value"]))}"{" selected" if option["selected"] else ""}>'
        f"{escape(str(option['label']))}</option>"
        for _name, group, _index in context["widget"]["optgroups"]
        for option in group
    )
    return mark_safe(f"<select{named}>{options}</select>")


@register.simple_tag
def field(bound: forms.BoundField) -> SafeString:
    """A field of a form with its label, and what is wrong with it."""
    if isinstance(bound.field.widget, forms.CheckboxInput):
        box = bound.as_widget(attrs={"class": "kern-form-check__checkbox"})
        return format_html(
            '<div class="kern-form-check nt-field">{}<label class="kern-label" for="{}">{}</label></div>',
            box,
            bound.id_for_label,
            bound.label,
        )
    wrong = format_html_join("", '<span class="kern-body">{}</span>', ((error,) for error in bound.errors))
    return format_html(
        '<div class="kern-form-input nt-field"><label class="kern-label" for="{}">{}</label>{}{}</div>',
        bound.id_for_label,
        bound.label,
        _classed(bound),
        format_html('<p class="kern-error" id="{}-error">{}{}</p>', bound.auto_id, _icon("danger"), wrong)
        if wrong
        else "",
    )


@register.simple_tag
def filter_form(form: forms.Form, label: str = "") -> SafeString:
    """A form that narrows a list: a row of fields, a button to apply and a link that empties them. Works by address.

    Words that stand in a field of their own, and come along hidden, stay.
    """
    hidden = [
        bound.as_widget() for bound in form.hidden_fields() if bound.value() not in (None, "")
    ]  # an empty order would only make the address longer
    words = next((bound.value() for bound in form.hidden_fields() if bound.name == "q"), "")
    return format_html(
        '<form class="nt-filter" method="get" role="search" aria-label="{}">{}{}<p class="nt-filter__act">'
        '<button class="kern-btn kern-btn--primary" type="submit"><span class="kern-label">{}</span></button>'
        '<a class="kern-btn kern-btn--tertiary" href="?{}"><span class="kern-label">{}</span></a></p></form>',
        label or _("Narrow the list"),
        mark_safe("".join(hidden)),
        mark_safe("".join(field(bound) for bound in form.visible_fields())),
        pgettext("filters", "Apply"),
        urlencode({"q": words}) if words else "",
        pgettext("filters", "Reset"),
    )


@register.inclusion_tag("ui/search.html")
def search_box(ident: str, place: str = "page", value: str = "") -> dict[str, Any]:
    """A field that finds areas, with suggestions while one types. ``place`` is ``header``, ``page`` or ``start``."""
    return {
        "ident": ident,
        "place": place,
        "value": value,
        "root": "/en/" if figures.language() == "en" else "/",
    }


# ------------------------------------------------------------------------------------------------ blocks


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A remark that stands out: ``info``, ``success``, ``warning`` or ``danger``."""
    said = format_html('<p class="nt-notice__title">{}</p>', title) if title else ""
    return format_html('<div class="nt-notice nt-notice--{}">{}<div>{}{}</div></div>', kind, _icon(kind), said, content)


@register.simple_block_tag(end_name="endempty")
def empty(content: str, title: str) -> SafeString:
    """What stands where there is nothing yet: what is missing, and who can fill it."""
    return format_html(
        '<div class="nt-empty">{}<p class="nt-empty__title">{}</p>{}</div>', _glyph(0, False, "unknown"), title, content
    )


@register.simple_block_tag(end_name="enddisclosure")
def disclosure(content: str, title: str, opened: bool = False) -> SafeString:
    """Details that can be opened, one below the other."""
    return format_html(
        '<details class="kern-accordion nt-disclosure"{}><summary class="kern-accordion__header"><span '
        'class="kern-title kern-title--small">{}</span></summary><div class="kern-accordion__body">{}</div></details>',
        mark_safe(" open") if opened else "",
        title,
        content,
    )


@register.filter
def joined(parts: Iterable[Any]) -> SafeString:
    """Texts with a middle dot between them, empty ones left out."""
    return mark_safe(" · ".join(conditional_escape(part) for part in parts if part))
