"""The start page, the map and the data as pages show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nahtstelle.core.keys import Level
from nahtstelle.core.model import KnowledgeState
from nahtstelle.drawing.stitches import State
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import AREAS, BORDERS, MANIFEST, Manifest
from nahtstelle.portal.atlas.cooperating import box_of, choice_of, cooperating, kinds_present
from nahtstelle.portal.atlas.covering import coverage_note
from nahtstelle.portal.insight import Insight, RegisterInsight, SeamsInRegister, insight_of
from nahtstelle.portal.reference import models
from nahtstelle.portal.register.news import news
from nahtstelle.portal.showing.maps import Colouring, MapView
from nahtstelle.portal.showing.origins import lines_source, people_source, register_source
from nahtstelle.portal.showing.rows import seam_rows
from nahtstelle.portal.ui.figures import date, number, percent
from nahtstelle.portal.ui.heads import page_head, root
from nahtstelle.portal.ui.levels import LARGEST_FIRST, OF_SLUG, WORDS
from nahtstelle.portal.ui.states import KNOWLEDGE

EXAMPLES = ("03252", "03358", "03153")
"""Places offered as examples below the search field: Hameln-Pyrmont, Heidekreis, Goslar."""
SHOWN_AT_START = 5
SHOWN_ON_MAP = 20
NEWS_AT_START = 5
TOLD_AT_START = ("cooperation", "project", "agreement", "meeting")
"""Kinds of record whose news are worth a line there; a new source or document is not."""


def start_page(request: HttpRequest, known: RegisterInsight) -> dict[str, Any]:
    """Everything on the start page."""
    insight, districts = known.insight, known.seams(Level.DISTRICT)
    largest = districts.ranked(knowledge="unknown").positions[:SHOWN_AT_START]
    sentence = site_sentence()
    return {
        "head": page_head(
            request,
            _("Where does the border run – and who works together across it?"),
            sentence,
            linked_data={"@type": "WebSite", "name": "Nahtstelle"},
        ),
        "insight": insight,
        "sentence": sentence,
        "examples": [insight.areas[key] for key in EXAMPLES if key in insight.areas],
        "figures": _key_figures(known),
        "rows": seam_rows(known, Level.DISTRICT, [districts.table.seams[row] for row in largest]),
        "knowledge": _knowledge(districts),
        "unknown_url": f"{reverse('seams')}?zustand={KNOWLEDGE['unknown'][0]}&sortierung=-menschen",
        "coverage_url": reverse("coverage"),
        "news": _news(),
        "map": country_map(insight, Level.DISTRICT, "tall"),
        "root": root(),
    }


def site_sentence() -> str:
    """What the site offers."""
    return _(
        "Search for your municipality or district and see its borders, how many people live along each of them, "
        "and who works together across them."
    )


def _knowledge(seams: SeamsInRegister) -> list[tuple[State, str, int, str]]:
    """The three honest states: a stitch, words, how many seams, and where they are listed."""
    counts = seams.knowledge()
    drawn: dict[KnowledgeState, State] = {"bridged": "full", "confirmed_none": "none", "unknown": "unknown"}
    return [
        (drawn[state], str(words), counts[state], f"{reverse('seams')}?zustand={slug}")
        for state, (slug, words) in KNOWLEDGE.items()
    ]


def _news() -> list[tuple[str, str, str, bool]]:
    """What was entered or changed last in the register: title, page, day, whether it is new."""
    return [
        (each.title, reverse(each.page[0], args=[each.page[1]]), date(timezone.localdate(each.at)), each.new)
        for each in news(NEWS_AT_START, types=TOLD_AT_START)
    ]


def _key_figures(known: RegisterInsight) -> dict[str, Any]:
    insight = known.insight
    manifest = insight.edition.manifest
    recorded = len(known.snapshot.active_on(known.day))
    districts = insight.seams(Level.DISTRICT)
    return {
        "municipalities": number(manifest.areas["municipality"]),
        "seams": number(len(districts.seams)),
        "km": number(float(districts.length_m.sum()) / 1000),
        "people": None if manifest.people.total is None else number(manifest.people.total),
        "people_note": ""
        if manifest.people.known == manifest.people.of
        else _("known for %(share)s of the municipalities")
        % {"share": percent(manifest.people.known / manifest.people.of)},
        "land_note": _("of which %(count)s between Länder") % {"count": number(int(districts.land_seam.sum()))},
        "people_source": people_source(insight),
        "origin": lines_source(insight),
        "cooperations": number(recorded),
        "cooperations_note": coverage_note(known),
        "register_source": register_source(known),
    }


def country_box(insight: Insight) -> str:
    """The box around all Länder, or all areas where there are none, as the map takes it."""
    rows = models.Area.objects.filter(edition_id=insight.edition.id, level=Level.LAND.value)
    rows = rows or models.Area.objects.filter(edition_id=insight.edition.id)
    west, south, east, north = zip(*rows.values_list("west", "south", "east", "north"), strict=True)
    return f"{min(west):.4f},{min(south):.4f},{max(east):.4f},{max(north):.4f}"


def map_page(request: HttpRequest, known: RegisterInsight) -> dict[str, Any]:
    """The map, and the table with the same facts: the seams of the level with most people."""
    insight = known.insight
    level = OF_SLUG.get(request.GET.get("ebene", ""), Level.DISTRICT)
    table = insight.seams(level)
    ranked = table.ranked().positions
    choice = choice_of(request.GET, known)
    sentence = _(
        "The map shows the borders of each level, what is known about cooperation across them, "
        "and how many people live along them."
    )
    return {
        "head": page_head(request, _("Map of the seams"), sentence),
        "insight": insight,
        "sentence": sentence,
        "level": level,
        "words": WORDS[level],
        "levels": [(each, WORDS[each]) for each in LARGEST_FIRST],
        "rows": seam_rows(known, level, [table.seams[row] for row in ranked[:SHOWN_ON_MAP]]),
        "count": len(ranked),
        "cooperating": cooperating(known, level, choice),
        "map": replace(
            country_map(insight, level, "page"),
            box=(choice.single and box_of(known, choice.single)) or country_box(insight),
            colouring=Colouring(
                choice.word, kinds_present(known), (choice.one.ref, choice.one.name) if choice.one else None
            ),
        ),
        "full_address": settings.ENV.base_url + reverse("map"),
        "embed_address": settings.ENV.base_url + reverse("map-embed"),
        "root": root(),
    }


def country_map(insight: Insight, level: Level, shape: Literal["page", "tall"]) -> MapView:
    """The map of the whole country."""
    return MapView(
        insight,
        box=country_box(insight),
        picture=reverse("country-picture", args=[WORDS[level].slug]),
        alt=_("Map of Germany: %(seams)s. The table has the same facts.") % {"seams": WORDS[level].seams},
        shape=shape,
    )


def data_page(request: HttpRequest, insight: Insight) -> dict[str, Any]:
    """Every loaded edition with its sources, licences, gaps and files."""
    rows = list(models.Edition.objects.all())
    loaded = [(row, insight_of(row).edition) for row in rows]
    sentence = _("Everything this site shows comes from these editions. You can take all of it away.")
    manifest = insight.edition.manifest
    return {
        "head": page_head(
            request,
            _("Which data are behind this?"),
            sentence,
            linked_data={
                "@type": "Dataset",
                "name": manifest.title,
                "description": sentence,
                "temporalCoverage": manifest.valid_on or "",
                "license": [each.url or each.licence for each in manifest.licences],
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "name": name,
                        "contentUrl": reverse("edition-file", args=[manifest.id, name]),
                    }
                    for name in (MANIFEST, AREAS, BORDERS)
                ],
            },
        ),
        "insight": insight,
        "sentence": sentence,
        "editions": [_described(row, edition) for row, edition in loaded],
        "coverage_url": reverse("coverage"),
        "levels": [(each, WORDS[each]) for each in LARGEST_FIRST],
        "root": root(),
    }


def _described(row: models.Edition, edition: Edition) -> dict[str, Any]:
    manifest: Manifest = edition.manifest
    meanings = {
        MANIFEST: _("what the edition says of itself: sources, licences, checksums, gaps"),
        AREAS: _("areas of all levels with figures, municipalities with outlines (GeoParquet)"),
        BORDERS: _("every pair of adjoining areas of all levels with the length of its border"),
    }
    return {
        "row": row,
        "manifest": manifest,
        "people_on": dt.date.fromisoformat(manifest.people.on) if manifest.people.on else None,
        "known_share": manifest.people.known / manifest.people.of if manifest.people.of else 1,
        "counts_caption": _("Areas and borders of %(edition)s") % {"edition": manifest.id},
        "counts": [
            (WORDS[level], manifest.areas.get(level.value, 0), manifest.pairs.get(level.value, 0))
            for level in LARGEST_FIRST
        ],
        "files": [
            (name, meaning, (edition.folder / name).stat().st_size, reverse("edition-file", args=[row.id, name]))
            for name, meaning in meanings.items()
        ],
    }
