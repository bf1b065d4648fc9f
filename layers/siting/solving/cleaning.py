"""Roads as they are drawn made into a network: divided where they meet, near ends joined, with a report of it all."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csgraph
from scipy.spatial import cKDTree

from layers.siting.solving.crossings import UNIT_DEG, crossings, joints
from layers.siting.solving.distances import WrongPosition, geocentric, positions
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.network import MOST_LATITUDE, Cost, Direction, Network
from layers.siting.solving.problems import Bools, Floats, Ints

ROADS = "roads"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Roads as they are drawn, each array with an entry for each.

    shapes: LineStrings in degrees, longitude first. kmh: the speed; NaN where it is not said. way: 1 where they are driven
    as they are drawn only, -1 where against that only, 0 both ways.
    """

    shapes: NDArray[np.object_]
    kmh: Floats
    way: Ints


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of the lines.

    joined_ends: ends that were moved to another one near. joined_to_lines: ends that were near a line and now end on it.
    crossings: where two lines were joined that had no corner in common. no_length: lines that were dropped because all
    their corners are one. duplicates: edges dropped because another runs along the same corners. parts: nodes of each
    disconnected part, the largest first. dangling: nodes with one edge only. trapped: nodes that one-way roads let nobody
    reach, or leave, from the most of their part. unsaid_speeds: lines whose speed was supposed.
    """

    lines: int
    edges: int
    nodes: int
    length_m: float
    joined_ends: int
    joined_to_lines: int
    crossings: int
    no_length: int
    duplicates: int
    parts: tuple[int, ...]
    dangling: int
    trapped: int
    unsaid_speeds: int

    @property
    def dangling_share(self) -> float:
        return self.dangling / self.nodes


@dataclass(frozen=True)
class Corners:
    """Corners of lines, one line after the other. owner: the row of the line of each."""

    at: Floats
    owner: Ints

    @property
    def key(self) -> Ints:
        """The same for corners at the same place."""
        return _key(self.at)

    @property
    def is_first(self) -> Bools:
        return np.asarray(np.diff(self.owner, prepend=-1) != 0)

    @property
    def is_last(self) -> Bools:
        return np.asarray(np.diff(self.owner, append=-1) != 0)

    def distinct(self) -> "Corners":
        """Without those that repeat the one before, and without the lines of which one is left."""
        key = self.key
        is_kept = self.is_first | (np.diff(key, prepend=-1) != 0)
        found = Corners(self.at[is_kept], self.owner[is_kept])
        is_kept = ~(found.is_first & found.is_last)
        return Corners(found.at[is_kept], found.owner[is_kept])

    def with_(self, before: Ints, share: Floats, at: Floats) -> "Corners":
        """With more, each after the corner ``before``, in the order of their share of the way to the next one."""
        order = np.lexsort((share, before))
        place = before[order] + 1
        return Corners(
            np.insert(self.at, place, at[order], axis=0), np.insert(self.owner, place, self.owner[before[order]])
        )


def _key(at: Floats) -> Ints:
    east, north = np.rint((at + np.array([180, 90])) / UNIT_DEG).astype(np.int64).T
    found: Ints = east << 31 | north
    return found


def network_of(
    lines: Lines, *, unsaid_kmh: float, tolerance_m: float = 0.0, joins_crossings: bool = False
) -> tuple[Network, Report]:
    """The network of the lines, and what was done to them.

    Lines meet where they have a corner in common. tolerance_m: ends that are nearer to each other are joined; 0: none.
    joins_crossings: lines meet where they cross too, which joins a bridge to the road below it, and where one ends within
    the tolerance of another. unsaid_kmh: the speed where none is said. Raises WrongInput, naming the row, and WrongPosition.
    """
    _look_at(lines, unsaid_kmh, tolerance_m)
    shapes = np.where(lines.way < 0, shapely.reverse(lines.shapes), lines.shapes)
    corners = _corners(shapes).distinct()
    corners, joined_ends = _ends_joined(corners, tolerance_m)
    joined_to_lines = crossed = 0
    if joins_crossings:
        end = _lone_ends(corners)
        more = joints(corners.at, corners.is_last, corners.at[end], end, tolerance_m)
        joined_to_lines = len(more.at)
        corners = corners.with_(more.before, more.share, more.at).distinct()
        more = crossings(corners.at, corners.is_last, corners.key)
        crossed = len(np.unique(_key(more.at)))
        corners = corners.with_(more.before, more.share, more.at).distinct()
    if not len(corners.at):
        raise WrongInput("no road has a length")
    kmh = np.where(np.isnan(lines.kmh), unsaid_kmh, lines.kmh)
    network, duplicates = _divided(corners, kmh, lines.way != 0)
    return network, _report(
        lines, network, joined_ends=joined_ends, joined_to_lines=joined_to_lines, crossings=crossed,
        no_length=len(lines.shapes) - len(np.unique(corners.owner)), duplicates=duplicates,
    )  # fmt: skip


def _look_at(lines: Lines, unsaid_kmh: float, tolerance_m: float) -> None:
    number = len(lines.shapes)
    if not number:
        raise WrongInput("there is no road")
    if lines.kmh.shape != (number,) or lines.way.shape != (number,):
        raise WrongInput(f"kmh has shape {lines.kmh.shape} and way {lines.way.shape}, and there are {number} lines")
    is_wrong = (shapely.get_type_id(lines.shapes) != shapely.GeometryType.LINESTRING) | shapely.is_empty(lines.shapes)
    if is_wrong.any():
        raise WrongInput(f"row {int(is_wrong.argmax())} is no LineString with two corners")
    is_wrong = ~(np.isnan(lines.kmh) | ((lines.kmh > 0) & np.isfinite(lines.kmh)))
    if is_wrong.any():
        row = int(is_wrong.argmax())
        raise WrongInput(f"row {row} has a speed of {lines.kmh[row]} km/h; a number above 0 is needed, or NaN for none")
    is_wrong = ~np.isin(lines.way, (-1, 0, 1))
    if is_wrong.any():
        row = int(is_wrong.argmax())
        raise WrongInput(f"row {row} has the way {lines.way[row]}; it is 1, -1 or 0")
    if not (0 < unsaid_kmh < np.inf and 0 <= tolerance_m < np.inf):
        raise WrongInput(f"a speed of {unsaid_kmh} km/h or a tolerance of {tolerance_m} m means nothing")


def _corners(shapes: NDArray[np.object_]) -> Corners:
    at, owner = shapely.get_coordinates(shapes, return_index=True)
    try:
        at = positions(at, ROADS)
    except WrongPosition as error:
        raise WrongPosition(ROADS, int(owner[error.row]), at[error.row], error.reason) from None
    if (polar := np.abs(at[:, 1]) > MOST_LATITUDE).any():
        raise WrongInput(f"row {owner[polar.argmax()]} lies beyond {MOST_LATITUDE:.0f}° of latitude")
    return Corners(at, owner)


def _ends_joined(corners: Corners, tolerance_m: float) -> tuple[Corners, int]:
    """The lines with each group of near ends moved to the one of them where the most corners lie; how many moved."""
    if not tolerance_m:
        return corners, 0
    is_end = corners.is_first | corners.is_last
    key, place, inverse, count = np.unique(
        corners.key[is_end], return_index=True, return_inverse=True, return_counts=True
    )
    at = corners.at[is_end][place]
    near = cKDTree(geocentric(at)).query_pairs(tolerance_m, output_type="ndarray")
    if not len(near):
        return corners, 0
    joined = coo_array((np.ones(len(near)), near.T), shape=(len(key), len(key)))
    _number, group = csgraph.connected_components(joined, directed=False)
    order = np.lexsort((np.arange(len(key)), -count, group))
    head = order[np.diff(group[order], prepend=-1) != 0][group]
    moved = corners.at.copy()
    moved[is_end] = at[head][inverse]
    return Corners(moved, corners.owner).distinct(), int((head != np.arange(len(key))).sum())


def _lone_ends(corners: Corners) -> Ints:
    """The corners that end a line and where no other lies."""
    _key, inverse, count = np.unique(corners.key, return_inverse=True, return_counts=True)
    return np.flatnonzero((corners.is_first | corners.is_last) & (count[inverse] == 1))


def _divided(corners: Corners, kmh: Floats, is_one_way: Bools) -> tuple[Network, int]:
    """The network of lines divided wherever corners are shared, and how many lines and edges others made needless."""
    _at, vertex = np.unique(corners.key, return_inverse=True)
    begin, end = np.flatnonzero(corners.is_first), np.flatnonzero(corners.is_last)
    kept, one_way = _without_duplicates(vertex, begin, end, is_one_way[corners.owner[begin]])
    needless = len(begin) - len(kept)
    is_one_way = is_one_way.copy()
    is_one_way[corners.owner[begin[kept]]] = one_way
    is_kept = np.isin(corners.owner, corners.owner[begin[kept]])
    corners, vertex = Corners(corners.at[is_kept], corners.owner[is_kept]), vertex[is_kept]

    is_cut = (np.bincount(vertex)[vertex] > 1) | corners.is_first | corners.is_last
    is_cut[1:-1] |= vertex[:-2] == vertex[2:]  # where a line turns back upon itself
    cut = np.flatnonzero(is_cut)
    is_whole = corners.owner[cut[:-1]] == corners.owner[cut[1:]]
    begin, end = cut[:-1][is_whole], cut[1:][is_whole]
    kept, one_way = _without_duplicates(vertex, begin, end, is_one_way[corners.owner[begin]])
    needless += len(begin) - len(kept)
    return _network(corners, vertex, begin[kept], end[kept], kmh, one_way), needless


def _network(corners: Corners, vertex: Ints, begin: Ints, end: Ints, kmh: Floats, is_one_way: Bools) -> Network:
    """begin, end: of each edge among the corners. vertex: the same for corners at the same place. kmh: of each line."""
    _used, place, node = np.unique(np.concatenate((vertex[begin], vertex[end])), return_index=True, return_inverse=True)
    nodes = corners.at[np.concatenate((begin, end))[place]]
    order = _near_ones_together(nodes)
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    start, stop = number[node].reshape(2, -1)
    length = end - begin + 1
    first = np.concatenate(([0], np.cumsum(length)))
    along = np.arange(first[-1]) + np.repeat(begin - first[:-1], length)
    line = corners.owner[begin]
    return Network(
        nodes=nodes[order], start=start, end=stop, is_one_way=is_one_way, kmh=kmh[line], line=line,
        corners=corners.at[along], first=first,
    )  # fmt: skip


def _without_duplicates(vertex: Ints, begin: Ints, end: Ints, is_one_way: Bools) -> tuple[Ints, Bools]:
    """The first of each run that have the same corners, and whether it is one-way: not when another leads back.

    begin, end: of each run among the corners. vertex: the same for corners at the same place.
    """
    low, high = np.minimum(vertex[begin], vertex[end]), np.maximum(vertex[begin], vertex[end])
    is_up = np.where(low != high, vertex[begin] < vertex[end], vertex[begin + 1] > vertex[end - 1])
    marks = _marks(vertex, begin, end)
    order = np.lexsort((end - begin, marks, high, low))
    is_new = np.zeros(len(order), bool)
    is_new[:1] = True
    for each in (low, high, marks, end - begin):
        is_new[1:] |= each[order][1:] != each[order][:-1]
    group, kept = np.cumsum(is_new) - 1, order[is_new]
    leads_up, leads_down = np.zeros(len(kept), bool), np.zeros(len(kept), bool)
    leads_up[group[(is_up | ~is_one_way)[order]]] = True
    leads_down[group[(~is_up | ~is_one_way)[order]]] = True
    rows = np.argsort(kept)
    return kept[rows], ~(leads_up & leads_down)[rows]


def _marks(vertex: Ints, begin: Ints, end: Ints) -> NDArray[np.uint64]:
    """A number for each run of corners that depends on which they are and not on their order: a sum of mixed bits."""
    mixed = (vertex.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ mixed >> np.uint64(29)) * np.uint64(0xBF58476D1CE4E5B9)
    run = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed)))
    return np.asarray(run[end + 1] - run[begin], np.uint64)


def _near_ones_together(nodes: Floats) -> Ints:
    """An order of the nodes in which those near each other are near: along a Z-curve. Searches run faster through it."""
    low, high = nodes.min(axis=0), nodes.max(axis=0)
    cell = ((nodes - low) / np.maximum(high - low, UNIT_DEG) * 0xFFFF).astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cell = (cell | cell << np.uint64(shift)) & np.uint64(mask)
    return np.argsort(cell[:, 0] | cell[:, 1] << np.uint64(1), kind="stable")


def _report(lines: Lines, network: Network, **counted: int) -> Report:
    sizes = np.bincount(network.part)
    graph = network.graph(Cost.METRES, Direction.FROM_SITE)
    _number, strong = csgraph.connected_components(graph, connection="strong")
    largest = np.zeros(len(sizes), np.int64)
    np.maximum.at(largest, network.part, np.bincount(strong)[strong])
    degree = np.bincount(np.concatenate((network.start, network.end)), minlength=len(network.nodes))
    return Report(
        lines=len(lines.shapes), edges=len(network.start), nodes=len(network.nodes),
        length_m=float(network.length_m.sum()), parts=tuple(sizes.tolist()), dangling=int((degree == 1).sum()),
        trapped=int(len(network.nodes) - largest.sum()), unsaid_speeds=int(np.isnan(lines.kmh).sum()), **counted,
    )  # fmt: skip
