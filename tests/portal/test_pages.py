"""The written pages: what comes with the site, what editors make of it, what machines ask for."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.test import Client
from django.test.utils import override_settings
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site

from nahtstelle.core.keys import Level
from nahtstelle.editions.edition import Edition
from nahtstelle.portal.pages import delivered
from nahtstelle.portal.pages.actions import create_pages, key_of
from nahtstelle.portal.pages.blocks import TableBlock
from nahtstelle.portal.pages.models import (
    NEWS_PER_PAGE,
    ContactPage,
    DocumentList,
    GuideStep,
    HomePage,
    LinkList,
    NewsIndex,
    NewsItem,
    TextPage,
)

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in settings.LANGUAGES]
PATHS = ["/" + "/".join(text.path) + "/" for text in delivered.texts("de")]
ADDRESSES = [prefix + path for prefix in ("", "/en") for path in PATHS]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ALTERNATE = "{http://www.w3.org/1999/xhtml}link"


def german(path: str) -> Any:
    """A delivered page in German, as its own type."""
    return Page.objects.get(
        translation_key=key_of(tuple(path.strip("/").split("/"))), locale__language_code="de"
    ).specific


def read(client: Client, path: str) -> str:
    """What a visitor gets, if all is well."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def everything() -> list[dict[str, Any]]:
    """Every page with all it holds."""
    return [page.serializable_data() for page in Page.objects.order_by("path").specific()]


# ------------------------------------------------------------------------------------------- being there


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_is_there_in_its_language(visitor: Client, path: str) -> None:
    html = read(visitor, path)
    assert f'<html lang="{"en" if path.startswith("/en/") else "de"}"' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_asks_the_database_at_most_twelve_times(
    visitor: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    visitor.get(path)
    with django_assert_max_num_queries(12):
        visitor.get(path)


def test_the_pages_the_site_links_to_are_delivered() -> None:
    names = ("leitfaden", "aktuelles", "impressum", "datenschutz", "barrierefreiheit", "kontakt", "links", "dokumente")
    assert {f"/{name}/" for name in names} <= set(PATHS)


def test_both_languages_say_the_same_with_the_same_pieces() -> None:
    told = {
        code: {text.path: (text.kind, [block["type"] for block in text.body]) for text in delivered.texts(code)}
        for code in LANGUAGES
    }
    assert told["de"] == told["en"]


def test_every_link_within_the_texts_leads_somewhere_in_its_language(visitor: Client) -> None:
    for path in ADDRESSES:
        english = path.startswith("/en/")
        main = read(visitor, path).split("<main", 1)[1].split("</main>", 1)[0]
        for link in set(re.findall(r'href="(/[^"#]*)', main)):
            assert link.startswith("/en/") == english, f"{path} leads to {link}"
            # the account leads whoever is not signed in to where one signs in
            assert visitor.get(link, follow=True).status_code == 200, f"{path} leads to {link}"


def test_what_only_the_operator_knows_is_marked(visitor: Client) -> None:
    for name in ("impressum", "datenschutz", "barrierefreiheit", "kontakt"):
        assert "[vom Betreiber" in read(visitor, f"/{name}/")
        assert "by the operator" in read(visitor, f"/en/{name}/")


def test_texts_hold_only_pieces_an_editor_could_have_made() -> None:
    for page in Page.objects.filter(depth__gt=2).specific():
        stream = page.body.stream_block
        stream.clean(page.body)
        assert page.lead
    for page in (*LinkList.objects.all(), *ContactPage.objects.all()):
        value = page.groups if isinstance(page, LinkList) else page.contacts
        assert len(value)
        value.stream_block.clean(value)


def test_a_text_without_head_or_with_an_unknown_piece_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "de").mkdir()
    monkeypatch.setattr(delivered, "FOLDER", tmp_path)
    file = tmp_path / "de" / "one.md"
    file.write_text("# No head")
    with pytest.raises(ValueError, match=r"one\.md: expected a head"):
        list(delivered.texts("de"))
    file.write_text('+++\ntype = "TextPage"\n+++\n```poem\nRoses\n```\n')
    with pytest.raises(ValueError, match="no block is called 'poem'"):
        list(delivered.texts("de"))


# ---------------------------------------------------------------------------------------------- creating


def test_creating_again_changes_nothing() -> None:
    before, sites = everything(), list(Site.objects.values())
    assert create_pages() == 0
    assert everything() == before
    assert list(Site.objects.values()) == sites


def test_what_an_editor_wrote_moved_or_withdrew_stays() -> None:
    page = german("impressum")
    page.title, page.slug, page.lead = "Anbieter", "anbieter", "Von Hand geschrieben."
    page.save_revision().publish()
    german("links").unpublish()
    german("kontakt").move(german("hilfe"), "last-child")
    before = everything()
    assert create_pages() == 0
    assert everything() == before


def test_a_removed_page_comes_back_but_not_what_was_removed_below_one_that_stayed(visitor: Client) -> None:
    german("dokumente").delete()
    german("aktuelles/was-diese-seite-kann").delete()
    assert create_pages() == 1
    assert visitor.get("/dokumente/").status_code == 200
    assert visitor.get("/aktuelles/was-diese-seite-kann/").status_code == 404


def test_an_address_somebody_uses_for_another_page_is_left_to_them(visitor: Client) -> None:
    german("links").delete()
    home = HomePage.objects.get(locale__language_code="de")
    home.add_child(instance=TextPage(title="Unsere Links", slug="links", lead="Eigene."))
    assert create_pages() == 0
    assert "Unsere Links" in read(visitor, "/links/")


def test_the_site_follows_the_environment() -> None:
    with override_settings(ENV=replace(settings.ENV, base_url="https://nahtstelle.example")):
        assert create_pages() == 0
    site = Site.objects.get()
    assert (site.hostname, site.port, site.is_default_site) == ("nahtstelle.example", 443, True)


def test_a_fresh_database_holds_nothing_but_ours() -> None:
    Page.objects.filter(depth=2).delete()
    Site.objects.all().delete()
    root = Page.get_first_root_node()
    root.refresh_from_db()
    welcome = root.add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)
    assert create_pages() == len(ADDRESSES)
    homes = Page.objects.filter(depth=2)
    assert {type(home.specific) for home in homes} == {HomePage}
    assert {home.locale.language_code for home in homes} == set(LANGUAGES)
    assert Site.objects.get().root_page.locale.language_code == settings.LANGUAGE_CODE
    assert not Page.find_problems()[0]


def test_the_root_of_a_language_leads_to_its_start_page() -> None:
    for home in HomePage.objects.all():
        assert home.url == {"de": "/", "en": "/en/"}[home.locale.language_code]


# ------------------------------------------------------------------------------------------------- types


def test_steps_of_the_guide_know_their_place(visitor: Client) -> None:
    steps = GuideStep.objects.filter(locale__language_code="de").order_by("path")
    first, second, third = (step for step in steps[:3])
    html = read(visitor, second.url)
    assert re.search(rf'href="../{first.slug}/"[^>]*rel="prev"', html)
    assert re.search(rf'href="../{third.slug}/"[^>]*rel="next"', html)
    assert 'rel="prev"' not in read(visitor, first.url)
    second.unpublish()
    html = read(visitor, first.url)
    assert re.search(rf'href="../{third.slug}/"[^>]*rel="next"', html)
    assert second.url not in read(visitor, "/leitfaden/")


def test_the_preview_of_a_step_nobody_published_has_no_number() -> None:
    index = german("leitfaden")
    step = index.add_child(instance=GuideStep(title="Neu", slug="neu", lead="Noch ein Schritt.", live=False))
    html = step.make_preview_request().content.decode()
    assert "Noch ein Schritt." in html
    assert 'rel="next"' not in html
    assert 'rel="prev"' not in html


def test_news_come_latest_first_page_by_page(visitor: Client) -> None:
    index: NewsIndex = german("aktuelles")
    for number in range(NEWS_PER_PAGE + 1):
        date = dt.date(2030, 1, 1) + dt.timedelta(days=number)
        index.add_child(instance=NewsItem(title=f"Meldung {number:02}", slug=f"m{number}", lead="…", date=date))
    first, second = read(visitor, "/aktuelles/"), read(visitor, "/aktuelles/?seite=2")
    found = re.findall(r"Meldung (\d\d)", first)
    assert found == [f"{number:02}" for number in range(NEWS_PER_PAGE, 0, -1)]
    assert re.findall(r"Meldung (\d\d)", second) == ["00"]
    assert "Was diese Seite heute kann" in second
    assert read(visitor, "/aktuelles/?seite=unsinn").count("<article") == NEWS_PER_PAGE


def test_documents_of_the_collection_are_listed_and_no_others(visitor: Client, tmp_path: Path) -> None:
    page: DocumentList = german("dokumente")
    documents = get_document_model()
    with override_settings(MEDIA_ROOT=tmp_path):
        for title, collection in (("Muster", page.collection), ("Entwurf", Collection.get_first_root_node())):
            file = ImageFile(io.BytesIO(b"%PDF-1.7"), name=f"{title}.pdf")
            documents.objects.create(title=title, file=file, collection=collection)
        html = read(visitor, "/dokumente/")
        assert "Muster" in html
        assert "Entwurf" not in html
        (address,) = re.findall(r'href="(/dokumente/datei/[^"]+)"', html)
        assert b"".join(visitor.get(address)) == b"%PDF-1.7"  # type: ignore[arg-type]


def test_english_and_german_show_the_same_documents() -> None:
    assert len({page.collection_id for page in DocumentList.objects.all()}) == 1


def test_a_link_says_when_it_was_checked_and_an_office_has_its_mailbox(visitor: Client) -> None:
    links = german("links")
    links.groups = [
        (
            "group",
            {"title": "G", "links": [{"title": "L", "url": "https://l.example", "checked_on": dt.date(2026, 5, 1)}]},
        )
    ]
    links.save()
    assert "1. Mai 2026" in read(visitor, "/links/")
    contact = german("kontakt")
    contact.contacts = [("contact", {"function": "F", "organisation": "O", "mailbox": "stelle@o.example"})]
    contact.save()
    assert 'href="mailto:stelle@o.example"' in read(visitor, "/kontakt/")


def test_a_picture_of_a_page_is_served_in_the_size_asked_for_but_not_as_it_was_sent(
    visitor: Client, tmp_path: Path
) -> None:
    with override_settings(MEDIA_ROOT=tmp_path):
        data = io.BytesIO()
        Image.new("RGB", (1200, 600), "teal").save(data, "JPEG")
        image = get_image_model().objects.create(title="Brücke", file=ImageFile(data, name="bruecke.jpg"))
        page = german("hilfe")
        chosen = {"image": image.pk, "alt_text": "Eine Brücke über die Weser", "decorative": False}
        raw = [{"type": "picture", "value": {"image": chosen, "caption": "", "credit": "Foto: Stadt"}}]
        page.body = page.body.stream_block.to_python(raw)
        page.save()
        html = read(visitor, "/hilfe/")
        assert 'alt="Eine Brücke über die Weser"' in html
        assert "Foto: Stadt" in html
        (address,) = re.findall(r'<img[^>]* src="(/medien/images/[^"]+)"', html)
        response = visitor.get(address)
        assert response["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(b"".join(response))).width == 480  # type: ignore[arg-type]
        assert visitor.get(f"/medien/{image.file.name}").status_code == 404
        assert visitor.get("/medien/images/../original_images/bruecke.jpg").status_code in (400, 404)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [("Eins | Zwei\nDrei", "Zeile 2|Row 2"), ("Eins | Zwei", "mindestens eine|at least one")],
    ids=["uneven", "head only"],
)
def test_a_table_that_is_none_is_refused(rows: str, wrong: str) -> None:
    block = TableBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({"caption": "C", "rows": rows}))
    assert re.search(wrong, str(refused.value.block_errors["rows"]))


def test_a_table_names_columns_and_rows() -> None:
    block = TableBlock()
    html = block.render(block.to_python({"caption": "Formen", "rows": "Form\tRecht\nVerein\t<b>ja</b>\n"}))
    assert "<caption" in html
    assert '<th scope="col">Recht</th>' in html
    assert '<th scope="row">Verein</th><td>&lt;b&gt;ja&lt;/b&gt;</td>' in html


# ----------------------------------------------------------------------------------------------- editing


def test_an_editor_writes_publishes_and_everybody_reads(editor: Client, visitor: Client) -> None:
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    home = HomePage.objects.get(locale__language_code="de")
    form = nested_form_data(
        {
            "title": "Fahrradwege",
            "slug": "fahrradwege",
            "lead": "Wo sie an der Grenze enden.",
            "body": streamfield(
                [("heading", "Warum?"), ("text", rich_text("<p>Weil <script>x</script>niemand fragt.</p>"))]
            ),
            "seo_title": "",
            "search_description": "",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "action-publish": "yes",
        }
    )
    response = editor.post(f"/verwaltung/pages/add/pages/textpage/{home.pk}/", form)
    assert response.status_code == 302, response.context["form"].errors
    html = read(visitor, "/fahrradwege/")
    assert "Wo sie an der Grenze enden." in html
    assert "niemand fragt" in html
    assert "<script>x" not in html
    assert TextPage.objects.get(slug="fahrradwege").locale == Locale.objects.get(language_code="de")


def test_the_editing_screens_speak_german(editor: Client) -> None:
    html = read(editor, "/verwaltung/")
    assert 'lang="de' in html
    assert "Seiten" in html


# ----------------------------------------------------------------------------------------------- privacy


def test_no_visitor_gets_a_cookie_as_the_privacy_page_promises(visitor: Client) -> None:
    assert "setzt diese Seite keine Cookies" in read(visitor, "/datenschutz/")
    others = ["/", "/karte/", "/naehte/", "/naehte/03252/05766/", "/verzeichnis/gebiete/03252/", "/suche/?q=Hameln"]
    others += ["/suche/vorschlaege/?q=Ham", "/daten/", "/embed/karte/", "/gibt-es-nicht/", "/sitemap.xml"]
    for path in (*ADDRESSES, *others):
        response = visitor.get(path)
        assert not response.cookies, path
        assert response.status_code in (200, 404), path
    assert not visitor.cookies


def test_a_page_loads_nothing_from_elsewhere(visitor: Client) -> None:
    loaded = re.compile(
        r'<(?:script|img|iframe|source|video)[^>]*\bsrc="([^"]+)"'
        r'|<link rel="(?:stylesheet|preload|icon)"[^>]*href="([^"]+)"'
    )
    for path in ADDRESSES:
        for found in loaded.finditer(read(visitor, path)):
            assert not urlsplit(found[1] or found[2]).netloc, f"{path} loads {found[0]}"


def test_signing_in_sets_the_two_cookies_the_privacy_page_names(administrator: Client) -> None:
    html = read(administrator, "/datenschutz/")
    administrator.get("/verwaltung/login/")
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert name in html
    assert dt.timedelta(weeks=2).total_seconds() == settings.SESSION_COOKIE_AGE


# ---------------------------------------------------------------------------------------------- machines


def locations(client: Client, path: str) -> dict[str, list[tuple[str, str]]]:
    """Every address of a file of the site map with what it names as the same page in other languages."""
    response = client.get(path)
    assert response["Content-Type"].startswith("application/xml")
    tree = ElementTree.fromstring(response.content)
    return {
        entry.findtext(f"{SITEMAP}loc", ""): [
            (link.attrib["hreflang"], link.attrib["href"]) for link in entry.iter(ALTERNATE)
        ]
        for entry in tree
    }


def test_the_site_map_names_every_page_in_both_languages(visitor: Client, bundled: Edition) -> None:
    base = settings.ENV.base_url
    files = list(locations(visitor, "/sitemap.xml"))
    named: dict[str, list[tuple[str, str]]] = {}
    for file in files:
        assert file.startswith(base)
        entries = locations(visitor, file.removeprefix(base))
        assert 0 < len(entries) <= 50_000
        assert not named.keys() & entries.keys()
        named |= entries
    keys = [key for level in (Level.LAND, Level.DISTRICT, Level.MUNICIPALITY) for key in bundled.figures(level).index]
    pairs = [
        (seam.own_key, seam.other_key) for level in (Level.LAND, Level.DISTRICT) for seam in bundled.all_seams(level)
    ]
    paths = ["/", "/karte/", "/naehte/", "/daten/", "/verzeichnis/gebiete/", *PATHS]
    paths += [f"/verzeichnis/gebiete/{key}/" for key in keys]
    paths += [f"/naehte/{a}/{b}/" for a, b in pairs]
    assert len(keys) > 11_000
    assert len(pairs) > 1_000
    assert {f"{base}{prefix}{path}" for prefix in ("", "/en") for path in paths} <= named.keys()
    for path in ("/", "/impressum/", "/naehte/03252/05766/", "/verzeichnis/gebiete/032520006006/"):
        both = [("de", base + path), ("en", f"{base}/en{path}")]
        assert named[base + path] == named[f"{base}/en{path}"] == both


def test_the_site_map_names_a_page_only_in_languages_it_is_written_in(visitor: Client) -> None:
    base = settings.ENV.base_url
    german("hilfe").get_translation(Locale.objects.get(language_code="en")).unpublish()
    found = locations(visitor, "/sitemap-seiten.xml")
    assert found[f"{base}/hilfe/"] == [("de", f"{base}/hilfe/")]
    assert f"{base}/en/hilfe/" not in found


def test_a_page_in_one_language_leads_to_the_nearest_one_above_it_in_the_other(visitor: Client) -> None:
    german("/aktuelles/").add_child(instance=NewsItem(title="Nur deutsch", slug="nur-deutsch", lead="Satz."))
    text = read(visitor, "/aktuelles/nur-deutsch/")
    link = re.search(r'<a class="nt-tool" href="([^"]+)" hreflang="en"', text)
    assert link is not None
    assert link[1] == "/en/aktuelles/"
    assert visitor.get(link[1]).status_code == 200
    assert '<link rel="alternate" hreflang="en"' not in text
    assert '<link rel="alternate" hreflang="en"' in read(visitor, "/aktuelles/")


def test_robots_may_read_pages_but_not_the_editing_screens(visitor: Client) -> None:
    response = visitor.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    rules = RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    for path in ("/", "/verzeichnis/gebiete/03252/", "/naehte/03252/05766/", "/en/leitfaden/", "/sitemap-gebiete.xml"):
        assert rules.can_fetch("any", path), path
    for path in ("/verwaltung/", "/suche/", "/en/suche/", "/embed/karte/"):
        assert not rules.can_fetch("any", path), path
    assert rules.site_maps() == [f"{settings.ENV.base_url}/sitemap.xml"]


def test_the_icon_is_where_browsers_look_for_it(visitor: Client) -> None:
    response = visitor.get("/favicon.ico")
    assert Image.open(io.BytesIO(response.content)).size == (32, 32)
    assert "max-age" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/sitemap-nichts.xml", "/sitemap-gebiete.xml?p=99", "/medien/images/nichts.png"])
def test_what_is_not_there_is_not_found(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404
