"""Likely mistakes in the positions of a file: what the numbers look like under the CRS that was said, and under others.

A position is tried against the area that the register is about, against the positions of rows that are registered
already, and against the outlines of the townships that rows claim. What lies where it should is never suspected.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.crs.said import SHIFTS, SourceCrs, said
from layers.imports.place_words import Code, Suspicion
from layers.models.base import PositionQuality

# CGCS2000's Gauss-Krüger zones with their number before the easting, and the same without it: EPSG's numbers.
UNNUMBERED: Mapping[int, int] = {
    **{4513 + zone: 4534 + zone for zone in range(21)},  # of 3 degrees, zones 25 to 45
    **{4491 + zone: 4502 + zone for zone in range(11)},  # of 6 degrees, zones 13 to 23
}
NUMBERED: Mapping[int, int] = {without: numbered for numbered, without in UNNUMBERED.items()}
EDGE_DEG: Mapping[str, float] = {
    PositionQuality.SURVEYED: 0.001,  # about a hundred metres
    PositionQuality.PUBLISHED: 0.005,
    PositionQuality.APPROXIMATE: 0.02,
}
ZERO = 1e-9
METRES_PER_DEG = 111_320  # on the equator; of latitude nearly so everywhere
SAME_M, MOVED_M = 30, 100  # of offsets: what is the same place, and what is certainly another
LEAST_ROWS = 3  # of registered points that tell of a shift
CLEARLY = 4  # standard deviations of what chance would bring into the townships claimed and out of them
Positions = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Rows of a file. xy: positions as written, shape (n, 2), east first, NaN where there is none.

    codes, townships: what each row says, empty when it says nothing or there is no such column.
    """

    xy: Positions
    codes: Sequence[str] = ()
    townships: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What positions are held against, in the stored CRS. area: the jurisdiction's, empty when it is not known;
    quality: of its outline, a PositionQuality.

    registered: longitude and latitude of rows that exist, by code. townships: their outlines, by code.
    """

    area: BaseGeometry
    quality: str
    registered: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    townships: Mapping[str, BaseGeometry] = field(default_factory=dict)


def suspicions(sample: Sample, crs: SourceCrs, known: Known) -> list[Suspicion]:
    """What is suspected of the sample's positions under the CRS that was said; nothing of positions that fit."""
    is_zero = (np.abs(sample.xy) < ZERO).all(axis=1)
    rows = np.flatnonzero(np.isfinite(sample.xy).all(axis=1) & ~is_zero)
    total = len(rows) + int(is_zero.sum())
    found = [Suspicion(code=Code.AT_ZERO, count=int(is_zero.sum()), total=total)] if is_zero.any() else []
    if not len(rows):
        return found
    placed, misplaced = _placed(sample.xy[rows], crs, known)
    found += [Suspicion(code=code, count=n, total=total, params=params) for code, n, params in misplaced]
    return [*found, *_shifts(sample, rows, placed, crs, known)]


# What lies outside the area


@dataclass(frozen=True)
class Reading:
    """Another way to read the numbers."""

    crs: SourceCrs
    swapped: bool

    def places(self, xy: Positions) -> Positions:
        return self.crs.to_stored(xy[:, ::-1] if self.swapped else xy)


def _placed(xy: Positions, crs: SourceCrs, known: Known) -> tuple[Positions, list[tuple[Code, int, dict[str, Any]]]]:
    """The places that the numbers most likely mean, and what is wrong with them, the readings that fit most rows first."""
    placed = crs.to_stored(xy)
    if known.area.is_empty:
        return placed, []
    is_inside = partial(_inside, shapely.buffer(known.area, EDGE_DEG[known.quality]))
    waiting = np.flatnonzero(~is_inside(placed))
    found: list[tuple[Code, int, dict[str, Any]]] = []
    readings = list(_readings(crs, known.area)) if len(waiting) else []
    while len(waiting):
        tried = [(reading, reading.places(xy[waiting])) for reading in readings]
        fitting = [is_inside(places) for _reading, places in tried]
        best = max(range(len(tried)), key=lambda number: int(fitting[number].sum()))
        fits, (reading, places) = fitting[best], tried[best]
        if not fits.any():
            break
        code, params = _named(reading, crs)
        found.append((code, int(fits.sum()), params))
        placed[waiting[fits]] = places[fits]
        waiting = waiting[~fits]
    if len(waiting):
        placed[waiting] = np.nan
        found.append((Code.OUTSIDE, len(waiting), {}))
    return placed, found


def _readings(crs: SourceCrs, area: BaseGeometry) -> Iterator[Reading]:
    """Other readings, the likelier first: swapped, without or with the zone number, then the area's usual systems."""
    longitude = shapely.centroid(area).x
    zone = round(longitude / 3) - 25
    usual = [4490, 3857, *((4513 + zone, 4534 + zone) if 0 <= zone < 21 else ())]
    pair = [other for numbers in (UNNUMBERED, NUMBERED) if (other := numbers.get(crs.srid or 0))]
    yield Reading(crs, swapped=True)
    for srid in dict.fromkeys([*pair, *usual]):
        system = said(str(srid))
        if srid != crs.srid and not (system.is_geographic and crs.is_geographic):  # degrees are degrees
            yield from (Reading(system, swapped) for swapped in (False, True))


def _named(reading: Reading, crs: SourceCrs) -> tuple[Code, dict[str, Any]]:
    if reading.crs is crs:
        return (Code.LONGITUDE_LATITUDE_SWAPPED if crs.is_geographic else Code.AXES_SWAPPED), {}
    params = {"said": crs.code or crs.title, "fits": reading.crs.code, "swapped": reading.swapped}
    own, fits = crs.srid or 0, reading.crs.srid
    if UNNUMBERED.get(own) == fits:
        return Code.ZONE_NUMBER_MISSING, params
    if NUMBERED.get(own) == fits:
        return Code.ZONE_NUMBER_PRESENT, params
    if crs.is_geographic:
        return Code.METRES_IN_DEGREES, params
    return (Code.DEGREES_IN_METRES if reading.crs.is_geographic else Code.ANOTHER_CRS), params


def _inside(area: BaseGeometry, degrees: Positions) -> NDArray[np.bool_]:
    shapely.prepare(area)
    found: NDArray[np.bool_] = shapely.intersects_xy(area, degrees[:, 0], degrees[:, 1])
    return found


# What lies inside, but some hundred metres off


@dataclass(frozen=True)
class Fit:
    """How another reading fits better than the one said. weight: the greater, the better.

    count: rows that it brings nearer, of those that can be compared; metres: how far apart the readings are.
    """

    weight: float
    count: int
    total: int
    metres: float


Compare = Callable[[Positions], Fit | None]


def _shifts(
    sample: Sample, rows: NDArray[np.intp], placed: Positions, crs: SourceCrs, known: Known
) -> Iterator[Suspicion]:
    """Whether the positions fit better with a commercial map's shift undone that was not said, or without the one said."""
    compare = _with_registered(sample.codes, rows, placed, known) or _with_claimed(
        sample.townships, rows, placed, known
    )
    if compare is None:
        return
    degrees = SHIFTS[crs.code][0](placed) if crs.code in SHIFTS else placed
    others = {name: back(degrees) for name, (_away, back) in SHIFTS.items() if name != crs.code}
    if crs.code in SHIFTS:
        others["EPSG:4490"] = degrees
    fits = {name: fit for name, places in others.items() if (fit := compare(places))}
    if fits:
        name = max(fits, key=lambda name: fits[name].weight)
        fit, code = fits[name], Code.SHIFTED if name in SHIFTS else Code.NOT_SHIFTED
        params = {"said": crs.code or crs.title, "fits": name, "metres": round(fit.metres)}
        yield Suspicion(code=code, count=fit.count, total=fit.total, params=params)


def _with_registered(codes: Sequence[str], rows: NDArray[np.intp], placed: Positions, known: Known) -> Compare | None:
    """Compares with the positions of the same rows in the register; None when there are too few."""
    same = [number for number, row in enumerate(rows) if codes and codes[row] in known.registered]
    same = [number for number in same if np.isfinite(placed[number]).all()]
    if len(same) < LEAST_ROWS:
        return None
    there = np.array([known.registered[codes[rows[number]]] for number in same])
    said_m = _metres(placed[same], there)

    def compare(places: Positions) -> Fit | None:
        other_m = _metres(places[same], there)
        said_off, other_off = (float(np.hypot(*np.median(offsets, axis=0))) for offsets in (said_m, other_m))
        if other_off > SAME_M or said_off < MOVED_M:
            return None
        nearer = np.hypot(*other_m.T) < np.hypot(*said_m.T)
        return Fit(-other_off, int(nearer.sum()), len(same), said_off)

    return compare


def _with_claimed(townships: Sequence[str], rows: NDArray[np.intp], placed: Positions, known: Known) -> Compare | None:
    """Compares how many lie in the township that their row claims; None when no row claims one that is known."""
    claims = np.array([townships[row] if townships else "" for row in rows], dtype=object)
    claimed = [(claims == code, known.townships[code]) for code in set(claims) & known.townships.keys()]
    if not claimed:
        return None
    total = sum(int(of_code.sum()) for of_code, _outline in claimed)

    def within(places: Positions) -> NDArray[np.bool_]:
        found = np.zeros(len(rows), bool)
        for of_code, outline in claimed:
            found[of_code] = _inside(outline, places[of_code])
        return found

    inside = within(placed)

    def compare(places: Positions) -> Fit | None:
        then = within(places)
        gained, lost = int((then & ~inside).sum()), int((inside & ~then).sum())
        if not gained or gained - lost < CLEARLY * np.sqrt(gained + lost):
            return None
        metres = np.nanmedian(np.hypot(*_metres(places, placed).T))
        return Fit(gained - lost, gained, total, float(metres))

    return compare


def _metres(places: Positions, others: Positions) -> Positions:
    """How far the places are east and north of the others."""
    degrees = places - others
    degrees[:, 0] *= np.cos(np.radians(others[:, 1]))
    return degrees * METRES_PER_DEG
