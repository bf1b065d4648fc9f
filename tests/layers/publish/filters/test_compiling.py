"""The condition of a filter: its text, its values, and what the text never holds."""

from datetime import date
from decimal import Decimal

import pytest
from psycopg import sql

from layers.publish.filters import Column, Condition, Kind, equality, read_text
from layers.publish.filters import compile as compile_filter
from tests.filtering import ZONE, compiled, geometry, matching, truths

CONDITIONS: dict[str, tuple[str, tuple[object, ...]]] = {
    "true": ("%s::boolean", (True,)),
    "open": ('"row"."p_open"', ()),
    "name = 'x'": ('("row"."p_name" = %s::text)', ("x",)),
    "'x' = name": ('(%s::text = "row"."p_name")', ("x",)),
    "beds = 1": ('("row"."p_beds" = %s::bigint)', (1,)),
    "beds > 0.5": ('("row"."p_beds" > %s::double precision)', (0.5,)),
    "area = 1": ('("row"."p_area" = %s::bigint)', (1,)),
    "day = DATE('2022-01-01')": ('("row"."p_day" = %s::date)', (date(2022, 1, 1),)),
    "day = '2022-01-01'": ('("row"."p_day" = %s::date)', (date(2022, 1, 1),)),
    "NOT (open = true OR name IS NULL)": (
        '(NOT (("row"."p_open" = %s::boolean) OR ("row"."p_name" IS NULL)))',
        (True,),
    ),
    "beds IN (1, 2, 3)": ('("row"."p_beds" = ANY(%s::bigint[]))', ([1, 2, 3],)),
    "beds IN (1, 2.5)": ('("row"."p_beds" = ANY(%s::double precision[]))', ([1.0, 2.5],)),
    "beds IN (1, low)": ('("row"."p_beds" IN (%s::bigint, "row"."p_low"))', (1,)),
    "A_OVERLAPS(tags, ('a', 'b'))": ('(("row"."p_tags")::text[] && %s::text[])', (["a", "b"],)),
    "beds / 2 = 0.1": (
        '(nullif(greatest(nullif(least((("row"."p_beds")::numeric / nullif(%s::numeric, 0)), 1e300), 1e300), -1e300),'
        " -1e300) = %s::numeric)",
        (Decimal(2), Decimal("0.1")),
    ),
    "T_AFTER(day, INTERVAL('..', '2022-01-01'))": ('("row"."p_day" > %s::date)', (date(2022, 1, 1),)),
    "T_MEETS(INTERVAL(day, until), INTERVAL('2022-01-01', '..'))": (
        '("row"."p_until" = %s::date)',
        (date(2022, 1, 1),),
    ),
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_condition(text: str) -> None:
    assert compiled(read_text(text)) == Condition(*CONDITIONS[text])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name = 'x' AND beds > 12", "name = '%s''\"; --' AND beds > 987654"),
        ("beds IN (1, 2)", "beds IN (7, 8, 9, 10)"),
        ("name IN ('a')", "name IN ('b', 'c', 'd')"),
        ("day IN ('2022-01-01', '2022-01-02')", "day IN (DATE('2021-01-01'))"),
        ("A_CONTAINS(tags, ('a'))", "A_CONTAINS(tags, ('b', 'c'))"),
        ("S_INTERSECTS(geometry, POINT(1 2))", "S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 0)))"),
        ("S_INTERSECTS(geometry, BBOX(1,2,3,4))", "S_INTERSECTS(geometry, BBOX(170,2,-170,4))"),
        ("T_BEFORE(day, INTERVAL('2022-01-01', '..'))", "T_BEFORE(day, INTERVAL('1999-01-01', '..'))"),
        ("(beds + 1) * 2 ^ 3 = 5", "(beds + 77) * 8.5 ^ 99 = 123456"),
        ("true", "false"),
    ],
)
def test_filters_of_one_form_have_one_text(one: str, other: str) -> None:
    first, second = compiled(read_text(one)), compiled(read_text(other))
    assert first.sql == second.sql
    assert first.values != second.values


def test_a_name_is_quoted_and_only_the_callers() -> None:
    odd = 'a"b; DROP TABLE x'
    column = Column(sql.Identifier("row", f"p_{odd}"), Kind.TEXT)
    made = compile_filter(equality(odd, "y"), {odd: column}, geometry=geometry, zone=ZONE)
    assert made == Condition('("row"."p_a""b; DROP TABLE x" = %s::text)', ("y",))


def test_a_place_for_each_value() -> None:
    everything = " AND ".join(CONDITIONS)
    made = compiled(read_text(everything))
    assert made.sql.count("%s") == len(made.values)
    assert "%" not in made.sql.replace("%s", "")


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("name", "foo", {2}),
        ("name", "it's 50%_\\ \\d{x} $1", {6}),
        ("beds", "8", {1}),
        ("beds", "+8", {1}),
        ("beds", "8.5", set()),
        ("area", "3.14", {1}),
        ("rate", ".3", {1}),
        ("open", "true", {1, 3, 6}),
        ("open", "False", {2, 5}),
        ("day", "2022-04-16", {1}),
        ("day", "2022-04-15T17:00:00Z", {1}),
        ("start", "2022-04-16T10:13:19Z", {1}),
        ("start", "2022-04-15", {6}),
        ("tags", "foo", {1, 2, 5}),
        ("tags", "a,b", {6}),
    ],
)
def test_a_query_parameter_is_read_as_the_property_asks(name: str, text: str, ids: set[int]) -> None:
    assert matching(equality(name, text)) == ids


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # A moment is the day it falls on in Shaoxing, eight hours before UTC: 17:00Z on the 14th is the 15th.
        ("day = TIMESTAMP('2022-04-14T17:00:00Z')", {6}),
        ("day < TIMESTAMP('2022-04-14T17:00:00Z')", {2, 4, 5}),
        ("start = DATE('2022-04-15')", {6}),
        ("start IN (DATE('2022-04-15'), DATE('2022-04-14'))", {5, 6}),
        ("start > day", {2, 5} - {5}),
        ("start BETWEEN '2022-04-14' AND '2022-04-15'", {5, 6}),
        ("T_INTERSECTS(day, INTERVAL('2022-04-14T16:00:00Z','2022-04-15T16:00:00Z'))", {1, 6}),
        ("T_BEFORE(start, DATE('2022-04-15'))", {2, 4, 5}),
    ],
)
def test_a_moment_meets_a_day_as_the_day_it_falls_on(text: str, ids: set[int]) -> None:
    assert matching(read_text(text)) == ids


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    "text",
    [
        *("1 / 0 = 1", "1 % 0 = 1", "1 div 0 = 1", "beds / (beds - beds) = 1", "0 ^ -1 = 1", "(0 - 8) ^ 0.5 = 1"),
        *(
            "1e300 * 1e300 > 0",
            "1e308 + 1e308 > 0",
            "0 - 1e308 - 1e308 < 0",
            "10 ^ 1000 > 0",
            "(10 ^ 299 * 1) ^ 300 > 0",
        ),
        *("10 ^ (0 - 1000) > 0", "2 ^ 1e300 > 0", "1e308 = 1e308 * 1"),
    ],
)
def test_what_has_no_value_is_unknown(text: str) -> None:
    assert set(truths(text).values()) == {None}


@pytest.mark.usefixtures("table")
def test_arithmetic_is_decimal() -> None:
    for text in (
        "0.1 + 0.2 = 0.3",
        "1.1 * 1.1 = 1.21",
        "7 % 3 = 1",
        "(0 - 7) % 3 = -1",
        "7 div 2 = 3",
        "2 ^ 10 = 1024",
    ):
        assert matching(read_text(text)) == {1, 2, 3, 4, 5, 6, 7}
    for text in (
        "9 ^ 0.5 = 3",
        "0 ^ 0 = 1",
        "(0 - 2) ^ 3 = -8",
        "2 ^ 62 = 4611686018427387904 + 0",
        "0.1 ^ 20 = 1e-20",
    ):
        assert matching(read_text(text)) == {1, 2, 3, 4, 5, 6, 7}, text
    for text in ("0.5 ^ 60 > 0", "(1 / 3) ^ 600 > 0", "0.5 ^ 60 * 2 ^ 60 BETWEEN 0.9999999999999 AND 1.0000000000001"):
        assert matching(read_text(text)) == {1, 2, 3, 4, 5, 6, 7}, text


@pytest.mark.usefixtures("table")
def test_powers_in_powers_are_computed_once() -> None:
    text = "beds"
    for _level in range(12):
        text = f"1 ^ ({text})"
    assert matching(read_text(f"{text} = 1")) == {1, 2, 3, 4, 5, 6}


@pytest.mark.usefixtures("table")
def test_an_interval_with_an_unknown_bound_is_unknown() -> None:
    """Row 4 has no end: as the standard says of NULL, neither the relation nor its opposite holds."""
    assert truths("T_INTERSECTS(INTERVAL(day, until), DATE('2022-01-01'))")[4] is None
    assert matching(read_text("T_INTERSECTS(INTERVAL(day, until), DATE('2022-01-01')) OR until IS NULL")) == {4, 7}
