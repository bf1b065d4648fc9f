"""A road network of 200,000 nodes: the nearest of 500 sites for every node, and all ways of at most 3 km.

The network is made up: a town's grid with its roads bent, a tenth of them missing, a tenth one-way, some drawn as
one line over several blocks, written in no order. The limits are seconds of processor time on one core. “All pairs within 3
km” are the pairs of each of the 500 sites and each node that it reaches within 3 km by road; those of every node with every
other are some hundred million and are nobody's question.
"""

from collections.abc import Callable, Iterable
from time import process_time

import numpy as np
import shapely

from bench import Row, compared
from layers.siting.solving.cleaning import Lines, network_of
from layers.siting.solving.network import Cost, Direction, at_nodes, snapped
from layers.siting.solving.routing import Measure, nearest, within

SIDE, BLOCK_M = 456, 134.0  # nodes along each side of the grid, and between two of them
SITES, DEMAND, WITHIN_M = 500, 100_000, 3_000.0
NEAREST_S, WITHIN_S = 0.5, 1.0
TIMES = 5


def run() -> Iterable[Row]:
    chance = np.random.default_rng(8)
    lines = roads(chance)
    began = process_time()
    network, report = network_of(lines, unsaid_kmh=30.0, tolerance_m=1.0)
    built_s = process_time() - began
    size = len(network.nodes)
    print(f"{report.lines:,} lines, {report.edges:,} edges, {size:,} nodes, {len(report.parts)} parts\n")
    places = [
        network.nodes[chance.integers(0, size, number)] + chance.normal(0, 4e-4, (number, 2))
        for number in (SITES, DEMAND)
    ]
    began = process_time()
    network.tree, network.node_tree  # noqa: B018  # made once
    for direction in Direction:
        network.graph(Cost.METRES, direction)
    indexed_s = process_time() - began
    sites, nodes = snapped(network, places[0], most_m=500.0), at_nodes(network, np.arange(size))
    began = process_time()
    demand = snapped(network, places[1], most_m=500.0)
    snapped_s = process_time() - began
    everywhere, near = Measure(cost=Cost.METRES), Measure(cost=Cost.METRES, most=WITHIN_M)
    pairs = within(network, nodes, sites, near).nnz
    yield _limited(
        f"nearest of {SITES} sites for every node", NEAREST_S, lambda: nearest(network, nodes, sites, everywhere)
    )
    yield _limited(
        f"the {pairs:,} ways of {SITES} sites to nodes within 3 km",
        WITHIN_S,
        lambda: within(network, nodes, sites, near),
    )
    yield _limited(
        f"nearest site for {DEMAND:,} places", NEAREST_S, lambda: nearest(network, demand, sites, everywhere)
    )
    yield _limited(f"ways of {DEMAND:,} places within 3 km", WITHIN_S, lambda: within(network, demand, sites, near))
    for what, seconds in (
        ("the network made, once", built_s),
        ("its indexes, once", indexed_s),
        (f"{DEMAND:,} places brought to their roads, once", snapped_s),
    ):
        yield Row(what, seconds, "s", NEAREST_S, "nearest's limit", seconds / NEAREST_S)


def roads(chance: np.random.Generator) -> Lines:
    """The lines of the grid, each over one to three blocks."""
    step = np.array([BLOCK_M / 96_500, BLOCK_M / 110_850])  # degrees at 29.8° of latitude
    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij"), axis=-1)
    corners = np.array([120.3, 29.5]) + step * (grid + chance.normal(0, 0.15, grid.shape))
    shapes: list[shapely.LineString] = []
    for along in (corners, corners.transpose(1, 0, 2)):
        for street in along:
            ends = np.cumsum(chance.choice([1, 1, 1, 2, 3], SIDE))
            for begin, end in zip(np.concatenate(([0], ends)), ends, strict=False):
                if end < SIDE and chance.random() < 0.9:
                    blocks = street[begin : end + 1]
                    bends = (blocks[1:] + blocks[:-1]) / 2 + chance.normal(0, 0.08, (len(blocks) - 1, 2)) * step
                    shapes.append(shapely.LineString(np.insert(blocks, np.arange(1, len(blocks)), bends, axis=0)))
    order = chance.permutation(len(shapes))
    kmh = chance.choice([np.nan, 20.0, 40.0, 60.0], len(shapes))
    way = chance.choice([0, 0, 0, 0, 0, 0, 0, 0, 1, -1], len(shapes)) * (chance.random(len(shapes)) < 0.5)
    return Lines(shapes=np.array(shapes, object)[order], kmh=kmh, way=way)


def _limited(name: str, limit_s: float, work: Callable[[], object]) -> Row:
    pairs = []
    for _ in range(TIMES):
        began = process_time()
        work()
        pairs.append((process_time() - began, limit_s))
    return compared(name, "s", "limit", pairs)
