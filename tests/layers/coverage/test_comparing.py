"""What changed from one audit to another."""

from typing import Any

import pytest

from layers.coverage.comparing import compare
from tests.layers.coverage.place import A, B, C, D
from tests.layers.coverage.reports.documents import audit, counted, county, evidence, missing, rate, target, unknown

FIGURES = ("numerator", "denominator", "value", "goal", "needed", "gap", "status")
NOTHING: dict[str, list] = {"came": [], "gone": []}


def of_one(before: dict, after: dict) -> Any:
    (found,) = compare(audit(before), audit(after))["targets"]
    return found


def met() -> dict:
    """The target once the site of the fourth township is open and that of the first is closed in favour of another."""
    found = target(numerator=4, value=1.0, gap=0, status="met", missing=[], evidence_total=3)
    found["by_division"] = [county("999901", "东县", 2, 2), county("999902", "西县", 2, 2)]
    found["evidence"] = [evidence("two", B, demonstration=True), evidence("three", C, place=None), evidence("four", D)]
    return found


def test_an_audit_is_as_itself() -> None:
    found = compare(audit(), audit())
    assert (found["changed"], found["differs"]) == (False, [])
    assert [target["change"] for target in found["targets"]] == ["same"] * 4


def test_the_audits_are_named() -> None:
    later = audit(id="13", as_of="2023-12-31", boundaries="published", division="9999", division_name="样市")
    found = compare(audit(), later)
    assert found["differs"] == ["as_of", "division", "boundaries"]
    assert found["changed"] is False
    assert found["before"] == {
        "id": "12",
        "as_of": "2022-12-31",
        "snapshot": None,
        "division": None,
        "division_name": None,
        "data_version": "0123456789ab",
        "boundaries": "approximate",
        "status": "missed",
    }
    assert found["after"]["id"] == "13"


def test_audits_of_different_records_say_so() -> None:
    held = {"numbers": "3,4", "ledgers": []}
    other = {"numbers": "3,5", "ledgers": []}
    assert compare(audit(), audit(snapshot=None))["differs"] == []  # older ones do not tell
    for before, after in (({}, {"snapshot": held}), ({"snapshot": held}, {"snapshot": other})):
        found = compare(audit(**before), audit(**after))
        assert (found["differs"], found["changed"]) == (["snapshot"], False)


def test_what_changed_a_number_is_named() -> None:
    found = of_one(target(), met())
    assert found == {
        "id": "eco-burial",
        "title": "乡镇（街道）节地生态安葬点建有率",
        "unit": "ratio",
        "change": "changed",
        "status_changed": True,
        "meaning": [],
        "before": {name: target()[name] for name in FIGURES},
        "after": {name: met()[name] for name in FIGURES},
        "by_division": [
            {
                "adcode": "999902",
                "name": "西县",
                "before": {"numerator": 1, "denominator": 2, "value": 0.5, "needed": 2, "gap": 1, "status": "missed"},
                "after": {"numerator": 2, "denominator": 2, "value": 1.0, "needed": 2, "gap": 0, "status": "met"},
            }
        ],
        "missing": {
            "came": [],
            "gone": [
                {name: target()["missing"][0][name] for name in ("adcode", "feature", "name", "county", "reason")}
            ],
        },
        "evidence": {
            "came": [{"feature": "four", "name": "four号", "adcode": D, "demonstration": False}],
            "gone": [{"feature": "one", "name": "one号", "adcode": A, "demonstration": False}],
            "is_whole": True,
        },
    }


def test_the_other_way_round_what_came_is_gone() -> None:
    there, back = of_one(target(), met()), of_one(met(), target())
    for name in ("missing", "evidence"):
        assert (there[name]["came"], there[name]["gone"]) == (back[name]["gone"], back[name]["came"])
    assert (there["before"], there["after"]) == (back["after"], back["before"])


def test_a_second_site_where_there_was_one_is_a_change() -> None:
    more = target()
    more["evidence"] = [*more["evidence"], evidence("five", A)]
    more["evidence_total"] = 4
    found = of_one(target(), more)
    assert (found["change"], found["status_changed"], found["before"] == found["after"]) == ("changed", False, True)
    assert [one["feature"] for one in found["evidence"]["came"]] == ["five"]


def test_another_reason_for_the_same_gap_is_no_change() -> None:
    assert of_one(target(), target(missing=[missing(D, "别的原因")]))["change"] == "same"


def test_features_that_are_missing_are_told_apart_by_their_codes() -> None:
    found = of_one(target(missing=[missing(D, feature="one")]), target(missing=[missing(D, feature="two")]))
    assert [one["feature"] for one in (*found["missing"]["came"], *found["missing"]["gone"])] == ["two", "one"]


def test_evidence_that_is_not_all_of_it_says_so() -> None:
    assert of_one(target(), target(evidence_total=2500))["evidence"]["is_whole"] is False
    assert of_one(target(), target())["evidence"]["is_whole"] is True


def test_another_goal_or_definition_is_a_change() -> None:
    goal = {"op": ">=", "value": 0.7, "by": "2022-12-31"}
    assert of_one(target(), target(goal=goal))["change"] == "changed"
    other = of_one(target(), target(filter="status <> 'closed'", definition="另一"))
    assert (other["change"], other["meaning"]) == ("changed", ["definition", "filter"])


MEANINGS = {
    "per": (1, 1000),
    "among": ("status = 'operating'", ""),
    "of": ("villages", "people"),
    "within_m": (1000, 3000),
    "operands": (
        {"numerator": {"figure": "a"}, "denominator": None},
        {"numerator": {"figure": "b"}, "denominator": None},
    ),
    "milestones": (["atlas"], ["atlas", "outline"]),
}


@pytest.mark.parametrize("part", MEANINGS)
def test_a_target_that_came_to_mean_another_thing_says_in_what(part: str) -> None:
    was, became = MEANINGS[part]
    found = of_one(target(**{part: was}), target(**{part: became}))
    assert (found["change"], found["meaning"]) == ("changed", [part])
    assert of_one(target(**{part: was}), target(**{part: was}))["change"] == "same"


def test_what_an_older_audit_does_not_tell_of_a_target_is_no_change() -> None:
    older = target()
    del older["per"]
    found = of_one(older, target(**{part: became for part, (_was, became) in MEANINGS.items()}))
    assert (found["change"], found["meaning"]) == ("same", [])


def test_targets_of_only_one_audit_are_named_and_their_lists_left_out() -> None:
    found = compare(audit(target(), unknown()), audit(counted(), target()))
    assert [(one["id"], one["change"]) for one in found["targets"]] == [
        ("care-homes", "added"),
        ("eco-burial", "same"),
        ("not-known", "gone"),
    ]
    added, _same, gone = found["targets"]
    assert (added["before"], gone["after"], added["after"]["value"]) == (None, None, 80)
    assert added["missing"] == NOTHING
    assert found["changed"] is True


def test_what_could_not_be_assessed_and_now_can_is_a_change_of_status() -> None:
    found = of_one(unknown("beds"), rate("beds"))
    assert (found["change"], found["status_changed"]) == ("changed", True)
    assert (found["before"]["value"], found["after"]["value"]) == (None, 130 * 10000 / 3000)
