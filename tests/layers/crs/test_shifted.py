"""GCJ-02 and BD-09: published values, the inverse everywhere in China, and nothing shifted outside."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.crs.shifted import EAST, NORTH, SOUTH, WEST, Shift, from_bd09, from_gcj02, to_bd09, to_gcj02

METRE_DEG = 1e-5
PAIRS = pytest.mark.parametrize(
    ("there", "back"), [(to_gcj02, from_gcj02), (to_bd09, from_bd09)], ids=["gcj02", "bd09"]
)


def china(step_deg: float) -> np.ndarray:
    """A grid over China, its islands and seas: 73 to 136 E, 3 to 54 N."""
    east, north = np.meshgrid(np.arange(73.0, 136, step_deg), np.arange(3.0, 54, step_deg))
    return np.column_stack((east.ravel(), north.ravel()))


def test_published_values() -> None:
    """Those of the README of https://github.com/wandergis/coordtransform."""
    place = np.array([[116.404, 39.915]])
    assert to_gcj02(place)[0] == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-12)
    gcj02 = from_gcj02(place)  # as if it were GCJ-02: its BD-09 is that of its place
    assert to_bd09(gcj02)[0] == pytest.approx((116.41036949371029, 39.92133699351022), abs=1e-10)


def test_offset_in_shaoxing_is_about_five_hundred_metres() -> None:
    place = np.array([[120.58, 30.0]])
    east, north = ((to_gcj02(place) - place) * (111_320 * np.cos(np.radians(30)), 111_320))[0]
    assert 450 < np.hypot(east, north) < 550


@PAIRS
def test_inverse_is_exact_all_over_china(there: Shift, back: Shift) -> None:
    places = china(0.25)
    assert len(places) > 50_000
    assert np.abs(back(there(places)) - places).max() < 1e-9  # a tenth of a millimetre; 0.01 m is asked for
    assert np.abs(there(back(places)) - places).max() < 1e-9


@PAIRS
@given(lon=st.floats(73, 136), lat=st.floats(3, 54))
def test_inverse_is_exact_anywhere(there: Shift, back: Shift, lon: float, lat: float) -> None:
    place = np.array([[lon, lat]])
    assert back(there(place)) == pytest.approx(place, abs=1e-9)


@PAIRS
def test_nothing_is_shifted_outside(there: Shift, back: Shift) -> None:
    outside = [
        (2.35, 48.86),
        (-74, 40.7),
        (WEST - 0.001, 30),
        (EAST + 0.001, 30),
        (100, SOUTH - 0.001),
        (100, NORTH + 0.1),
    ]
    places = np.array(outside)
    assert (there(places) == places).all()
    assert (back(places) == places).all()
    assert (there(np.array([[WEST, SOUTH], [EAST, NORTH]])) != [[WEST, SOUTH], [EAST, NORTH]]).all()


@PAIRS
def test_what_is_given_stays_as_it_is(there: Shift, back: Shift) -> None:
    places = china(5)
    before = places.copy()
    there(places), back(places)
    assert (places == before).all()
    assert there(np.empty((0, 2))).shape == back(np.empty((0, 2))).shape == (0, 2)


@PAIRS
def test_two_million_positions_take_little_time(there: Shift, back: Shift) -> None:
    """Two seconds are aimed at; a busy machine is given ten of the process's own."""
    places = np.random.default_rng(0).uniform((73, 3), (136, 54), (2_000_000, 2))
    begin = time.process_time()
    there(places)
    assert time.process_time() - begin < 10
