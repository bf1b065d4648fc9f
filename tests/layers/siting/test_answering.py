"""Answers to questions over the reference data, held against what can be counted without any solver."""

import json
from typing import Any

import numpy as np
import pyproj
import pytest

from layers.access import BUREAU
from layers.models import Division, ExclusionZone
from layers.siting import answering
from layers.siting.answering import Answered
from layers.siting.asking import question
from layers.siting.errors import CannotBeSolved, NoCandidates
from layers.siting.packing import packed, unpacked
from layers.siting.solving.watching import Progress, Watch

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
ASKED = {
    "name": "诸暨养老", "weight": "elderly", "existing": "home-care-centres", "division": "330681", "new_sites": 5,
    "as_of": "2023-06-30",
}  # fmt: skip
GEOD = pyproj.Geod(ellps="GRS80")


def answered(given: Any = None, watch: Watch | None = None, **asked: Any) -> Answered:
    return answering.answered(question({**ASKED, **asked}), reader=BUREAU, watch=watch or Watch(60), given=given)


def nearest_m(found: Answered, places: list[list[float]]) -> np.ndarray:
    """From each demand to the nearest of the places, one geodesic after the other."""
    lon_lat = found.arrays["demand_lon_lat"]
    far = [GEOD.inv(*lon_lat.T, *np.tile(place, (len(lon_lat), 1)).T)[2] for place in places]
    return np.min(far, axis=0)


def test_the_most_covered_is_what_can_be_counted() -> None:
    found = answered()
    document, weight = found.document, found.arrays["weight"]
    after = nearest_m(found, [site["place"] for site in document["sites"]])
    before = nearest_m(found, [site["place"] for site in document["sites"] if site["is_existing"]])
    assert document["plan"]["standing"] == "proved"
    assert document["plan"]["objective"] == pytest.approx(weight[after <= 1500].sum())
    assert document["coverage"]["after"] == {
        "numerator": pytest.approx(weight[after <= 1500].sum()),
        "denominator": weight.sum(),
        "value": pytest.approx(weight[after <= 1500].sum() / weight.sum()),
    }
    assert document["coverage"]["before"]["numerator"] == pytest.approx(weight[before <= 1500].sum())
    assert document["distances"]["after"]["mean"] == pytest.approx((after * weight).sum() / weight.sum(), abs=0.06)
    assert document["distances"]["after"]["max"] == pytest.approx(after.max(), abs=0.06)
    assert document["worst"][0]["metres"] == pytest.approx(after.max(), abs=0.06)
    assert (document["plan"]["new"], document["plan"]["closed"], document["plan"]["cost"]) == (5, 0, 5)
    assert sum(county["after"]["numerator"] for county in document["by_county"]) == document["plan"]["objective"]


def test_the_townships_served_least_are_those_with_the_least_share_within_the_radius() -> None:
    found = answered()
    weight, codes = found.arrays["weight"], found.arrays["demand_codes"]
    is_covered = nearest_m(found, [site["place"] for site in found.document["sites"]]) <= 1500
    shares = {}
    for township in {code[:9] for code in codes.tolist()}:
        is_here = np.char.startswith(codes, township)
        shares[township] = weight[is_here & is_covered].sum() / weight[is_here].sum()
    told = found.document["worst_townships"]
    assert [one["after"]["value"] for one in told] == pytest.approx(sorted(shares.values())[: len(told)])
    assert all(one["after"]["value"] == pytest.approx(shares[one["code"]]) for one in told)
    assert all(one["name"] and one["county_name"] == "诸暨市" for one in told)


def test_no_townships_are_told_where_each_place_is_one_or_what_was_kept_has_none() -> None:
    assert answered(demand="townships").document["worst_townships"] == []
    kept = {name: array for name, array in answered().arrays.items() if name != "township"}
    assert answered(given=kept).document["worst_townships"] == []


def test_every_site_s_loss_is_what_is_lost_without_it() -> None:
    found = answered()
    sites, weight = found.document["sites"], found.arrays["weight"]
    for number, site in enumerate(sites):
        others = [each["place"] for each in sites[:number] + sites[number + 1 :]]
        left = weight[nearest_m(found, others) <= 1500].sum()
        assert site["loss"] == pytest.approx(found.document["plan"]["objective"] - left)
        assert site["serves"] == pytest.approx(site["only"] + site["shared"])


def test_a_second_plan_differs_and_is_no_better() -> None:
    document = answered().document
    assert document["second"]["objective"] <= document["plan"]["objective"]
    assert document["second"]["sites"]
    assert {site["code"] for site in document["second"]["instead_of"]} <= {site["code"] for site in document["sites"]}


def test_the_curve_never_falls_and_holds_the_plan() -> None:
    document = answered().document
    numbers = [one["new_sites"] for one in document["curve"]]
    objectives = [one["objective"] for one in document["curve"]]
    assert numbers == sorted(set(numbers))
    assert 5 in numbers
    assert objectives == sorted(objectives)
    assert objectives[numbers.index(5)] == document["plan"]["objective"]


def test_solved_again_from_what_was_kept_it_is_the_same_whatever_became_of_the_registers() -> None:
    first = answered()
    Division.objects.filter(level="village").update(population=1)
    ExclusionZone.objects.all().delete()
    again = answered(given=json_round_trip(first))
    told = {name: part for name, part in first.document.items() if name != "plan"}
    assert {name: part for name, part in again.document.items() if name != "plan"} == told
    assert again.document["plan"] | {"seconds": 0} == first.document["plan"] | {"seconds": 0}


def json_round_trip(found: Answered) -> dict[str, Any]:
    json.dumps(found.document, allow_nan=False)
    return unpacked(packed(found.arrays))


@pytest.mark.parametrize("problem", ["least_mean", "least_worst"])
def test_distance_problems(problem: str) -> None:
    found = answered(problem=problem, new_sites=3)
    after = nearest_m(found, [site["place"] for site in found.document["sites"]])
    weight = found.arrays["weight"]
    expected = (after * weight).sum() if problem == "least_mean" else after.max()
    assert found.document["plan"]["objective"] == pytest.approx(expected)
    assert found.document["plan"]["standing"] == "proved"


def test_all_covered_by_as_few_as_can_be() -> None:
    document = answered(problem="cover_all", radius_m=6_000, new_sites=None).document
    assert document["coverage"]["after"]["value"] == 1
    assert document["plan"]["objective"] == document["plan"]["new"]
    assert document["plan"]["standing"] == "proved"
    assert document["curve"] == []


def test_an_impossible_target_says_which_places_and_which_radius_would_do() -> None:
    with pytest.raises(CannotBeSolved) as refused:
        answered(problem="cover_all", candidates="townships", radius_m=800, new_sites=None)
    said = str(refused.value)
    assert "最小半径" in said
    radius = float(said.rpartition("最小半径为")[2].split()[0].replace(",", ""))
    document = answered(problem="cover_all", candidates="townships", radius_m=radius, new_sites=None).document
    assert document["coverage"]["after"]["value"] == 1
    with pytest.raises(CannotBeSolved):
        answered(problem="cover_all", candidates="townships", radius_m=radius - 1, new_sites=None)


def test_zones_are_named_where_they_make_it_impossible() -> None:
    zone = ExclusionZone.objects.first()
    assert zone is not None
    ExclusionZone.objects.exclude(pk=zone.pk).delete()
    county = Division.objects.get(code="330681", valid_to=None)
    ExclusionZone.objects.filter(pk=zone.pk).update(
        boundary=county.boundary, kind="farmland", rule="《土地管理法》第三十七条"
    )
    with pytest.raises(CannotBeSolved) as refused:
        answered(problem="cover_all", new_sites=None)
    assert "《土地管理法》第三十七条" in str(refused.value)
    with pytest.raises(NoCandidates, match=r"\d"):
        answered(existing="")


def test_contradictory_limits_are_said_to_be() -> None:
    with pytest.raises(CannotBeSolved):
        answered(county_least=100, county_most=100)


def test_progress_is_told_step_by_step() -> None:
    steps: list[str] = []

    def tell(progress: Progress) -> None:
        if progress.step not in steps:
            steps.append(progress.step)

    answered(watch=Watch(60, tell=tell))
    assert steps[:4] == ["gathering", "screening", "measuring", "diagnosing"]
    assert {"explaining", "second", "curve"} <= set(steps)


def test_what_has_to_be_known_is_said() -> None:
    found = {note["kind"]: note["text"] for note in answered().document["notes"]}
    assert set(found) >= {
        "people_demonstration", "demand_centre_demonstration", "elderly_estimated", "existing_demonstration",
        "straight_line", "zones_not_checked",
    }  # fmt: skip
    assert "15.4%" in found["elderly_estimated"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"new_sites": 999}, "new_sites=999"),
        ({"problem": "least_mean", "new_sites": 999}, "new_sites=999"),
        ({"problem": "least_mean", "capacity": 10}, "capacity"),
    ],
)
def test_what_cannot_be_solved_names_the_value(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotBeSolved, match=said):
        answered(**asked)
