"""The order of the doors along the two sides of a street, judged by distances alone, so that a street may bend.

Positions are metres, shape (n, 2), in the order of the numbers, which are unlike each other.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Metres = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEAST_DOORS = 4  # of a side, to be judged
MOST_ASTRAY = 1 / 3  # of a side's doors: beyond it they follow no line that others could stand out of
LEAST_WIDTH_M = 5.0  # between the sides; closer ones cannot be told apart
OUT_SHARE, ACROSS_SHARE = 0.6, 0.4  # of the width: that far from its own side, that near to the other
BENT_SHARE = 0.3  # of the width out of its neighbours' line: not taken to tell where its side runs
TURN = 0.5  # metres that a bend takes a door out of line by, for each metre to its neighbours
USUAL_M = 6.0  # of that way are between any doors, and within the share that is bent
LEAST_LENGTH_M = 0.1  # between doors on one spot


@dataclass(frozen=True)
class Misplaced:
    """A door that stands elsewhere along its side. at: its index; before, after: of the doors that it stands between,
    None beyond the last or the first."""

    at: int
    before: int | None
    after: int | None


def out_of_order(xy: Metres, step_m: float) -> list[Misplaced]:
    """The fewest doors of a side without which the others stand in order, found one after another.

    A door is out of order when it lengthens the way along the side by more than a step over what it would where it fits
    best, and fits there within two steps: one that stands off the street is none of it.
    """
    if len(xy) < LEAST_DOORS:
        return []
    kept = list(range(len(xy)))
    found: list[int] = []
    while len(found) <= MOST_ASTRAY * len(xy):
        worst = _worst(xy[kept], step_m)
        if worst is None:
            return [_misplaced(at, kept, xy) for at in sorted(found)]
        found.append(kept.pop(worst))
    return []


def _worst(xy: Metres, step_m: float) -> int | None:
    """The door that gains most by standing elsewhere, if it gains enough."""
    doors = np.arange(len(xy))
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    ahead = apart[doors[:-1], doors[1:]]
    own = np.concatenate(([ahead[0]], ahead[:-1] + ahead[1:] - apart[doors[:-2], doors[2:]], [ahead[-1]]))
    elsewhere = _detours(apart, ahead)
    elsewhere[doors, doors] = elsewhere[doors, doors + 1] = np.inf
    cost = elsewhere.min(axis=1)
    saved = np.where(cost <= 2 * step_m, own - cost, -np.inf)
    at = int(saved.argmax())
    return at if saved[at] > step_m else None


def _misplaced(at: int, kept: list[int], xy: Metres) -> Misplaced:
    """Between which of the doors that are in order the one stands that is not."""
    others = xy[kept]
    apart = np.hypot(*(others - xy[at]).T)[None]
    gap = int(_detours(apart, np.hypot(*np.diff(others, axis=0).T)).argmin())
    return Misplaced(at, kept[gap - 1] if gap else None, kept[gap] if gap < len(kept) else None)


def _detours(apart: Metres, ahead: Metres) -> Metres:
    """What a door adds to the way along others. apart: its distance from each, a row a door; ahead: from each to the next.

    Column g is of the place before the other g; the first and the last are the places beyond the ends.
    """
    return np.column_stack((apart[:, 0], apart[:, :-1] + apart[:, 1:] - ahead, apart[:, -1]))


def on_wrong_side(numbers: NDArray[np.int64], xy: Metres) -> list[int]:
    """The indexes of doors that stand in the line of the other side; none where there are not two sides to tell apart."""
    odd = numbers % 2 == 1
    sides = [np.flatnonzero(odd), np.flatnonzero(~odd)]
    if min(map(len, sides)) < LEAST_DOORS:
        return []
    points = np.asarray(shapely.points(xy))
    width = _width(points, sides)
    if width < LEAST_WIDTH_M:
        return []
    steady = [side[_out_of_line(xy[side]) <= BENT_SHARE * width] for side in sides]
    if any(len(few) < max(2, len(side) * (1 - 2 * MOST_ASTRAY)) for few, side in zip(steady, sides, strict=True)):
        return []
    odds, evens = (shapely.LineString(xy[side]) for side in steady)
    found = [*_across(points, sides[0], odds, evens, width), *_across(points, sides[1], evens, odds, width)]
    return sorted(found) if len(found) <= MOST_ASTRAY * len(numbers) else []


def _width(points: NDArray[np.object_], sides: list[NDArray[np.int64]]) -> float:
    """Between the sides: the median distance of a door from the line of the other."""
    lines = [shapely.linestrings(shapely.get_coordinates(points[side])) for side in sides]
    apart = [shapely.distance(points[sides[0]], lines[1]), shapely.distance(points[sides[1]], lines[0])]
    return float(np.median(np.concatenate(apart)))


def _out_of_line(xy: Metres) -> Metres:
    """How far each door stands out of the straight through its neighbours; the ends, of the two next to them. What a
    bend of the street may do where neighbours are far is taken off."""
    before = np.concatenate(([2], np.arange(len(xy) - 2), [len(xy) - 3]))
    after = np.concatenate(([1], np.arange(2, len(xy)), [len(xy) - 2]))
    from_before, from_after, chord = xy - xy[before], xy - xy[after], xy[after] - xy[before]
    length = np.maximum(np.hypot(*chord.T), LEAST_LENGTH_M)
    off = np.abs(chord[:, 0] * from_before[:, 1] - chord[:, 1] * from_before[:, 0]) / length
    ahead, behind = (np.abs((chord * way).sum(axis=1)) / length for way in (from_after, from_before))
    behind[[0, -1]] = np.inf  # an end has one neighbour
    reach = 1 / (1 / np.maximum(ahead, LEAST_LENGTH_M) + 1 / np.maximum(behind, LEAST_LENGTH_M))
    out: Metres = off - TURN * np.maximum(reach - USUAL_M, 0)
    return out


def _across(
    points: NDArray[np.object_],
    side: NDArray[np.int64],
    own: shapely.LineString,
    other: shapely.LineString,
    width: float,
) -> list[int]:
    """The doors of a side that stand in the other's line rather than in their own."""
    away, near = shapely.distance(points[side], own), shapely.distance(points[side], other)
    across: list[int] = side[(away > OUT_SHARE * width) & (near < ACROSS_SHARE * width)].tolist()
    return across
