"""A small table, and which of its rows a filter finds: what the tests of CQL2 share."""

import json
import re
from collections.abc import Iterable
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import cql2
import psycopg
import shapely
from django.db import connection
from psycopg import sql

from layers.crs import CRS84, ewkb, stored_box, stored_shape
from layers.publish.filters import Column, Condition, Filter, Kind, compile, read_json, read_text

ZONE = ZoneInfo("Asia/Shanghai")
KINDS = {
    "name": Kind.TEXT,
    "plain": Kind.TEXT,
    "beds": Kind.INTEGER,
    "low": Kind.INTEGER,
    "high": Kind.INTEGER,
    "area": Kind.NUMBER,
    "rate": Kind.NUMBER,
    "open": Kind.BOOLEAN,
    "day": Kind.DATE,
    "until": Kind.DATE,
    "start": Kind.TIMESTAMP,
    "end": Kind.TIMESTAMP,
    "tags": Kind.TEXT_ARRAY,
    "more": Kind.TEXT_ARRAY,
    "geometry": Kind.GEOMETRY,
}
TABLE = """
    CREATE TEMPORARY TABLE filtered (
        id int PRIMARY KEY, p_name varchar(40), p_plain text, p_beds int, p_low int, p_high bigint,
        p_area double precision, p_rate numeric(6, 2), p_open boolean, p_day date, p_until date,
        p_start timestamptz, p_end timestamptz, p_tags varchar(20)[], p_more text[], p_geometry geometry(Geometry, 4490)
    ) ON COMMIT DROP
"""
# The last row has nothing, the one before it everything odd.
ROWS: list[tuple[Any, ...]] = [
    (
        *(1, "København", "Kobenhavn", 8, 1, 10, 3.14, "0.30", True, "2022-04-16", "2022-12-31"),
        *("2022-04-16T10:13:19Z", "2022-04-16T10:15:10Z", ["foo", "bar"], ["bar", "foo", "foo"], "POINT(7.02 49.92)"),
    ),
    (
        *(2, "foo", "foo", 1, 1, 1, 1.0, "2.50", False, "2021-01-01", "2021-12-31"),
        *("2021-04-16T10:15:59Z", "2022-04-16T10:16:06Z", ["foo"], [], "POINT(5 45)"),
    ),
    (
        *(3, "FOO", "FOO", 3, 5, 9, 2.5, "100.00", True, "2023-05-01", "2024-01-01"),
        *("2022-07-01T00:00:00Z", "2022-07-02T00:00:00Z", ["bar"], ["baz"], "LINESTRING(7 50,10 51)"),
    ),
    (
        *(4, "Straße", "Strasse", 100, 0, 100, -1.5, "-1.00", None, "2021-12-31", None),
        *("2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z", [], ["foo"], "POLYGON((0 40,10 40,10 50,0 50,0 40))"),
    ),
    (
        *(5, "会稽山", "Kuaijishan", -7, -9, -5, 0.0, "0.00", False, "2022-04-14", "2022-04-14"),
        *("2022-04-14T14:48:46Z", "2022-04-15T00:00:00Z", ["foo", "bar", "baz"], None, "MULTIPOINT(7 50,10 51)"),
    ),
    (
        *(6, r"it's 50%_\ \d{x} $1", "%_", 2, 2, 2, 1e300, "0.10", True, "2022-04-15", "2022-04-16"),
        *("2022-04-14T17:00:00Z", "2022-04-15T17:00:00Z", ["a'b", "a,b"], ["a'b"], "POINT(170 -45)"),
    ),
    (7, *[None] * 15),
]
IDS = frozenset(row[0] for row in ROWS)
COLUMNS = {name: Column(sql.Identifier("row", f"p_{name}"), kind) for name, kind in KINDS.items()}


def make_table() -> None:
    """The table, for the transaction of the test."""
    places = ", ".join(["%s"] * 15 + ["ST_GeomFromText(%s, 4490)"])
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.executemany(f"INSERT INTO filtered VALUES ({places})", ROWS)


def geometry(document: dict[str, Any]) -> str:
    """Longitude and latitude to what PostGIS reads."""
    if "bbox" in document:
        return ewkb(stored_box(tuple(document["bbox"]), CRS84))
    return ewkb(stored_shape(shapely.geometry.shape(document), CRS84))


def compiled(filter: Filter) -> Condition:
    return compile(filter, COLUMNS, geometry=geometry, zone=ZONE)


def run(statement: str, condition: Condition) -> list[tuple[Any, ...]]:
    """The rows of a statement that holds the condition once, with the values given as the portal gives them."""
    numbers = iter(range(1, len(condition.values) + 1))
    numbered = re.sub("%s", lambda _place: f"${next(numbers)}", statement.replace("{condition}", condition.sql))
    with psycopg.RawCursor(connection.connection) as cursor:
        return cursor.execute(numbered.encode(), condition.values, prepare=True, binary=True).fetchall()


def matching(filter: Filter) -> set[int]:
    """The ids of the rows that a filter finds."""
    found = run("SELECT row.id FROM (SELECT * FROM filtered) AS row WHERE {condition}", compiled(filter))
    return {each for (each,) in found}


def found(text: str) -> set[int]:
    """The ids of the rows that a CQL2 text finds; its CQL2 JSON, as the library writes it, finds the same."""
    ids = matching(read_text(text))
    assert matching(read_json(as_json(text))) == ids
    return ids


def as_json(text: str) -> str:
    return json.dumps(cql2.parse_text(text).to_json(), ensure_ascii=False)


def truths(text: str) -> dict[int, bool | None]:
    """Whether the text is true, false or unknown of each row, by its id."""
    return dict(run("SELECT row.id, {condition} FROM filtered AS row", compiled(read_text(text))))


# Logic of three values, as the standard's truth table has it


def negated(one: bool | None) -> bool | None:
    return None if one is None else not one


def both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def either(one: bool | None, other: bool | None) -> bool | None:
    return negated(both(negated(one), negated(other)))


def assert_combines(predicates: Iterable[str], combinations: int = 10) -> None:
    """Combinations of four of the predicates, as the standard's tests named “logical” ask for, in every row."""
    known = {predicate: truths(predicate) for predicate in predicates}
    random = Random(21065)  # noqa: S311  the same combinations each time
    for _number in range(combinations):
        one, two, three, four = (random.choice(list(known)) for _place in range(4))
        text = f"((NOT ({one}) AND ({two})) OR (({three}) and NOT ({four})) or not (({one}) AND ({four})))"
        expected = set()
        for row in IDS:
            p1, p2, p3, p4 = (known[predicate][row] for predicate in (one, two, three, four))
            left = either(both(negated(p1), p2), both(p3, negated(p4)))
            if either(left, negated(both(p1, p4))):
                expected.add(row)
        assert found(text) == expected, text
