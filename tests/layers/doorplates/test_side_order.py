"""Doors along a street that bends, with room between them and houses set back: none of it is a fault, a door across is."""

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.doorplates.side_order import on_wrong_side, out_of_order
from tests.layers.doorplates.streets import XY, doors


@st.composite
def streets(draw: st.DrawFn) -> tuple[dict[int, XY], float]:
    """The doors of a street without faults, and its usual step."""
    pairs = draw(st.integers(1, 40))
    step_m, aside_m = draw(st.floats(5, 30)), draw(st.floats(5, 15))
    bend = draw(st.floats(-1, 1)) * min(math.pi / pairs, 0.3, 0.4 * step_m / (aside_m + step_m))
    gaps = draw(st.dictionaries(st.integers(0, pairs - 1), st.floats(step_m, 190), max_size=3))
    set_back = st.floats(-1.5, 1.5)
    places = doors(pairs, step_m=step_m, aside_m=aside_m, bend=bend, gaps=gaps)
    return {n: (x + draw(set_back) * 0.5, y + draw(set_back)) for n, (x, y) in places.items()}, step_m


def across(places: Mapping[int, XY]) -> list[int]:
    """The numbers found on the wrong side."""
    numbers = np.array(sorted(places))
    return [int(numbers[at]) for at in on_wrong_side(numbers, np.array([places[n] for n in numbers]))]


@settings(max_examples=300, deadline=None)
@given(street=streets())
def test_nothing_is_found_on_a_street_without_faults(street: tuple[dict[int, XY], float]) -> None:
    places, step_m = street
    assert across(places) == []
    for first in (1, 2):
        assert out_of_order(np.array([xy for n, xy in sorted(places.items()) if n % 2 == first % 2]), step_m) == []


@pytest.mark.parametrize("bend", [0, 0.1, -0.1])
@pytest.mark.parametrize("gaps", [{}, {4: 120}, {3: 60}])
@pytest.mark.parametrize("number", [1, 2, 9, 12, 19, 20])
def test_a_door_across_is_found_wherever_it_is(number: int, gaps: dict[int, float], bend: float) -> None:
    places = doors(10, bend=bend, gaps=gaps)
    opposite = places[number + 1 if number % 2 else number - 1]
    assert across({**places, number: (opposite[0] + 2, opposite[1])}) == [number]


def test_a_door_where_a_street_with_wide_gaps_turns_is_on_its_own_side() -> None:
    assert across(doors(5, step_m=5, aside_m=5, bend=0.2, gaps={1: 32, 2: 104})) == []
