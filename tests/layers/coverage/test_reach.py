"""What lies within a distance of the nearest facility, case by case."""

from dataclasses import replace
from datetime import date

import pytest

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader
from layers.coverage import reach, reach_places
from layers.coverage.notes import Named
from layers.coverage.reach import Part, Reached, Spread
from layers.coverage.reach_places import Scope
from layers.errors import TooManyFacilities, UnknownDivision
from layers.models import DigitalDoorplate, Division, HomeCareCentre
from layers.rows import rows, today
from layers.snapshots.records import Record
from tests.layers.coverage import world
from tests.layers.coverage.place import CITY, A, B, C, D
from tests.layers.coverage.world import at, centre, door, village

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
VILLAGE = f"{A}001"


@pytest.fixture(autouse=True)
def _prefecture(db: None) -> None:
    world.found_prefecture()


def covered(
    of: str, within_m: float = 1000, *, on: date | None = None, division: str = "", reader: Reader = BUREAU
) -> Reached:
    scope = Scope(Record(on or today()), division, "reader", reader)
    return reach.covered(world.operating(on), of, within_m, scope)


def spread(of: str, within_m: float = 1000) -> Reached:
    near = reach_places.facilities(world.operating(), using="reader")
    return reach.reached(near, of, within_m, Scope(Record(today()), "", "reader"))


def fraction(found: Reached) -> tuple[int, int] | None:
    return found.total and (found.total.numerator, found.total.denominator)


def kinds(found: Reached) -> tuple[int, int, int, int]:
    return found.unplaced_doors, found.astray, found.by_claim, found.demonstration


def test_townships_are_taken_at_their_centres() -> None:
    centre("one", (600, 800))
    found = covered("townships")
    assert found.total == Part("", "", "", 1, 4)
    assert found.counties == (Part("999901", "东县", "东县", 1, 2), Part("999902", "西县", "西县", 0, 2))
    assert [(part.code, part.name, part.numerator, part.denominator) for part in found.townships] == [
        (A, "甲镇", 1, 1),
        (B, "乙镇", 0, 1),
        (C, "丙街道", 0, 1),
        (D, "丁乡", 0, 1),
    ]
    assert [gap.code for gap in found.uncovered] == [B, C, D]
    assert found.townships[0].spread is not None
    assert found.townships[0].spread.median == pytest.approx(1000, abs=1e-6)


@pytest.mark.parametrize("of", ["villages", "doorplates", "people"])
def test_the_radius_itself_is_within(of: str) -> None:
    village(VILLAGE, (0, 0), 7)
    door(1, (0, 0))
    centre("one", (0, 500))
    assert fraction(covered(of, 500.000001)) == ((7, 7) if of == "people" else (1, 1))
    assert fraction(covered(of, 499.999999)) == ((0, 7) if of == "people" else (0, 1))


def test_a_facility_in_another_county_counts() -> None:
    village(VILLAGE, (0, 0), 10)
    centre("far", (900, 0), township_claimed=C)
    assert fraction(covered("villages", division="999901")) == (1, 1)


def test_a_village_without_a_centre_is_named_and_not_counted() -> None:
    village(VILLAGE, (0, 0))
    village(f"{A}002", None)
    centre("one", (0, 0))
    found = covered("villages")
    assert fraction(found) == (1, 1)
    assert found.unplaced == (Named(f"{A}002", "村002"),)


def test_a_village_of_no_township_of_the_day_is_named_and_not_counted() -> None:
    village("999901009001", (0, 0))
    village(VILLAGE, (0, 0))
    centre("one", (0, 0))
    found = covered("villages")
    assert (fraction(found), found.unplaced) == ((1, 1), (Named("999901009001", "村001"),))
    assert covered("villages", division="999901").unplaced == ()


def test_people_are_those_of_villages_or_else_of_the_township() -> None:
    village(VILLAGE, (0, 0), 300)
    village(f"{A}002", (5000, 0), 200)
    village(f"{A}003", (0, 0))
    village(f"{B}001", (9600, 0))
    Division.objects.filter(code__in=[A, B]).update(population=4000, population_source="census")
    centre("one", (0, 100))
    found = covered("people")
    assert fraction(found) == (300, 4500)
    assert [(part.code, part.numerator, part.denominator) for part in found.townships] == [(A, 300, 500), (B, 0, 4000)]
    assert {place.code for place in found.uncovered} == {f"{A}002", B}
    assert [one.code for one in found.unplaced] == [f"{A}003", C, D]


def test_doors_are_current_plates_of_own_entrances() -> None:
    centre("one", (0, 0))
    door(1, (0, 10))
    door(2, (0, 20), plate_kind="large")
    door(3, (0, 30), plate_kind="medium", source="demonstration")
    door(4, (0, 2000))
    door(5, (0, 10), status="planned")
    door(6, (0, 10), plate_kind="building", building="1幢")
    door(7, (0, 10), plate_kind="household", room="101室")
    door(8, None)
    found = covered("doorplates")
    assert fraction(found) == (3, 4)
    assert kinds(found) == (1, 0, 0, 1)
    assert found.townships == (Part(A, "甲镇", "东县", 3, 4),)


def test_the_distances_of_doors() -> None:
    centre("one", (0, 0))
    for number, metres in enumerate((100, 200, 300, 1200), 1):
        door(number, (metres, 0))
    door(9, (9600, 0), township_claimed=B)
    found = spread("doorplates")
    assert fraction(found) == (3, 5)
    (first, second) = (part.spread for part in found.townships)
    assert first == Spread(*(pytest.approx(one, abs=1e-6) for one in (100, 250, 930, 1200)))
    assert second is not None
    assert second.least == second.most == pytest.approx(9600, abs=1e-6)
    plain = covered("doorplates")
    assert replace(plain, facilities=found.facilities, townships=()) == replace(found, townships=())


def test_a_door_lies_where_an_exact_boundary_says_and_else_where_it_claims() -> None:
    centre("one", (0, 0))
    door(1, (0, 0), township_claimed=B)
    assert [(part.code, part.denominator) for part in covered("doorplates").townships] == [(A, 1)]
    assert fraction(covered("doorplates", division="999902")) is None
    Division.objects.filter(level="township").update(boundary_quality="approximate")
    found = covered("doorplates")
    assert [(part.code, part.denominator) for part in found.townships] == [(B, 1)]
    assert kinds(found) == (0, 0, 1, 0)


def test_a_door_that_lies_in_another_county_is_not_counted_in_the_one_it_claims() -> None:
    centre("one", (0, 0))
    door(1, (0, 0), township_claimed=C)
    assert covered("doorplates", division="999902").why_not == "nothing_to_reach"
    assert fraction(covered("doorplates", division="999901")) == (1, 1)


def test_a_door_in_no_township_of_the_day_is_said() -> None:
    centre("one", (0, 0))
    door(1, (0, 0))
    door(2, (-90_000, 0), township_claimed="999909009")
    found = covered("doorplates")
    assert (fraction(found), found.astray) == ((1, 1), 1)


@pytest.mark.parametrize("of", reach.OF)
def test_an_empty_layer_cannot_be_assessed(of: str) -> None:
    village(VILLAGE, (0, 0), 10)
    door(1, (0, 0))
    found = covered(of)
    assert (found.why_not, found.total, found.townships, found.uncovered) == ("layer_empty", None, (), ())


def test_a_layer_that_is_a_part_of_a_register_is_empty_for_itself() -> None:
    points = registry.get("charity-points")
    points.model._default_manager.filter(kind="charity_point").delete()
    assert points.model._default_manager.exists()
    scope = Scope(Record(today()), "", "reader")
    found = reach.covered(rows(points, BUREAU, today()), "townships", 1000, scope, layer=points)
    assert found.why_not == "layer_empty"


@pytest.mark.parametrize("of", reach.OF)
def test_where_none_operates_nothing_is_covered(of: str) -> None:
    village(VILLAGE, (0, 0), 10)
    door(1, (0, 0))
    centre("one", (0, 0), status="planned")
    found = covered(of)
    assert (found.why_not, fraction(found)) == ("", {"townships": (0, 4), "people": (0, 10)}.get(of, (0, 1)))
    assert fraction(spread(of)) == fraction(found)
    assert all(part.spread is None for part in spread(of).townships)


@pytest.mark.parametrize("of", reach.OF)
def test_facilities_without_points_cannot_be_assessed(of: str) -> None:
    village(VILLAGE, (0, 0), 10)
    door(1, (0, 0))
    centre("one", None)
    assert (covered(of).why_not, covered(of).total) == ("no_points", None)


def test_a_facility_without_a_point_is_named() -> None:
    centre("one", (0, 0), source="demonstration")
    centre("two", None)
    near = covered("townships").facilities
    assert (len(near.places), near.unplaced, near.demonstration) == (1, ("中心two",), 1)


def test_the_past_is_asked_of_its_own_states() -> None:
    site = centre("one", (0, 0))
    site.states.update(valid_from="2020-01-01", valid_to="2022-01-01")
    village(VILLAGE, (0, 0))
    on = {"on": world.OPENED.replace(year=2021)}
    assert (fraction(covered("villages", **on)), fraction(covered("villages"))) == ((1, 1), (0, 1))


def test_nothing_to_reach_cannot_be_assessed() -> None:
    centre("one", (0, 0))
    assert [covered(of).why_not for of in reach.OF] == ["", "nothing_to_reach", "nothing_to_reach", "nothing_to_reach"]


def test_an_unknown_division_is_refused() -> None:
    with pytest.raises(UnknownDivision):
        covered("townships", division="330699")
    centre("one", (0, 0))
    assert fraction(covered("townships", division=CITY)) == (1, 4)


def test_too_many_facilities_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    centre("one", (0, 0))
    centre("two", (0, 0))
    monkeypatch.setattr(reach_places, "MOST_FACILITIES", 1)
    with pytest.raises(TooManyFacilities):
        covered("townships")


def test_the_public_counts_what_it_may_see() -> None:
    centre("one", (0, 0))
    village(VILLAGE, (0, 0))
    village(f"{A}002", (0, 0), published=False)
    door(1, (0, 0))
    door(2, (0, 0), published=False)
    assert [fraction(covered(of, reader=PUBLIC)) for of in ("villages", "doorplates")] == [(1, 1), (1, 1)]
    assert [fraction(covered(of, reader=BUREAU)) for of in ("villages", "doorplates")] == [(2, 2), (2, 2)]


def test_after_a_change_of_facilities_the_recount_is_the_count() -> None:
    for number in range(12):
        door(number, (number * 150.0, 0))
    centre("kept", (0, 0))
    centre("leaves", (400, 0))
    before = covered("doorplates", 300)
    assert fraction(before) == (5, 12)
    HomeCareCentre.objects.get(code="leaves").states.update(status="closed")
    centre("comes", (1500, 0))
    near = reach_places.facilities(world.operating(), using="reader")
    found = reach.recounted(before, near, Scope(Record(today()), "", "reader"))
    again = covered("doorplates", 300)
    assert (found.total, found.counties, found.townships) == (again.total, again.counties, again.townships)
    assert fraction(found) == (7, 12)


def test_a_plate_far_outside_is_counted_by_its_own_distance() -> None:
    centre("one", (0, 0))
    centre("far", (70_000, 70_000))
    door(1, (0, 0))
    door(2, (70_000, 70_000))
    DigitalDoorplate.objects.filter(code="door-2").update(location=at((70_000, 70_500)))
    assert fraction(covered("doorplates")) == (2, 2)
    assert fraction(covered("doorplates", 400)) == (1, 2)
