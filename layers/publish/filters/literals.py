"""The values in a filter: numbers, days, moments and geometries, each checked before the database sees it."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape as shapely_shape

from layers.publish.filters.errors import BadFilter, Reason
from layers.publish.filters.nodes import Day, Moment, Number, Shape, Text

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
NUMBER = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?", re.ASCII)
BIGINT = 2**63
# How deep the positions of a geometry stand in lists.
POSITION_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
COLLECTION = "GeometryCollection"
BOX = "bbox"


def text(value: str) -> Text:
    """Raises BadFilter for what UTF-8, or the database, has no place for."""
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadFilter(Reason.UNWRITABLE, text=value)
    return Text(value)


def written_number(text: str) -> Number:
    """A number as a person writes it. Raises BadFilter."""
    if not NUMBER.fullmatch(text):
        raise BadFilter(Reason.NUMBER, number=text)
    return number(int(text) if text.lstrip("+-").isdecimal() else float(text))


def number(value: int | float) -> Number:
    """Raises BadFilter for what is no finite number of double precision."""
    try:
        as_float = float(value)
    except OverflowError:
        as_float = math.inf
    if not math.isfinite(as_float):
        raise BadFilter(Reason.NUMBER, number=f"{str(value)[:20]}")
    is_whole = -BIGINT <= value < BIGINT and (isinstance(value, int) or value.is_integer())
    return Number(int(value) if is_whole else as_float)


def day(text: object) -> Day:
    """Raises BadFilter for what is no RFC 3339 full-date, or a day that no calendar has."""
    try:
        if isinstance(text, str) and DATE.fullmatch(text):
            return Day(date.fromisoformat(text))
    except ValueError:
        pass
    raise BadFilter(Reason.DATE, text=text)


def moment(text: object) -> Moment:
    """Raises BadFilter for what is no RFC 3339 date-time; the standard has UTC alone, other zones are read too."""
    try:
        if isinstance(text, str) and TIMESTAMP.fullmatch(text):
            return Moment(datetime.fromisoformat(text.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    raise BadFilter(Reason.TIMESTAMP, text=text)


def instant(text: str) -> Day | Moment:
    """A day or a moment, by how it is written. Raises BadFilter."""
    return moment(text) if text[10:11] in ("T", "t") else day(text)


def box(numbers: object) -> Shape:
    """A bbox of four or six numbers; the heights are left aside. Raises BadFilter."""
    if not isinstance(numbers, list) or len(numbers) not in (4, 6):
        raise BadFilter(Reason.GEOMETRY, text=f"BBOX{numbers}")
    kept = numbers if len(numbers) == 4 else [*numbers[:2], *numbers[3:5]]
    return Shape(BOX, json.dumps({BOX: [_coordinate(each) for each in kept]}))


def geometry(document: Mapping[str, Any]) -> Shape:
    """A GeoJSON geometry; heights are left aside. Raises BadFilter also when it is empty or crosses itself."""
    flat = _flat(document)
    try:
        found = shapely_shape(flat)
    except (ShapelyError, ValueError, TypeError, IndexError, AttributeError):
        raise BadFilter(Reason.GEOMETRY, text=json.dumps(document)) from None
    if found.is_empty or any(part.is_empty for part in shapely.get_parts(found)):
        raise BadFilter(Reason.GEOMETRY_EMPTY, text=document["type"])
    if not found.is_valid:
        where = re.sub(r".*\[(.*)\]", r"\1", shapely.is_valid_reason(found))
        raise BadFilter(Reason.GEOMETRY_INVALID, text=document["type"], where=where)
    return Shape(flat["type"], json.dumps(flat))


def _flat(document: object) -> dict[str, Any]:
    """The geometry with positions of two numbers and nothing besides."""
    match document:
        case {"type": "GeometryCollection", "geometries": [*parts]}:
            return {"type": COLLECTION, "geometries": [_flat(part) for part in parts]}
        case {"type": str(kind), "coordinates": [*coordinates]} if kind in POSITION_DEPTH:
            flat = {"type": kind, "coordinates": _positions(coordinates, POSITION_DEPTH[kind])}
            _refuse_open_rings(flat)
            return flat
    raise BadFilter(Reason.GEOMETRY, text=json.dumps(document))


def _refuse_open_rings(flat: Mapping[str, Any]) -> None:
    polygons = {"Polygon": [flat["coordinates"]], "MultiPolygon": flat["coordinates"]}.get(flat["type"], [])
    for ring in (ring for polygon in polygons for ring in polygon):
        if ring[:1] != ring[-1:]:
            raise BadFilter(Reason.GEOMETRY_OPEN, text=flat["type"], start=ring[0], end=ring[-1])


def _positions(coordinates: object, depth: int) -> list[Any]:
    if not isinstance(coordinates, list):
        raise BadFilter(Reason.GEOMETRY, text=json.dumps(coordinates))
    if depth:
        return [_positions(part, depth - 1) for part in coordinates]
    if coordinates and not 2 <= len(coordinates) <= 3:
        raise BadFilter(Reason.GEOMETRY, text=json.dumps(coordinates))
    return [_coordinate(each) for each in coordinates][:2]


def _coordinate(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFilter(Reason.GEOMETRY, text=json.dumps(value))
    return float(number(value).value)
