"""Small road networks for tests: lines along a lattice, whose corners meet often, and ways found in plain loops."""

import heapq
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pyproj
import shapely
from hypothesis import strategies as st

from layers.siting.solving.cleaning import Lines
from layers.siting.solving.network import Cost, Direction, Network, Snaps

GEOD = pyproj.Geod(ellps="GRS80")
WEST, SOUTH, STEP = 120.5, 30.0, 0.001  # some 96 and 111 m
Graph = Mapping[Any, Mapping[Any, float]]

corner = st.tuples(st.integers(0, 3), st.integers(0, 3))
walks = st.lists(corner, min_size=2, max_size=5).filter(lambda walk: len(set(walk)) > 1)
roads = st.lists(
    st.tuples(walks, st.sampled_from([-1, 0, 0, 1]), st.sampled_from([np.nan, 20.0, 60.0])), min_size=1, max_size=8
)
place = st.tuples(st.floats(WEST - STEP, WEST + 4 * STEP), st.floats(SOUTH - STEP, SOUTH + 4 * STEP))
places = st.lists(place, min_size=1, max_size=4)


def at(x: float, y: float) -> tuple[float, float]:
    return WEST + STEP * x, SOUTH + STEP * y


def lines(*roads: tuple) -> Lines:
    """roads: each its corners on the lattice, and, where it is said, its way and its speed."""
    full = [(road[0], *(road[1:] or (0,)), np.nan)[:3] for road in roads]
    shapes = np.array([shapely.LineString([at(*corner) for corner in walk]) for walk, _way, _kmh in full], object)
    return Lines(
        shapes=shapes,
        kmh=np.array([kmh for _walk, _way, kmh in full], float),
        way=np.array([way for _walk, way, _kmh in full]),
    )


def metres(one: Any, other: Any) -> float:
    return float(GEOD.inv(*one, *other)[2])


def costs_from(graph: Graph, source: Any) -> dict[Any, float]:
    """Dijkstra's way as in a textbook."""
    found: dict[Any, float] = {}
    queue: list[tuple[float, int, Any]] = [(0.0, 0, source)]
    pushed = 0
    while queue:
        cost, _pushed, node = heapq.heappop(queue)
        if node in found:
            continue
        found[node] = cost
        for other, more in graph[node].items() if node in graph else ():
            pushed += 1
            heapq.heappush(queue, (cost + more, pushed, other))
    return found


def graph_of(given: Lines) -> Graph:
    """Every corner a node, every piece of a line an edge, in metres."""
    found: dict[Any, dict[Any, float]] = defaultdict(dict)
    for shape, way in zip(given.shapes, given.way, strict=True):
        for one, other in pairwise(shape.coords):
            one, other = (tuple(np.round(each, 7)) for each in (one, other))
            if one != other:
                if way >= 0:
                    found[one][other] = metres(one, other)
                if way <= 0:
                    found[other][one] = metres(one, other)
    return found


def cost_between(
    network: Network, one: Snaps, row: int, other: Snaps, column: int, cost: Cost, direction: Direction
) -> float:
    """From one place to another, or back, over a graph of the network's edges and these two places alone."""
    on_foot = 1.0 if cost is Cost.METRES else 0.06 / 5
    found: dict[Any, dict[Any, float]] = defaultdict(dict)

    def join(from_: Any, to: Any, more: float) -> None:
        found[from_][to] = min(more, found[from_].get(to, np.inf))

    both = {"one": (one, row), "other": (other, column)}
    for edge in range(len(network.start)):
        per_m = 1.0 if cost is Cost.METRES else 0.06 / float(network.kmh[edge])
        stops = [(0.0, int(network.start[edge])), (float(network.length_m[edge]), int(network.end[edge]))]
        for name, (snaps, which) in both.items():
            if snaps.edge[which] == edge:
                stops.append((float(snaps.along_m[which]), f"{name} on the road"))
        stops.sort(key=lambda stop: stop[0])
        for (before, here), (after, there) in pairwise(stops):
            join(here, there, (after - before) * per_m)
            if not network.is_one_way[edge] or after == before:
                join(there, here, (after - before) * per_m)
    for name, (snaps, which) in both.items():
        if snaps.edge[which] >= 0:
            join(name, f"{name} on the road", float(snaps.access_m[which]) * on_foot)
            join(f"{name} on the road", name, float(snaps.access_m[which]) * on_foot)
    apart = metres(one.places[row], other.places[column])
    far = [float(snaps.access_m[which]) if snaps.edge[which] >= 0 else 0.0 for snaps, which in both.values()]
    if apart <= min(far):
        join("one", "other", apart * on_foot)
        join("other", "one", apart * on_foot)
    from_, to = ("one", "other") if direction is Direction.TO_SITE else ("other", "one")
    return costs_from(found, from_).get(to, np.inf)
