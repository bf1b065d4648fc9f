"""Roads made into a network: what is joined, divided and dropped, and that the report counts it."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given

from layers.siting.solving.cleaning import Lines, Report, network_of
from layers.siting.solving.errors import WrongInput
from tests.layers.siting.solving import streets
from tests.layers.siting.solving.streets import at, graph_of, lines


def report(*roads: tuple, **options: Any) -> Report:
    return network_of(lines(*roads), unsaid_kmh=30.0, **options)[1]


def counts(found: Report) -> dict[str, Any]:
    """What is not 0."""
    return {name: value for name, value in vars(found).items() if value and name != "length_m"}


@given(streets.roads)
def test_the_network_has_each_piece_of_the_lines_once(roads: list) -> None:
    given_ = lines(*roads)
    network, found = network_of(given_, unsaid_kmh=30.0)
    graph = graph_of(given_)
    pieces = {frozenset((one, other)): cost for one, others in graph.items() for other, cost in others.items()}
    assert found.length_m == pytest.approx(sum(pieces.values()))
    driven = sum(cost for others in graph.values() for cost in others.values())
    assert (network.length_m * np.where(network.is_one_way, 1, 2)).sum() == pytest.approx(driven)
    assert sum(found.parts) == found.nodes == len(network.nodes)
    assert found.edges == len(network.start)
    assert list(found.parts) == sorted(found.parts, reverse=True)
    assert (network.first[1:] - network.first[:-1] >= 2).all()
    np.testing.assert_array_equal(
        np.round(network.corners[network.first[:-1]], 7), np.round(network.nodes[network.start], 7)
    )
    np.testing.assert_array_equal(
        np.round(network.corners[network.first[1:] - 1], 7), np.round(network.nodes[network.end], 7)
    )


def test_lines_are_divided_where_they_share_a_corner() -> None:
    found = report(([(0, 0), (1, 0), (2, 0)],), ([(1, 0), (1, 1), (1, 2)],))
    assert counts(found) == {"lines": 2, "edges": 3, "nodes": 4, "parts": (4,), "dangling": 3, "unsaid_speeds": 2}
    assert found.dangling_share == 0.75


def test_lines_that_cross_without_a_corner_are_joined_only_when_asked() -> None:
    cross = (([(0, 1), (2, 1)],), ([(1, 0), (1, 2)],))
    assert counts(report(*cross)) == {
        "lines": 2,
        "edges": 2,
        "nodes": 4,
        "parts": (2, 2),
        "dangling": 4,
        "unsaid_speeds": 2,
    }
    joined = report(*cross, joins_crossings=True)
    assert counts(joined) == {
        "lines": 2, "edges": 4, "nodes": 5, "crossings": 1, "parts": (5,), "dangling": 4, "unsaid_speeds": 2,
    }  # fmt: skip
    assert joined.length_m == pytest.approx(report(*cross).length_m)


def test_a_crossing_at_a_corner_of_one_of_the_lines_is_one() -> None:
    found = report(([(0, 1), (2, 1)],), ([(1, 0), (1, 1), (1, 2)],), joins_crossings=True)
    assert (found.crossings, found.edges, found.nodes, found.parts) == (1, 4, 5, (5,))


@given(streets.roads)
def test_asked_to_join_crossings_no_two_lines_cross_any_more(roads: list) -> None:
    network, _report = network_of(lines(*roads), unsaid_kmh=30.0, joins_crossings=True)
    owner = np.repeat(np.arange(len(network.start)), np.diff(network.first))
    shapes = shapely.linestrings(network.corners, indices=owner)
    nodes = shapely.multipoints(network.nodes)
    for one in range(len(shapes)):
        for other in range(one):
            meeting = shapely.intersection(shapes[one], shapes[other])
            assert shapely.length(meeting) < 1e-7
            for point in shapely.points(shapely.get_coordinates(meeting)):
                assert shapely.distance(point, nodes) < 2e-7


def test_lines_that_run_along_each_other_are_joined_where_one_ends() -> None:
    along = (([(0, 0), (2, 0)],), ([(1, 0), (3, 0)],))
    found = report(*along, joins_crossings=True)
    assert (found.edges, found.duplicates, found.parts) == (3, 1, (4,))
    assert found.length_m == pytest.approx(report(([(0, 0), (3, 0)],)).length_m)


def test_near_ends_are_joined_and_far_ones_not() -> None:
    gap = (([(0, 0), (1, 0)],), ([(1.004, 0), (2, 0)],))  # some 40 cm
    assert (report(*gap).joined_ends, report(*gap).parts) == (0, (2, 2))
    near = report(*gap, tolerance_m=0.5)
    assert (near.joined_ends, near.parts, near.nodes, near.edges) == (1, (3,), 3, 2)
    assert report(*gap, tolerance_m=0.3).parts == (2, 2)


def test_ends_are_joined_at_the_one_where_most_lines_end() -> None:
    network, found = network_of(
        lines(([(0, 0), (1.004, 0)],), ([(1, 0), (2, 0)],), ([(1, 0), (1, 1)],)), unsaid_kmh=30.0, tolerance_m=0.5
    )
    assert found.joined_ends == 1
    assert np.abs(network.nodes - at(1, 0)).sum(axis=1).min() < 1e-9


def test_an_end_beside_a_line_is_joined_to_it_when_asked() -> None:
    beside = (([(0, 0), (2, 0)],), ([(1, 0.004), (1, 1)],))
    assert report(*beside, tolerance_m=1.0).parts == (2, 2)
    found = report(*beside, tolerance_m=1.0, joins_crossings=True)
    assert (found.joined_to_lines, found.parts, found.edges) == (1, (4,), 3)
    assert report(*beside, tolerance_m=0.3, joins_crossings=True).joined_to_lines == 0


def test_an_end_that_touches_a_line_is_joined_to_it_when_asked() -> None:
    touching = (([(0, 0), (2, 0)],), ([(1, 0), (1, 1)],))
    assert report(*touching).parts == (2, 2)
    assert report(*touching, joins_crossings=True).parts == (4,)


def test_lines_without_a_length_are_dropped_and_repeated_corners_count_once() -> None:
    found = report(([(0, 0), (0, 0)],), ([(0, 0), (0, 0), (1, 0), (1, 0)],))
    assert (found.no_length, found.edges, found.nodes) == (1, 1, 2)
    with pytest.raises(WrongInput, match="no road has a length"):
        report(([(0, 0), (0, 0)],))


def test_a_line_drawn_twice_is_one() -> None:
    walk = [(0, 0), (1, 0), (1, 1)]
    found = report((walk,), (walk[::-1],), (walk,))
    assert (found.duplicates, found.edges, found.nodes) == (2, 1, 2)


def test_two_that_lead_opposite_ways_along_the_same_corners_are_one_both_ways() -> None:
    walk = [(0, 0), (1, 0), (1, 1)]
    for roads, is_one_way in (
        (((walk, 1), (walk[::-1], 1)), False),
        (((walk, 1), (walk, -1)), False),
        (((walk, 1), (walk, 1)), True),
        (((walk, 1), (walk[::-1], -1)), True),
        (((walk, 1), (walk, 0)), False),
    ):
        network, found = network_of(lines(*roads), unsaid_kmh=30.0)
        assert (found.duplicates, network.is_one_way.tolist()) == (1, [is_one_way])


def test_a_line_drawn_against_its_way_is_turned() -> None:
    network, _found = network_of(lines(([(0, 0), (1, 0)], -1)), unsaid_kmh=30.0)
    np.testing.assert_allclose(network.nodes[network.start], [at(1, 0)])
    assert network.is_one_way.tolist() == [True]


def test_nodes_that_one_way_roads_cut_off_are_counted() -> None:
    ring = [(0, 0), (1, 0), (1, 1), (0, 0)]
    assert report((ring,), ([(0, 0), (0, 1)],)).trapped == 0
    assert report(([(0, 0), (1, 0)],), ([(1, 0), (1, 1)],), ([(0, 0), (0, 1)], 1)).trapped == 1


def test_speeds_go_with_the_line() -> None:
    network, found = network_of(lines(([(0, 0), (1, 0), (2, 0)], 0, 60.0), ([(1, 0), (1, 1)],)), unsaid_kmh=15.0)
    assert sorted(zip(network.line.tolist(), network.kmh.tolist(), strict=True)) == [(0, 60), (0, 60), (1, 15)]
    assert found.unsaid_speeds == 1


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (shapely.Point(120, 30), "row 1 is no LineString"),
        (shapely.LineString(), "row 1 is no LineString"),
        (None, "row 1 is no LineString"),
        (shapely.LineString([(120, 30), (555_000, 3_320_000)]), "roads, row 1: 555000, 3320000 looks like metres"),
        (shapely.LineString([(120, 30), (120, np.nan)]), "roads, row 1"),
        (shapely.LineString([(120, 30), (120, 89.5)]), "row 1 lies beyond"),
    ],
)
def test_what_is_no_road_is_named(shape: Any, words: str) -> None:
    shapes = np.array([shapely.LineString([(120, 30), (120.1, 30)]), shape], object)
    with pytest.raises(WrongInput, match=words):
        network_of(Lines(shapes=shapes, kmh=np.full(2, np.nan), way=np.zeros(2, int)), unsaid_kmh=30.0)


@pytest.mark.parametrize(
    ("kmh", "way", "words"),
    [
        ([30.0, 0.0], [0, 0], "row 1 has a speed of 0.0 km/h"),
        ([30.0, -5.0], [0, 0], "row 1 has a speed"),
        ([30.0, np.inf], [0, 0], "row 1 has a speed"),
        ([30.0, 30.0], [0, 2], "row 1 has the way 2"),
        ([30.0], [0, 0], "there are 2 lines"),
    ],
)
def test_wrong_speeds_and_ways_are_named(kmh: list, way: list, words: str) -> None:
    shapes = np.array([shapely.LineString([(120, 30), (120.1, 30)])] * 2, object)
    with pytest.raises(WrongInput, match=words):
        network_of(Lines(shapes=shapes, kmh=np.array(kmh), way=np.array(way)), unsaid_kmh=30.0)


def test_no_roads_and_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(WrongInput, match="there is no road"):
        network_of(Lines(shapes=np.zeros(0, object), kmh=np.zeros(0), way=np.zeros(0, int)), unsaid_kmh=30.0)
    with pytest.raises(WrongInput, match="means nothing"):
        network_of(lines(([(0, 0), (1, 0)],)), unsaid_kmh=0.0)
    with pytest.raises(WrongInput, match="means nothing"):
        report(([(0, 0), (1, 0)],), tolerance_m=-1.0)
