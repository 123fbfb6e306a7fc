"""The search: what is written for it, what a text finds, and who is never found. The same on both databases."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.portal.hostile import HOSTILE
from tests.portal.markup import Page, text_of

from nahtstelle.portal.directory.finding import FEW_AREAS
from nahtstelle.portal.register import search
from nahtstelle.portal.register.actions import rename
from nahtstelle.portal.register.models import (
    Agreement,
    Attachment,
    Citation,
    Cooperation,
    Meeting,
    MeetingBody,
    Membership,
    Organisation,
    Project,
    ProjectCooperation,
    SearchEntry,
    SearchTerm,
    Source,
    Statement,
)
from nahtstelle.portal.register.policies import OPERATOR

pytestmark = pytest.mark.django_db


def cooperation(ref: str, name: str, kind: str = "kommunalinitiative", **fields: Any) -> Cooperation:
    one = Cooperation.objects.create(ref=ref, name=name, kind=kind, **fields)
    search.index(one)
    return one


def member(of: Cooperation, key: str, name: str, **fields: Any) -> Membership:
    one = Membership.objects.create(cooperation=of, area_key=key, area_name=name, **fields)
    search.index(one)
    return one


def project(ref: str, name: str, *cooperations: Cooperation, **fields: Any) -> Project:
    one = Project.objects.create(ref=ref, name=name, **fields)
    for each in cooperations:
        ProjectCooperation.objects.create(project=one, cooperation=each)
    search.index(one)
    return one


@pytest.fixture
def register(db: None) -> dict[str, Cooperation]:
    """A small register with names that are hard to find."""
    einharz = cooperation(
        "einharz", "EinHarz", tasks=("tourismus",), summary_de="Eine Kooperation der Bürgermeister im ganzen Harz."
    )
    member(einharz, "03153017", "Goslar")
    member(einharz, "15085370", "Wernigerode")
    band = cooperation("gruenes-band", "Grünes Band im Landkreis Helmstedt", "leader-region", short_name="LAG Band")
    member(band, "03154013", "Königslutter am Elm")
    lueneburg = cooperation("heide", "Metropolregion Lüneburger Land", "metropolregion")
    member(lueneburg, "03355", "Lüneburg")
    verband = cooperation("wasser", "Wasserbeschaffungsverband Elm", "aufgabenverbund", legal_form="zweckverband")
    project("ecarsharing", "eCarSharing Harz", einharz, state="umsetzung", summary_de="Autos für Dörfer teilen.")
    project(
        "harzring",
        "Harzring",
        einharz,
        state="gescheitert",
        reasons=("finanzierung",),
        learned_de="Früher suchen.",
    )
    return {one.ref: one for one in (einharz, band, lueneburg, verband)}


def refs(text: str, **narrowed: Any) -> list[str]:
    return [hit.record_ref for hit in search.found(text, **narrowed).hits]


# ------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("Kooperationen", "einharz"),
        ("Bürgermeistern", "einharz"),
        ("buergermeister", "einharz"),
        ("harz", "einharz"),
        ("EINHARZ", "einharz"),
        ("Gruenes Bänder", "gruenes-band"),
        ("lag band", "gruenes-band"),
        ("Lueneburg", "heide"),
        ("Lüneburg", "heide"),
        ("Metropolregionen", "heide"),
        ("Regionen Lüneburg", "heide"),
        ("Wasser", "wasser"),
        ("Verbände Elm", "wasser"),
        ("Zweckverband", "wasser"),
        ("Wasserverband", "wasser"),
        ("Königslutter", "gruenes-band"),
        ("Tourismus Goslar", "einharz"),
        ("sharing", "ecarsharing"),
        ("Dorf teilen", "ecarsharing"),
        ("Harzring", "harzring"),
        ("gescheitert Finanzierung", "harzring"),
    ],
)
def test_a_text_finds_what_it_means(register: object, text: str, ref: str) -> None:
    assert ref in refs(text)


def test_every_word_must_occur(register: object) -> None:
    assert refs("Harz Lüneburg") == []
    assert refs("Tourismus Wernigerode") == ["einharz"]
    assert refs("xqzwv") == refs("") == refs("und der die") == refs("  ,;. ") == []


def test_titles_come_before_texts_and_short_ones_before_long_ones(register: object) -> None:
    cooperation("harz-im-text", "Bergleute", summary_de="Auch sie arbeiten im Harz, Harz und nochmals Harz.")
    cooperation("harz", "Harz")
    found = refs("Harz")
    assert found[0] == "harz" and found.index("einharz") < found.index("harz-im-text")


def test_filters(register: dict[str, Cooperation]) -> None:
    assert set(refs("Harz")) == {"einharz", "ecarsharing", "harzring"}
    assert refs("Harz", types=("cooperation",)) == ["einharz"]
    assert set(refs("Harz", types=("project",), kind="kommunalinitiative")) == {"ecarsharing", "harzring"}
    assert refs("Harz", kind="leader-region") == []
    assert set(refs("Harz", land="15")) == {"einharz", "ecarsharing", "harzring"}
    assert refs("Harz", land="09") == []
    # what is no choice narrows nothing
    assert len(refs("Harz", types=("quatsch",), kind="' OR 1=1", land="99")) == 3


def test_pages_of_answers_are_counted(db: None) -> None:
    with search.all_at_once():
        for number in range(45):
            cooperation(f"verbund-{number}", f"Verbund {number}", "verkehrsverbund")
    first, second, last = (search.found("Verbund", limit=20, offset=offset) for offset in (0, 20, 40))
    assert [len(each.hits) for each in (first, second, last)] == [20, 20, 5]
    assert {each.count for each in (first, second, last)} == {45}
    assert len({hit.pk for each in (first, second, last) for hit in each.hits}) == 45
    both = search.found("Verbund Verkehrsverbund", limit=20)
    assert both.count == 45 and not both.more


def test_counting_stops(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_COUNTED", 7)
    for number in range(9):
        cooperation(f"verbund-{number}", f"Verbund {number}")
    found = search.found("Verbund", limit=5)
    assert (found.count, found.more, len(found.hits)) == (7, True, 5)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_texts(register: object, text: str) -> None:
    search.found(text, types=(text,), kind=text, land=text)
    search.corrected(text)
    search.beginning(text)
    search.named(text)


# --------------------------------------------------------------------------------------- typos, excerpts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("EinHartz", "EinHarz"),
        ("Lünneburger", "Lüneburger"),
        ("Grünnes Band", "Grünes Band"),
        ("Haarzring", "Harzring"),
    ],
)
def test_a_typo_is_put_right(register: object, typed: str, meant: str) -> None:
    assert search.found(typed).count == 0
    assert search.corrected(typed) == meant
    assert search.found(meant).count


def test_what_nothing_is_like_is_not_put_right(register: object) -> None:
    assert search.corrected("xqzwvxqzwv") == search.corrected("Harz") == search.corrected("") == ""


def test_suggestions_begin_as_the_text_does(register: object) -> None:
    assert [row.record_ref for row in search.beginning("EinHa")] == ["einharz"]
    assert [row.record_ref for row in search.beginning("harz")] == ["einharz"]
    assert [row.record_ref for row in search.beginning("metropolregion lüne")] == ["heide"]
    assert [row.record_ref for row in search.beginning("Band im")] == ["gruenes-band"]
    assert [row.record_ref for row in search.beginning("LAG B")] == ["gruenes-band"]
    assert search.beginning("arz") == search.beginning("") == search.beginning("%") == []
    assert [row.record_ref for row in search.beginning("eCar", ("cooperation", "project"))] == ["ecarsharing"]
    assert [row.record_ref for row in search.named("grünes band im landkreis helmstedt")] == ["gruenes-band"]


def test_excerpts_show_the_words_that_were_found() -> None:
    text = "Am Anfang stand ein Treffen. " * 12 + "Dann gründeten die Bürgermeister ihre Initiative. " + "Ende. " * 60
    pieces = search.excerpt(text, "Bürgermeistern")
    assert ("Bürgermeister", True) in pieces
    shown = "".join(piece for piece, _marked in pieces)
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) < 200
    assert search.excerpt("Kurz.", "nichts") == [("Kurz.", False)]
    assert search.excerpt("", "nichts") == []


# ---------------------------------------------------------------------------------------------- following


def test_a_membership_is_found_by_its_cooperation_until_it_is_withdrawn(register: dict[str, Cooperation]) -> None:
    one = member(register["einharz"], "15085110", "Ilsenburg")
    assert refs("Ilsenburg") == ["einharz"]
    one.withdrawn_on = timezone.localdate()
    one.save()
    search.index(one)
    assert refs("Ilsenburg") == []


def test_a_new_name_reaches_what_names_the_record(register: dict[str, Cooperation]) -> None:
    one = register["einharz"]
    one.name = "Bündnis Brocken"
    one.save()
    search.index(one)
    assert set(refs("Brocken")) == {"einharz", "ecarsharing", "harzring"}
    organisation = Organisation.objects.create(ref="hochschule", name="Hochschule Harz", kind="wissenschaft")
    member_ = Membership.objects.create(cooperation=register["wasser"], organisation=organisation)
    search.index(organisation)
    search.index(member_)
    assert "wasser" in refs("Hochschule")
    organisation.name = "Akademie"
    organisation.save()
    search.index(organisation)
    assert "wasser" in refs("Akademie") and refs("Hochschule", types=("cooperation",)) == []


def test_a_new_member_brings_its_land_to_the_projects(register: dict[str, Cooperation]) -> None:
    assert refs("Harzring", land="16") == []
    member(register["einharz"], "16062", "Nordhausen")
    assert refs("Harzring", land="16") == ["harzring"]


def test_members_that_are_each_other_s_cooperations_end(register: dict[str, Cooperation]) -> None:
    one, other = register["einharz"], register["heide"]
    for of, party in ((one, other), (other, one)):
        search.index(Membership.objects.create(cooperation=of, party_cooperation=party))
    one.name = "Umbenannt"
    one.save()
    search.index(one)
    assert set(refs("Umbenannt", types=("cooperation",))) == {"einharz", "heide"}


# ----------------------------------------------------------------------------------------------- privacy


def beside(one: Cooperation) -> None:
    """Something of every type that speaks of a cooperation, all with the same rare word."""
    agreement = Agreement.objects.create(ref="zz-a", title="Quarzit Vertrag", kind="oerv", cooperation=one)
    meeting = Meeting.objects.create(ref="zz-m", name="Quarzit Treffen", start=timezone.now())
    MeetingBody.objects.create(meeting=meeting, cooperation=one)
    source = Source.objects.create(ref="zz-s", title="Quarzit Zeitung")
    Citation.objects.create(source=source, about_type="cooperation", about_ref=one.ref)
    about = {"about_type": "cooperation", "about_ref": one.ref}
    statement = Statement.objects.create(ref="zz-c", what_de="Quarzit ist hart", property="haerte", **about)
    attachment = Attachment.objects.create(ref="zz-d", title="Quarzit Karte", **about)
    nested = Attachment.objects.create(ref="zz-n", title="Quarzit Anlage", about_type="agreement", about_ref="zz-a")
    for record in (agreement, meeting, source, statement, attachment, nested):
        search.index(record)


def test_drafts_and_what_speaks_of_them_are_not_found(register: object) -> None:
    hidden = cooperation("geheim", "Quarzit Bund", live=False)
    member(hidden, "03153017", "Goslar")
    beside(hidden)
    assert refs("Quarzit") == []
    carried = project("offen", "Offenes Vorhaben", hidden)
    assert refs("Offenes") == ["offen"] and refs("Quarzit") == []
    assert SearchEntry.objects.get(record_ref="offen").hint == ""
    hidden.live = True
    hidden.save()
    search.index(hidden)
    assert set(refs("Quarzit")) == {"geheim", "zz-a", "zz-m", "zz-s", "zz-c", "zz-d", "zz-n", carried.ref}
    hidden.withdrawn_on = timezone.localdate()
    hidden.save()
    search.index(hidden)
    assert refs("Quarzit") == []
    assert not SearchTerm.objects.filter(stem="quarzit").exists()


def test_a_member_whose_record_is_a_draft_is_not_named(register: dict[str, Cooperation]) -> None:
    organisation = Organisation.objects.create(ref="geheim", name="Quarzit GmbH", live=False)
    search.index(organisation)
    search.index(Membership.objects.create(cooperation=register["einharz"], organisation=organisation))
    assert refs("Quarzit") == []


def test_notes_for_the_editorial_staff_are_not_found(register: dict[str, Cooperation]) -> None:
    register["einharz"].review_note = "Quarzit prüfen"
    register["einharz"].save()
    search.index(register["einharz"])
    assert refs("Quarzit") == []


# ----------------------------------------------------------------------------------------------- writing


def everything() -> set[tuple[Any, ...]]:
    return set(
        SearchTerm.objects.values_list(
            "entry__record_type", "entry__record_ref", "entry__title", "entry__hint", "entry__facets",
            "entry__page_type", "entry__page_ref", "entry__text_de", "stem", "weight",
        )
    )  # fmt: skip


def test_writing_anew_gives_what_was_written_bit_by_bit(register: dict[str, Cooperation]) -> None:
    beside(register["einharz"])
    cooperation("geheim", "Quarzit Bund", live=False)
    before, said = everything(), []
    assert search.reindex(lambda *step: said.append(step)) == SearchEntry.objects.count()
    assert everything() == before and before
    assert ("cooperation", 5, 5) in said


def test_all_at_once_writes_once_and_nothing_where_it_fails(
    register: dict[str, Cooperation], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30), search.all_at_once():
        for number in range(10):
            with search.all_at_once():
                search.index(register["einharz"])
            search.index(project(f"vorhaben-{number}", f"Vorhaben {number}"))
        assert refs("Vorhaben") == []
    assert len(refs("Vorhaben")) == 10
    with pytest.raises(ValueError, match="no"), search.all_at_once():
        search.index(cooperation("nie", "Niemals"))
        raise ValueError("no")
    assert refs("Niemals") == []


# ----------------------------------------------------------------------------------------------- the page


def main_of(client: Client, **query: str) -> Page:
    return Page(client.get("/suche/", query).content.decode())


def links(page: Page) -> list[str]:
    return [each.get("href", "") for each in page.one("main").iter("a")]


def test_the_page_shows_places_and_records(visitor: Client, register: object) -> None:
    page = main_of(visitor, q="Goslar")
    shown = links(page)
    assert "/verzeichnis/kooperationen/einharz/" in shown
    assert any(link.startswith("/verzeichnis/gebiete/") for link in shown)


def test_many_places_leave_room_for_records(visitor: Client, register: object) -> None:
    shown = links(main_of(visitor, q="Harz"))
    places = [link for link in shown if re.fullmatch(r"/verzeichnis/gebiete/\d+/", link)]
    assert len(places) == FEW_AREAS and "/verzeichnis/kooperationen/einharz/" in shown
    assert "/verzeichnis/gebiete/?q=Harz" in shown


def test_the_page_marks_what_was_found_and_says_what_it_is(visitor: Client, register: object) -> None:
    page = main_of(visitor, q="Bürgermeistern")
    assert [text_of(each) for each in page.one("main").iter("mark")] == ["Bürgermeister"]
    said = text_of(page.one("main"))
    assert "Kommunale Initiative" in said and "Niedersachsen" in said and "Sachsen-Anhalt" in said


def test_the_page_can_be_narrowed(visitor: Client, register: object) -> None:
    assert "/verzeichnis/projekte/harzring/" not in links(main_of(visitor, q="Harz", was="kooperationen"))
    only = links(main_of(visitor, q="Harz", was="projekte", land="15"))
    assert "/verzeichnis/projekte/harzring/" in only and "/verzeichnis/kooperationen/einharz/" not in only
    none = main_of(visitor, q="Harz", art="euroregion")
    assert "?q=Harz" in links(none)


def test_filters_can_be_emptied_without_losing_the_words(visitor: Client, register: object) -> None:
    page = visitor.get("/suche/?q=radweg+%26+bus&was=projekte&land=09").content.decode()
    reset = re.search(r'<a class="kern-btn kern-btn--tertiary" href="([^"]*)">', page)
    assert reset and reset[1] == "?q=radweg+%26+bus"


def test_a_typo_leads_on(visitor: Client, register: object) -> None:
    page = main_of(visitor, q="EinHartz")
    assert "?q=EinHarz" in links(page) and "/verzeichnis/kooperationen/einharz/" in links(page)


def test_one_cooperation_that_is_all_there_is_is_shown_at_once(visitor: Client, register: object) -> None:
    answer = visitor.get("/suche/", {"q": "Grünes Band im Landkreis Helmstedt"})
    assert answer.status_code == 302 and answer["Location"] == "/verzeichnis/kooperationen/gruenes-band/"


def test_two_names_lead_to_their_seam(visitor: Client) -> None:
    for text in (
        "Hameln-Pyrmont und Lippe",
        "Lippe / Hameln-Pyrmont",
        "hameln-pyrmont lippe",
        "Niedersachsen – Hessen",
    ):
        found = [link for link in links(main_of(visitor, q=text)) if link.startswith("/naehte/")]
        assert len(found) == 1, text
    assert not [link for link in links(main_of(visitor, q="Hameln-Pyrmont und Nürnberg")) if "/naehte/0" in link]


def test_suggestions_offer_cooperations(visitor: Client, register: object) -> None:
    said = visitor.get("/suche/vorschlaege/", {"q": "EinHa"}).json()["suggestions"]
    assert said[-1]["title"] == "EinHarz" and said[-1]["url"] == "/verzeichnis/kooperationen/einharz/"
    assert "Niedersachsen" in said[-1]["hint"]
    both = visitor.get("/en/suche/vorschlaege/", {"q": "Lüneb"}).json()["suggestions"]
    assert "/en/verzeichnis/kooperationen/heide/" in [each["url"] for each in both]
    assert len(both) > 1


def test_the_page_asks_the_database_a_few_times(
    visitor: Client, register: dict[str, Cooperation], django_assert_max_num_queries: Any
) -> None:
    beside(register["einharz"])
    visitor.get("/suche/", {"q": "Elm"})
    for text in ("Harz", "Kooperation Harz", "xqzwv", "EinHartz"):
        with django_assert_max_num_queries(15):
            visitor.get("/suche/", {"q": text})
        with django_assert_max_num_queries(1):
            visitor.get("/suche/", {"q": text})


def test_a_remembered_answer_is_forgotten_with_the_next_change(
    visitor: Client, register: dict[str, Cooperation]
) -> None:
    assert "/verzeichnis/kooperationen/wasser/" not in links(main_of(visitor, q="Harz"))
    rename(OPERATOR, register["wasser"], "Wasserverband Harz und Elm", via="command")
    assert "/verzeichnis/kooperationen/wasser/" in links(main_of(visitor, q="Harz"))
