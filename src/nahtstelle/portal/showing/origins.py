"""Where figures come from, in a sentence each: source, date, coverage."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.ui.figures import date, percent


def people_source(insight: Insight) -> str:
    """Who counted the people, when, and for how many municipalities figures are known."""
    manifest = insight.edition.manifest
    day = dt.date.fromisoformat(manifest.people.on) if manifest.people.on else None
    share = manifest.people.known / manifest.people.of if manifest.people.of else 0
    return _("%(attribution)s. People: %(day)s, known for %(share)s of the municipalities of this edition.") % {
        "attribution": manifest.attribution,
        "day": date(day) if day else _("the source states no date"),
        "share": percent(share),
    }


def register_source(known: RegisterInsight) -> str:
    """What the register is, and of which day."""
    said = _("Public register of this site as of %(day)s. Every entry names its own sources.")
    return said % {"day": date(known.day)}


def lines_source(insight: Insight) -> str:
    """On which map lengths and areas were measured."""
    manifest = insight.edition.manifest
    return _("Measured on the ellipsoid, on the lines of %(title)s of %(day)s. %(attribution)s") % {
        "title": manifest.title,
        "day": date(insight.valid_on),
        "attribution": manifest.attribution,
    }
