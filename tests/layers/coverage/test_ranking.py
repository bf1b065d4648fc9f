"""Counties in the order of what they have reached."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.coverage.ranking import counted, ranked
from tests.layers.coverage.documents import county, figure, target


def order(*counties: dict[str, Any], **more: Any) -> list[tuple[int | None, str]]:
    return [(one.rank, one.county["name"]) for one in ranked(target(by_division=list(counties), **more))]


def test_equal_values_share_a_rank_and_the_next_is_skipped() -> None:
    found = order(county("1", "甲", 1, 2), county("2", "乙", 2, 2), county("3", "丙", 3, 6), county("4", "丁", 0, 3))
    assert found == [(1, "乙"), (2, "甲"), (2, "丙"), (4, "丁")]


def test_those_without_a_value_come_last_without_a_rank() -> None:
    assert order(county("1", "甲", None, None), county("2", "乙", 0, 2)) == [(1, "乙"), (None, "甲")]


@pytest.mark.parametrize(("goal", "first"), [({"op": "<=", "value": 0.5, "by": "2022-12-31"}, "乙"), (None, "甲")])
def test_the_lowest_is_the_best_of_what_is_not_to_be_exceeded(goal: dict[str, Any] | None, first: str) -> None:
    assert order(county("1", "甲", 2, 2), county("2", "乙", 1, 2), goal=goal)[0] == (1, first)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), max_size=12))
def test_a_rank_is_one_more_than_those_who_are_better(rates: list[tuple[int, int]]) -> None:
    found = ranked(target(by_division=[county(str(n), str(n), *rate) for n, rate in enumerate(rates)]))
    values = [one.county["numerator"] * 10**9 // one.county["denominator"] for one in found]
    assert [one.rank for one in found] == [1 + sum(other > value for other in values) for value in values]
    assert values == sorted(values, reverse=True)


def test_targets_are_counted_by_status() -> None:
    assert counted([figure(1, 2), figure(2, 2), figure(0, 2)]) == {"missed": 2, "met": 1, "not_assessable": 0}
