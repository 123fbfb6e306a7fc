"""Putting the written pages there that a site needs, without touching any that somebody has written."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils.translation import override, pgettext
from wagtail.models import Collection, Locale, Page, Site

from nahtstelle.portal.pages.delivered import Text, texts
from nahtstelle.portal.pages.models import DocumentList, HomePage, WrittenPage

PORTS = {"http": 80, "https": 443}


@transaction.atomic
def create_pages() -> int:
    """Create every delivered page that is not there yet, in all languages, and return how many those were.

    A page is known by a key that stays the same when its title, address or place is changed. What stands below a page
    comes with it once, and not again: somebody may have removed it. The address of the site follows the environment.
    """
    homes = {code: _home(Locale.objects.get_or_create(language_code=code)[0]) for code, _name in settings.LANGUAGES}
    _place_site(homes[settings.LANGUAGE_CODE])
    made: dict[tuple[str, ...], Page] = {}
    created = 0
    for code, home in homes.items():
        made.clear()
        for text in texts(code):
            above = home if len(text.path) == 1 else made.get(text.path[:-1])
            if above is None or _is_there(above, text):
                continue
            made[text.path] = _publish(above, text)
            created += 1
    return created


def key_of(path: tuple[str, ...]) -> UUID:
    """The key a delivered page has in every language and on every site."""
    return uuid5(NAMESPACE_URL, "nahtstelle:/" + "/".join(path))


def _home(locale: Locale) -> HomePage:
    found: HomePage | None = HomePage.objects.filter(translation_key=key_of(()), locale=locale).first()
    if found:
        return found
    root = Page.get_first_root_node()
    home = HomePage(
        title=f"Nahtstelle ({locale.language_code})",
        slug=f"nahtstelle-{locale.language_code}",
        locale=locale,
        translation_key=key_of(()),
    )
    root.add_child(instance=home)
    return home


def _place_site(home: HomePage) -> None:
    """Let the one site start at this page, at the address of the environment; Wagtail's welcome page goes."""
    address = urlsplit(settings.ENV.base_url)
    said = {
        "hostname": address.hostname,
        "port": address.port or PORTS[address.scheme],
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(is_default_site=True, root_page=home, **said)
        return
    welcome = site.root_page if type(site.root_page.specific) is Page else None
    changed = said | ({"root_page": home} if welcome else {})
    if any(getattr(site, name) != value for name, value in changed.items()):
        for name, value in changed.items():
            setattr(site, name, value)
        site.save()
    if welcome and welcome.get_children_count() == 0:
        welcome.delete()


def _is_there(above: Page, text: Text) -> bool:
    """Whether the page exists under any address, or its address is taken by another."""
    known = Page.objects.filter(translation_key=key_of(text.path), locale=above.locale).exists()
    return bool(known or above.get_children().filter(slug=text.path[-1]).exists())


def _publish(above: Page, text: Text) -> Page:
    kind: type[WrittenPage] = apps.get_model("pages", text.kind)
    fields: dict[str, Any] = {
        name: _stream(kind, name, value) if isinstance(value, list) else value for name, value in text.fields.items()
    }
    page = kind(
        slug=text.path[-1],
        locale=above.locale,
        translation_key=key_of(text.path),
        body=json.dumps(text.body),
        **fields,
    )
    if isinstance(page, DocumentList):
        page.collection = _public_documents()
    above.add_child(instance=page)
    page.save_revision().publish()
    return page


def _stream(kind: type[WrittenPage], name: str, values: list[dict[str, Any]]) -> str:
    """A list of the head as a stream field keeps it: every entry is of the one kind of block the field takes."""
    (block,) = kind._meta.get_field(name).stream_block.child_blocks
    return json.dumps([{"type": block, "value": value} for value in values])


def _public_documents() -> Collection:
    """The collection whose documents stand on the page of documents."""
    with override(settings.LANGUAGE_CODE):
        name = pgettext("collection of documents", "Published documents")
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=name).first()
    return found or root.add_child(name=name)
