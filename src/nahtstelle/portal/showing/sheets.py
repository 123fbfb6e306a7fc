"""One page about an area, a seam or a cooperation as PDF, for the council."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area, Seam
from nahtstelle.drawing.classes import PeopleClasses
from nahtstelle.drawing.sheet import (
    COOPERATION_PLATE_PX,
    SHEET_PLATE_PX,
    AreaSheet,
    Neighbour,
    Origin,
    Place,
    SeamSheet,
    SheetSide,
    area_sheet_pdf,
    seam_sheet_pdf,
)
from nahtstelle.drawing.stitches import State
from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.showing.footprints import Space, space_plate
from nahtstelle.portal.showing.pictures import Paper, area_plate, seam_plate
from nahtstelle.portal.ui import figures

_PAPER: Paper = {"width_px": SHEET_PLATE_PX[0], "height_px": SHEET_PLATE_PX[1], "legend_place": "beside"}
_COOPERATION_PAPER: Paper = {
    "width_px": COOPERATION_PLATE_PX[0],
    "height_px": COOPERATION_PLATE_PX[1],
    "legend_place": "beside",
}


def area_pdf(known: RegisterInsight, area: Area, path: str, cooperation: str) -> bytes:
    """The sheet of an area; ``path`` is that of its page, ``cooperation`` what is known of it, in a sentence."""
    insight, bridged = known.insight, known.seams(area.level)
    seams = [insight.seen_from(seam, area.key) for seam in insight.seams(area.level).of_area(area.key)]
    # the classes of the sheet's own map, not those of the whole country
    classes = PeopleClasses.of(seam.people.people for seam in seams if seam.people.people is not None)
    land = LAENDER.get(area.land_key or "", "")
    return area_sheet_pdf(
        AreaSheet(
            full_name=figures.named(area),
            kind=area.designation or "",
            key=area.key,
            level=area.level,
            land="" if area.level is Level.LAND else land,
            people=area.people,
            area_km2=None if area.area_m2 is None else area.area_m2 / 1e6,
            border=None if area.level is Level.MUNICIPALITY else insight.border_people(area.key)[0],
            neighbours=tuple(
                Neighbour(
                    name=figures.named(insight.areas[seam.other_key]),
                    length_km=seam.length_m / 1000,
                    people=seam.people,
                    land_seam=seam.land_seam,
                    step=0 if seam.people.people is None else classes.class_of(seam.people.people),
                    state=bridged.state_of(seam),
                    unincorporated=insight.areas[seam.other_key].unincorporated,
                )
                for seam in seams
            ),
            map_svg=area_plate(insight, area, _PAPER),
            origin=origin(insight, path),
            cooperation=cooperation,
            language=figures.language(),
        )
    )


def seam_pdf(insight: Insight, seam: Seam, path: str, state: State, cooperation: str) -> bytes:
    """The sheet of a seam; ``path`` is that of its page, ``cooperation`` what is known of it, in a sentence."""
    sides = []
    for key, places in zip((seam.own_key, seam.other_key), insight.places_at(seam), strict=True):
        area = insight.areas[key]
        sides.append(
            SheetSide(
                name=area.name,
                full_name=figures.named(area),
                municipalities=tuple(Place(place.area.name, place.area.people.people) for place in places),
                share_of_perimeter=insight.seen_from(seam, key).share_of_perimeter,
            )
        )
    return seam_sheet_pdf(
        SeamSheet(
            here=sides[0],
            there=sides[1],
            level=insight.areas[seam.own_key].level,
            length_km=seam.length_m / 1000,
            stretches=seam.stretches,
            land_seam=seam.land_seam,
            ends=tuple(area.name for area in insight.at_ends(seam)),
            map_svg=seam_plate(insight, seam, _PAPER, state=state),
            origin=origin(insight, path),
            cooperation=cooperation,
            language=figures.language(),
        )
    )


def cooperation_plate(space: Space | None, title: str) -> str:
    """The map on the sheet of a cooperation; nothing where no area is known."""
    return space_plate(space, title, _COOPERATION_PAPER) if space else ""


def origin(insight: Insight, path: str) -> Origin:
    """Where the facts of a sheet come from; ``path`` is that of its page."""
    people_on = insight.edition.manifest.people.on
    return Origin(
        attribution=insight.edition.attribution,
        borders_on=insight.valid_on,
        people_on=dt.date.fromisoformat(people_on) if people_on else None,
        address=settings.ENV.base_url + path,
        printed_on=timezone.localdate(),
        licence="; ".join(dict.fromkeys(each.licence for each in insight.edition.manifest.licences)),
    )
