"""A grid of squares that says which few facilities can be the nearest to any place in each; pure.

Millions of places are looked at with a few facilities each instead of all of them, and every distance stays exact.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

COARSE, FINE = 16, 16  # squares a side of the first division, and of each of these again
SIDE = COARSE * FINE
ROWS = SIDE + 2  # ``width_bucket`` gives what lies before and beyond the bounds a number too
SLACK_M = 0.001  # a place on an edge may be counted to either side; what rounding does is far less

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, eq=False)
class Squares:
    """Arrays of one length, in metres; the facilities of all squares in one, those of a square one after another.

    number: column × ROWS + row, as ``width_bucket(x, west, east, SIDE)`` and the same of y count them. A place outside
    the bounds has a number that is not among them.
    least, most: no place in the square has its nearest facility closer than the one or farther than the other.
    square, facility: the position of a square, and the place of a facility that can be the nearest there.
    """

    bounds: Bounds
    number: NDArray[np.int64]
    least: Floats
    most: Floats
    square: NDArray[np.int64]
    facility: Floats

    def covered(self, within_m: float) -> list[bool | None]:
        """For each square whether all its places are within the distance, or none is; None where some may be."""
        surely, never = self.most <= within_m - SLACK_M, self.least > within_m + SLACK_M
        return [True if all_are else False if none_is else None for all_are, none_is in zip(surely, never, strict=True)]

    def facilities(self, wanted: NDArray[np.bool_]) -> list[bytes | None]:
        """For each square that is wanted the facilities that can be the nearest there, as WKB of a multipoint."""
        found: NDArray[np.object_] = np.full(len(self.number), None)
        own = wanted[self.square]
        shapely.multipoints(self.facility[own], indices=self.square[own], out=found)
        written: list[bytes | None] = shapely.to_wkb(found).tolist()
        return written


def squares(facilities: Floats, bounds: Bounds) -> Squares:
    """The squares over the bounds for facilities at x and y in metres, shape (n, 2); without any, no squares."""
    if not len(facilities):
        none, nowhere = np.empty(0), np.empty((0, 2))
        return Squares(bounds, none.astype(np.int64), none, none, none.astype(np.int64), nowhere)
    west, south, east, north = bounds
    columns, rows = np.linspace(west, east, SIDE + 1), np.linspace(south, north, SIDE + 1)
    parts = [
        _fine(_possible(facilities, columns, rows, column, row), columns, rows, column, row)
        for column in range(0, SIDE, FINE)
        for row in range(0, SIDE, FINE)
    ]
    number, least, most, square, facility = zip(*parts, strict=True)
    in_order = [position * FINE**2 + own for position, own in enumerate(square)]
    return Squares(bounds, *(np.concatenate(part) for part in (number, least, most, in_order, facility)))


def _possible(facilities: Floats, columns: Floats, rows: Floats, column: int, row: int) -> Floats:
    """The facilities that can be the nearest somewhere in a coarse square."""
    x, y = columns[[column, column + FINE]], rows[[row, row + FINE]]
    least, most = _distances(facilities, x[:1], x[1:], y[:1], y[1:])
    possible: Floats = facilities[(least <= most.min() + SLACK_M)[0]]
    return possible


def _fine(
    facilities: Floats, columns: Floats, rows: Floats, column: int, row: int
) -> tuple[NDArray[np.int64], Floats, Floats, NDArray[np.int64], Floats]:
    """Number, least and most of the fine squares in a coarse one; position of the square and place of its facilities."""
    own = np.arange(FINE)
    across, up = (part.ravel() for part in np.meshgrid(column + own, row + own, indexing="ij"))
    least, most = _distances(facilities, columns[across], columns[across + 1], rows[up], rows[up + 1])
    nearest_at_most = most.min(axis=1)
    square, facility = np.nonzero(least <= nearest_at_most[:, None] + SLACK_M)
    return (across + 1) * ROWS + up + 1, least.min(axis=1), nearest_at_most, square, facilities[facility]


def _distances(facilities: Floats, west: Floats, east: Floats, south: Floats, north: Floats) -> tuple[Floats, Floats]:
    """From each square to each facility, shape (squares, facilities): of its nearest place, and of its farthest."""
    x, y = facilities[:, 0], facilities[:, 1]
    to_west, to_east = west[:, None] - x, x - east[:, None]
    to_south, to_north = south[:, None] - y, y - north[:, None]
    least = np.hypot(np.maximum(np.maximum(to_west, to_east), 0), np.maximum(np.maximum(to_south, to_north), 0))
    most = np.hypot(np.maximum(-to_west, -to_east), np.maximum(-to_south, -to_north))
    return least, most
