"""The figures of a plan and its charts: never better than they are."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from layers.siting import charts, figures
from tests.layers.siting import answers


@given(st.floats(1e-12, 10))
def test_a_gap_that_is_left_never_reads_as_none(gap: float) -> None:
    said = float(figures.gap(gap).removesuffix("%")) / 100
    assert said > 0
    assert said >= gap - 1e-9


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_share_that_is_not_whole_never_reads_as_whole(whole: int, part: int) -> None:
    part %= whole
    said = float(figures.share({"value": part / whole}).removesuffix("%"))
    assert said <= 99.9
    assert said <= 100 * part / whole + 1e-6


def test_what_is_whole_proved_or_unknown_is_said_plainly() -> None:
    assert [figures.share(one) for one in ({"value": 1.0}, {"value": 0.0}, {"value": None}, None)] == [
        "100%",
        "0.0%",
        "–",
        "–",
    ]
    assert [figures.gap(one) for one in (0.0, None)] == ["0%", "–"]


@pytest.mark.parametrize(
    ("problem", "value", "said"),
    [
        ("cover_most", 3600.0, "3,600 people"),
        ("cover_all", 4.0, "4"),
        ("least_mean", 2400.0, "0.7 m"),
        ("least_worst", 1234.4, "1,234 m"),
    ],
)
def test_an_objective_has_its_unit(problem: str, value: float, said: str) -> None:
    question = answers.question(problem=problem)
    with translation.override("en"):
        assert figures.objective(value, question, unit="people", weight=3600.0) == said
        assert figures.objective(None, question, unit="people", weight=3600.0) == "–"


def test_the_curve_fills_the_dots_of_what_is_proved_alone() -> None:
    found = charts.curves(answers.answer())
    assert len(found) == 2  # the objective of covering is the share within the radius already
    lines = dict(found[0].lines)
    assert (lines["proved"].count("M"), lines["unproved"].count("M")) == (3, 1)


def test_a_single_number_of_sites_is_no_curve_and_no_demand_no_histogram() -> None:
    answer = answers.answer(curve=answers.ANSWER["curve"][:1])
    answer["distances"] = {**answer["distances"], "histogram": []}
    assert charts.curves(answer) == []
    assert charts.histogram(answer) is None


def test_the_histogram_leaves_out_bars_of_nothing() -> None:
    found = charts.histogram(answers.answer())
    assert found is not None
    lines = dict(found.lines)
    assert (lines["before"].count("M"), lines["after"].count("M")) == (3, 2)
