"""Where many addresses are: read one by one, looked for in the database together.

A piece of a thousand costs three statements, and two more where a township is wrong. What no name of a stretch of doors is equal to is looked for as the search
box would, one by one, and of that there may be only so much.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from psycopg import sql

from layers import registry
from layers.access import Reader
from layers.addresses import Address, parse
from layers.divisions import gazetteer
from layers.models import DigitalDoorplate
from layers.names.folding import fold
from layers.publish import freshness
from layers.publish.statements import DAY, Slot, Statement, compiled
from layers.registry import Layer
from layers.rows import geometry, label, rows
from layers.search import doors, finding
from layers.search.asking import counties_of, nearest
from layers.search.doors import Door, Sought
from layers.search.finding import ANOTHER_TOWNSHIP, INTERPOLATED, NO_SUCH_NUMBER, Asked, Found
from layers.search.notes import note
from layers.search.places import townships_named
from layers.search.words import LONGEST

PIECE = 1_000  # addresses that are looked for together
KEPT = 100_000  # addresses whose answers are kept, for files repeat them
MOST_STRETCHES = 20  # townships in which the stretch of an address without one is looked for
LEVELS = ("villages", "townships")
# Of the confidence: the door is there without what follows its number, the division without what is named in it.
WITHOUT_REST, VILLAGE_ALONE, TOWNSHIP_ALONE = 0.9, 0.4, 0.3

STRETCHES = """
    WITH asked AS (
        SELECT * FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given (folded, within, place)
    )
    SELECT coalesce(json_agg(json_build_array(asked.place, n.name, n.division) ORDER BY asked.place, n.division), '[]')
    FROM asked CROSS JOIN LATERAL (
        SELECT name, division FROM layers_searchname
        WHERE folded = asked.folded AND register = {register} AND row_id IS NULL
          AND (asked.within = '' OR division ^@ ANY (string_to_array(asked.within, ' ')))
        ORDER BY division LIMIT {most}) AS n
"""
POINTS = sql.SQL("""
    SELECT coalesce(json_agg(json_build_array(
        fcode, round(ST_X(point)::numeric, 7)::float8, round(ST_Y(point)::numeric, 7)::float8)), '[]')
    FROM ({divisions}) AS division CROSS JOIN LATERAL (SELECT ST_PointOnSurface(geom)) AS inside (point)
    WHERE fcode = ANY (%s::text[]) AND geom IS NOT NULL
""")


class Way(StrEnum):
    """What an address was found as."""

    DOOR = "door"
    INTERPOLATED = "interpolated"
    STREET = "street"
    VILLAGE = "village"
    TOWNSHIP = "township"
    NAME = "name"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Located:
    """address: the standard one of what was found. place: longitude and latitude in degrees, CGCS2000. division: the
    code of the one it lies in. note: what people should know before they rely on it.
    """

    way: Way
    address: str = ""
    confidence: float = 0.0
    place: tuple[float, float] | None = None
    code: str = ""
    division: str = ""
    note: str = ""


NOT_FOUND = Located(Way.NONE)


class Batch:
    """Locates addresses as a reader may see them on a day, equal ones once.

    most_searched: how many different addresses may be looked for one by one; None: all that need it.
    """

    def __init__(self, reader: Reader, on: date, *, most_searched: int | None = None) -> None:
        self.reader, self.on, self.left = reader, on, most_searched
        self._known: dict[str, Located] = {}
        self._points: dict[str, tuple[float, float] | None] = {}
        self._in_vain: set[tuple[str, ...]] = set()  # names in divisions that nothing was found by

    def located(self, texts: Sequence[str]) -> list[Located]:
        """Where each address is."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) + len(new) > KEPT:
            self._known.clear()
            self._in_vain.clear()
            new = list(dict.fromkeys(texts))
        for start in range(0, len(new), PIECE):
            some = new[start : start + PIECE]
            self._known.update(zip(some, self._located(some), strict=True))
        return [self._known[text] for text in texts]

    @freshness.one_look()
    def _located(self, texts: Sequence[str]) -> list[Located]:
        known = gazetteer()
        addresses = [parse(text, known) for text in texts]
        along = self._along(addresses)
        self._learn_points(address for address, found in zip(addresses, along, strict=True) if found is None)
        return [
            _noted(found or self._otherwise(text, address), note(address))
            for text, address, found in zip(texts, addresses, along, strict=True)
        ]

    def _along(self, addresses: Sequence[Address]) -> list[Located | None]:
        """The door, the place between two doors or the stretch of each, in the township written, else in another of its
        county; None where there is no such stretch.
        """
        written = {place: nearest(each.divisions) for place, each in enumerate(addresses) if _numbered(each)}
        there = self._stretched(addresses, written)
        wider = {place: counties_of(codes) for place, codes in written.items() if not _is_answered(there[place])}
        near = self._stretched(addresses, {place: codes for place, codes in wider.items() if codes})
        others = {
            place: [each for each in known if not each[0].township.startswith(written[place])]
            for place, known in near.items()
        }
        found: dict[int, Located] = {place: _best(known) for place, known in there.items() if known}
        for place, known in others.items():
            if known and (place not in found or _is_answered(known)):
                found[place] = _in_another_township(_best(known), written[place])
        return [found.get(place) for place in range(len(addresses))]

    def _stretched(
        self, addresses: Sequence[Address], within: Mapping[int, tuple[str, ...]]
    ) -> dict[int, list[tuple[Sought, Door]]]:
        """The best door along each stretch of the name, of the addresses at those places, in the divisions."""
        asked = list(within)
        found: dict[int, list[tuple[Sought, Door]]] = {place: [] for place in asked}
        if not asked:
            return found
        (named,) = _stretches().run(
            names=[fold(addresses[place].stretch) for place in asked],
            within=[" ".join(within[place]) for place in asked],
        )
        sought: list[Sought] = []
        of: list[int] = []
        for number, stretch, township in named:
            place = asked[number - 1]
            address = addresses[place]
            sought.append(Sought(stretch, township, address.number, address.written))
            of.append(place)
        for place, want, known in zip(of, sought, doors.along(sought, self.reader, self.on), strict=True):
            if known:
                found[place].append((want, known[0]))
        return found

    def _otherwise(self, text: str, address: Address) -> Located:
        """What else an address is found as: as the search box would, or the smallest division that it names."""
        if address.elsewhere:
            return NOT_FOUND
        division = self._division(address)
        if division.way is not Way.NONE and not _names_something(address):
            return replace(division, confidence=1.0)
        name = (address.stretch, address.poi, address.rest, *nearest(address.divisions))
        best = division
        if name not in self._in_vain:
            if self.left == 0:
                return replace(
                    division, note=_("not looked for by similar names: too many addresses of this file are not known.")
                )
            if self.left is not None:
                self.left -= 1
            found = finding.search(Asked(text[:LONGEST], address), self.reader, self.on, limit=1)
            best = max([division, *map(_as_located, found)], key=lambda each: each.confidence)
        if best is division:
            self._in_vain.add(name)
            if division.way is not Way.NONE:
                return replace(division, note=_("the name in it is not known; this is its division."))
        return best

    def _division(self, address: Address) -> Located:
        """The village or township, as sure as it is when more was asked for."""
        for code in _divisions(address):
            if place := self._points.get(code):
                is_village = len(code) > 9
                return Located(
                    Way.VILLAGE if is_village else Way.TOWNSHIP,
                    _named(code, ""),
                    VILLAGE_ALONE if is_village else TOWNSHIP_ALONE,
                    place,
                    code,
                    code[:9],
                )
        return NOT_FOUND

    def _learn_points(self, addresses: Iterable[Address]) -> None:
        codes = {code for address in addresses for code in _divisions(address)} - self._points.keys()
        if not codes:
            return
        (found,) = _points(self.reader).run(codes=sorted(codes), on=self.on)
        self._points |= dict.fromkeys(codes) | {code: (lon, lat) for code, lon, lat in found}


def _noted(found: Located, said: str) -> Located:
    return replace(found, note=" ".join(filter(None, [said, found.note]))) if said else found


def _numbered(address: Address) -> bool:
    """Whether doors are looked for."""
    return address.has_doors and bool(address.stretch) and not address.elsewhere


def _names_something(address: Address) -> bool:
    """Whether it names more than divisions."""
    return bool(_numbered(address) or address.poi or address.rest or address.landmark)


def _divisions(address: Address) -> list[str]:
    """The code of its village, then of its township, where what is written decides them."""
    return [level[0] for level in reversed(address.divisions) if len(level) == 1 and len(level[0]) >= 9]


def _best(known: Sequence[tuple[Sought, Door]]) -> Located:
    """The surest of one address in some townships; less sure the more of them are alike."""
    want, door = max(known, key=_sureness)
    address, place = _named(want.township, want.stretch), door.place
    if want.number is not None and door.at_number:
        share = 1.0 if _is_whole(want, door) else WITHOUT_REST
        found = Located(Way.DOOR, door.address, share, place, door.code, want.township)
    elif door.interpolated:
        address += want.in_lane
        found = Located(Way.INTERPOLATED, address, INTERPOLATED, place, "", want.township)
    elif want.number is None:
        found = Located(Way.STREET, address, 1.0, place, "", want.township)
    else:
        said = _("the number is not known there; this is the first door.")
        found = Located(Way.STREET, address, NO_SUCH_NUMBER, place, "", want.township, said)
    alike = [each for each in known if _sureness(each) == _sureness((want, door))]
    if len(alike) == 1:
        return found
    said = _("%(count)d townships have this address; this is one of them.") % {"count": len(alike)}
    return _noted(replace(found, confidence=round(found.confidence / len(alike), 3)), said)


def _is_answered(known: Sequence[tuple[Sought, Door]]) -> bool:
    """Whether the number is there, or its place; of a street without a number, the street."""
    return any(want.number is None or door.at_number or door.interpolated for want, door in known)


def _in_another_township(found: Located, written: Sequence[str]) -> Located:
    return _noted(replace(found, confidence=round(found.confidence * ANOTHER_TOWNSHIP, 3)), _differs(written))


def _differs(written: Sequence[str]) -> str:
    said = _("not in %(township)s, as written; this one is in another township of the county.")
    return said % {"township": townships_named(written)}


def _sureness(known: tuple[Sought, Door]) -> tuple[bool, bool, bool]:
    """A door before a place between two, and that before a stretch; the door with all that was written first."""
    want, door = known
    return door.at_number, _is_whole(want, door), door.interpolated


def _is_whole(want: Sought, door: Door) -> bool:
    """Whether the door is the one with all that was written, its rooms too."""
    return door.at_number and door.address.endswith(want.in_lane)


def _named(code: str, name: str) -> str:
    """A name behind those of the divisions that it lies in."""
    known = gazetteer()
    above = known.lineage(code) if known.is_home(code) else ()
    return "".join(known.get(each).name for each in above) + name


def _as_located(found: Found) -> Located:
    """What the search found."""
    if found.layer_id == doors.LAYER_ID:
        way = Way.DOOR if found.code else Way.INTERPOLATED if found.interpolated else Way.STREET
    else:
        way = {"villages": Way.VILLAGE, "townships": Way.TOWNSHIP}.get(found.layer_id, Way.NAME)
    said = _differs(found.not_in) if found.not_in else ""
    return Located(way, found.name, found.match.confidence, found.place, found.code, found.division, said)


@cache
def _stretches() -> Statement:
    table = DigitalDoorplate._meta.db_table
    text = STRETCHES.replace("{register}", f"'{table}'").replace("{most}", str(MOST_STRETCHES))
    return Statement(text, (Slot("names"), Slot("within")))


@cache
def _points(reader: Reader) -> Statement:
    parts: list[sql.Composable] = []
    params: list[object] = []
    for layer in map(registry.get, LEVELS):
        inner, values = compiled(_rows(layer, reader))
        parts.append(sql.SQL(inner))
        params += values
    text = POINTS.format(divisions=sql.SQL(" UNION ALL ").join(parts))
    return Statement(text.as_string(None), (*params, Slot("codes")))


def _rows(layer: Layer, reader: Reader) -> QuerySet:
    place = label(layer) if layer.label else geometry(layer.geometry)
    return rows(layer, reader, DAY).order_by().values(fcode=F("code"), geom=place)
