"""The next number, on a street for each rule; and reservations, of which two never have one number."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.utils import translation
from pytest_django import DjangoDbBlocker

from layers import registry
from layers.access import BUREAU, Audience, Reader
from layers.doorplates.issuing import How, Proposal, Rule, Side, Wish, next_number, reserve
from layers.doorplates.issuing_errors import BadDoor, DistanceMissing, NumberTaken, PlaceMissing, SideUnknown
from layers.doorplates.stretches import Stretch, find, rests_until, titles
from layers.edit.edits import Edit
from layers.edit.errors import MayNotWrite, OutsideCounties
from layers.models import Change, DigitalDoorplate
from layers.registry import Role
from layers.rows import today
from tests.layers.doorplates.street import STREET, TOWNSHIP, at, door, doors, retired

ON = date(2026, 6, 1)
PLATES = registry.get("doorplates")
VILLAGE = Stretch(TOWNSHIP, "试验自然村", "natural_village")


def asked(along_m: float, aside_m: float, *, stretch: Stretch = STREET, on: date = ON, **how: Any) -> Proposal:
    with translation.override("en"):
        return next_number(stretch, How(at=at(along_m, aside_m), **how), on)


def brief(found: Proposal) -> tuple[str, str, str]:
    return found.before, found.door, found.after


@pytest.mark.django_db
class TestNextNumber:
    def test_after_the_last_door_of_each_side(self) -> None:
        doors(*range(1, 9))
        assert brief(asked(70, 8)) == ("7号", "9号", "")
        assert brief(asked(70, -8)) == ("8号", "10号", "")
        assert asked(70, 8).others == ["11号", "13号", "15号", "17号", "19号"]
        assert asked(70, 8).reasons == [
            "It is on the left, the side of odd numbers, seen towards rising numbers (90°), as the 8 nearest doors show."
        ]

    def test_a_street_numbered_the_other_way_round(self) -> None:
        doors(*range(1, 9), odd_m=-8, even_m=8)
        assert brief(asked(70, 8)) == ("8号", "10号", "")
        assert brief(asked(70, -8)) == ("7号", "9号", "")
        assert asked(70, -8).reasons == [
            "It is on the right, the side of odd numbers, seen towards rising numbers (90°), as the 8 nearest doors show."
        ]

    def test_a_gap_is_filled_where_the_place_is(self) -> None:
        doors(1, 3, 5, 13, 15, 2, 4)
        assert brief(asked(70, 8)) == ("5号", "9号", "13号")
        assert asked(70, 8).others == ["7号", "11号"]
        assert brief(asked(50, 8)) == ("5号", "7号", "13号")
        assert brief(asked(92, 8)) == ("5号", "11号", "13号")

    def test_before_the_first_door(self) -> None:
        doors(5, 7, 9, 6, 8)
        assert brief(asked(0, 8)) == ("", "3号", "5号")
        assert asked(0, 8).others == ["1号"]

    def test_between_neighbours_without_a_number_between_them(self) -> None:
        doors(*range(1, 12))
        found = asked(35, 8)
        assert brief(found) == ("3号", "3-1号", "5号")
        assert found.reasons[1:] == [
            "No number is free between these doors: the new one takes that of a neighbour, with a suffix (common practice, unconfirmed)."
        ]
        door("3-1号", 35, 8)
        assert brief(asked(37, 8))[1] == "3-2号"
        assert brief(asked(0, 8)) == ("1号", "1-1号", "3号")

    def test_another_door_at_the_place_of_the_last_follows_it(self) -> None:
        doors(*range(1, 9))
        assert brief(asked(56, 8)) == ("7号", "9号", "")
        assert brief(asked(54, 8))[1] == "5-1号"

    def test_a_side_that_has_no_door_yet_follows_the_other(self) -> None:
        doors(1, 3, 5, 7, 9)
        assert brief(asked(50, -8))[1] == "6号"
        assert brief(asked(200, -8))[1] == "10号"
        assert brief(asked(0, -8))[1] == "2号"
        assert asked(50, -8).reasons[0].endswith("the place is on the side of even numbers.")

    def test_numbers_that_follow_one_another_on_one_side(self) -> None:
        for number in range(1, 7):
            door(number, number * 12, 8)
        assert brief(asked(90, 8)) == ("6号", "7号", "")
        assert asked(90, 8).reasons == ["Odd and even numbers stand on one side here, as the 6 nearest doors show."]

    def test_a_street_without_doors_asks_for_the_side(self) -> None:
        with pytest.raises(SideUnknown, match="试验路"):
            asked(0, 8)
        sides = {side: asked(0, 8, side=side).door for side in Side if side is not Side.SHOWN}
        assert sides == {
            Side.NORTH: "1号", Side.WEST: "1号", Side.ODD: "1号", Side.SOUTH: "2号", Side.EAST: "2号", Side.EVEN: "2号",
        }  # fmt: skip
        assert asked(0, 8, side=Side.ODD).reasons == ["As you say, it is the side of odd numbers."]

    @pytest.mark.parametrize(
        ("side", "label"),
        [
            (Side.NORTH, "north side (odd)"),
            (Side.SOUTH, "south side (even)"),
            (Side.WEST, "west side (odd)"),
            (Side.EAST, "east side (even)"),
        ],
    )
    def test_that_a_side_by_the_compass_is_odd_or_even_is_said_to_be_unconfirmed(self, side: Side, label: str) -> None:
        assert asked(0, 8, side=side).reasons == [
            f"As you say, it is the {label}.",
            "Odd on the north and west side, even on the south and east: common practice, unconfirmed here; cities differ.",
        ]

    def test_one_door_does_not_tell_the_side_but_bounds_the_number(self) -> None:
        door(7, 50, 8)
        with pytest.raises(SideUnknown):
            asked(70, 8)
        assert brief(asked(70, 8, side=Side.ODD)) == ("7号", "9号", "")

    def test_what_a_person_says_goes_before_what_doors_show(self) -> None:
        doors(*range(1, 9))
        found = asked(70, 8, side=Side.EVEN)
        assert brief(found) == ("8号", "10号", "")
        assert found.reasons == ["As you say, it is the side of even numbers; the doors nearby show the other one."]

    def test_without_a_place_the_side_must_be_said(self) -> None:
        doors(*range(1, 9))
        with pytest.raises(PlaceMissing):
            next_number(STREET, How(), ON)
        assert next_number(STREET, How(side=Side.NORTH), ON).door == "9号"

    @pytest.mark.parametrize(
        ("retired_on", "expected"),
        [
            (date(2021, 6, 1), "9号"),
            (date(2021, 6, 2), "11号"),
            (date(2026, 5, 31), "11号"),
            (None, "11号"),
        ],
    )
    def test_a_retired_number_rests(self, retired_on: date | None, expected: str) -> None:
        doors(*range(1, 9))
        retired(9, retired_on)
        assert asked(70, 8).door == expected

    def test_a_resting_number_is_said_to_rest(self, settings: Any) -> None:
        doors(*range(1, 9))
        retired(9, date(2022, 3, 1))
        assert asked(70, 8).reasons[1:] == ["9号 is left out: its plate was retired, and it rests until 2027-03-01."]
        settings.NUMBER_REST_YEARS = 2
        assert asked(70, 8).door == "9号"

    def test_numbers_reserved_planned_and_unknown_are_taken_and_rejected_ones_are_not(self) -> None:
        doors(*range(1, 9))
        for number, status in ((9, "reserved"), (11, "planned"), (13, "unknown"), (15, "rejected")):
            door(number, 70, 8, status=status)
        assert asked(85, 8).door == "15号"

    def test_household_plates_take_their_doors_number_and_do_not_bend_the_line(self) -> None:
        doors(*range(1, 9))
        door(9, 70, -200, plate_kind="household", room="101室")
        assert asked(75, 8).door == "11号"

    def test_a_lane_has_numbers_of_its_own(self) -> None:
        doors(*range(1, 9))
        for number in range(1, 7):
            door(f"5弄{number}号", (number + 1) // 2 * 14, 58 if number % 2 else 42)
        lane = find(TOWNSHIP, "试验路5弄")
        assert lane == Stretch(TOWNSHIP, "试验路", "street", "5弄")
        assert brief(asked(60, 58, stretch=lane)) == ("5弄5号", "5弄7号", "")
        assert asked(60, 58, stretch=lane).others[0] == "5弄9号"

    def test_a_village_without_streets_goes_on_after_the_highest(self) -> None:
        for number in (1, 2, 5):
            door(number, number * 30, number * 7, street="", natural_village=VILLAGE.name)
        assert find(TOWNSHIP, VILLAGE.name) == VILLAGE
        assert brief(asked(0, 0, stretch=VILLAGE)) == ("5号", "6号", "")

    def test_by_distance(self) -> None:
        doors(*range(1, 5))
        by_10 = {"rule": Rule.DISTANCE, "step_m": 10}
        assert asked(1250, 8, side=Side.ODD, distance_m=1250, **by_10).door == "125号"
        assert asked(1250, -8, side=Side.EVEN, distance_m=1250, **by_10).door == "126号"
        door(125, 1250, 8)
        assert asked(1250, 8, side=Side.ODD, distance_m=1250, **by_10).door == "127号"
        assert brief(asked(0, 8, side=Side.EVEN, distance_m=0, **by_10)) == ("4号", "6号", "")
        with pytest.raises(DistanceMissing):
            asked(0, 8, side=Side.ODD, **by_10)

    def test_another_townships_street_of_the_name_is_another_street(self) -> None:
        doors(*range(1, 9), township_claimed="330681110")
        with pytest.raises(SideUnknown):
            asked(70, 8)


@pytest.mark.django_db
def test_stretches_of_a_township() -> None:
    doors(1, 2)
    door("5弄3号", 0, 0)
    assert {"试验路", "试验路5弄"} <= set(titles(TOWNSHIP))
    assert find(TOWNSHIP, "新路12弄") == Stretch(TOWNSHIP, "新路", "street", "12弄")
    assert find(TOWNSHIP, "青石弄") == Stretch(TOWNSHIP, "青石弄")
    assert find(TOWNSHIP, "3弄", "estate") == Stretch(TOWNSHIP, "3弄", "estate")


def test_a_number_rests_for_years_from_the_day() -> None:
    assert rests_until(date(2024, 2, 29)) == date(2029, 3, 1)
    assert rests_until(None) is None


def wish(number: str, **given: Any) -> Wish:
    return Wish(**{"stretch": STREET, "door": number, "plate_kind": "small", "at": at(70, 8)} | given)


def edit(reader: Reader = BUREAU) -> Edit:
    return Edit(PLATES, reader, today())


@pytest.mark.django_db
class TestReserve:
    def test_the_plate_is_as_its_neighbours_are(self) -> None:
        doors(*range(1, 9), province="浙江省", city="绍兴市", county="诸暨市", town="枫桥镇", community="东社区")
        plate = DigitalDoorplate.objects.get(code=reserve(edit(), wish("9号")).code)
        assert (plate.status, plate.name, plate.standard_address) == (
            "reserved", "试验路9号", "浙江省绍兴市诸暨市枫桥镇东社区试验路9号",
        )  # fmt: skip
        assert (plate.source, plate.township_located, plate.number) == ("门牌编号", TOWNSHIP, 9)
        assert Change.objects.filter(code=plate.code, operation="insert").exists()
        other = reserve(edit(), wish("11号", community="西社区"))
        assert DigitalDoorplate.objects.get(code=other.code).community == "西社区"

    def test_the_first_plate_of_a_street_has_its_townships_address(self) -> None:
        plate = DigitalDoorplate.objects.get(code=reserve(edit(), wish("1号", stretch=Stretch(TOWNSHIP, "新路"))).code)
        assert plate.standard_address == "浙江省绍兴市诸暨市枫桥镇新路1号"
        named = DigitalDoorplate.objects.get(
            code=reserve(edit(), wish("1号", stretch=Stretch("330681108", "新村", "natural_village"))).code
        )
        assert (named.natural_village, named.street, named.county) == ("新村", "", "诸暨市")

    def test_a_door_of_a_demonstration_street_is_a_demonstration(self) -> None:
        doors(1, 2, 3)
        DigitalDoorplate.objects.filter(street=STREET.name).update(source="demonstration")
        assert DigitalDoorplate.objects.get(code=reserve(edit(), wish("5号")).code).source == "demonstration"

    @pytest.mark.parametrize("number", ["", "九号", "0号", "9", "9号甲", "5弄9号", "１号"])
    def test_what_is_no_door_number_is_refused(self, number: str) -> None:
        with pytest.raises(BadDoor):
            reserve(edit(), wish(number))

    def test_a_number_that_is_taken_or_rests_is_refused(self) -> None:
        doors(1, 3)
        retired(5, today())
        door("3-1号", 30, 8)
        for number in ("3号", "5号", "3-1号"):
            with pytest.raises(NumberTaken, match=number):
                reserve(edit(), wish(number))
        reserve(edit(), wish("5-1号"))

    def test_who_may_not_write_reserves_nothing(self) -> None:
        with pytest.raises(MayNotWrite):
            reserve(edit(Reader(Audience.BUREAU, frozenset({Role.PLANNER}))), wish("1号"))
        with pytest.raises(OutsideCounties):
            reserve(edit(Reader(Audience.BUREAU, frozenset({Role.EDITOR}), ("330602",))), wish("1号"))


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        DigitalDoorplate.objects.filter(street=STREET.name).delete()
        User.objects.filter(username__startswith="race-").delete()


def test_of_clerks_who_want_one_number_at_once_one_is_given_it(committed: None) -> None:
    together = Barrier(4)

    def want(_clerk: int) -> str:
        try:
            together.wait()
            reserve(edit(), wish("1号"))
            return "given"
        except NumberTaken:
            return "taken"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(want, range(4)))
    assert outcomes == ["given", "taken", "taken", "taken"]
    assert DigitalDoorplate.objects.filter(street=STREET.name).count() == 1
