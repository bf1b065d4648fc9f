"""Floating catchments and Gini against sums in plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.coverage import catchment
from layers.coverage.catchment import DECAY, NO_DECAY, gini, two_step

XY = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda one: (one[0] * 25.0, one[1] * 25.0))
PLACES = st.lists(st.tuples(XY, st.integers(0, 900)), min_size=1, max_size=12)
FACILITIES = st.lists(st.tuples(XY, st.integers(0, 80)), min_size=1, max_size=8)


def weight(metres: float, within_m: float, decay: tuple[float, ...]) -> float:
    for zone, own in enumerate(decay, 1):
        if metres <= within_m * zone / len(decay):
            return own
    return 0


@pytest.mark.parametrize("decay", [NO_DECAY, DECAY])
@given(places=PLACES, facilities=FACILITIES)
def test_an_independent_computation_agrees(decay: tuple[float, ...], places: list, facilities: list) -> None:
    within_m = 330.0
    demand = [
        sum(people * weight(math.dist(at, site), within_m, decay) for at, people in places)
        for site, _beds in facilities
    ]
    expected = [
        sum(
            beds / own * weight(math.dist(at, site), within_m, decay)
            for (site, beds), own in zip(facilities, demand, strict=True)
            if own
        )
        for at, _people in places
    ]
    found = two_step(
        np.array([at for at, _people in places]),
        np.array([people for _at, people in places], dtype=float),
        np.array([site for site, _beds in facilities]),
        np.array([beds for _site, beds in facilities], dtype=float),
        catchment_m=within_m,
        decay=decay,
    )
    assert found.tolist() == pytest.approx(expected)
    offered = sum(people * one for (_at, people), one in zip(places, found.tolist(), strict=True))
    reached = sum(beds for (_site, beds), own in zip(facilities, demand, strict=True) if own)
    assert offered == pytest.approx(reached)  # nothing is offered twice, nothing is lost


def test_pieces_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(2)
    places, sites = chance.uniform(0, 900, (70, 2)), chance.uniform(0, 900, (9, 2))
    options = {"catchment_m": 300.0, "decay": DECAY}
    whole = two_step(places, np.arange(70.0), sites, np.ones(9), **options)
    monkeypatch.setattr(catchment, "PIECE", 16)
    assert two_step(places, np.arange(70.0), sites, np.ones(9), **options).tolist() == pytest.approx(whole.tolist())


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), min_size=1, max_size=10))
def test_gini_is_half_the_relative_mean_difference(groups: list[tuple[int, int]]) -> None:
    everybody = [value for value, people in groups for _ in range(people)]
    found = gini(np.array([value for value, _ in groups], float), np.array([people for _, people in groups], float))
    if not sum(everybody):
        assert found is None
        return
    differences = sum(abs(one - other) for one in everybody for other in everybody)
    assert found == pytest.approx(differences / (2 * len(everybody) * sum(everybody)), abs=1e-12)
