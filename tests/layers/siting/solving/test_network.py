"""Places brought to roads, and the ways between them, against plain loops over every corner and every edge."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.siting.solving import distances, routing
from layers.siting.solving.cleaning import network_of
from layers.siting.solving.distances import TooManyPairs, WrongPosition
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.network import Cost, Direction, Network, Snaps, at_nodes, parts_of, snapped
from layers.siting.solving.routing import Measure, nearest, within
from tests.layers.siting.solving import streets
from tests.layers.siting.solving.streets import at, cost_between, costs_from, graph_of, lines

METRES, MINUTES = Measure(cost=Cost.METRES), Measure(cost=Cost.MINUTES)
measures = st.builds(
    Measure,
    cost=st.sampled_from(Cost),
    direction=st.sampled_from(Direction),
    most=st.sampled_from([0.5, 3.0, 150.0, 400.0, routing.UNLIMITED]),
)


def net(*roads: tuple, **options: Any) -> Network:
    return network_of(lines(*roads), unsaid_kmh=30.0, **options)[0]


def dense(found: Any) -> np.ndarray:
    whole, entries = np.full(found.shape, np.inf), found.tocoo()
    whole[entries.row, entries.col] = entries.data
    return whole


@given(streets.roads, st.sampled_from(Direction))
def test_ways_between_nodes_are_those_over_every_corner(roads: list, direction: Direction) -> None:
    given_ = lines(*roads)
    network, _report = network_of(given_, unsaid_kmh=30.0)
    nodes = at_nodes(network, np.arange(len(network.nodes)))
    found = dense(within(network, nodes, nodes, Measure(cost=Cost.METRES, direction=direction)))
    keys = [tuple(np.round(node, 7)) for node in network.nodes]
    graph = graph_of(given_)
    expected = np.array([[costs_from(graph, one).get(other, np.inf) for other in keys] for one in keys])
    np.testing.assert_allclose(found, expected if direction is Direction.TO_SITE else expected.T, atol=2e-6)


@given(streets.roads, streets.places, streets.places, measures, st.sampled_from([0.0, 60.0, 1e4]))
def test_ways_between_places_are_those_of_each_pair_alone(
    roads: list, demand: list, sites: list, measure: Measure, most_m: float
) -> None:
    network = net(*roads)
    snaps, site_snaps = (snapped(network, places, most_m=most_m) for places in (demand, sites))
    expected = np.array(
        [
            [
                cost_between(network, snaps, row, site_snaps, column, measure.cost, measure.direction)
                for column in range(len(sites))
            ]
            for row in range(len(demand))
        ]
    )
    near = np.where(expected <= measure.most, expected, np.inf)
    is_sure = np.abs(expected - measure.most) > 1e-6 * measure.most
    found = dense(within(network, snaps, site_snaps, measure))
    np.testing.assert_allclose(np.where(is_sure, found, 0), np.where(is_sure, near, 0), atol=1e-6)
    best = nearest(network, snaps, site_snaps, measure)
    if is_sure.all():
        np.testing.assert_allclose(best.cost, near.min(axis=1), atol=1e-6)
        for row, site in enumerate(best.site):
            assert site == -1 if np.isinf(near[row]).all() else abs(near[row, site] - near[row].min()) < 1e-6


@given(streets.roads, streets.places)
def test_a_place_joins_its_nearest_road(roads: list, places: list) -> None:
    """Against the nearest of a thousand points on each piece of each line."""
    given_ = lines(*roads)
    network, _report = network_of(given_, unsaid_kmh=30.0)
    found = snapped(network, places, most_m=1e4)
    share = np.linspace(0, 1, 1001)[:, None]
    points = np.concatenate(
        [
            np.array(one) + share * (np.array(other) - np.array(one))
            for shape in given_.shapes
            for one, other in pairwise(shape.coords)
        ]
    )
    for place, access_m in zip(places, found.access_m, strict=True):
        nearest_m = GEOD_metres(np.tile(place, (len(points), 1)), points).min()
        assert nearest_m - 0.2 <= access_m <= nearest_m * (1 + 1e-4) + 1e-6
    assert found.is_connected.all()
    where = _on_road(network, found)
    np.testing.assert_allclose(GEOD_metres(np.array(places), where), found.access_m, atol=1e-3)


def GEOD_metres(from_: np.ndarray, to: np.ndarray) -> np.ndarray:  # noqa: N802
    return np.array(streets.GEOD.inv(from_[:, 0], from_[:, 1], to[:, 0], to[:, 1])[2])


def _on_road(network: Network, snaps: Snaps) -> np.ndarray:
    """Where the places join their edges, by how far along these it is."""
    found = []
    for edge, along_m in zip(snaps.edge, snaps.along_m, strict=True):
        some = slice(network.first[edge], network.first[edge + 1])
        run = network.along_m[some]
        found.append([np.interp(along_m, run, network.corners[some, axis]) for axis in (0, 1)])
    return np.array(found)


def test_along_one_edge_the_way_meets_no_node() -> None:
    network = net(([(0, 0), (3, 0)],))
    snaps = snapped(network, [at(1, 0), at(2, 0)], most_m=1)
    found = within(network, snaps, snaps, METRES).toarray()
    apart = streets.metres(at(1, 0), at(2, 0))
    np.testing.assert_allclose(found, [[0, apart], [apart, 0]], atol=1e-6)
    assert within(network, snaps, snaps, METRES).nnz == 4


def test_against_a_one_way_road_the_way_goes_round() -> None:
    block = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    network = net((block, 1))
    snaps = snapped(network, [at(0.25, 0), at(0.75, 0)], most_m=1)
    ahead = streets.metres(*snaps.places)
    round_ = float(network.length_m.sum()) - ahead
    to_site, from_site = (
        within(network, snaps, snaps, Measure(cost=Cost.METRES, direction=direction)).toarray()
        for direction in Direction
    )
    np.testing.assert_allclose(to_site, [[0, ahead], [round_, 0]], atol=1e-6)
    np.testing.assert_allclose(from_site, to_site.T, atol=1e-9)


def test_minutes_are_of_the_road_and_of_the_walk_to_it() -> None:
    network = net(([(0, 0), (1, 0)], 0, 60.0), ([(1, 0), (2, 0)],))
    snaps = snapped(network, [at(0, 0), at(2, 0.1)], most_m=50)
    found = within(network, snaps.chosen(np.array([0])), snaps.chosen(np.array([1])), MINUTES)
    walk, road = streets.metres(at(2, 0), at(2, 0.1)), streets.metres(at(0, 0), at(1, 0))
    np.testing.assert_allclose(found.toarray(), [[road * 0.06 / 60 + road * 0.06 / 30 + walk * 0.06 / 5]], rtol=1e-6)


def test_places_too_far_from_a_road_reach_but_themselves() -> None:
    network = net(([(0, 0), (1, 0)],))
    snaps = snapped(network, [at(0, 0), at(0, 3)], most_m=200)
    assert snaps.is_connected.tolist() == [True, False]
    assert snaps.access_m[1] == pytest.approx(streets.metres(at(0, 0), at(0, 3)))
    assert parts_of(network, snaps).tolist() == [0, -1]
    assert dense(within(network, snaps, snaps, METRES)).tolist() == [[0, np.inf], [np.inf, 0]]
    assert nearest(network, snaps, snaps.chosen(np.array([0])), METRES).site.tolist() == [0, -1]
    none = snaps.chosen(np.zeros(0, int))
    assert nearest(network, snaps, none, METRES).site.tolist() == [-1, -1]
    assert within(network, snaps, none, METRES).shape == (2, 0)
    assert within(network, none, snaps, METRES).shape == (0, 2)


def test_places_nearer_to_each_other_than_to_the_road_are_joined_straight() -> None:
    network = net(([(0, 0), (3, 0)],))
    snaps = snapped(network, [at(1, 1), at(1.5, 1)], most_m=500)
    found = within(network, snaps, snaps, METRES).toarray()
    np.testing.assert_allclose(found[0], [0, streets.metres(at(1, 1), at(1.5, 1))])


def test_parts_that_no_road_joins_are_told_apart() -> None:
    network = net(([(0, 0), (1, 0)],), ([(0, 2), (1, 2), (1, 3)],), ([(1, 3), (2, 3)],))
    snaps = snapped(network, [at(0, 0), at(0, 2), at(2, 3)], most_m=1)
    assert parts_of(network, snaps).tolist() == [1, 0, 0]
    assert np.isinf(dense(within(network, snaps, snaps, METRES))).tolist() == [
        [False, True, True],
        [True, False, False],
        [True, False, False],
    ]


def test_searches_in_parts_of_the_graph_find_what_one_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(2)
    walks = [[(x, y), (x + 1, y)] for x in range(12) for y in range(12)] + [
        [(x, y), (x, y + 1)] for x in range(12) for y in range(12)
    ]
    network = net(*((walk, int(chance.integers(-1, 2))) for walk in walks))
    snaps, sites = (
        snapped(network, np.array(at(0, 0)) + chance.random((size, 2)) * 0.012, most_m=500) for size in (80, 30)
    )
    whole = dense(within(network, snaps, sites, METRES))
    monkeypatch.setattr(routing, "MOST_COSTS", 300)
    monkeypatch.setattr(routing, "MOST_PLACES", 4)
    near = dense(within(network, snaps, sites, Measure(cost=Cost.METRES, most=400.0)))
    np.testing.assert_allclose(near, np.where(whole <= 400, whole, np.inf))
    assert 100 < np.isfinite(near).sum() < np.isfinite(whole).sum()


def test_too_many_ways_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    network = net(([(0, 0), (1, 0), (2, 0)],), ([(1, 0), (1, 1)],))
    nodes = at_nodes(network, np.arange(len(network.nodes)))
    monkeypatch.setattr(routing, "MOST_PAIRS", 3)
    with pytest.raises(TooManyPairs):
        within(network, nodes, nodes, METRES)


def test_what_means_nothing_is_refused() -> None:
    network = net(([(0, 0), (1, 0)],))
    for most in (0, -1, np.nan):
        with pytest.raises(WrongInput, match="above 0"):
            Measure(cost=Cost.METRES, most=most)
    for most_m in (-1, np.nan):
        with pytest.raises(WrongInput, match="from 0 on"):
            snapped(network, [at(0, 0)], most_m=most_m)
    with pytest.raises(WrongPosition, match="sites, row 1"):
        snapped(network, [at(0, 0), (np.nan, 30)], most_m=5, what="sites")
    with pytest.raises(WrongInput, match="latitude"):
        snapped(network, [(120, 89.5)], most_m=5)
    assert len(snapped(network, np.zeros((0, 2)), most_m=5)) == 0
    assert distances.MOST_PAIRS == 25_000_000
