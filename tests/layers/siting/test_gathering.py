"""What questions are solved from, out of the reference data."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from django.db.models import Sum

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.errors import BadParameter, UnknownDivision
from layers.models import AnnualFigure, Division
from layers.rows import rows
from layers.siting import gathering
from layers.siting.asking import Question, question
from layers.siting.errors import NoDemand, TooLarge, UnknownFile
from layers.siting.inputs import Inputs, of_arrays
from layers.siting.packing import packed, unpacked

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
ON, ZHUJI = date(2023, 6, 30), "330681"
NOBODYS = "00000000-0000-4000-8000-000000000000"


def asked(**given: Any) -> Question:
    return question({"name": "试", "new_sites": 5, "as_of": ON.isoformat(), "division": ZHUJI, **given})


def gathered(**given: Any) -> Inputs:
    return gathering.gathered(asked(**given), BUREAU)


def villages() -> Any:
    return rows(registry.get("villages"), BUREAU, ON).filter(code__startswith=ZHUJI, centre__isnull=False)


def test_villages_with_their_people() -> None:
    found = gathered()
    of_people = villages().filter(population__gt=0)
    assert sorted(found.demand.points.codes.tolist()) == sorted(of_people.values_list("code", flat=True))
    assert found.demand.weight.sum() == of_people.aggregate(total=Sum("population"))["total"]
    assert set(found.demand.points.county.tolist()) == {ZHUJI}
    assert len(found.supply.points) == villages().count()
    assert not found.supply.existing.any()
    assert {note["kind"] for note in found.notes} >= {"demand_centre_demonstration", "people_demonstration"}
    assert found.sources["demand"]["version"] > 0


def test_places_may_count_one_each() -> None:
    found = gathered(weight="one")
    assert found.demand.weight.tolist() == [1.0] * villages().count()
    assert "people_demonstration" not in {note["kind"] for note in found.notes}


def test_the_elderly_are_the_share_of_the_last_figures() -> None:
    people, elderly = gathered(), gathered(weight="elderly")
    figures = dict(
        AnnualFigure.objects.filter(division="3306", year=2010, indicator__in=gathering.AGES).values_list(
            "indicator", "value"
        )
    )
    share = float(figures["population_resident_age_60plus"] / sum(figures.values()))
    assert elderly.demand.weight.tolist() == np.rint(people.demand.weight * share).tolist()
    note = next(note for note in elderly.notes if note["kind"] == "elderly_estimated")
    assert note["shares"] == [{"division": "3306", "year": 2010, "share": round(share, 4)}]


def test_a_county_s_own_figures_come_before_the_city_s() -> None:
    found = gathered(weight="elderly", division="330624")
    note = next(note for note in found.notes if note["kind"] == "elderly_estimated")
    assert [one["division"] for one in note["shares"]] == ["330624"]


def test_doors_are_counted_by_squares() -> None:
    found = gathered(demand="doorplates", division="")
    doors = rows(registry.get("doorplates"), BUREAU, ON).filter(status="current", location__isnull=False)
    assert found.demand.weight.sum() == doors.count()
    assert len(found.demand.weight) < doors.count()


def test_a_grid_lies_within_the_division_and_a_square_apart() -> None:
    found = gathered(candidates="grid", grid_m=3_000)
    county = Division.objects.get(code=ZHUJI, valid_to=None)
    assert county.boundary is not None
    area_km2 = county.boundary.transform(4549, clone=True).area / 1e6
    assert abs(len(found.supply.points) * 9 - area_km2) < 0.05 * area_km2
    assert set(found.supply.points.county.tolist()) == {ZHUJI}
    assert found.sources["candidates"]["side_m"] == 3_000


def test_a_grid_too_fine_is_refused_with_its_limit() -> None:
    with pytest.raises(TooLarge, match="20000"):
        gathered(candidates="grid", grid_m=100)


def test_what_exists_comes_after_the_candidates() -> None:
    found = gathered(existing="home-care-centres", cost=3, existing_cost=1)
    layer = registry.get("home-care-centres")
    there = rows(layer, BUREAU, ON).filter(
        state__status="operating", township_claimed__startswith=ZHUJI, location__isnull=False
    )
    existing = found.supply.points.codes[found.supply.existing].tolist()
    assert len(existing) > 5
    assert abs(len(existing) - there.count()) <= 2  # some stand across the approximate boundary
    assert found.supply.cost[found.supply.existing].tolist() == [1.0] * len(existing)
    assert set(found.supply.cost[~found.supply.existing].tolist()) == {3.0}
    assert found.sources["existing"]["filter"] == "status = 'operating'"


def test_inputs_are_kept_and_read_back() -> None:
    found = gathered(existing="home-care-centres")
    again = of_arrays(unpacked(packed(found.arrays)), found.notes, found.sources)
    assert {name: array.tolist() for name, array in again.arrays.items()} == {
        name: array.tolist() for name, array in found.arrays.items()
    }


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"division": "331099"}, UnknownDivision),
        ({"demand": f"file:{NOBODYS}"}, UnknownFile),
        ({"candidates": f"file:{NOBODYS}"}, UnknownFile),
        ({"measure": f"file:{NOBODYS}"}, UnknownFile),
        ({"existing": "home-care-centres", "existing_filter": "status ="}, BadParameter),
    ],
)
def test_what_is_not_there_is_refused_before_it_is_queued(given: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        gathering.refuse_unknown(asked(**given), BUREAU)


def test_without_demand_there_is_no_problem() -> None:
    Division.objects.filter(level="village").update(population=None, population_source="")
    with pytest.raises(NoDemand):
        gathered()


def test_only_what_the_reader_may_see() -> None:
    site = registry.get("home-care-centres").model._default_manager.filter(township_claimed__startswith=ZHUJI).first()
    site.published = False
    site.save()
    seen = gathering.gathered(asked(existing="home-care-centres"), PUBLIC).supply
    assert site.code not in seen.points.codes.tolist()
