"""Reading a GeoJSON geometry for a register: every fault it has, and whether it lies where the bureau is responsible."""

from collections.abc import Iterator
from datetime import date
from sys import float_info
from typing import Any

import shapely.geometry
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.crs import Crs, OutOfReach, ewkb, stored_shape
from layers.edit.errors import Fault
from layers.models import Division
from layers.models.base import PositionQuality
from layers.models.divisions import Level
from layers.registry import Layer, geometry_field

GEOMETRY = "geometry"
APPROXIMATE_M = 2000  # by how much a boundary drawn approximately may be wrong
NEAREST_COUNTY = """
    SELECT ST_Distance(boundary::geography, place.geom::geography), boundary_quality
    FROM layers_division, (SELECT %(place)s::geometry AS geom) AS place
    WHERE level = 'county' AND boundary IS NOT NULL AND daterange(valid_from, valid_to) @> %(on)s::date
    ORDER BY boundary <-> place.geom LIMIT 1
"""
REASONS = {  # of GEOS, in the words of people
    "Self-intersection": gettext_lazy("its border crosses itself"),
    "Ring Self-intersection": gettext_lazy("its border touches itself"),
    "Hole lies outside shell": gettext_lazy("a hole lies outside it"),
    "Holes are nested": gettext_lazy("a hole lies in another"),
    "Interior is disconnected": gettext_lazy("holes cut it in pieces"),
    "Nested shells": gettext_lazy("one of its parts lies in another"),
    "Duplicate Rings": gettext_lazy("it has one ring twice"),
    "Too few points in geometry component": gettext_lazy("a ring has too few different points"),
}


def read(layer: Layer, document: Any, crs: Crs) -> tuple[GEOSGeometry | None, list[Fault]]:
    """The geometry of a GeoJSON feature for the layer, in degrees of CGCS2000, or its faults.

    crs: what the coordinates are written in, in the order of its axes.
    """
    field = geometry_field(layer, layer.geometry)
    if document is None:
        needed = [] if field.null else [Fault(GEOMETRY, None, _("a place must be given."))]
        return None, needed
    faults = list(_faults(document, ("Point",) if layer.has_points else ("MultiPolygon", "Polygon")))
    if faults:
        return None, faults
    sent = (
        {"type": "MultiPolygon", "coordinates": [document["coordinates"]]}
        if document["type"] == "Polygon"
        else document
    )
    try:
        stored = GEOSGeometry(ewkb(stored_shape(shapely.geometry.shape(sent), crs)))
    except OutOfReach:
        words = _("a position is no place on earth in %(crs)s: look at the numbers and their order.")
        return None, [Fault("geometry.coordinates", document["coordinates"], words % {"crs": crs.uri})]
    return (stored, []) if stored.valid else (None, [_invalid(stored)])


def outside(layer: Layer, place: GEOSGeometry, on: date) -> Fault | None:
    """A fault when the place lies outside the counties in force on the day.

    The counties themselves may lie anywhere, for they say where that is. Over a boundary that is drawn
    approximately, a place within ``APPROXIMATE_M`` is let in.
    """
    if layer.model is Division and layer.only.get("level") == Level.COUNTY:
        return None
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_COUNTY, {"place": place.hexewkb.decode(), "on": on})
        found = cursor.fetchone()
    if found is None:
        return None  # nothing to measure by
    distance_m, quality = found
    if distance_m <= (APPROXIMATE_M if quality == PositionQuality.APPROXIMATE else 0):
        return None
    words = _(
        "the place lies %(far).1f km outside the counties in force on %(day)s. "
        "Is longitude written before latitude, and are the coordinates in the CRS that was said?"
    )
    return Fault(GEOMETRY, place.wkt, words % {"far": distance_m / 1000, "day": on.isoformat()})


def leave_out_crs() -> str:
    """What to do about a CRS in the body, which GeoJSON has none of (RFC 7946, 4)."""
    return _("leave it out and say the CRS in the Content-Crs header.")


def _faults(document: Any, kinds: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(document, dict):
        yield Fault(GEOMETRY, document, _("give a GeoJSON geometry, or null."))
        return
    if "crs" in document:
        yield Fault("geometry.crs", document["crs"], leave_out_crs())
    if document.get("type") not in kinds:
        words = _("the geometry here is a %(kinds)s.")
        yield Fault("geometry.type", document.get("type"), words % {"kinds": _(" or a ").join(kinds)})
        return
    depth = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}[document["type"]]
    yield from _coordinate_faults(document.get("coordinates"), depth)


def _coordinate_faults(coordinates: Any, depth: int) -> Iterator[Fault]:
    """The first fault of each part; depth: how many lists stand around a position."""
    field = "geometry.coordinates"
    if not isinstance(coordinates, list) or not coordinates:
        yield Fault(field, coordinates, _("the coordinates are empty or not a list."))
    elif depth == 0:
        if problem := _position_problem(coordinates):
            yield Fault(field, coordinates, problem)
    elif depth == 1:
        wrong = next((fault for place in coordinates for fault in _coordinate_faults(place, 0)), None)
        if wrong is not None:
            yield wrong
        elif len(coordinates) < 4 or coordinates[0] != coordinates[-1]:
            yield Fault(field, coordinates, _("a ring has at least four positions, and the last is the first."))
    else:
        for part in coordinates:
            yield from _coordinate_faults(part, depth - 1)


def _position_problem(position: list[Any]) -> str:
    if not all(_is_number(number) for number in position):
        return _("a position is two numbers, such as [120.58, 30.01].")
    if len(position) != 2:
        return _("a position has two numbers: leave the height out, the registers keep none.")
    return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= float_info.max


def _invalid(area: GEOSGeometry) -> Fault:
    reason, _bracket, place = area.valid_reason.partition("[")
    words = _("the area is not valid: %(reason)s at [%(place)s].")
    return Fault(GEOMETRY, area.wkt, words % {"reason": REASONS.get(reason, reason), "place": place.rstrip("]")})


def is_same(one: Any, other: Any, decimals: int) -> bool:
    """Whether two geometries, or None, are one when written with so many decimals, so that writing back what was
    read loses nothing of a finer original."""
    if one is None or other is None:
        return one is other
    return one.geom_type == other.geom_type and _are_near(one.coords, other.coords, 0.6 * 10**-decimals)


def _are_near(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(
            _are_near(part, like, tolerance) for part, like in zip(one, other, strict=True)
        )
    return not isinstance(one, tuple) and not isinstance(other, tuple) and bool(abs(one - other) <= tolerance)
