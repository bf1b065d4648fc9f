"""Questions of siting as they are asked by form, API and command."""

import json
from datetime import date

import pytest

from layers.errors import BadParameter, UnknownParameter
from layers.siting.asking import NAMES, Question, question

ASKED = {"name": "五个点", "new_sites": 5}


def test_what_is_not_said_has_a_value() -> None:
    found = question({**ASKED, "as_of": "2022-12-31"})
    assert (found.problem, found.demand, found.weight, found.candidates) == (
        "cover_most",
        "villages",
        "people",
        "villages",
    )
    assert (found.radius_m, found.new_sites, found.times, found.as_of) == (1_500, 5, 1, date(2022, 12, 31))
    assert found.existing_stay
    assert found.budget is None
    assert len(found.zones) == 10


@pytest.mark.parametrize("as_texts", [True, False])
def test_a_question_reads_back_what_it_says(as_texts: bool) -> None:
    given = {
        **ASKED, "problem": "least_mean", "demand": "townships", "weight": "elderly", "candidates": "grid", "grid_m": 2500.5,
        "existing": "home-care-centres", "existing_filter": "status = 'operating'", "existing_stay": False,
        "division": "330681", "as_of": "2023-01-01", "radius_m": 999, "new_sites": 3, "budget": 12.5, "cost": 2,
        "existing_cost": 1, "closing_cost": 0.5, "capacity": 5000, "county_least": 1, "county_most": 4,
        "zones": ["farmland", "relic"], "limit_s": 30, "seed": 7,
    }  # fmt: skip
    if as_texts:
        given = {name: json.dumps(value) if isinstance(value, bool) else str(value) for name, value in given.items()}
        given["zones"] = "farmland,relic"
    found = question(given)
    assert found == question(json.loads(json.dumps(found.document)))
    assert found.document == {
        **found.document, "existing_stay": False, "grid_m": 2500.5, "budget": 12.5, "zones": ["farmland", "relic"],
    }  # fmt: skip
    assert set(found.document) == set(NAMES)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("name", "", "name="),
        ("name", "长" * 121, "120"),
        ("problem", "best", "cover_most"),
        ("demand", "people", "villages"),
        ("demand", "file:7", "file:"),
        ("weight", "age", "elderly"),
        ("candidates", "everywhere", "grid"),
        ("grid_m", "1", "100"),
        ("existing", "counties-of-old", "home-care-centres"),
        ("existing_stay", "perhaps", "true"),
        ("as_of", "2022-02-30", "2022-12-31"),
        ("measure", "crow", "straight_line"),
        ("radius_m", "0", "1"),
        ("radius_m", "-5", "1"),
        ("radius_m", "NaN", "1"),
        ("radius_m", "1e400", "100000"),
        ("new_sites", "-1", "0"),
        ("new_sites", "2.5", "0"),
        ("new_sites", "５", "0"),
        ("budget", "-1", "0"),
        ("times", "0", "1"),
        ("county_most", "x", "0"),
        ("zones", "farmland,swamp", "farmland"),
        ("limit_s", "0", "1"),
        ("seed", "-1", "0"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_would_be_right(name: str, value: str, said: str) -> None:
    with pytest.raises(BadParameter) as refused:
        question({**ASKED, name: value})
    assert name in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"new_sites": None}, "new_sites"),
        ({"times": 2, "capacity": 100}, "times"),
        ({"times": 2, "problem": "least_mean"}, "times"),
        ({"capacity": 100, "problem": "cover_all"}, "capacity"),
        ({"county_least": 3, "county_most": 2}, "county_most"),
        ({"existing_filter": "status = 'operating'"}, "existing_filter"),
    ],
)
def test_what_contradicts_itself_is_refused(given: dict[str, object], named: str) -> None:
    with pytest.raises(BadParameter, match=named):
        question({**ASKED, **given})


def test_a_part_that_there_is_not_is_named() -> None:
    with pytest.raises(UnknownParameter, match="colour"):
        question({**ASKED, "colour": "red"})


def test_covering_all_needs_no_number() -> None:
    assert isinstance(question({"name": "全覆盖", "problem": "cover_all"}), Question)
