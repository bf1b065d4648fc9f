"""Coordinate reference systems: their URIs, the order of their axes, and shapes brought to and from the stored CRS.

Inside the portal x is east and y is north, always, as in PostGIS. What a client sends and gets has the order that the
authority behind the URI defines: CRS84 is longitude, latitude; EPSG:4490 is latitude, longitude; EPSG:4549 is
northing, easting (OGC 18-058r1, requirements 11 and 16).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

STORED_SRID = 4490  # CGCS2000
UNDEFINED = 0  # PostGIS's number for no CRS
EDGE_PARTS = 32  # into which a box's edge is divided, for it is no straight line in another projection


@dataclass(frozen=True)
class Crs:
    """A CRS that is offered. srid: EPSG's number, UNDEFINED for GCJ-02; CRS84 is EPSG:4326 with longitude first."""

    uri: str
    srid: int
    title: str

    @cached_property
    def north_first(self) -> bool:
        """Whether a position is written north before east."""
        return "/EPSG/" in self.uri and pyproj.CRS.from_epsg(self.srid).axis_info[0].direction == "north"

    @property
    def is_defined(self) -> bool:
        """Whether there is a definition of it that files can carry."""
        return self.srid != UNDEFINED

    @cached_property
    def is_geographic(self) -> bool:
        """Whether its numbers are degrees. Of all but GCJ-02 they are the stored ones, apart from their order: WGS 84
        and CGCS2000 are less than a centimetre's worth of transformation apart, and PROJ has none between them.
        """
        return not self.is_defined or bool(pyproj.CRS.from_epsg(self.srid).is_geographic)

    @property
    def mark(self) -> str:
        """What the names of files and columns end with when nothing else says which CRS it is; empty for the others."""
        return "" if self.is_defined else self.uri.rpartition(":")[2]

    @property
    def decimals(self) -> int:
        """Of a coordinate, for about a centimetre."""
        return 7 if self.is_geographic else 2


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, "WGS 84, longitude latitude")
STORAGE = Crs("http://www.opengis.net/def/crs/EPSG/0/4490", STORED_SRID, "CGCS2000")
OFFERED: Mapping[str, Crs] = {
    crs.uri: crs
    for crs in (
        CRS84,
        STORAGE,
        Crs("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, "WGS 84"),
        Crs("http://www.opengis.net/def/crs/EPSG/0/4549", 4549, "CGCS2000 / 3-degree Gauss-Kruger CM 120E"),
        Crs("http://www.opengis.net/def/crs/EPSG/0/4528", 4528, "CGCS2000 / 3-degree Gauss-Kruger zone 40"),
        Crs("http://www.opengis.net/def/crs/EPSG/0/3857", 3857, "WGS 84 / Pseudo-Mercator"),
    )
}
GCJ02 = Crs("urn:x-gis-portal:crs:gcj02", UNDEFINED, "GCJ-02, longitude latitude")  # nobody has registered a URI of it
OFFERED_IN_FILES: Mapping[str, Crs] = {**OFFERED, GCJ02.uri: GCJ02}  # where it can be marked


@cache
def _to_stored(srid: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(srid, STORED_SRID, always_xy=True)


def stored_shape(shape: BaseGeometry, crs: Crs) -> BaseGeometry:
    """A shape as written in the CRS, in its order of axes, brought to the stored CRS with x east.

    Raises OutOfReach when a position has no place in the stored CRS.
    """
    if crs.north_first:
        shape = shapely.transform(shape, lambda positions: positions[:, ::-1])
    return _moved(shape, crs)


def stored_box(numbers: tuple[float, float, float, float], crs: Crs) -> BaseGeometry:
    """The area of a bbox as written in the CRS, in the stored CRS; in degrees a west beyond the east crosses 180°.

    Raises OutOfReach when it has no place there or its corners stand in the wrong order.
    """
    west, south, east, north = [numbers[place] for place in (1, 0, 3, 2)] if crs.north_first else numbers
    if south > north or (west > east and not crs.is_geographic):
        raise OutOfReach
    if west > east:
        halves = [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
        return _moved(shapely.MultiPolygon(halves), crs)
    # The hull of the corners: a box without a width or height is the line or point that it is.
    box = shapely.MultiPoint([(west, south), (east, south), (east, north), (west, north)]).convex_hull
    edge = max(east - west, north - south) / EDGE_PARTS
    return _moved(box if crs.is_geographic or not edge else _divided(box, edge), crs)


def _divided(box: BaseGeometry, edge: float) -> BaseGeometry:
    """The box with a corner at least every ``edge``. Raises OutOfReach when its numbers are beyond counting."""
    try:
        return shapely.segmentize(box, edge)
    except shapely.GEOSException:
        raise OutOfReach from None


def _moved(shape: BaseGeometry, crs: Crs) -> BaseGeometry:
    """The shape in the stored CRS, x east on both sides."""
    if not crs.is_geographic:
        move = _to_stored(crs.srid).transform
        shape = shapely.transform(shape, lambda positions: np.column_stack(move(positions[:, 0], positions[:, 1])))
    bounds = np.abs(shapely.bounds(shape))
    if not shape.is_empty and not (np.isfinite(bounds).all() and (bounds <= (180, 90, 180, 90)).all()):
        raise OutOfReach
    return shape


def as_box(shape: BaseGeometry) -> tuple[float, float, float, float] | None:
    """West, south, east, north of a shape that is just that box, or None."""
    bounds: tuple[float, float, float, float] = shape.bounds
    return bounds if shape.geom_type == "Polygon" and shape.equals_exact(shapely.box(*bounds), normalize=True) else None


def ewkb(shape: BaseGeometry) -> str:
    """A shape in the stored CRS as hexadecimal EWKB."""
    return str(shapely.to_wkb(shapely.set_srid(shape, STORED_SRID), hex=True, include_srid=True))


class OutOfReach(ValueError):
    """A position that has no place in the stored CRS."""
