"""Each kind of finding: a street that has it, and one that nearly does."""

import math
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.doorplates import checking
from layers.doorplates.check_errors import UnknownTownship
from layers.doorplates.checking import Asked
from layers.doorplates.finding_words import words
from layers.models import DigitalDoorplate, Division
from layers.rows import today
from tests.layers.coverage.place import A, B
from tests.layers.doorplates.streets import doors, moved, plate, put, without

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture")]


def found(township: str = A) -> list[tuple[str, str, tuple[str, ...], dict[str, Any]]]:
    """Kind, severity, codes and what is said, of everything found."""
    findings = checking.run(Asked(township=township)).findings
    return [(one.kind.value, one.severity.value, one.plates, dict(one.params)) for one in findings]


def kinds(township: str = A) -> list[tuple[str, tuple[str, ...]]]:
    return [(kind, plates) for kind, _severity, plates, _params in found(township)]


def test_a_clean_street_has_nothing() -> None:
    put(doors(20))
    checked = checking.run(Asked(township=A))
    assert checked.document == {
        "plates": 40, "unplaced": 0, "doors": 40, "streets": 1, "surveyed": None,
        "found": dict.fromkeys(
            ("missing", "duplicate", "out_of_sequence", "wrong_side", "far", "wrong_township", "wrong_town"), 0
        ),
    }  # fmt: skip


def test_a_township_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownTownship, match="330602999"):
        checking.run(Asked(township="330602999"))


# Missing


def test_a_number_between_two_with_room_is_missing() -> None:
    put(without(doors(20), 13, 24, 26))
    assert found() == [
        ("missing", "note", ("p-11", "p-15"), {"before": 11, "after": 15, "numbers": 1, "room": 1, "free_m": 20}),
        ("missing", "note", ("p-22", "p-28"), {"before": 22, "after": 28, "numbers": 2, "room": 2, "free_m": 30}),
    ]


def test_a_number_before_the_first_or_after_the_last_is_not_missed() -> None:
    put(without(doors(20), 1, 2, 4, 39, 40))
    assert found() == []


@pytest.mark.parametrize(("free_m", "is_missing"), [(14.9, False), (15.1, True)])
def test_a_number_is_missing_where_half_as_much_again_as_a_step_is_free(free_m: float, is_missing: bool) -> None:
    places = doors(20)
    shift = free_m - 20
    put(without({n: (x + (shift if n > 13 else 0), y) for n, (x, y) in places.items() if n % 2}, 13))
    assert bool(found()) is is_missing


@pytest.mark.parametrize(
    ("given", "is_missing"),
    [
        ({"status": "planned"}, False),
        ({"status": "reserved"}, False),
        ({"status": "unknown"}, False),
        ({"status": "rejected"}, True),
        ({"status": "retired", "retired_on": today() - timedelta(days=400)}, False),
        ({"status": "retired", "retired_on": today() - timedelta(days=400 * 6)}, True),
        ({"plate_kind": "building", "building_plate": "1幢"}, False),
        ({"door": "13-1号"}, False),
    ],
)
def test_what_another_plate_explains_is_not_missing(given: dict[str, Any], is_missing: bool) -> None:
    put(without(doors(20), 13))
    plate(13, None, code="other", **given).save()
    assert [kind for kind, _plates in kinds()] == ["missing"] * is_missing


# Given twice


def test_an_address_given_twice_is_a_duplicate_household_plates_too() -> None:
    put(doors(5))
    for code in ("h-1", "h-2"):
        plate(3, (10, 8), code=code, plate_kind="household", room="101室").save()
    assert found() == [
        ("duplicate", "error", ("h-1", "h-2"), {"address": f"样市{'甲镇'}青松路3号101室", "plates": 2}),
    ]


def test_one_number_with_unlike_addresses_is_a_duplicate() -> None:
    put(doors(5))
    plate(3, (10, 8), code="again", community="桥东社区").save()
    assert found() == [("duplicate", "error", ("again", "p-3"), {"door": "3号", "plates": 2})]


@pytest.mark.parametrize("given", [{"door": "3-1号"}, {"status": "retired"}, {"plate_kind": "unit", "unit": "1单元"}, {"door": "2弄3号"}])  # fmt: skip
def test_what_is_not_the_same_number_is_no_duplicate(given: dict[str, Any]) -> None:
    put(doors(5))
    plate(3, (10, 8), code="other", **given).save()
    assert found() == []


def test_streets_of_one_name_in_two_villages_are_two_streets() -> None:
    put(doors(10), community="上村", prefix="a")
    put({n: (x + 3000, y) for n, (x, y) in without(doors(12), 7).items()}, community="下村", prefix="b")
    findings = checking.run(Asked(township=A)).findings
    assert [(one.kind.value, one.community, one.plates) for one in findings] == [("missing", "下村", ("b-5", "b-9"))]


# Order and sides


def test_two_numbers_exchanged_are_out_of_sequence() -> None:
    places = doors(20)
    put(moved(places, {9: places[21], 21: places[9]}))
    assert found() == [
        ("out_of_sequence", "error", ("p-9",), {"before": 19, "after": 23}),
        ("out_of_sequence", "error", ("p-21",), {"before": 7, "after": 11}),
    ]


def test_neighbours_exchanged_are_out_of_sequence() -> None:
    places = doors(20)
    put(moved(places, {9: places[11], 11: places[9]}))
    assert [kind for kind, _plates in kinds()] == ["out_of_sequence"]


def test_one_number_elsewhere_leaves_the_others_alone() -> None:
    places = doors(20)
    put(moved(places, {1: (places[31][0] + 4, places[31][1])}))
    assert found() == [("out_of_sequence", "error", ("p-1",), {"before": 31, "after": 33})]


def test_a_door_a_little_behind_its_neighbour_is_in_sequence() -> None:
    places = doors(20)
    put(moved(places, {9: (places[11][0] + 4, places[9][1] + 2)}))
    assert found() == []


@pytest.mark.parametrize("number", [1, 2, 17, 26, 39])
def test_a_number_on_the_other_side_is_found(number: int) -> None:
    places = doors(20)
    x, y = places[number]
    put(moved(places, {number: (x + 2, -y)}))
    assert found() == [("wrong_side", "error", (f"p-{number}",), {"odd": number % 2 == 1})]


def test_neighbours_on_the_other_side_are_found() -> None:
    places = doors(20)
    put(moved(places, {n: (places[n][0] + 2, -places[n][1]) for n in (15, 17)}))
    assert kinds() == [("wrong_side", ("p-15",)), ("wrong_side", ("p-17",))]


def test_a_house_set_back_or_forward_is_on_its_side() -> None:
    places = doors(20)
    put(moved(places, {15: (places[15][0], 2.5), 16: (places[16][0], -25)}))
    assert found() == []


def test_a_street_numbered_along_one_side_has_no_wrong_side() -> None:
    put({number: (10.0 * number, 0.4 * (number % 3)) for number in range(1, 41)})
    assert found() == []


def test_settlements_have_neither_order_nor_sides() -> None:
    scattered = {number: (40.0 * (number * 7 % 11), 40.0 * (number * 5 % 13)) for number in range(1, 41)}
    put(scattered, street="", natural_village="上坞")
    assert {kind for kind, _plates in kinds()} <= {"missing"}


# Far away


def test_a_plate_far_from_its_street_is_found_and_is_nothing_else() -> None:
    places = doors(20)
    put(moved(places, {9: (90, 260)}))
    [(kind, severity, plates, params)] = found()
    assert (kind, severity, plates, params) == (
        "far", "error", ("p-9",), {"away_m": 255, "allowed_m": 200},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param(moved(doors(20), {9: (40, 190)}), [], id="just within 200 m"),
        pytest.param(doors(20, step_m=60) | {41: (20 * 60 + 200, 8)}, [], id="within five steps"),
        pytest.param(doors(20) | {101: (500, 8)}, ["missing"], id="as far as its number says"),
        pytest.param(doors(20, gaps={9: 450}), [], id="beyond a park with its neighbours"),
        pytest.param({1: (0, 0), 3: (900, 0)}, [], id="too few to tell"),
    ],
)
def test_a_plate_that_is_nearly_far(places: dict[int, tuple[float, float]], expected: list[str]) -> None:
    put(places)
    assert [kind for kind, _plates in kinds()] == expected


# Townships


@pytest.mark.parametrize(
    ("quality", "severity"), [("published", "error"), ("surveyed", "error"), ("approximate", "note")]
)
def test_a_plate_in_another_township(quality: str, severity: str) -> None:
    Division.objects.filter(level="township").update(boundary_quality=quality)
    put(doors(3))
    plate(7, (9700, 0), code="over", street="翠竹路").save()
    assert found() == [
        ("wrong_township", severity, ("over",), {"claimed": "甲镇", "located": "乙镇", "firm": severity == "error"})
    ]
    assert found(B) == []


def test_a_plate_in_no_township() -> None:
    plate(7, (0, 9000), code="out").save()
    assert found() == [("wrong_township", "error", ("out",), {"claimed": "甲镇", "located": None, "firm": True})]


def test_an_address_that_names_another_township() -> None:
    put(doors(2), town="")
    plate(5, (20, 8), code="named", town="乙镇").save()
    assert found() == [("wrong_town", "error", ("named",), {"town": "乙镇", "township": "甲镇"})]


# Everything


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_clean_street_gives_no_finding_however_it_runs(data: st.DataObject) -> None:
    """Odd left, even right; bent, with steps of its own, parks between the doors, and houses set back."""
    pairs = data.draw(st.integers(1, 40))
    step_m, aside_m = data.draw(st.floats(5, 30)), data.draw(st.floats(5, 15))
    bend = data.draw(st.floats(-1, 1)) * min(math.pi / pairs, 0.3, 0.4 * step_m / (aside_m + step_m))
    gaps = data.draw(st.dictionaries(st.integers(0, max(0, pairs - 1)), st.floats(step_m, 190), max_size=3))
    set_back = st.floats(-1.5, 1.5)
    places = {
        n: (x + data.draw(set_back) * 0.5, y + data.draw(set_back))
        for n, (x, y) in doors(pairs, step_m=step_m, aside_m=aside_m, bend=bend, gaps=gaps).items()
    }
    with transaction.atomic():
        DigitalDoorplate.objects.all().delete()
        put(places)
        assert found() == []


def test_the_whole_city_is_its_townships() -> None:
    put(without(doors(20), 13))
    put(without(doors(20), 15), township=B, prefix="b")
    every = [one.key for one in checking.run(Asked()).findings]
    assert len(every) == 2
    assert every == [one.key for town in (A, B) for one in checking.run(Asked(township=town)).findings]


def test_every_kind_says_itself_in_both_languages() -> None:
    places = doors(20)
    wrong = {9: places[21], 17: (places[17][0], -8), 26: (100, 300)}
    put(without(moved(places, wrong), 33))
    plate(3, (10, 8), code="again", town="乙镇").save()
    plate(7, (9700, 0), code="over", street="翠竹路").save()
    findings = checking.run(Asked(township=A)).findings
    assert {one.kind.value for one in findings} == {
        "missing", "duplicate", "out_of_sequence", "wrong_side", "far", "wrong_township", "wrong_town",
    }  # fmt: skip
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = {words(one.kind, one.number, one.plates, one.params) for one in findings}
            assert len(said) == len(findings)
