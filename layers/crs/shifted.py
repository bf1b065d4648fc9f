"""GCJ-02 and BD-09, in which commercial Chinese maps are drawn: degrees moved by some hundred metres.

The transformations were never published. These are the reverse-engineered formulas that programs use in their place:
https://github.com/googollee/eviltransform and https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China
(GCJ-02, BD-09). ``layers_gcj02`` in the database is the same as ``to_gcj02``; a test compares them.

All functions take and give float64 arrays of shape (n, 2), longitude first, in degrees.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Shift = Callable[[Degrees], Degrees]

WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271  # the box outside which nothing is shifted
ORIGIN = (105.0, 35.0)
AXIS_M, ECCENTRICITY_2 = 6378245.0, 0.00669342162296594323  # of Krassowsky's ellipsoid
BAIDU_WAVE = np.pi * 3000 / 180
BLOCK = 1 << 15  # positions at a time: what is computed with them stays in the processor's memory
EXACT_DEG = 1e-11
MOST_STEPS = 20


def to_gcj02(degrees: Degrees) -> Degrees:
    return _in_china(_gcj02, degrees)


def from_gcj02(shifted: Degrees) -> Degrees:
    """The inverse, found by iteration to 1e-11 degrees, a thousandth of a millimetre."""
    return _in_china(lambda wanted: _undone(_gcj02, wanted), shifted)


def to_bd09(degrees: Degrees) -> Degrees:
    return _in_china(_bd09, degrees)


def from_bd09(shifted: Degrees) -> Degrees:
    """The inverse, found by iteration to 1e-11 degrees."""
    return _in_china(lambda wanted: _undone(_bd09, wanted), shifted)


def _in_china(shift: Shift, degrees: Degrees) -> Degrees:
    """The positions, shifted where they are within the box of the formulas."""
    x, y = degrees[:, 0], degrees[:, 1]
    inside = np.flatnonzero((x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH))
    found = degrees.copy()
    for begin in range(0, len(inside), BLOCK):
        block = inside[begin : begin + BLOCK]
        found[block] = shift(degrees[block])
    return found


def _undone(shift: Shift, wanted: Degrees) -> Degrees:
    """What the shift takes to the positions wanted: each step leaves a few hundredths of the error."""
    found = wanted.copy()
    for _step in range(MOST_STEPS):
        error = shift(found) - wanted
        found -= error
        if np.abs(error).max(initial=0) < EXACT_DEG:
            break
    return found


def _gcj02(degrees: Degrees) -> Degrees:
    longitude, latitude = degrees[:, 0], degrees[:, 1]
    x, y = longitude - ORIGIN[0], latitude - ORIGIN[1]
    both = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + 2 / 3 * (
        both + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi / 3 * x)
        + 150 * np.sin(np.pi / 12 * x) + 300 * np.sin(np.pi / 30 * x)
    )  # fmt: skip
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + 2 / 3 * (
        both + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi / 3 * y)
        + 160 * np.sin(np.pi / 12 * y) + 320 * np.sin(np.pi / 30 * y)
    )  # fmt: skip
    latitude_rad = np.radians(latitude)
    curved = 1 - ECCENTRICITY_2 * np.sin(latitude_rad) ** 2
    parallel_m = AXIS_M / np.sqrt(curved) * np.cos(latitude_rad)
    meridian_m = AXIS_M * (1 - ECCENTRICITY_2) / (curved * np.sqrt(curved))
    return np.column_stack(
        (longitude + np.degrees(east_m / parallel_m), latitude + np.degrees(north_m / meridian_m)),
    )


def _bd09(degrees: Degrees) -> Degrees:
    x, y = _gcj02(degrees).T
    radius = np.hypot(x, y) + 0.00002 * np.sin(BAIDU_WAVE * y)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(BAIDU_WAVE * x)
    return np.column_stack((radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006))
