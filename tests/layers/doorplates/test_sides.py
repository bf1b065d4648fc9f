"""What doors show of how they are numbered, on straight streets, bent ones and such as run any way."""

from math import cos, radians, sin

from hypothesis import given
from hypothesis import strategies as st

from layers.doorplates.sides import EVEN, ODD, Between, Door, between, layout
from tests.layers.doorplates.street import LAT, LON, at


def street(*numbers: int, odd_m: float = 8, even_m: float = -8, bearing_deg: float = 90) -> list[Door]:
    return [
        Door(number, *at((number + 1) // 2 * 14, odd_m if number % 2 else even_m, bearing_deg)) for number in numbers
    ]


@given(
    bearing_deg=st.integers(0, 359),
    odd_is_left=st.booleans(),
    is_left=st.booleans(),
    along_m=st.floats(0, 300),
)
def test_side_is_found_whichever_way_the_street_runs(
    bearing_deg: int, odd_is_left: bool, is_left: bool, along_m: float
) -> None:
    side_m = 8 if odd_is_left else -8
    doors = street(*range(1, 41), odd_m=side_m, even_m=-side_m, bearing_deg=bearing_deg)
    found = layout(doors, *at(along_m, 7 if is_left else -7, bearing_deg))
    assert (found.is_alternating, found.parity, found.is_left) == (
        True,
        ODD if is_left == odd_is_left else EVEN,
        is_left,
    )
    assert min(abs(found.bearing_deg - bearing_deg), 360 - abs(found.bearing_deg - bearing_deg)) <= 2


def test_one_side_alone_tells_of_both() -> None:
    doors = street(1, 3, 5, 7, 9)
    assert layout(doors, *at(40, 8)).parity == ODD
    assert layout(doors, *at(40, -8)).parity == EVEN
    assert layout(doors, *at(40, -8)).is_left is None


def test_both_parities_in_one_row_have_no_sides() -> None:
    doors = [Door(number, *at(number * 10, 8)) for number in range(1, 11)]
    assert layout(doors, *at(55, 8)).is_alternating is False


def test_too_few_doors_tell_nothing() -> None:
    assert layout([], LON, LAT) == layout([Door(1, LON, LAT)][:0], LON, LAT)
    assert layout(street(1), LON, LAT).along is None
    assert layout(street(1, 2), LON, LAT).parity is None


def test_a_street_that_turns_back_is_looked_at_where_the_place_is() -> None:
    """A horseshoe: its ends run against each other, and the left of one is not the left of the other."""

    def on_circle(number: int, radius_m: float) -> Door:
        turn = number / 60 * 270
        return Door(number, LON + radius_m * sin(radians(turn)) / 96_600, LAT + radius_m * cos(radians(turn)) / 111_320)

    doors = [on_circle(number, 108 if number % 2 else 92) for number in range(1, 61)]
    for number in (6, 20, 34, 50):
        inside, outside = on_circle(number, 93), on_circle(number, 107)
        assert layout(doors, inside.lon, inside.lat).parity == EVEN
        assert layout(doors, outside.lon, outside.lat).parity == ODD


def test_between_which_doors_a_place_lies() -> None:
    doors, along = street(1, 3, 5, 11), (1.0, 0.0)
    assert between(doors, *at(35, 8), along) == Between(3, 5, between(doors, *at(35, 8), along).share)
    assert round(between(doors, *at(63, 8), along).share, 3) == 0.5
    assert between(doors, *at(2, 8), along) == Between(None, 1)
    assert between(doors, *at(200, 8), along) == Between(11, None)
    assert between(doors[:1], *at(30, 8), along) == Between(1, None)
    assert between(doors[:1], *at(0, 8), along) == Between(None, 1)
    assert between(doors[:1], *at(0, 8), None) == Between(1, None)
    assert between([], LON, LAT, along) == Between(None, None)


def test_doors_at_one_place_are_a_line_without_length() -> None:
    doors = [Door(1, LON, LAT), Door(3, LON, LAT)]
    assert between(doors, LON, LAT, None) == Between(3, None)
