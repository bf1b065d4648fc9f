"""A road network as a graph, and points brought to its nearest roads.

Degrees are of CGCS2000, longitude first; metres are ellipsoidal. Between two corners a road is straight in degrees, as a
GIS draws it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from layers.siting.solving.distances import GEOD, geocentric, metres, positions
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.problems import Bools, Floats, Ints

ON_FOOT_KMH = 5.0  # from a place to its road and back
MOST_LATITUDE = 89.0  # where the projection of the search ends
FAR = -1  # the edge of a place that is too far from any


class Cost(StrEnum):
    METRES = "metres"
    MINUTES = "minutes"


class Direction(StrEnum):
    """TO_SITE: people go from where they are to the site. FROM_SITE: the service comes to them."""

    TO_SITE = "to_site"
    FROM_SITE = "from_site"


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """Roads between nodes; ``network_of`` of ``layers.siting.solving.cleaning`` makes it.

    nodes: positions. start, end: nodes of each edge; it is driven from start to end, and back unless ``is_one_way``.
    line: the row of the line that each edge is of. corners: positions of all edges, one edge after the other;
    first: where each begins among them, and where the last one ends.
    """

    nodes: Floats
    start: Ints
    end: Ints
    is_one_way: Bools
    kmh: Floats
    line: Ints
    corners: Floats
    first: Ints
    _graphs: dict[tuple[Cost, Direction], sparse.csr_array] = field(default_factory=dict, repr=False)

    @cached_property
    def along_m(self) -> Floats:
        """Of each corner, from the start of its edge."""
        steps = np.zeros(len(self.corners))
        steps[1:] = metres(self.corners[:-1], self.corners[1:])
        steps[self.first[:-1]] = 0
        run = np.cumsum(steps)
        return run - np.repeat(run[self.first[:-1]], np.diff(self.first))

    @cached_property
    def length_m(self) -> Floats:
        return np.asarray(self.along_m[self.first[1:] - 1], np.float64)

    def cost(self, cost: Cost) -> Floats:
        """Of each edge."""
        return self.length_m if cost is Cost.METRES else self.length_m * minutes_per_m(self.kmh)

    def graph(self, cost: Cost, direction: Direction) -> sparse.csr_array:
        """Entries are the costs between nodes as a search from the sites meets them: against the traffic when people go to
        the site. Of parallel edges it has the cheapest.
        """
        if (cost, direction) not in self._graphs:
            there, back = (self.end, self.start) if direction is Direction.TO_SITE else (self.start, self.end)
            both = ~self.is_one_way
            from_, to = np.concatenate((there, back[both])), np.concatenate((back, there[both]))
            costs = np.concatenate((self.cost(cost), self.cost(cost)[both]))
            self._graphs[cost, direction] = _cheapest(from_, to, costs, len(self.nodes))
        return self._graphs[cost, direction]

    @cached_property
    def part(self) -> Ints:
        """Of each node, the number of the disconnected part that it is in; 0 is the one with the most nodes."""
        number, label = csgraph.connected_components(self.graph(Cost.METRES, Direction.FROM_SITE), connection="weak")
        rank = np.empty(number, np.int64)
        rank[np.argsort(-np.bincount(label), kind="stable")] = np.arange(number)
        return np.asarray(rank[label], np.int64)

    @cached_property
    def node_tree(self) -> cKDTree:
        return cKDTree(geocentric(self.nodes))

    @cached_property
    def mercator(self) -> Floats:
        """The corners in a projection that is true to angles, so that what is nearest in it is nearest on the ground."""
        return _mercator(self.corners)

    @cached_property
    def tree(self) -> shapely.STRtree:
        owner = np.repeat(np.arange(len(self.start)), np.diff(self.first))
        return shapely.STRtree(np.asarray(shapely.linestrings(self.mercator, indices=owner)))


def minutes_per_m(kmh: Floats | float) -> Floats | float:
    return 0.06 / kmh


def _cheapest(from_: Ints, to: Ints, costs: Floats, size: int) -> sparse.csr_array:
    key = from_ * size + to
    order = np.lexsort((costs, key))
    order = order[np.diff(key[order], prepend=-1) != 0]
    indices, counts = to[order].astype(np.int32), np.bincount(from_[order], minlength=size)
    return sparse.csr_array(
        (costs[order], indices, np.concatenate(([0], np.cumsum(counts))).astype(np.int32)), shape=(size, size)
    )


def _mercator(degrees: Floats) -> Floats:
    sine, eccentricity = np.sin(np.radians(degrees[:, 1])), np.sqrt(GEOD.es)
    y = np.arctanh(sine) - eccentricity * np.arctanh(eccentricity * sine)
    return GEOD.a * np.column_stack((np.radians(degrees[:, 0]), y))


@dataclass(frozen=True, kw_only=True, eq=False)
class Snaps:
    """Places on a network. edge: the nearest to each, FAR where that is too far. along_m: from its start to where the place
    joins it. access_m: straight from the place to there, known for those too far as well.
    """

    places: Floats
    edge: Ints
    along_m: Floats
    access_m: Floats

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def is_connected(self) -> Bools:
        return np.asarray(self.edge != FAR)

    def chosen(self, rows: NDArray[np.bool_] | Ints) -> "Snaps":
        return Snaps(
            places=self.places[rows], edge=self.edge[rows], along_m=self.along_m[rows], access_m=self.access_m[rows]
        )


def snapped(network: Network, places: ArrayLike, *, most_m: float, what: str = "places") -> Snaps:
    """The places on their nearest edges; those farther than ``most_m`` are not connected.

    Where two are equally near, to a ten thousandth, either is taken. Raises WrongPosition, calling the places ``what``, and
    WrongInput for a distance that is none.
    """
    if not most_m >= 0:
        raise WrongInput(f"a place cannot be snapped within {most_m} m; a distance from 0 on is needed")
    found = positions(places, what)
    if (np.abs(found[:, 1]) > MOST_LATITUDE).any():
        raise WrongInput(f"{what}: roads are not searched beyond {MOST_LATITUDE:.0f}° of latitude")
    flat = _mercator(found)
    _place, edge = network.tree.query_nearest(shapely.points(flat), all_matches=False)
    corner, share = _foot(network, flat, edge)
    here, there = network.corners[corner], network.corners[corner + 1]
    access_m = metres(found, here + share[:, None] * (there - here))
    before, after = network.along_m[corner], network.along_m[corner + 1]
    along_m = np.where(share < 1, before + share * (after - before), after)
    return Snaps(places=found, edge=np.where(access_m <= most_m, edge, FAR), along_m=along_m, access_m=access_m)


def _foot(network: Network, flat: Floats, edge: Ints) -> tuple[Ints, Floats]:
    """For each place the corner after which it is nearest to its edge, and the share of the way to the next one."""
    if not len(flat):
        return np.zeros(0, np.int64), np.zeros(0)
    first, count = network.first[edge], network.first[edge + 1] - network.first[edge] - 1
    begin = np.cumsum(count) - count
    owner = np.repeat(np.arange(len(edge)), count)
    corner = np.arange(count.sum()) + np.repeat(first - begin, count)
    here = network.mercator[corner]
    step, away = network.mercator[corner + 1] - here, flat[owner] - here
    square = np.maximum((step * step).sum(axis=1), np.finfo(float).tiny)
    share = np.clip((away * step).sum(axis=1) / square, 0, 1)
    far = ((away - share[:, None] * step) ** 2).sum(axis=1)
    nearest = np.lexsort((far, owner))[begin]
    return corner[nearest], share[nearest]


def at_nodes(network: Network, nodes: Ints) -> Snaps:
    """Nodes as places on one of their edges."""
    edge, is_end = np.empty(len(network.nodes), np.int64), np.zeros(len(network.nodes), bool)
    edge[network.end], is_end[network.end] = np.arange(len(network.end)), True
    edge[network.start], is_end[network.start] = np.arange(len(network.start)), False
    along_m = np.where(is_end, network.length_m[edge], 0.0)
    return Snaps(places=network.nodes[nodes], edge=edge[nodes], along_m=along_m[nodes], access_m=np.zeros(len(nodes)))


def parts_of(network: Network, snaps: Snaps) -> Ints:
    """The disconnected part that each place is in, as ``Network.part``; FAR for one that is not connected."""
    return np.where(snaps.is_connected, network.part[network.start[snaps.edge]], FAR)
