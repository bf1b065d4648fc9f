"""Doors along a stretch, by their numbers: the door asked for, or where it would stand between its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from psycopg import sql

from layers import registry
from layers.access import Reader
from layers.addresses import WITHIN
from layers.publish.statements import DAY, Slot, Statement, compiled
from layers.rows import geometry, rows

LAYER_ID = "doorplates"
MOST_AT_A_NUMBER = 5

# The doors of that number, those first that are written as asked, and what has no number and is written so (3幢 of an estate); without such, the nearest on its side before and after
# it; and the first door, which stands for the stretch.
ALONG = sql.SQL("""
    WITH asked AS (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[])
            WITH ORDINALITY AS given (stretch, township, number, written, place)
    ), door AS NOT MATERIALIZED ({rows})
    SELECT coalesce(json_agg(json_build_array(
        asked.place, how, found.code, found.address, found.number, ST_X(found.geom), ST_Y(found.geom))
        ORDER BY asked.place, found.how, found.place), '[]')
    FROM asked CROSS JOIN LATERAL (
        SELECT 'at' AS how, at.*, row_number() OVER () AS place FROM (
            SELECT door.* FROM door
            WHERE door.stretch = asked.stretch AND door.township = asked.township AND door.number = asked.number
            ORDER BY door.written <> asked.written, NOT door.written ^@ asked.written, length(door.written), door.code
            LIMIT {most}) AS at
        UNION ALL
        SELECT 'at', within.*, row_number() OVER () FROM (
            SELECT door.* FROM door
            WHERE asked.number IS NULL AND asked.written <> '' AND door.number IS NULL
              AND door.stretch = asked.stretch AND door.township = asked.township AND door.written ^@ asked.written
            ORDER BY length(door.written), door.code
            LIMIT {most}) AS within
        UNION ALL
        SELECT 'before', before.*, 1 FROM (
            SELECT door.* FROM door
            WHERE door.stretch = asked.stretch AND door.township = asked.township
              AND door.geom IS NOT NULL AND door.number < asked.number AND door.number %% 2 = asked.number %% 2
            ORDER BY door.number DESC LIMIT 1) AS before
        UNION ALL
        SELECT 'beyond', beyond.*, 1 FROM (
            SELECT door.* FROM door
            WHERE door.stretch = asked.stretch AND door.township = asked.township
              AND door.geom IS NOT NULL AND door.number > asked.number AND door.number %% 2 = asked.number %% 2
            ORDER BY door.number LIMIT 1) AS beyond
        UNION ALL
        SELECT 'first', first.*, 1 FROM (
            SELECT door.* FROM door
            WHERE door.stretch = asked.stretch AND door.township = asked.township AND door.geom IS NOT NULL
            ORDER BY door.number LIMIT 1) AS first
    ) AS found
""")


@dataclass(frozen=True)
class Sought:
    """A stretch in a township, and the number of a door there with all that follows the name: 12号3幢."""

    stretch: str
    township: str
    number: int | None = None
    written: str = ""

    @property
    def in_lane(self) -> str:
        """What was written behind the lane, which is a part of the stretch."""
        return self.written.rpartition("弄")[2]


@dataclass(frozen=True)
class Door:
    """code: of the doorplate; empty where the place is between two known numbers. place: longitude and latitude. at_number: it has the number sought;
    else it is the first door and stands for the stretch.
    """

    code: str
    address: str
    place: tuple[float, float] | None
    at_number: bool
    interpolated: bool = False


def along(sought: Sequence[Sought], reader: Reader, on: object) -> list[list[Door]]:
    """For each: the doors of its number, best first; else where it would be; else the first door of the stretch."""
    (found,) = _statement(reader).run(
        stretches=[each.stretch for each in sought],
        townships=[each.township for each in sought],
        numbers=[each.number for each in sought],
        written=[each.written for each in sought],
        on=on,
    )
    by_place: list[dict[str, list[Any]]] = [{} for _each in sought]
    for place, how, *door in found:
        by_place[place - 1].setdefault(how, []).append(door)
    return [_doors(each, given) for each, given in zip(sought, by_place, strict=True)]


def _doors(sought: Sought, found: dict[str, list[Any]]) -> list[Door]:
    if known := found.get("at"):
        return [_door(*door, at_number=True) for door in known]
    if "before" in found and "beyond" in found:
        return [_between(sought, found["before"][0], found["beyond"][0])]
    return [_door(*door, at_number=False) for door in found.get("first", [])]


def _door(code: str, address: str, _number: int, lon: float | None, lat: float | None, *, at_number: bool) -> Door:
    return Door(code, address, None if lon is None or lat is None else (lon, lat), at_number)


def _between(sought: Sought, before: list[Any], beyond: list[Any]) -> Door:
    """Where the number would stand: past the last known door nothing says how far."""
    assert sought.number is not None
    share = (sought.number - before[2]) / (beyond[2] - before[2])
    (west, south), (east, north) = before[3:], beyond[3:]
    lon, lat = round(west + share * (east - west), 7), round(south + share * (north - south), 7)
    return Door("", f"{sought.stretch}{sought.in_lane}", (lon, lat), at_number=False, interpolated=True)


@cache
def _statement(reader: Reader) -> Statement:
    layer = registry.get(LAYER_ID)
    inner, params = compiled(
        rows(layer, reader, DAY)
        .order_by()
        .values(
            "code",
            "number",
            "stretch",
            address=F("standard_address"),
            township=F("township_claimed"),
            written=Concat(*WITHIN, Value(""), output_field=CharField()),
            geom=geometry(layer.geometry),
        )
    )
    text = ALONG.format(rows=sql.SQL(inner), most=sql.Literal(MOST_AT_A_NUMBER))
    slots = (Slot("stretches"), Slot("townships"), Slot("numbers"), Slot("written"))
    return Statement(text.as_string(None), (*slots, *params), planned_once=True)
