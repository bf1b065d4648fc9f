"""What the atlas says of each place: what anybody is told of it, in words, in the language in force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from heritage import documents, offered, pictures, showing
from heritage.atlas.choosing import Chosen
from heritage.batches import STANDING
from heritage.differences import Document
from heritage.linked_places import Work, address
from heritage.models import Listing, Place, Term
from heritage.models.lists import BatchState
from heritage.models.parts import Spelling
from heritage.models.periods import BOUNDS
from heritage.models.places import Sensitivity
from heritage.models.vocabularies import STANDARD
from heritage.years import Period, told
from layers.models.base import DEMONSTRATION, PositionQuality
from layers.publish.statements import DATABASE

STORY = ("meaning", "origin", "evolution", "people_and_events")
UNSAID = ("certain", "unstated")  # degrees of certainty that need no word
KILOMETRE_M = 1000


@dataclass(frozen=True)
class Said:
    """Something the atlas says. cited: where it is from, with the numbers of the works in the list of sources."""

    title: str
    text: str
    cited: str = ""
    anchor: str = ""  # of the entry that it leads to


@dataclass(frozen=True)
class NameLine:
    role: str
    name: str
    traditional: str
    roman: str
    notes: Sequence[str]
    cited: str


@dataclass(frozen=True)
class Illustration:
    """file: the SHA-256 of the stored picture."""

    file: str
    caption: str
    credit: str


@dataclass(frozen=True)
class Entry:
    """An entry. names: in the order of their time, empty where the heading says it all. qr: an SVG of the permalink."""

    place: Chosen
    traditional: str
    dialect: str
    is_proposed: bool
    category: str
    where: str
    toponym_code: str
    cited: str
    names: Sequence[NameLine]
    story: Sequence[Said]
    facts: Sequence[Said]
    pictures: Sequence[Illustration]
    is_demonstration: bool
    permalink: str
    qr: str

    @property
    def is_short(self) -> bool:
        """Whether the entry may be kept on one page."""
        return not self.pictures and sum(len(part.text) for part in (*self.story, *self.facts)) < 700


@dataclass
class Sources:
    """The works that the entries cite, numbered as they come."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, work: str) -> int:
        return self.numbers.setdefault(work, len(self.numbers) + 1)


@dataclass
class Telling:
    """What tells the entries of an atlas. names: of divisions by their codes; numbers: of the atlas's places by handle.

    sources: gathered while entries are told; missing: pictures that are recorded and not there.
    """

    names: Mapping[str, str]
    numbers: Mapping[str, int]
    terms: Mapping[tuple[str, str], Term]
    sources: Sources = field(default_factory=Sources)
    missing: list[str] = field(default_factory=list)

    def entries(self, places: Sequence[Chosen]) -> list[Entry]:
        """The entries of some places, read together; the places are published and stay so while they are read."""
        found = offered.named([place.handle for place in places])
        works = offered.words(settings.PUBLIC_URL, list(found.values())).works
        listings = _listings(places)
        others = _names_of({part["other"] for one in found.values() for part in one.document["relations"]})
        return [
            self._entry(place, found[place.handle].document, works, listings.get(place.pk, []), others)
            for place in places
            if place.handle in found
        ]

    def _entry(
        self, place: Chosen, document: Document, works: Mapping[str, Work], listings: Sequence[Listing],
        others: Mapping[str, str],
    ) -> Entry:  # fmt: skip
        cited = self._cited(document, works)
        standard = next(part for part in document["names"] if part["role"] == STANDARD)
        permalink = address(settings.PUBLIC_URL, place.handle)
        return Entry(
            place=place,
            traditional=standard["traditional"],
            dialect=standard["dialect"],
            is_proposed=bool(standard["roman"]) and standard["spelling"] == Spelling.PROPOSED,
            category=self.word("place-categories", document["category"]),
            where=self._where(document["township"]),
            toponym_code=document["toponym_code"],
            cited=cited.get(standard["key"], ""),
            names=self._names(document, cited),
            story=[Said(_title(name), document[name], cited.get(name, "")) for name in STORY if document[name].strip()],
            facts=[*self._facts(document, listings, others, cited), self._position(place), self._source(document)],
            pictures=self._pictures(document),
            is_demonstration=document["source"] == DEMONSTRATION,
            permalink=permalink,
            qr=segno.make_qr(permalink, error="m").svg_inline(border=0, omitsize=True),
        )

    def word(self, vocabulary: str, code: str) -> str:
        term = self.terms.get((vocabulary, code))
        return term.name if term else code

    def _where(self, township: str) -> str:
        return "".join(self.names.get(code, "") for code in dict.fromkeys((township[:6], township)) if code)

    def _cited(self, document: Document, works: Mapping[str, Work]) -> dict[str, str]:
        """What is cited about each assertion of the entry."""
        found: dict[str, list[str]] = {}
        for part in document["citations"]:
            work = works[part["source"]]
            number = self.sources.number(_described(work))
            words = f"{work.title}{part['pages'] and ' ' + part['pages']}"
            quoted = f"：“{part['quote']}”" if part["quote"] else ""
            found.setdefault(part["about"], []).append(f"{words}{quoted}［{number}］")
        return {about: "；".join(dict.fromkeys(texts)) for about, texts in found.items()}

    def _names(self, document: Document, cited: Mapping[str, str]) -> list[NameLine]:
        lines = [(*_in_time(part, place), self._name(part, cited)) for place, part in enumerate(document["names"])]
        if len(lines) == 1 and not lines[0][-1].notes:
            return []
        return [line for *_order, line in sorted(lines, key=lambda one: one[:-1])]

    def _name(self, part: Document, cited: Mapping[str, str]) -> NameLine:
        is_standard = part["role"] == STANDARD
        time = told(_period(part), lasts=is_standard)
        certainty = "" if part["certainty"] in UNSAID else self.word("certainties", part["certainty"])
        dialect = "" if is_standard or not part["dialect"] else _spaced((_("Dialect reading"), part["dialect"]))
        return NameLine(
            role=self.word("name-roles", part["role"]),
            name=part["name"],
            traditional=part["traditional"],
            roman=part["roman"],
            notes=[note for note in (time, certainty, dialect) if note],
            cited=cited.get(part["key"], ""),
        )

    def _facts(
        self, document: Document, listings: Sequence[Listing], others: Mapping[str, str], cited: Mapping[str, str]
    ) -> Iterable[Said]:
        for listing in listings:
            batch = listing.batch
            where = (batch.heritage_list.name, batch.number, listing.category, batch.document, batch.announced_on)
            yield Said(_("Listed"), _spaced(where))
        condition = self.word("conditions", document["condition"]) if document["condition"] else ""
        if condition or document["condition_note"]:
            said = "；".join(filter(None, (condition, document["condition_note"])))
            yield Said(_("Present condition"), said, cited.get("condition_note", ""))
        for part in document["protection"]:
            measure = self.word("protection-measures", part["measure"])
            yield Said(_("Protection"), _spaced((measure, part["since"], part["note"])))
        for part in document["relations"]:
            name = others.get(part["other"], "")
            if name:
                number = self.numbers.get(part["other"])
                see = _("see %(number)d") % {"number": number} if number else ""
                yield Said(
                    self.word("relation-kinds", part["kind"]),
                    _spaced((name, told(_period(part)), part["note"], see)),
                    cited.get(part["key"], ""),
                    f"e{number}" if number else "",
                )

    def _position(self, place: Chosen) -> Said:
        return Said(_("Position"), _position(place))

    def _source(self, document: Document) -> Said:
        if document["source"] == DEMONSTRATION:
            return Said(_("Source"), _("Demonstration data: this place does not exist."))
        about = {"number": self.sources.number(document["source"]), "day": document["as_of"]}
        said = _("recorded from ［%(number)d］, as of %(day)s") if about["day"] else _("recorded from ［%(number)d］")
        return Said(_("Source"), said % about)

    def _pictures(self, document: Document) -> list[Illustration]:
        found = []
        for part in document["pictures"]:
            if not pictures.is_stored(part["file"]):
                self.missing.append(part["caption"])
                continue
            credit = (part["taken"], part["credit"], self.word("licences", part["licence"]))
            found.append(Illustration(part["file"], part["caption"], " · ".join(word for word in credit if word)))
        return found


def _spaced(words: Iterable[object]) -> str:
    return " ".join(str(word) for word in words if word)


def _title(name: str) -> str:
    return str(documents.columns(Place)[name].verbose_name)


def _described(work: Work) -> str:
    return ". ".join(part for part in (work.author, work.title, work.published) if part)


def _period(part: Document) -> Period:
    return Period(**{bound: part[bound] for bound in BOUNDS}, time_text=part["time_text"])


def _in_time(part: Document, place: int) -> tuple[Any, ...]:
    """Orders names by their time; those without one after those that have one, the standard name before them."""
    period = _period(part)
    return period == Period(time_text=period.time_text), *period.order, part["role"] != STANDARD, place


def _position(place: Chosen) -> str:
    if place.sensitivity == Sensitivity.HIDDEN:
        return _("Where it lies is not made public, so that the place is protected.")
    if place.at is None:
        return _("Where it lies is not recorded.")
    if place.sensitivity == Sensitivity.GENERALISED:
        return _("So that the place is protected, only a square of 5 km is shown; the place lies somewhere in it.")
    exactness = {
        PositionQuality.SURVEYED: _("surveyed"),
        PositionQuality.PUBLISHED: _("as published"),
        PositionQuality.APPROXIMATE: _("approximate"),
    }[PositionQuality(place.quality)]
    if place.precision_m is None:
        return exactness
    is_far = place.precision_m >= KILOMETRE_M
    distance = f"{place.precision_m / KILOMETRE_M:g}" if is_far else str(place.precision_m)
    unit = _("kilometres") if is_far else _("metres")
    return _("%(exactness)s, may be off by %(distance)s") % {
        "exactness": exactness,
        "distance": f"{distance} {unit}",
    }


def _listings(places: Sequence[Chosen]) -> dict[int, list[Listing]]:
    """The published batches that the places stand in, by the places' ids."""
    rows = (
        Listing.objects.using(DATABASE)
        .filter(STANDING, batch__state=BatchState.PUBLISHED, place__in=[place.pk for place in places])
        .select_related("batch__heritage_list")
        .defer("batch__frozen", "batch__pdf")
        .order_by("batch__announced_on", "pk")
    )
    found: dict[int, list[Listing]] = {}
    for row in rows:
        found.setdefault(row.place_id, []).append(row)
    return found


def _names_of(handles: Iterable[str]) -> dict[str, str]:
    """The names of the published places among them."""
    return dict(showing.published().filter(handle__in=list(handles)).values_list("handle", "name"))
