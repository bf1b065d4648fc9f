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
from layers.siting.solving.distances import MOST_PAIRS, ROUNDING_M, TooManyPairs, geocentric
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.network import ON_FOOT_KMH, Cost, Direction, Network, Snaps, minutes_per_m
from layers.siting.solving.problems import Floats, Ints

NO_SITE = -1
MOST_COSTS = 4_000_000  # that are searched for at a time: 32 MB
MOST_PLACES = 200  # sites that are searched from at a time


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """Of each demand or node, what the way costs, inf without one, and to which site, NO_SITE without one."""

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
        nothing = Ways(demand=np.zeros(0, np.int64), site=np.zeros(0, np.int64), cost=np.zeros(0))
        all_ = [nothing, *ways]
        return Ways(
            demand=np.concatenate([each.demand for each in all_]),
            site=np.concatenate([each.site for each in all_]),
            cost=np.concatenate([each.cost for each in all_]),
        )


def nearest(
    network: Network, demand: Snaps, sites: Snaps, *, cost: Cost, direction: Direction, most: float = np.inf
) -> Nearest:
    """The site with the cheapest way for each demand. most: metres or minutes; a way that costs more is none."""
    _refuse(most)
    by_node = _nearest_of_nodes(network, sites, cost, direction, most)
    ends = np.stack((network.start[demand.edge], network.end[demand.edge]), axis=1)
    costs = _to_ends(network, demand, cost, leaves=direction is Direction.TO_SITE) + by_node.cost[ends]
    ways = [
        Ways(demand=np.arange(len(demand)), site=by_node.site[ends[:, side]], cost=costs[:, side]) for side in (0, 1)
    ]
    found = Ways.joined([*ways, _without_nodes(network, demand, sites, cost, direction)])
    order = np.lexsort((found.site, found.cost, found.demand))
    best = order[np.diff(found.demand[order], prepend=-1) != 0]
    is_there = found.cost[best] <= min(most, np.finfo(float).max)
    return Nearest(cost=np.where(is_there, found.cost[best], np.inf), site=np.where(is_there, found.site[best], NO_SITE))


def _nearest_of_nodes(network: Network, sites: Snaps, cost: Cost, direction: Direction, most: float) -> Nearest:
    rows = np.flatnonzero(sites.is_connected)
    size = len(network.nodes)
    if not len(rows):
        return Nearest(cost=np.full(size, np.inf), site=np.full(size, NO_SITE))
    placed = sites.chosen(rows)
    ends = np.stack((network.start[placed.edge], network.end[placed.edge]), axis=1)
    costs = _to_ends(network, placed, cost, leaves=direction is Direction.FROM_SITE)
    graph = _with_places(network.graph(cost, direction), ends, costs)
    found, _before, source = csgraph.dijkstra(
        graph, indices=np.arange(size, size + len(rows)), min_only=True, limit=most, return_predecessors=True
    )
    is_there = np.isfinite(found[:size])
    return Nearest(cost=found[:size], site=np.where(is_there, rows[np.where(is_there, source[:size] - size, 0)], NO_SITE))


def within(
    network: Network, demand: Snaps, sites: Snaps, *, most: float, cost: Cost, direction: Direction
) -> sparse.csr_array:
    """What the ways cost that cost at most ``most`` metres or minutes, shape (demand, sites); one of 0 is an entry too.

    Raises TooManyPairs, and WrongInput for a cost that is none.
    """
    _refuse(most)
    ways, number = [_without_nodes(network, demand, sites, cost, direction)], 0
    for found in _searched(network, demand, sites, cost, direction, most):
        number += len(found.cost)
        if number > MOST_PAIRS:
            raise TooManyPairs(number)
        ways.append(found)
    all_ = Ways.joined(ways)
    row, column, costs = (each[all_.cost <= most] for each in (all_.demand, all_.site, all_.cost))
    key = row * len(sites) + column
    order = np.lexsort((costs, key))
    order = order[np.diff(key[order], prepend=-1) != 0]
    counts = np.concatenate(([0], np.cumsum(np.bincount(row[order], minlength=len(demand)))))
    return sparse.csr_array(
        (costs[order], column[order].astype(np.int32), counts.astype(np.int32)), shape=(len(demand), len(sites))
    )


def _searched(
    network: Network, demand: Snaps, sites: Snaps, cost: Cost, direction: Direction, most: float
) -> Iterator[Ways]:
    """The ways over nodes, for some sites near each other at a time, and of the graph only what they can reach."""
    rows, placed = np.flatnonzero(demand.is_connected), demand.chosen(demand.is_connected)
    if not len(rows):
        return
    ends = np.stack((network.start[placed.edge], network.end[placed.edge]), axis=1)
    costs = _to_ends(network, placed, cost, leaves=direction is Direction.TO_SITE)
    graph, tree = network.graph(cost, direction), cKDTree(geocentric(placed.places))
    local = np.full(len(network.nodes), -1)
    reach_m = _reach_m(network, cost, most)
    for group in _groups(sites, reach_m):
        centre, radius_m = _circle(geocentric(sites.places[group]), reach_m)
        near = np.sort(network.node_tree.query_ball_point(centre, radius_m, return_sorted=False))
        near_demand = np.asarray(tree.query_ball_point(centre, radius_m), np.int64)
        if not len(near) or not len(near_demand):
            continue
        local[near] = np.arange(len(near))
        some = max(1, MOST_COSTS // max(len(near), len(near_demand)))
        for begin in range(0, len(group), some):
            chosen = group[begin : begin + some]
            by_node = _from_sites(network, sites.chosen(chosen), graph, near, local, cost, direction, most)
            by_end = [by_node[:, local[ends[near_demand, side]]] + costs[near_demand, side] for side in (0, 1)]
            found = np.minimum(*by_end)
            site, which = np.nonzero(found <= min(most, np.finfo(float).max))
            yield Ways(demand=rows[near_demand[which]], site=chosen[site], cost=found[site, which])
        local[near] = -1


def _from_sites(
    network: Network, sites: Snaps, graph: sparse.csr_array, near: Ints, local: Ints, cost: Cost, direction: Direction,
    most: float,
) -> Floats:  # fmt: skip
    """What it costs between each site and each of the nodes near, shape (sites, nodes + 1); the last is inf."""
    ends = local[np.stack((network.start[sites.edge], network.end[sites.edge]), axis=1)]
    costs = np.where(ends >= 0, _to_ends(network, sites, cost, leaves=direction is Direction.FROM_SITE), np.inf)
    part = _with_places(_part(graph, near, local), ends, costs)
    found = csgraph.dijkstra(part, indices=np.arange(len(near), part.shape[0]), limit=most)
    found[:, len(near)] = np.inf
    return np.asarray(found[:, : len(near) + 1])


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


def _groups(sites: Snaps, reach_m: float) -> list[Ints]:
    """The connected sites in groups of those near each other, for one search in the same part of the graph."""
    rows = np.flatnonzero(sites.is_connected)
    if not len(rows):
        return []
    cell = np.floor(geocentric(sites.places[rows]) / max(reach_m, 1.0)).astype(np.int64)
    order = np.lexsort(cell.T)
    is_new = (np.diff(cell[order], axis=0, prepend=cell[order][:1]) != 0).any(axis=1)
    return [part for group in np.split(rows[order], np.flatnonzero(is_new)) for part in _halves(group)]


def _halves(group: Ints) -> list[Ints]:
    return [group[begin : begin + MOST_PLACES] for begin in range(0, len(group), MOST_PLACES)]


def _circle(places: Floats, reach_m: float) -> tuple[Floats, float]:
    """A ball that holds all that the places reach."""
    centre = places.mean(axis=0)
    return centre, float(np.sqrt(((places - centre) ** 2).sum(axis=1).max())) + reach_m + ROUNDING_M


def _reach_m(network: Network, cost: Cost, most: float) -> float:
    """How far from a site what it reaches can be in a straight line."""
    if cost is Cost.METRES:
        return min(most, 2.0 * distances.GEOD.a)
    return min(most / float(minutes_per_m(max(float(network.kmh.max()), ON_FOOT_KMH))), 2.0 * distances.GEOD.a)


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


def _without_nodes(network: Network, demand: Snaps, sites: Snaps, cost: Cost, direction: Direction) -> Ways:
    """The ways that meet no node: along one edge, and straight."""
    return Ways.joined([_along_edges(network, demand, sites, cost, direction), _straight(demand, sites, cost)])


def _along_edges(network: Network, demand: Snaps, sites: Snaps, cost: Cost, direction: Direction) -> Ways:
    order = np.argsort(sites.edge, kind="stable")
    edges = sites.edge[order]
    rows = np.flatnonzero(demand.is_connected)
    begin = np.searchsorted(edges, demand.edge[rows], side="left")
    count = np.searchsorted(edges, demand.edge[rows], side="right") - begin
    run = np.cumsum(count) - count
    row = np.repeat(rows, count)
    site = order[np.arange(count.sum()) + np.repeat(begin - run, count)]
    ahead_m = sites.along_m[site] - demand.along_m[row]
    ahead_m = ahead_m if direction is Direction.TO_SITE else -ahead_m
    is_way = ~network.is_one_way[demand.edge[row]] | (ahead_m >= 0)
    row, site, ahead_m = row[is_way], site[is_way], ahead_m[is_way]
    placed = demand.chosen(row)
    costs = np.abs(ahead_m) * _per_m(network, placed, cost) + _access(placed, cost) + _access(sites.chosen(site), cost)
    return Ways(demand=row, site=site, cost=costs)


def _straight(demand: Snaps, sites: Snaps, cost: Cost) -> Ways:
    """Between places nearer to each other than either is to its road; those without a road are joined to none but a place
    that is the same.
    """
    far_m, far_site_m = (np.where(snaps.is_connected, snaps.access_m, 0.0) for snaps in (demand, sites))
    most_m = max(min(far_m.max(initial=0), far_site_m.max(initial=0)), ROUNDING_M)
    near = distances.within(demand.places, sites.places, within_m=most_m).tocoo()
    is_near = near.data <= np.minimum(far_m[near.row], far_site_m[near.col])
    found = Ways(demand=near.row[is_near], site=near.col[is_near], cost=near.data[is_near])
    return Ways(demand=found.demand, site=found.site, cost=_on_foot(found.cost, cost))


def _refuse(most: float) -> None:
    if not most > 0:
        raise WrongInput(f"no way costs {most}; a number above 0 is needed")
