"""Small charts: where their lines run."""

from datetime import date
from typing import Any

import pytest

from gis_portal.pages.planning.charts import HEIGHT, MARGIN, WIDTH, bar, spreads, trend
from layers.coverage.history import Point
from layers.coverage.reach import Part, Spread
from tests.layers.coverage.documents import county, figure, target


def line(*given: tuple[str, int], **more: Any) -> tuple[str, str]:
    points = [Point(date.fromisoformat(day), None, figure(numerator, 4)) for day, numerator in given]
    drawn = trend(points, target(**more))
    assert drawn is not None
    return drawn.line, drawn.goal


def test_days_stand_apart_as_they_are_and_the_goal_is_a_line() -> None:
    found = line(("2022-01-01", 0), ("2022-01-04", 2), ("2022-01-11", 4))
    assert found == ("M5.0 31.0L38.0 18.0L115.0 5.0", "M0 5.0H120")


def test_one_value_is_a_dot_at_the_end() -> None:
    assert line(("2022-01-01", 4)) == (f"M{WIDTH - MARGIN:.1f} {HEIGHT / 2:.1f}", "M0 18.0H120")


def test_equal_values_are_level_and_without_a_goal_there_is_no_line_of_it() -> None:
    assert line(("2022-01-01", 4), ("2022-01-02", 4), goal=None) == ("M5.0 18.0L115.0 18.0", "")


def test_without_values_there_is_no_chart() -> None:
    assert trend([], target()) is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "drawn"),
    [(1, 2, "ratio", "M0 5H50.0"), (2, 2, "ratio", "M0 5H100.0"), (0, 2, "ratio", "M0 5H0.0"),
     (None, None, "ratio", "M0 5H0.0"), (1, 4, "count", "M0 5H50.0")],
)  # fmt: skip
def test_a_bar_is_as_long_as_its_value(numerator: int | None, denominator: int | None, unit: str, drawn: str) -> None:
    assert bar(county("1", "甲", numerator, denominator), target(unit=unit), 0.5) == drawn


def township(name: str, *metres: float) -> Part:
    return Part("1", name, "东县", 0, 1, Spread(*metres) if metres else None)


def test_townships_stand_in_the_order_of_their_medians_under_the_farthest_distance() -> None:
    drawn = spreads([township("甲", 0, 1000, 1500, 2000), township("乙", 500, 500, 500, 500), township("丙")], 1000)
    assert drawn is not None
    assert drawn.whole == "M150.0 91.0V91.0M450.0 120.0V4.0"
    assert drawn.middle == "M150.0 91.0V91.0M450.0 62.0V33.0"
    assert (drawn.limit, drawn.top) == ("M0 62.0H600", "2,000")
    assert drawn.said == "中位距离从 500 米（乙）到 1,000 米（甲），最远 2,000 米。"


def test_a_radius_beyond_every_distance_is_the_top() -> None:
    drawn = spreads([township("甲", 0, 0, 0, 0)], 3000)
    assert drawn is not None
    assert (drawn.limit, drawn.top) == ("M0 4.0H600", "3,000")
    assert drawn.said == "距离从 0 米（甲）到 0 米（甲）。"


def test_without_distances_there_is_no_chart_of_them() -> None:
    assert spreads([township("甲")], 1000) is None
