"""The grid of squares leaves no facility out that could be the nearest."""

import math
from bisect import bisect_right

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.coverage.squares import ROWS, SIDE, squares

BOUNDS = (0.0, 0.0, 12_800.0, 6_400.0)
POINTS = st.tuples(st.floats(-4_000, 16_000), st.floats(-4_000, 10_000))
WHOLE = st.tuples(st.integers(0, 255).map(lambda n: n * 50.0), st.integers(0, 255).map(lambda n: n * 25.0))  # on edges
INSIDE = st.tuples(st.floats(0, 12_799), st.floats(0, 6_399)) | WHOLE


def number(x: float, y: float) -> int:
    """As PostgreSQL's width_bucket counts."""
    columns, rows = np.linspace(0, 12_800, SIDE + 1).tolist(), np.linspace(0, 6_400, SIDE + 1).tolist()
    return bisect_right(columns, x) * ROWS + bisect_right(rows, y)


@settings(max_examples=30)  # a grid takes a tenth of a second
@given(
    facilities=st.lists(POINTS | WHOLE, min_size=1, max_size=30),
    places=st.lists(INSIDE, min_size=1, max_size=30),
    within_m=st.floats(1, 5_000),
)
def test_the_nearest_is_among_those_of_the_square(
    facilities: list[tuple[float, float]], places: list[tuple[float, float]], within_m: float
) -> None:
    found = squares(np.array(facilities), BOUNDS)
    position = {int(one): index for index, one in enumerate(found.number)}
    covered = found.covered(within_m)
    wanted = np.zeros(len(found.number), dtype=bool)
    wanted[[position[number(*one)] for one in places]] = True
    possible = found.facilities(wanted)
    for one in places:
        nearest = min(math.dist(one, facility) for facility in facilities)
        index = position[number(*one)]
        points = shapely.get_coordinates(shapely.from_wkb(possible[index])).tolist()
        assert min(math.dist(one, point) for point in points) == pytest.approx(nearest, abs=1e-9)
        assert found.least[index] - 1e-6 <= nearest <= found.most[index] + 1e-6
        if (sure := covered[index]) is not None:
            assert sure is (nearest <= within_m)
    assert [one is None for one in possible] == (~wanted).tolist()


def test_there_is_a_square_for_every_place() -> None:
    found = squares(np.array([[100.0, 100.0]]), BOUNDS)
    assert sorted(found.number.tolist()) == [
        column * ROWS + row for column in range(1, SIDE + 1) for row in range(1, SIDE + 1)
    ]


def test_few_facilities_are_looked_at() -> None:
    chance = np.random.default_rng(1)
    found = squares(chance.uniform((0, 0), (12_800, 6_400), (400, 2)), BOUNDS)
    assert len(found.square) / len(found.number) < 3
    assert found.covered(500).count(None) < len(found.number) / 3


def test_without_facilities_there_are_no_squares() -> None:
    found = squares(np.empty((0, 2)), BOUNDS)
    assert (found.covered(100), found.facilities(np.ones(0, dtype=bool))) == ([], [])
