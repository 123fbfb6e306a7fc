"""Making the site ready to serve: everything that has to be there, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import caches
from django.core.management import call_command

from nahtstelle.editions.catalogue import open_edition
from nahtstelle.editions.edition import Edition as EditionFiles
from nahtstelle.editions.tiles import ensure_tiles
from nahtstelle.portal.insight import insight_of
from nahtstelle.portal.pages.actions import create_pages
from nahtstelle.portal.reference import actions
from nahtstelle.portal.reference.models import Edition
from nahtstelle.portal.register import search
from nahtstelle.portal.register.models import SearchEntry
from nahtstelle.portal.register.staff import prepare_staff

Say = Callable[[str], None]


def prepare_site(say: Say) -> None:
    """Tables, static files, written pages, and the bundled edition where no edition is loaded."""
    say("database")
    call_command("migrate", interactive=False, verbosity=0)
    say("style sheets, fonts, scripts")
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Edition.objects.exists():
        load(open_edition(), make_current=True, say=say)
    for row in Edition.objects.all():
        ensure_tiles(insight_of(row).edition, say)
    say("pages")
    create_pages()
    prepare_staff()
    if not SearchEntry.objects.exists():
        search.reindex()
    caches["files"].clear()  # pictures and sheets as an earlier version of the software made them


def load(files: EditionFiles, *, make_current: bool, say: Say) -> Edition:
    """Load an edition with its map tiles; the tiles come first, so that no page speaks of a map that is not there."""
    say(f"map tiles of {files.id}")
    ensure_tiles(files, say)
    say(f"areas of {files.id}")
    return actions.load_edition(files, make_current=make_current)
