"""The ways between demand and sites by road: to the nearest site, and to all within a reach.

What a way costs has the way from the place to its road and from the road to the site in it, straight and on foot. Two
places that are nearer to each other than either is to its road are joined straight too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from layers.siting.solving import distances
from layers.siting.solving.distances import GEOD, MOST_PAIRS, ROUNDING_M, TooManyPairs, geocentric
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.network import ON_FOOT_KMH, Cost, Direction, Network, Snaps, minutes_per_m
from layers.siting.solving.problems import Floats, Ints

NO_SITE = -1
MOST_COSTS = 4_000_000  # that are searched for at a time: 32 MB
MOST_PLACES = 200  # sites that are searched from at a time
UNLIMITED = float(np.finfo(float).max)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How ways are measured. most: metres or minutes; a way that costs more is none."""

    cost: Cost
    direction: Direction = Direction.TO_SITE
    most: float = UNLIMITED

    def __post_init__(self) -> None:
        if not self.most > 0:
            raise WrongInput(f"no way costs {self.most}; a number above 0 is needed")


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """Of each demand, what the way costs, inf without one, and to which site, NO_SITE without one."""

    cost: Floats
    site: Ints


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Pairs of a demand and a site with what a way between them costs; a pair may have several."""

    demand: Ints
    site: Ints
    cost: Floats

    @staticmethod
    def joined(ways: "list[Ways]") -> "Ways":
        return Ways(
            demand=np.concatenate([each.demand for each in ways]),
            site=np.concatenate([each.site for each in ways]),
            cost=np.concatenate([each.cost for each in ways]),
        )


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The connected ones of some places. row: the number of each among all. at: geocentric. ends: the nodes of its edge;
    costs: between it and each of them; inf: no way. Both of shape (places, 2).
    """

    row: Ints
    at: Floats
    ends: Ints
    costs: Floats

    @classmethod
    def on(cls, network: Network, snaps: Snaps, cost: Cost, *, leaves: bool) -> "Placed":
        """leaves: the costs are those from the place; else those to it."""
        row = np.flatnonzero(snaps.is_connected)
        snaps = snaps.chosen(row)
        ends = np.stack((network.start[snaps.edge], network.end[snaps.edge]), axis=1)
        return cls(row=row, at=geocentric(snaps.places), ends=ends, costs=_to_ends(network, snaps, cost, leaves=leaves))

    def chosen(self, places: Ints) -> "Placed":
        return Placed(row=self.row[places], at=self.at[places], ends=self.ends[places], costs=self.costs[places])


def nearest(network: Network, demand: Snaps, sites: Snaps, measure: Measure) -> Nearest:
    """The site with the cheapest way for each demand; of equals one."""
    to_site = measure.direction is Direction.TO_SITE
    by_node = _nearest_of_nodes(network, Placed.on(network, sites, measure.cost, leaves=not to_site), measure)
    placed = Placed.on(network, demand, measure.cost, leaves=to_site)
    costs = placed.costs + by_node.cost[placed.ends]
    ways = [Ways(demand=placed.row, site=by_node.site[placed.ends[:, side]], cost=costs[:, side]) for side in (0, 1)]
    found = Ways.joined([*ways, _without_nodes(network, demand, sites, measure)])
    order = np.lexsort((found.site, found.cost, found.demand))
    best = order[np.diff(found.demand[order], prepend=-1) != 0]
    best = best[found.cost[best] <= measure.most]
    answer = Nearest(cost=np.full(len(demand), np.inf), site=np.full(len(demand), NO_SITE))
    answer.cost[found.demand[best]], answer.site[found.demand[best]] = found.cost[best], found.site[best]
    return answer


def _nearest_of_nodes(network: Network, sites: Placed, measure: Measure) -> Nearest:
    size, number = len(network.nodes), len(sites.row)
    if not number:
        return Nearest(cost=np.full(size, np.inf), site=np.full(size, NO_SITE))
    graph = _with_places(network.graph(measure.cost, measure.direction), sites.ends, sites.costs)
    cost, _before, source = csgraph.dijkstra(
        graph, indices=np.arange(size, size + number), min_only=True, limit=measure.most, return_predecessors=True
    )
    site = np.where(np.isfinite(cost), sites.row[np.clip(source - size, 0, number - 1)], NO_SITE)
    return Nearest(cost=cost[:size], site=site[:size])


def within(network: Network, demand: Snaps, sites: Snaps, measure: Measure) -> sparse.csr_array:
    """What the ways cost that are within the measure, shape (demand, sites); a cost of 0 is an entry too.

    Raises TooManyPairs.
    """
    ways, number = [_without_nodes(network, demand, sites, measure)], 0
    for found in _searched(network, demand, sites, measure):
        number += len(found.cost)
        if number > MOST_PAIRS:
            raise TooManyPairs(number)
        ways.append(found)
    all_ = Ways.joined(ways)
    is_near = all_.cost <= measure.most
    key, costs = all_.demand[is_near] * len(sites) + all_.site[is_near], all_.cost[is_near]
    order = np.argsort(key)
    key, costs = key[order], costs[order]
    begin = np.flatnonzero(np.diff(key, prepend=-1))
    row, column = np.divmod(key[begin], max(len(sites), 1))
    counts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(demand)))))
    cheapest = np.minimum.reduceat(costs, begin) if len(begin) else costs
    shape = (len(demand), len(sites))
    return sparse.csr_array((cheapest, column.astype(np.int32), counts.astype(np.int32)), shape=shape)


def _searched(network: Network, demand: Snaps, sites: Snaps, measure: Measure) -> Iterator[Ways]:
    """The ways over nodes, for some sites near each other at a time, and of the graph only what they can reach."""
    to_site = measure.direction is Direction.TO_SITE
    placed = Placed.on(network, demand, measure.cost, leaves=to_site)
    placed_sites = Placed.on(network, sites, measure.cost, leaves=not to_site)
    if not len(placed.row) or not len(placed_sites.row):
        return
    graph, tree = network.graph(measure.cost, measure.direction), cKDTree(placed.at)
    local = np.full(len(network.nodes), -1)
    reach_m = _reach_m(network, measure)
    for group in _groups(placed_sites.at, reach_m):
        chosen = placed_sites.chosen(group)
        ball = _ball(chosen.at, reach_m)
        near = np.sort(network.node_tree.query_ball_point(*ball))
        near_demand = placed.chosen(np.asarray(tree.query_ball_point(*ball), np.int64))
        if not len(near) or not len(near_demand.row):
            continue
        local[near] = np.arange(len(near))
        part = _part(graph, near, local)
        some = max(1, MOST_COSTS // max(len(near), len(near_demand.row)))
        for begin in range(0, len(group), some):
            few = chosen.chosen(np.arange(begin, min(begin + some, len(group))))
            by_node = _from_sites(part, few, local, measure.most)
            one, other = (by_node[:, local[near_demand.ends[:, side]]] + near_demand.costs[:, side] for side in (0, 1))
            cost = np.minimum(one, other)
            site, which = np.nonzero(cost <= measure.most)
            yield Ways(demand=near_demand.row[which], site=few.row[site], cost=cost[site, which])
        local[near] = -1


def _from_sites(part: sparse.csr_array, sites: Placed, local: Ints, most: float) -> Floats:
    """What it costs between each site and each node of a part of the graph, shape (sites, nodes + 1); the last is inf.

    local: the number of each node in the part, -1 of those that are not in it: the last column.
    """
    ends, size = local[sites.ends], part.shape[0]
    graph = _with_places(part, ends, np.where(ends >= 0, sites.costs, np.inf))
    found = csgraph.dijkstra(graph, indices=np.arange(size, graph.shape[0]), limit=most)
    found[:, size] = np.inf
    return np.asarray(found[:, : size + 1])


def _part(graph: sparse.csr_array, near: Ints, local: Ints) -> sparse.csr_array:
    """The graph of the nodes near alone. local: the number of each there, -1 of those that are not."""
    begin, count = graph.indptr[near], np.diff(graph.indptr)[near]
    run = np.concatenate(([0], np.cumsum(count)))
    entry = np.arange(run[-1]) + np.repeat(begin - run[:-1], count)
    column = local[graph.indices[entry]]
    is_here = column >= 0
    counts = np.concatenate(([0], np.cumsum(is_here)))[run]
    return sparse.csr_array(
        (graph.data[entry[is_here]], column[is_here].astype(np.int32), counts.astype(np.int32)),
        shape=(len(near), len(near)),
    )


def _with_places(graph: sparse.csr_array, ends: Ints, costs: Floats) -> sparse.csr_array:
    """The graph with a node more for each place, from which a search begins. ends, costs: shape (places, 2); inf: no way."""
    is_way = np.isfinite(costs)
    counts = graph.indptr[-1] + np.cumsum(is_way.sum(axis=1))
    size = graph.shape[0] + len(ends)
    return sparse.csr_array(
        (
            np.concatenate((graph.data, costs[is_way])),
            np.concatenate((graph.indices, ends[is_way].astype(np.int32))),
            np.concatenate((graph.indptr, counts.astype(np.int32))),
        ),
        shape=(size, size),
    )


def _groups(sites: Floats, reach_m: float) -> list[Ints]:
    """The sites in groups of those near each other, for one search in the same part of the graph. sites: geocentric."""
    cell = np.floor(sites / max(reach_m, 1.0)).astype(np.int64)
    order = np.lexsort(cell.T)
    is_new = (np.diff(cell[order], axis=0, prepend=cell[order][:1]) != 0).any(axis=1)
    return [
        group[begin : begin + MOST_PLACES]
        for group in np.split(order, np.flatnonzero(is_new))
        for begin in range(0, len(group), MOST_PLACES)
    ]


def _ball(places: Floats, reach_m: float) -> tuple[Floats, float]:
    """The centre and the radius of a ball that holds all that the places reach. places: geocentric."""
    centre = places.mean(axis=0)
    return centre, float(np.sqrt(((places - centre) ** 2).sum(axis=1).max())) + reach_m + ROUNDING_M


def _reach_m(network: Network, measure: Measure) -> float:
    """How far from a site what it reaches can be in a straight line."""
    fastest_kmh = max(float(network.kmh.max()), ON_FOOT_KMH)
    per_m = 1.0 if measure.cost is Cost.METRES else float(minutes_per_m(fastest_kmh))
    return min(measure.most / per_m, 2 * GEOD.a)


def _to_ends(network: Network, snaps: Snaps, cost: Cost, *, leaves: bool) -> Floats:
    """What it costs from each place to the start and the end of its edge, or from there to the place; inf against a one-way
    road and for a place that is not connected. Shape (places, 2).
    """
    edge, along_m = snaps.edge, snaps.along_m
    left_m = np.maximum(network.length_m[edge] - along_m, 0)
    found = np.stack((along_m, left_m), axis=1) * _per_m(network, snaps, cost)[:, None]
    side, at_m = (0, along_m) if leaves else (1, left_m)
    found[network.is_one_way[edge] & (at_m > 0), side] = np.inf
    found += _access(snaps, cost)[:, None]
    found[~snaps.is_connected] = np.inf
    return found


def _per_m(network: Network, snaps: Snaps, cost: Cost) -> Floats:
    return np.ones(len(snaps)) if cost is Cost.METRES else np.asarray(minutes_per_m(network.kmh[snaps.edge]))


def _on_foot(metres: Floats, cost: Cost) -> Floats:
    return metres if cost is Cost.METRES else metres * minutes_per_m(ON_FOOT_KMH)


def _access(snaps: Snaps, cost: Cost) -> Floats:
    return _on_foot(snaps.access_m, cost)


def _without_nodes(network: Network, demand: Snaps, sites: Snaps, measure: Measure) -> Ways:
    """The ways that meet no node: along one edge, and straight."""
    return Ways.joined([_along_edges(network, demand, sites, measure), _straight(demand, sites, measure.cost)])


def _along_edges(network: Network, demand: Snaps, sites: Snaps, measure: Measure) -> Ways:
    order = np.argsort(sites.edge, kind="stable")
    edges = sites.edge[order]
    rows = np.flatnonzero(demand.is_connected)
    begin = np.searchsorted(edges, demand.edge[rows], side="left")
    count = np.searchsorted(edges, demand.edge[rows], side="right") - begin
    run = np.cumsum(count) - count
    row = np.repeat(rows, count)
    site = order[np.arange(count.sum()) + np.repeat(begin - run, count)]
    ahead_m = sites.along_m[site] - demand.along_m[row]
    ahead_m = ahead_m if measure.direction is Direction.TO_SITE else -ahead_m
    is_way = ~network.is_one_way[demand.edge[row]] | (ahead_m >= 0)
    row, site, ahead_m = row[is_way], site[is_way], ahead_m[is_way]
    placed, cost = demand.chosen(row), measure.cost
    costs = np.abs(ahead_m) * _per_m(network, placed, cost) + _access(placed, cost) + _access(sites.chosen(site), cost)
    return Ways(demand=row, site=site, cost=costs)


def _straight(demand: Snaps, sites: Snaps, cost: Cost) -> Ways:
    """Between places nearer to each other than either is to its road. Those without a road are joined to the same place
    alone.
    """
    far_m, far_site_m = (np.where(snaps.is_connected, snaps.access_m, 0.0) for snaps in (demand, sites))
    most_m = max(min(far_m.max(initial=0), far_site_m.max(initial=0)), ROUNDING_M)
    near = distances.within(demand.places, sites.places, within_m=most_m).tocoo()
    is_near = near.data <= np.minimum(far_m[near.row], far_site_m[near.col])
    row, column = near.row[is_near].astype(np.int64), near.col[is_near].astype(np.int64)
    return Ways(demand=row, site=column, cost=_on_foot(near.data[is_near], cost))
