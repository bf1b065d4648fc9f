"""Distances against what pyproj says of each pair."""

from typing import Any

import numpy as np
import pyproj
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scipy import sparse

from layers.siting.solving import distances
from layers.siting.solving.distances import TooManyPairs, WrongPosition, all_pairs, matrix, within
from layers.siting.solving.errors import WrongInput

GEOD = pyproj.Geod(ellps="GRS80")
HERE = [[120.58, 30.01], [120.6, 30.02]]

near = st.tuples(st.floats(120.5, 120.6), st.floats(30.0, 30.05))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
places = st.lists(near, max_size=8) | st.lists(anywhere, max_size=8)


def naive(demand: Any, candidates: Any) -> np.ndarray:
    found = [[GEOD.inv(*one, *other)[2] for other in candidates] for one in demand]
    return np.array(found, float).reshape(len(demand), len(candidates))


def rows(places: list) -> np.ndarray:
    return np.array(places, float).reshape(-1, 2)


@given(st.lists(near, max_size=8), st.lists(near, max_size=8), st.floats(1, 12_000))
def test_within_is_every_pair_near_enough_and_no_other(demand: list, candidates: list, within_m: float) -> None:
    found, expected = within(rows(demand), rows(candidates), within_m=within_m), naive(demand, candidates)
    dense = np.full(expected.shape, np.inf)
    entries = found.tocoo()
    dense[entries.row, entries.col] = entries.data
    np.testing.assert_array_equal(dense, np.where(expected <= within_m, expected, np.inf))
    assert found.has_canonical_format


@given(st.lists(anywhere, max_size=8), st.lists(anywhere, max_size=8), st.floats(1, 2.1e7))
def test_within_holds_all_over_the_earth(demand: list, candidates: list, within_m: float) -> None:
    try:
        found = within(rows(demand), rows(candidates), within_m=within_m)
    except WrongPosition:  # these two sets look as if one had latitude first
        reject()
    assert found.nnz == (naive(demand, candidates) <= within_m).sum()


@given(st.lists(near, max_size=6), st.lists(near, max_size=6))
def test_all_pairs_are_as_each_is_measured(demand: list, candidates: list) -> None:
    np.testing.assert_array_equal(all_pairs(rows(demand), rows(candidates)), naive(demand, candidates))


def test_a_known_distance() -> None:
    """Along the equator a degree is a 360th of the ellipsoid's circumference."""
    found = all_pairs([[120.0, 0.0]], [[121.0, 0.0], [120.0, 0.0]])
    np.testing.assert_allclose(found, [[6378137 * np.pi / 180, 0]], rtol=1e-12)


def test_distance_0_and_the_very_radius_are_entries() -> None:
    radius = GEOD.inv(*HERE[0], *HERE[1])[2]
    found = within(HERE, HERE, within_m=radius)
    assert found.toarray().tolist() == [[0, radius], [radius, 0]]
    assert found.nnz == 4
    assert within(HERE, HERE, within_m=np.nextafter(radius, 0)).nnz == 2


def test_blocks_join_into_one_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    demand, candidates = (120 + chance.random((size, 2)) * 0.05 - (0, 90) for size in (50, 20))
    whole = within(demand, candidates, within_m=2_000)
    monkeypatch.setattr(distances, "BLOCK", 7)
    assert (within(demand, candidates, within_m=2_000) != whole).nnz == 0
    assert whole.nnz > 50


def test_no_demand_is_no_row() -> None:
    assert within(np.zeros((0, 2)), HERE, within_m=5).shape == (0, 2)
    assert within(HERE, np.zeros((0, 2)), within_m=5).shape == (2, 0)
    assert all_pairs(np.zeros((0, 2)), HERE).shape == (0, 2)


@pytest.mark.parametrize(
    ("position", "reason", "words"),
    [
        ((np.nan, 30.0), "no_number", "is no number"),
        ((120.0, np.inf), "no_number", "is no number"),
        ((40_555_000.0, 3_320_000.0), "metres", "EPSG:4490"),
        ((555_000.0, 30.0), "metres", "EPSG:4490"),
        ((30.0, 120.5), "swapped", "swap the two"),
        ((239.5, 30.0), "full_circle", "subtract 360"),
        ((-181.0, 30.0), "out_of_range", "-180 to 180"),
        ((120.0, 91.0), "out_of_range", "-90 to 90"),
    ],
)
def test_a_bad_position_is_named_with_its_remedy(position: tuple, reason: str, words: str) -> None:
    for wrong in (
        lambda: within([*HERE, position, position], HERE, within_m=1),
        lambda: all_pairs([*HERE, position], HERE),
    ):
        with pytest.raises(WrongPosition, match=words) as raised:
            wrong()
        assert (raised.value.what, raised.value.row, raised.value.reason) == ("demand", 2, reason)
    with pytest.raises(WrongPosition) as raised:
        within(HERE, [position], within_m=1)
    assert (raised.value.what, raised.value.row) == ("candidates", 0)


def test_candidates_swapped_against_the_demand_are_found_where_degrees_do_not_tell() -> None:
    demand = np.array([[80.0, 31.0], [80.5, 31.5]])
    with pytest.raises(WrongPosition, match="swap the two"):
        within(demand, demand[:, ::-1], within_m=1_000)


@pytest.mark.parametrize("within_m", [0, -1, np.nan])
def test_a_radius_that_is_none_is_refused(within_m: float) -> None:
    with pytest.raises(WrongInput, match="above 0"):
        within(HERE, HERE, within_m=within_m)


@pytest.mark.parametrize("given", [[1.0, 2.0], [[1.0, 2.0, 3.0]], 5.0])
def test_positions_of_another_shape_are_refused(given: Any) -> None:
    with pytest.raises(WrongInput, match="shape"):
        within(given, HERE, within_m=5)


def test_too_many_pairs_are_refused_beforehand_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "MOST_PAIRS", 3)
    for wrong in (lambda: within(HERE, HERE, within_m=5_000), lambda: all_pairs(HERE, HERE)):
        with pytest.raises(TooManyPairs, match="4 distances") as raised:
            wrong()
        assert raised.value.pairs == 4
    assert within(HERE, HERE, within_m=10).nnz == 2


def test_a_matrix_handed_in_stays_as_it_is() -> None:
    dense = matrix([[0, 2], [1, np.inf], [5, 5]], demand=3, candidates=2)
    assert isinstance(dense, np.ndarray)
    assert dense.tolist() == [[0, 2], [1, np.inf], [5, 5]]
    given = sparse.coo_array(([0.0, 3.0], ([0, 1], [1, 0])), shape=(2, 2))
    kept = matrix(given, demand=2, candidates=2)
    assert isinstance(kept, sparse.csr_array)
    assert (kept.nnz, kept[0, 1], kept[1, 0]) == (2, 0, 3)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], r"3 demands and 2 candidates; transpose it"),
        ([[1.0]], r"shape \(1, 1\)"),
        ([[1.0, 2], [np.nan, 2], [1, 1]], "nan at row 1, column 0"),
        ([[1.0, 2], [3, 2], [1, -1]], "-1.0 at row 2, column 1"),
        (sparse.csr_array([[1.0, 0], [0, -4], [0, 0]]), "-4.0 at row 1, column 1"),
        (sparse.csr_array([[1.0, 0], [0, np.inf], [0, 0]]), "inf at row 1, column 1: leave out"),
        (sparse.csr_array([[1.0, 0], [0, np.nan], [0, 0]]), "nan at row 1, column 1"),
        (sparse.csr_array(([1.0, 2.0], [0, 0], [0, 2, 2, 2]), shape=(3, 2)), "twice"),
    ],
)
def test_a_wrong_matrix_is_refused(given: Any, words: str) -> None:
    with pytest.raises(WrongInput, match=words):
        matrix(given, demand=3, candidates=2)
