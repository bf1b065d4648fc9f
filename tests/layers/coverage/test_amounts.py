"""A figure against its goal: exact, and never rounded up to what it is not."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from layers.coverage.amounts import Amount, Goal
from layers.coverage.reports import figures
from tests.layers.coverage.place import DAY


def amount(numerator: float, denominator: float | None, op: str, value: str, per: int = 1) -> Amount:
    below = None if denominator is None else Decimal(denominator)
    return Amount(Decimal(numerator), below, Goal(by=DAY, op=op, value=Decimal(value)), per)


def said(found: Amount) -> figures.Document:
    return {
        "numerator": int(found.numerator),
        "denominator": found.denominator and int(found.denominator),
        "value": found.value,
    }


def needed(found: Amount) -> str:
    """In words, of a target that is a rate."""
    assert found.goal is not None
    goal = {"op": found.goal.op, "value": float(found.goal.value)}
    return figures.needed(said(found) | {"needed": found.needed, "gap": found.gap}, {"goal": goal, "unit": "ratio"})


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(103, 103, "100.0%"), (102, 103, "99.0%"), (9999, 10000, "99.9%"), (0, 3, "0.0%")],
)
def test_what_is_not_complete_never_reads_as_complete(numerator: int, denominator: int, shown: str) -> None:
    assert figures.value(said(amount(numerator, denominator, ">=", "1.0")), "ratio") == shown


@pytest.mark.parametrize(
    ("value", "of", "needed"), [("0.6", 5, 3), ("0.6", 6, 4), ("0.6", 7, 5), ("1.0", 103, 103), ("0", 4, 0)]
)
def test_what_is_needed_is_counted_exactly(value: str, of: int, needed: int) -> None:
    assert amount(0, of, ">=", value).gap == needed
    assert amount(needed, of, ">=", value).status == "met"
    assert needed == 0 or amount(needed - 1, of, ">=", value).status == "missed"


@pytest.mark.parametrize(
    ("numerator", "op", "goal", "status", "gap"),
    [
        (90, ">", "90", "missed", 1),
        (91, ">", "90", "met", 0),
        (7, ">=", "7", "met", 0),
        (6, ">=", "7", "missed", 1),
        (4179.5, ">=", "4179.5", "met", 0),
        (3, "<=", "2", "missed", 1),
        (2, "<=", "2", "met", 0),
    ],
)
def test_a_count_is_held_against_its_goal(numerator: float, op: str, goal: str, status: str, gap: int) -> None:
    found = amount(numerator, None, op, goal)
    assert (found.value, found.status, found.gap) == (numerator, status, gap)


def test_a_value_may_be_for_so_many() -> None:
    found = amount(4033, 2_191_848, ">=", "18.4", per=10_000)
    assert (round(found.value, 3), found.status, found.needed) == (18.4, "missed", 4034)


def test_without_a_goal_nothing_is_missed_or_met() -> None:
    found = Amount(Decimal(5), Decimal(6), None)
    assert (found.value, found.status, found.needed, found.gap) == (5 / 6, "not_assessable", None, None)


def test_a_small_denominator_is_shown_with_what_is_needed() -> None:
    with translation.override("en"):
        assert needed(amount(3, 6, ">=", "0.6")) == "1 more: 4 of 6 needed for 60%"
        assert needed(amount(4, 6, ">=", "0.6")) == ""
    with translation.override("zh-hans"):
        assert needed(amount(3, 6, ">=", "0.6")) == "还差 1：达到 60% 需 4/6"


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.decimals(0, 1, places=4), st.sampled_from([">=", ">", "<="]))
def test_with_what_is_needed_the_goal_is_reached_and_not_before(
    numerator: int, denominator: int, value: Decimal, op: str
) -> None:
    found = amount(numerator, denominator, op, str(value))
    assert found.needed is not None
    assert amount(int(found.needed), denominator, op, str(value)).status == "met"
    beyond = found.needed + (1 if op == "<=" else -1)
    assert amount(int(beyond), denominator, op, str(value)).status == "missed"
    assert (found.gap == 0) == (found.status == "met")
