"""Figures as people read them."""

import pytest
from django.utils import translation

from layers.coverage.reports import figures
from tests.layers.coverage.reports.documents import audit, counted, county, rate, target, unknown

pytestmark = pytest.mark.usefixtures("english")


def share(numerator: float, denominator: float) -> dict:
    return target(numerator=numerator, denominator=denominator, value=numerator / denominator)


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (103, 103, "100.0%"),
        (9999, 10000, "99.9%"),
        (2, 3, "66.6%"),
        (29, 100, "29.0%"),  # 0.29 × 1000 is below 290 in binary fractions
        (0, 3, "0.0%"),
        (3, 2, "150.0%"),
    ],
)
def test_a_share_is_rounded_down(numerator: int, denominator: int, shown: str) -> None:
    assert figures.value(share(numerator, denominator), "ratio") == shown


def test_a_share_that_was_reported_without_its_parts_is_rounded_down_too() -> None:
    assert figures.value(target(numerator=None, denominator=None, value=0.9999), "ratio") == "99.9%"


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (target(), "3/4 = 75.0%"),
        (counted(), "80"),
        (unknown(), "–"),
        (rate(), "130/3,000 = 433.33 per 10,000 people"),
        (counted(unit="10k_yuan", value=4179.5, numerator=4179.5), "4,179.5 × 10,000 yuan"),
        (counted(unit="公顷", value=7, numerator=7), "7 公顷"),
    ],
)
def test_a_figure_stands_beside_its_parts(found: dict, shown: str) -> None:
    assert figures.figure(found, found["unit"]) == shown


@pytest.mark.parametrize(
    ("goal", "unit", "shown"),
    [
        ({"op": ">=", "value": 0.3333, "by": "2022-12-31"}, "ratio", "≥ 33.33%"),
        ({"op": "<=", "value": 15, "by": "2022-12-31"}, "count", "≤ 15"),
        ({"op": "==", "value": 4179.5, "by": "2022-12-31"}, "10k_yuan", "= 4,179.5"),
        ({"op": ">", "value": 2000, "by": "2022-12-31"}, "people", "> 2,000"),
        (None, "ratio", "no number is given"),
    ],
)
def test_goals(goal: dict | None, unit: str, shown: str) -> None:
    assert figures.goal(target(goal=goal, unit=unit)) == shown


def test_what_is_needed() -> None:
    most = counted(goal={"op": "<=", "value": 60, "by": "2022-12-31"}, needed=60, gap=20)
    sixty = target(goal={"op": ">=", "value": 0.6, "by": "2022-12-31"})
    assert figures.needed(target(), target()) == "1 more: 4 of 4 needed for 100%"
    assert figures.needed(county("1", "东县", 1, 6) | {"needed": 4, "gap": 3}, sixty) == "3 more: 4 of 6 needed for 60%"
    assert figures.needed(counted(), counted()) == "20 more needed"
    assert figures.needed(most, most) == "20 too many"
    assert figures.needed(rate(), rate()) == figures.needed(unknown(), unknown()) == ""


def test_the_bureaus_own_figure_stands_beside_it() -> None:
    told = {"title": "床位", "year": 2022, "value": 4179.5, "unit": "beds", "source": "年报"}
    assert figures.reported(target(reported=told)) == "4,179.5 beds · 床位 · 2022 · 年报"
    assert figures.reported(target()) == figures.reported(target(reported=told | {"value": None})) == ""


def test_where() -> None:
    assert figures.where(audit()) == "all divisions"
    assert figures.where(audit(division="330602", division_name="越城区")) == "越城区 330602"


def test_chinese() -> None:
    with translation.override("zh-hans"):
        assert figures.figure(rate(), "per_10000") == "130/3,000 = 433.33 人/万人"
        assert figures.needed(target(), target()) == "还差 1：达到 100% 需 4/4"
