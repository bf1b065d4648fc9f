"""Where lines cross without a corner in common, and where one ends beside another."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.siting.solving.distances import GEOD
from layers.siting.solving.problems import Bools, Floats, Ints


@dataclass(frozen=True)
class Additions:
    """Corners to add. before: the corner each follows. share: of the way to the next one."""

    before: Ints
    share: Floats
    at: Floats


def crossings(at: Floats, is_last: Bools, key: Ints) -> Additions:
    """Corners for both lines wherever two pieces of them cross. key: the same for corners at the same place."""
    piece = np.flatnonzero(~is_last)
    shapes = _pieces(at, piece)
    some, others = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    is_once = some < others
    one, other = piece[some[is_once]], piece[others[is_once]]
    is_apart = np.ones(len(one), bool)  # pieces that share a corner meet already
    for here in (one, one + 1):
        for there in (other, other + 1):
            is_apart &= key[here] != key[there]
    one, other = one[is_apart], other[is_apart]
    along, across, between = at[one + 1] - at[one], at[other + 1] - at[other], at[other] - at[one]
    turn = _cross(along, across)
    is_crossing = turn != 0  # those that lie upon each other do not cross
    one, other, along, across, between, turn = (
        each[is_crossing] for each in (one, other, along, across, between, turn)
    )
    share = np.clip(_cross(between, across) / turn, 0, 1)
    share_other = np.clip(_cross(between, along) / turn, 0, 1)
    where = at[one] + share[:, None] * along
    return Additions(
        np.concatenate((one, other)), np.concatenate((share, share_other)), np.concatenate((where, where))
    )


def joints(at: Floats, is_last: Bools, ends: Floats, own: Ints, tolerance_m: float) -> Additions:
    """Corners at the ends, for the nearest piece that lies within the tolerance of each. own: the corner each end is of."""
    piece = np.flatnonzero(~is_last)
    if not len(ends) or not tolerance_m:
        return Additions(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 2)))
    scale = metres_per_degree(ends[:, 1])
    reach = 1.01 * tolerance_m / scale
    boxes = shapely.box(*(ends - reach).T, *(ends + reach).T)
    end, found = shapely.STRtree(_pieces(at, piece)).query(boxes)
    here = piece[found]
    is_other = (here != own[end]) & (here + 1 != own[end])
    end, here = end[is_other], here[is_other]
    step, away = (at[here + 1] - at[here]) * scale[end], (ends[end] - at[here]) * scale[end]
    share = np.clip((step * away).sum(axis=1) / (step * step).sum(axis=1), 0, 1)
    far_m = np.sqrt(((away - share[:, None] * step) ** 2).sum(axis=1))
    order = np.lexsort((here, far_m, end))
    order = order[(np.diff(end[order], prepend=-1) != 0) & (far_m[order] <= tolerance_m)]
    return Additions(here[order], share[order], ends[end[order]])


def metres_per_degree(latitude: Floats) -> Floats:
    """East and north, shape (n, 2), around places at the latitudes: the ellipsoid's two radii of curvature there."""
    curved = 1 - GEOD.es * np.sin(np.radians(latitude)) ** 2
    parallel = GEOD.a / np.sqrt(curved) * np.cos(np.radians(latitude))
    meridian = GEOD.a * (1 - GEOD.es) / curved**1.5
    return np.radians(np.column_stack((parallel, meridian)))


def _pieces(at: Floats, piece: Ints) -> NDArray[np.object_]:
    found: NDArray[np.object_] = shapely.linestrings(np.stack((at[piece], at[piece + 1]), axis=1))
    return found


def _cross(some: Floats, others: Floats) -> Floats:
    return some[:, 0] * others[:, 1] - some[:, 1] * others[:, 0]
