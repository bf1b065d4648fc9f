"""Where lines cross or touch without a corner in common, and where one ends beside another."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.siting.solving.distances import GEOD
from layers.siting.solving.problems import Bools, Floats, Ints

UNIT_DEG = 1e-7  # about a centimetre: corners that are nearer are the same


@dataclass(frozen=True)
class Additions:
    """Corners to add. before: the corner each follows. share: of the way to the next one."""

    before: Ints
    share: Floats
    at: Floats


def crossings(at: Floats, is_last: Bools, key: Ints) -> Additions:
    """Corners for two pieces of lines wherever they cross, or a corner of one touches the other to UNIT_DEG.

    key: the same for corners at the same place.
    """
    piece = np.flatnonzero(~is_last)
    one, other = _pairs(at, piece)
    parts, is_apart = [], np.ones(len(one), bool)
    for here, there in ((one, other), (other, one)):
        for corner in (here, here + 1):
            share, touches = _touched(at, corner, there)
            parts.append(Additions(there[touches], share[touches], at[corner[touches]]))
            is_apart &= ~touches & (key[corner] != key[there]) & (key[corner] != key[there + 1])
    one, other = one[is_apart], other[is_apart]
    along, across, between = at[one + 1] - at[one], at[other + 1] - at[other], at[other] - at[one]
    turn = _cross(along, across)
    turn[turn == 0] = np.nan
    share, share_other = _cross(between, across) / turn, _cross(between, along) / turn
    crosses = (share > 0) & (share < 1) & (share_other > 0) & (share_other < 1)
    where = at[one[crosses]] + share[crosses, None] * along[crosses]
    parts += [Additions(one[crosses], share[crosses], where), Additions(other[crosses], share_other[crosses], where)]
    return Additions(
        np.concatenate([part.before for part in parts]),
        np.concatenate([part.share for part in parts]),
        np.concatenate([part.at for part in parts]),
    )


def _pairs(at: Floats, piece: Ints) -> tuple[Ints, Ints]:
    """The pieces whose boxes meet, each two once."""
    low, high = np.minimum(at[piece], at[piece + 1]) - UNIT_DEG, np.maximum(at[piece], at[piece + 1]) + UNIT_DEG
    boxes = np.asarray(shapely.box(*low.T, *high.T))
    some, others = shapely.STRtree(boxes).query(boxes)
    is_once = some < others
    return piece[some[is_once]], piece[others[is_once]]


def _touched(at: Floats, corner: Ints, piece: Ints) -> tuple[Floats, Bools]:
    """How far along each piece the corner lies, and whether it touches it there, between its ends."""
    step, away = at[piece + 1] - at[piece], at[corner] - at[piece]
    square = (step * step).sum(axis=1)
    share = (step * away).sum(axis=1) / square
    beside = np.abs(_cross(step, away)) / np.sqrt(square)
    edge = UNIT_DEG / np.sqrt(square)
    return share, (share > edge) & (share < 1 - edge) & (beside <= UNIT_DEG)


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
    return np.asarray(shapely.linestrings(np.stack((at[piece], at[piece + 1]), axis=1)))


def _cross(some: Floats, others: Floats) -> Floats:
    return some[:, 0] * others[:, 1] - some[:, 1] * others[:, 0]
