"""Whom a row names: areas by key or by name, district and Land, also under keys and names they had; records by name.

Nothing is guessed. A match is sure where one thing only bears this key or this name; what is merely alike is offered
with its score, and the person chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from nahtstelle.core.keys import LAENDER, LEVEL_OF_LENGTH, Level
from nahtstelle.core.names import folded, full_name
from nahtstelle.portal.intake.values import LIKENESS, MOST_OFFERED, Offer
from nahtstelle.portal.reference.models import Area, Edition
from nahtstelle.portal.register.models import KeyChange, Record

_LEVELS: dict[str, str] = {
    "landkreis": "district", "lkr": "district", "lk": "district", "kreis": "district", "kreisfreie stadt": "district",
    "stadtkreis": "district", "region": "district", "krfr stadt": "district", "staedteregion": "district",
    "samtgemeinde": "union", "sg": "union", "verbandsgemeinde": "union", "vg": "union", "amt": "union",
    "verwaltungsgemeinschaft": "union", "vgem": "union", "verbgem": "union",
    "stadt": "municipality", "gemeinde": "municipality", "flecken": "municipality", "markt": "municipality",
    "hansestadt": "municipality", "bergstadt": "municipality", "einheitsgemeinde": "municipality",
    "ortsgemeinde": "municipality", "gde": "municipality", "gem": "municipality",
    "universitaetsstadt": "municipality", "mitgliedsgemeinde": "municipality",
    "berg und universitaetsstadt": "municipality",
    "kreisstadt": "municipality", "grosse kreisstadt": "municipality", "inselgemeinde": "municipality",
    "land": "land", "freistaat": "land", "bundesland": "land",
}  # fmt: skip
"""Designations before or after a name, and the level they mean."""
_BEFORE = re.compile(
    r"^(?:(?:die|der|das) )?(" + "|".join(sorted(map(re.escape, _LEVELS), key=len, reverse=True)) + r") (?=\w)"
)
_AFTER = re.compile(
    r"(?<=\w) (" + "|".join(sorted((each for each in _LEVELS if len(each) > 2), key=len, reverse=True)) + r"|lk|sg|vg)$"
)
_SHORT = (
    (re.compile(r"\bhann\b"), "hannoversch"), (re.compile(r"\brbge\b"), "ruebenberge"),
    (re.compile(r"\ba d\b"), "an der"), (re.compile(r"\bi d\b"), "in der"), (re.compile(r"\ba\b"), "am"),
    (re.compile(r"\bb\b"), "bei"), (re.compile(r"\bi\b"), "im"), (re.compile(r"\bst\b"), "sankt"),
)  # fmt: skip
_LAND_WORDS = {
    "sh": "01", "hh": "02", "ni": "03", "nds": "03", "hb": "04", "nw": "05", "nrw": "05", "he": "06", "rp": "07",
    "rlp": "07", "bw": "08", "by": "09", "sl": "10", "be": "11", "bb": "12", "bbg": "12", "mv": "13", "sn": "14",
    "st": "15", "lsa": "15", "th": "16",
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """What was found: the key or reference where it is sure, else what may be meant; ``notes`` say what to know."""

    value: str = ""
    label: str = ""
    notes: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether one thing only can be meant."""
        return bool(self.value)


@dataclass(frozen=True)
class Place:
    """An area under one of the keys or names it has or had."""

    key: str
    level: str
    name: str
    title: str
    district: str
    district_key: str
    land_key: str
    edition: str
    people: int
    until: str = ""
    """Until when it bore this key; empty where it still does."""
    successor: str = ""


def spelled(name: str) -> str:
    """A name as it is compared: folded, usual abbreviations written out.

    >>> spelled("Neustadt a. Rbge."), spelled("Hann. Münden"), spelled("St. Andreasberg")
    ('neustadt am ruebenberge', 'hannoversch muenden', 'sankt andreasberg')
    """
    said = folded(name)
    for pattern, long in _SHORT:
        said = pattern.sub(long, said)
    return said


def taken_apart(text: str) -> tuple[str, str]:
    """The compared form of a name without its designation, and the level that one means; empty where none is said.

    >>> taken_apart("Samtgemeinde Velpke"), taken_apart("Schöningen, Stadt"), taken_apart("Goslar (Landkreis)")
    (('velpke', 'union'), ('schoeningen', 'municipality'), ('goslar', 'district'))
    """
    said = folded(text)
    level = ""
    while found := _BEFORE.match(said):
        level = level or _LEVELS[found[1]]
        said = said[found.end() :]
    while found := _AFTER.search(said):
        level = level or _LEVELS[found[1]]
        said = said[: found.start()]
    return spelled(said), level


@dataclass
class Gazetteer:
    """All areas of the loaded editions under their keys and names, in memory for the time of an import."""

    current: str = ""
    by_key: dict[str, Place] = field(default_factory=dict)
    by_name: dict[str, list[Place]] = field(default_factory=dict)
    changes: dict[str, list[KeyChange]] = field(default_factory=dict)
    _seen: dict[tuple[str, str, str, str], Match] = field(default_factory=dict)

    @classmethod
    def loaded(cls) -> Gazetteer:
        """From the database: the current edition first, then earlier ones, then what changed its key."""
        self = cls()
        for edition in Edition.objects.order_by("-current", "-valid_on"):
            if edition.current:
                self.current = edition.id
            rows = Area.objects.filter(edition=edition).exclude(level="union", people_of=1)
            for area in rows.order_by("pk").iterator(chunk_size=5000):
                self._add(
                    Place(
                        area.ags or area.key, area.level, area.name, full_name(area.name, area.designation),
                        area.district_name if area.level not in ("land", "district") else "", area.district_key,
                        area.land_key or area.key[:2], edition.id, area.people or 0,
                        until="" if edition.current else str(edition.valid_on or edition.id),
                    ),
                    area.key,
                )  # fmt: skip
        for change in KeyChange.objects.filter(withdrawn_on=None).order_by("on", "pk"):
            self.changes.setdefault(change.old_key, []).append(change)
            for key, name, until, successor in (
                (change.old_key, change.old_name, change.on or "?", change.new_key),
                (change.new_key, change.new_name, "", ""),
            ):
                if key not in self.by_key:
                    level = LEVEL_OF_LENGTH.get(len(key))
                    district = self.by_key.get(key[:5])
                    self._add(
                        Place(
                            key, level.value if level else "", name or key, name or key,
                            district.name if district else "", key[:5], key[:2], "", 0, until, successor,
                        )
                    )  # fmt: skip
        return self

    def _add(self, place: Place, *keys: str) -> None:
        new = [key for key in dict.fromkeys((place.key, *keys)) if key not in self.by_key]
        if not new:
            return  # the current edition came first
        for key in new:
            self.by_key[key] = place
        if place.title.startswith("Gemeindefrei"):
            return  # nobody there could join anything
        usual = [LAENDER[place.key]] if place.key in LAENDER else []  # "Bremen", not "Freie Hansestadt Bremen"
        for name in {taken_apart(place.name)[0], spelled(place.name), *map(spelled, usual)}:
            self.by_name.setdefault(name, []).append(place)

    def found(self, name: str, key: str = "", district: str = "", land: str = "") -> Match:
        """The area a row names by name, key, district and Land, as far as it says them."""
        asked = (name, key, district, land)
        if asked not in self._seen:
            self._seen[asked] = self._under(name, key, district, land) if key else self._called(name, district, land)
        return self._seen[asked]

    # ------------------------------------------------------------------------------------------- by key

    def _under(self, name: str, key: str, district: str, land: str) -> Match:
        digits, notes = self._digits(key)
        place = self.by_key.get(digits)
        if place is None:
            said = _("No edition and no recorded change of a key knows the key %(key)s.") % {"key": key}
            by_name = self._called(name, district, land) if name else Match()
            offers = by_name.offers or ((Offer(by_name.value, by_name.label, 100),) if by_name.sure else ())
            return Match(notes=(*notes, said), offers=offers)
        if name and not self._fits(name, place):
            by_name = self._called(name, district, land)
            said = _("The key %(key)s is that of %(area)s, but the list says “%(name)s”.") % {
                "key": digits, "area": place.title, "name": name,
            }  # fmt: skip
            others = by_name.offers or ((Offer(by_name.value, by_name.label, 100),) if by_name.sure else ())
            offers = (Offer(place.key, self._label(place), 100), *(each for each in others if each.value != place.key))
            return Match(notes=(*notes, said), offers=offers)
        return Match(place.key, self._label(place), (*notes, *self._history(place)))

    def _digits(self, key: str) -> tuple[str, tuple[str, ...]]:
        """The digits of a key, and what had to be done to them."""
        digits = re.sub(r"[\s./-]", "", key)
        if not digits.isascii() or not digits.isdigit():
            return key, ()
        zero = f"0{digits}"
        if digits not in self.by_key and len(zero) in LEVEL_OF_LENGTH and zero in self.by_key:
            return zero, (_("The key had lost its leading zero: %(key)s.") % {"key": zero},)
        cut = digits[:5] if digits.endswith("000") and len(digits) == 8 else ""
        if digits not in self.by_key and cut in self.by_key:
            return cut, (_("The key %(key)s stands for the district %(cut)s.") % {"key": digits, "cut": cut},)
        return digits, ()

    def _fits(self, name: str, place: Place) -> bool:
        from rapidfuzz import fuzz

        said, _level = taken_apart(name)
        own = {taken_apart(place.name)[0], spelled(place.name)}
        earlier = {taken_apart(each.old_name)[0] for each in self.changes.get(place.key, ()) if each.old_name}
        return any(said in each or each in said or fuzz.ratio(said, each) >= LIKENESS for each in own | earlier if each)

    def _history(self, place: Place) -> tuple[str, ...]:
        """What happened to the key of an area since, in words."""
        if not place.until:
            return ()
        now = self.successor_of(place.key)
        if now is not None:
            return (
                _("The key %(key)s no longer exists; it leads to %(area)s (%(now)s).")
                % {"key": place.key, "area": now.title, "now": now.key},
            )
        return (_("The key %(key)s is that of an earlier edition.") % {"key": place.key},)

    def successor_of(self, key: str) -> Place | None:
        """The area a key leads to along the recorded changes; ``None`` where they lead to several or to none."""
        seen = {key}
        while steps := self.changes.get(key):
            targets = {each.new_key for each in steps}
            if len(targets) != 1 or (key := targets.pop()) in seen:
                return None
            seen.add(key)
        return self.by_key.get(key) if len(seen) > 1 else None

    # ------------------------------------------------------------------------------------------ by name

    def _called(self, name: str, district: str, land: str) -> Match:
        if not folded(name):
            return Match()
        said, level = taken_apart(name)
        aside = ""
        places = self.by_name.get(said, []) or self.by_name.get(spelled(name), [])
        bracketed = re.fullmatch(r"(.+?)\s*\((.+)\)", name)
        if not places and bracketed:  # the district or the Land, as lists add it to tell namesakes apart
            said, level = taken_apart(bracketed[1])
            aside, places = bracketed[2], self.by_name.get(said, [])
            if land_of(aside):
                aside, land = "", aside
        places = self._narrowed(places, level, district or aside, land)
        own = [place for place in places if place.edition == self.current]
        today = own or [place for place in places if not place.until] or places
        meant = self._one_of(today)
        if meant is not None:
            return Match(meant.key, self._label(meant), self._history(meant))
        if today:
            offers = tuple(Offer(place.key, self._label(place), 100) for place in today[: 2 * MOST_OFFERED])
            return Match(notes=(_("Several areas are called “%(name)s”.") % {"name": name},), offers=offers)
        return Match(
            notes=(_("No area is called “%(name)s” here.") % {"name": name},),
            offers=tuple(self._alike(said, level, district, land)),
        )

    def _narrowed(self, places: Sequence[Place], level: str, district: str, land: str) -> list[Place]:
        """Those of this level, district and Land, as far as these are said and anything is left."""
        found = list(places)
        if level:
            right = [place for place in found if place.level == level]
            if level == "municipality" and not right:
                right = [place for place in found if place.level == "district" and self._is_city(place)]
            found = right
        if land_key := land_of(land):
            found = [place for place in found if place.land_key == land_key]
        if district:
            said, digits = taken_apart(district)[0], re.sub(r"\s", "", district)
            found = [
                place
                for place in found
                if place.level == "land" or digits == place.district_key or said == taken_apart(_district_of(place))[0]
            ]
        return found

    def _one_of(self, places: Sequence[Place]) -> Place | None:
        """The only one; of a city that is a district, or a Land, under the same name, the largest."""
        if not places or any(place.until for place in places):
            return places[0] if len(places) == 1 else None
        if len({same_area(place.key) for place in places}) > 1:
            return None
        whole = self.by_key.get(same_area(places[0].key), places[0])
        return whole if places[0].level != "municipality" or self._is_city(whole) or whole is places[0] else places[0]

    def _is_city(self, whole: Place) -> bool:
        """Whether a district, or a Land, is a single municipality."""
        return f"{whole.key:0<8}" in self.by_key

    def _alike(self, said: str, level: str, district: str, land: str) -> Iterable[Offer]:
        from rapidfuzz import fuzz, process

        best = process.extract(said, self.by_name.keys(), scorer=fuzz.ratio, limit=20, score_cutoff=LIKENESS)
        offered: dict[str, Offer] = {}
        for narrow in (True, False):  # what lies where the list says first
            for name, score, _position in best:
                places = self.by_name[name]
                for place in self._narrowed(places, level, district, land) if narrow else places:
                    now = self.successor_of(place.key) or place
                    offered.setdefault(now.key, Offer(now.key, self._label(now), round(score)))
            if offered:
                break
        return list(offered.values())[:MOST_OFFERED]

    def _label(self, place: Place) -> str:
        lies_in = [place.district if place.district != place.name else "", LAENDER.get(place.land_key, "")]
        lies_in = lies_in if place.level != Level.LAND.value else []
        return ", ".join([place.title, *(part for part in lies_in if part), place.key])

    def edition_of(self, key: str) -> str:
        """The edition that has this key, the current one where it does; empty where only a change of keys names it."""
        place = self.by_key.get(key)
        return place.edition if place else ""

    def title_of(self, key: str) -> str:
        """Designation and name of the area with this key."""
        place = self.by_key.get(key)
        return place.title if place else ""


def same_area(key: str) -> str:
    """One key for those of a city that is a district too, and perhaps a Land.

    >>> same_area("03101000"), same_area("03101"), same_area("11000000"), same_area("03153017")
    ('03101', '03101', '11', '03153017')
    """
    key = key[:5] if len(key) == 8 and key.endswith("000") else key
    return key[:2] if key in ("02000", "11000") else key


def _district_of(place: Place) -> str:
    return place.name if place.level == "district" else place.district


def land_of(text: str) -> str:
    """The key of the Land a cell names by name, abbreviation or key; empty where it names none.

    >>> land_of("Niedersachsen"), land_of("NRW"), land_of("3"), land_of("")
    ('03', '05', '03', '')
    """
    said = folded(text)
    if said.isdigit() and said.zfill(2) in LAENDER:
        return said.zfill(2)
    names = {folded(name): key for key, name in LAENDER.items()}
    return names.get(said) or _LAND_WORDS.get(said.replace(" ", ""), "")


@dataclass
class Roll:
    """Records of one kind under their references and names."""

    by_ref: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)
    _seen: dict[str, Match] = field(default_factory=dict)

    @classmethod
    def of(cls, model: type[Record], also: Mapping[str, str] | None = None) -> Roll:
        """Those of the register that are not withdrawn; ``also`` are references and names that come with the list."""
        self = cls()
        rows = model._default_manager.filter(withdrawn_on__isnull=True).order_by("pk")
        names = [name for name in ("name", "short_name") if name in {each.name for each in model._meta.fields}]
        for ref, *called in rows.values_list("ref", *names):
            self.add(ref, *called)
        for ref, name in (also or {}).items():
            self.add(ref, name)
        return self

    def add(self, ref: str, *names: str) -> None:
        """Let a record be found."""
        self.by_ref[ref] = names[0] if names else ref
        for name in dict.fromkeys(filter(None, map(folded, names))):
            if ref not in self.by_name.setdefault(name, []):
                self.by_name[name].append(ref)

    def found(self, text: str) -> Match:
        """The record a cell names by reference or by its whole name or short name."""
        if text not in self._seen:
            self._seen[text] = self._found(text)
        return self._seen[text]

    def _found(self, text: str) -> Match:
        from rapidfuzz import fuzz, process

        if text in self.by_ref:
            return Match(text, self.by_ref[text])
        said = folded(text)
        if not said:
            return Match()
        refs = self.by_name.get(said, [])
        if len(refs) == 1:
            return Match(refs[0], self.by_ref[refs[0]])
        if refs:
            offers = tuple(Offer(ref, f"{self.by_ref[ref]} ({ref})", 100) for ref in refs[:MOST_OFFERED])
            return Match(notes=(_("Several entries are called “%(name)s”.") % {"name": text},), offers=offers)
        best = process.extract(said, self.by_name.keys(), scorer=fuzz.WRatio, limit=10, score_cutoff=LIKENESS)
        offered: dict[str, Offer] = {}
        for name, score, _position in best:
            for ref in self.by_name[name]:
                offered.setdefault(ref, Offer(ref, f"{self.by_ref[ref]} ({ref})", round(score)))
        return Match(
            notes=(_("No entry is called “%(name)s”.") % {"name": text},), offers=tuple(offered.values())[:MOST_OFFERED]
        )
