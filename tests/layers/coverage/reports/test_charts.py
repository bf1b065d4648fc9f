"""The bars of a report."""

import pytest

from layers.coverage.reports import charts
from tests.layers.coverage.reports.documents import counted, county, target, unknown

pytestmark = pytest.mark.usefixtures("english")


def test_a_share_is_drawn_against_the_whole_and_the_goal() -> None:
    chart = charts.of_counties(target())
    assert chart is not None
    assert [(bar.name, bar.figure, bar.status, bar.width) for bar in chart.bars] == [
        ("东县", "2/2 = 100.0% ✓ met", "met", 320),
        ("西县", "1/2 = 50.0% ✗ missed", "missed", 160),
    ]
    assert (chart.goal, chart.goal_x, chart.height) == ("≥ 100%", 440, 74)
    assert chart.said == "东县 2/2 = 100.0% ✓ met; 西县 1/2 = 50.0% ✗ missed"


def test_numbers_are_drawn_against_the_greatest_and_without_the_goal_of_the_whole() -> None:
    counties = [
        county("1", "东县", value, 60) | {"denominator": None, "value": value, "status": "not_assessable"}
        for value in (60, 30)
    ]
    chart = charts.of_counties(counted(by_division=counties))
    assert chart is not None
    assert [(bar.figure, bar.status, bar.width) for bar in chart.bars] == [("60", "plain", 320), ("30", "plain", 160)]
    assert chart.goal_x is None


def test_there_is_no_chart_of_nothing() -> None:
    assert charts.of_counties(unknown()) is None
    nothing = county("1", "东县", 0, 1) | {"value": None}
    assert charts.of_counties(target(by_division=[nothing])) is None
    none_yet = charts.of_counties(counted(by_division=[county("1", "东县", 0, 1)]))
    assert none_yet is not None
    assert none_yet.bars[0].width == 0
