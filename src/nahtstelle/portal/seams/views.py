"""The ranking of all seams, and the page of each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Seam
from nahtstelle.drawing.stitches import State
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.answers.remember import remembered_page, remembered_sheet, remembered_showing
from nahtstelle.portal.answers.takeaway import as_file
from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.places import Redirect, area_for
from nahtstelle.portal.seams import presenters
from nahtstelle.portal.seams.bridging import bridging_sentence
from nahtstelle.portal.seams.forms import SeamFilter
from nahtstelle.portal.showing import pictures
from nahtstelle.portal.showing.pictures import CARD_PAPER, seam_plate
from nahtstelle.portal.showing.rows import seam_rows
from nahtstelle.portal.showing.sheets import seam_pdf
from nahtstelle.portal.ui.heads import files, page_head, root
from nahtstelle.portal.ui.levels import LARGEST_FIRST, WORDS
from nahtstelle.portal.ui.states import STATE_WORDS

PER_PAGE = 50


@require_safe
@remembered_page
def ranking(request: HttpRequest) -> HttpResponse:
    """All seams of a level that answer the filters, page by page."""
    known = thinking.register()
    insight = known.insight
    form = SeamFilter(request.GET)
    chosen = form.chosen()
    level: Level = chosen.pop("level")
    task: str = chosen.pop("task")
    bridged = known.seams(level, task)
    ranked = bridged.ranked(**chosen)
    page = Paginator(ranked.positions, PER_PAGE).get_page(request.GET.get("seite"))
    rows = seam_rows(known, level, [bridged.table.seams[row] for row in page.object_list], task)
    sentence = presenters.ranking_sentence(len(ranked), ranked.length_m, ranked.land_seams)
    return render(
        request,
        "seams/ranking.html",
        {
            "head": page_head(request, _("Where do borders cut through lived space?"), sentence),
            "insight": insight,
            "form": form,
            "level": level,
            "words": WORDS[level],
            "levels": [(each, WORDS[each]) for each in LARGEST_FIRST],
            "sentence": sentence,
            "knowledge": presenters.knowledge_sentence(bridged.knowledge(ranked.positions)) if rows else "",
            "states": STATE_WORDS.items(),
            "rows": rows,
            "page": page,
            "order": form.order,
            "root": root(),
            "files": files(f"{reverse('seams')}liste", query=form.query),
        },
    )


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The seams the ranking shows, all its pages, as a file."""
    known = thinking.register()
    chosen = SeamFilter(request.GET).chosen()
    level: Level = chosen.pop("level")
    task: str = chosen.pop("task")
    bridged = known.seams(level, task)
    seams = [bridged.table.seams[row] for row in bridged.ranked(**chosen).positions]
    name = f"nahtstellen-{WORDS[level].slug}"
    listed = presenters.seam_table(known, name, str(WORDS[level].seams), level, seams, task)
    return as_file(listed, kind, lambda: _lines(known.insight, level, seams))


@require_safe
@remembered_page
def seam(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """One seam: how long, where, how many people, which municipalities, what lies next to it."""
    try:
        insight, found = _seam(a, b, "seam")
    except Redirect as there:
        return HttpResponsePermanentRedirect(there.url)
    except _NoSeam as error:
        return render(request, "seams/apart.html", error.context(request), status=404)
    return render(request, "seams/seam.html", presenters.seam_page(request, thinking.register(insight), found))


@require_safe
def brief(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """The same in a few lines, for the panel beside the map."""
    insight, found = _seam_or_404(a, b)
    return render(request, "seams/brief.html", presenters.seam_page(request, thinking.register(insight), found))


@require_safe
@xframe_options_exempt
@remembered_page
def embed(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """The same for the frame of another site."""
    insight, found = _seam_or_404(a, b)
    return render(request, "seams/embed.html", presenters.seam_page(request, thinking.register(insight), found))


@require_safe
def seam_download(request: HttpRequest, a: str, b: str, kind: str) -> HttpResponse:
    """The border municipalities of both sides as a file; as GeoJSON with the line of the seam first."""
    insight, found = _seam_or_404(a, b)
    table, geometries = presenters.places_table(insight, found)
    return as_file(table, kind, geometries)


@require_safe
@remembered_sheet
def sheet(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """One page for the council as PDF."""
    insight, found = _seam_or_404(a, b)
    known = thinking.register(insight)
    address = reverse("seam", args=[found.own_key, found.other_key])
    pdf = seam_pdf(insight, found, address, _state(known, found), bridging_sentence(known, found))
    name = f"nahtstelle-{found.own_key}-{found.other_key}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _stitches(a: str, b: str) -> str:
    """What the picture of a seam shows of the register: its stitches."""
    insight, found = _seam_or_404(a, b)
    return _state(thinking.register(insight), found)


@require_safe
@remembered_showing(_stitches)
def picture(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """The map of a seam where the living one cannot be drawn."""
    insight, found = _seam_or_404(a, b)
    state = _state(thinking.register(insight), found)
    return HttpResponse(seam_plate(insight, found, state=state), content_type="image/svg+xml")


@require_safe
@remembered_showing(_stitches)
def card(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """The picture to share the page with."""
    insight, found = _seam_or_404(a, b)
    title, sentence = presenters.seam_title(found, insight), presenters.seam_sentence(insight, found)
    state = _state(thinking.register(insight), found)
    picture = pictures.card(insight, title, sentence, seam_plate(insight, found, CARD_PAPER, state=state))
    return HttpResponse(picture, content_type="image/png")


# ---------------------------------------------------------------------------------------------- which seam


class _NoSeam(Exception):
    """Two areas that share no line."""

    def __init__(self, insight: Insight, a: str, b: str) -> None:
        super().__init__(a, b)
        self.insight, self.a, self.b = insight, a, b

    def context(self, request: HttpRequest) -> dict[str, object]:
        """What the page says instead."""
        return presenters.apart_page(request, thinking.register(self.insight), self.a, self.b)


def _seam(a: str, b: str, name: str) -> tuple[Insight, Seam]:
    """The seam of two keys. Raises `Http404`, `Redirect` to the one address it has, and `_NoSeam`."""
    insight = thinking.current()
    one, other = area_for(insight, a), area_for(insight, b)
    if (one.key, other.key) != (a, b) or a > b:
        raise Redirect(reverse(name, args=sorted((one.key, other.key))))
    found = insight.seams(one.level).between(a, b) if one.level is other.level else None
    if found is None:
        raise _NoSeam(insight, a, b)
    return insight, found


def _seam_or_404(a: str, b: str) -> tuple[Insight, Seam]:
    """The seam for what is no page by itself: only its one address counts."""
    try:
        return _seam(a, b, "seam")
    except (Redirect, _NoSeam) as error:
        raise Http404(_("These two areas share no border.")) from error


def _state(known: RegisterInsight, seam: Seam) -> State:
    return known.seams(known.insight.areas[seam.own_key].level).state_of(seam)


def _lines(insight: Insight, level: Level, seams: list[Seam]) -> list[object]:
    lines = insight.plates.lines(level)
    return [lines.get((seam.own_key, seam.other_key)) for seam in seams]
