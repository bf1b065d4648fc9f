"""Shapes as curators type them: positions a line each, in degrees or in metres of CGCS2000."""

import json
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import shapely
from django.utils.translation import gettext as _

from layers.crs import OFFERED, OutOfReach, stored_shape

DECIMALS = 7  # about a centimetre
METRES = OFFERED["http://www.opengis.net/def/crs/EPSG/0/4549"]
LEAST_NORTHING = 1_000_000  # metres: north of it lies all of China, and no easting of a zone of 3 degrees is so large
NUMBER = r"[+-]?\d+(?:\.\d+)?"
POSITION = re.compile(rf"({NUMBER})°?\s*[,，;；\s]\s*({NUMBER})°?")


class Form(StrEnum):
    POINT = "point"
    LINE = "line"
    AREA = "area"


class System(StrEnum):
    DEGREES = "degrees"
    METRES = "metres"


KINDS = {Form.POINT: "Point", Form.LINE: "LineString", Form.AREA: "Polygon"}
FORMS = {kind: form for form, kind in KINDS.items()}
LEAST = {Form.POINT: 1, Form.LINE: 2, Form.AREA: 3}


class BadCoordinates(ValueError):
    """What is typed and is no shape; says which line, and what would be right."""


def written(shape: Any) -> str:
    """The shape of a document as a curator reads and types it: positions in degrees, or GeoJSON where it has several parts
    or holes. A text that was no shape stays that text."""
    if shape is None or isinstance(shape, str):
        return shape or ""
    positions = _positions(shape)
    return json.dumps(shape) if positions is None else "\n".join(f"{_degrees(x)}, {_degrees(y)}" for x, y in positions)


def form_of(shape: Any) -> Form:
    """The form that is chosen for a shape of a document."""
    return FORMS.get(str(shape.get("type")), Form.POINT) if isinstance(shape, dict) else Form.POINT


def read(text: str, form: Form, system: System = System.DEGREES) -> dict[str, Any] | None:
    """The GeoJSON geometry of a text, None of an empty one. An area need not end where it began. Raises BadCoordinates."""
    if not text.strip():
        return None
    if text.lstrip().startswith("{"):
        return _geojson(text)
    positions = [_position(number, line) for number, line in enumerate(_lines(text), start=1)]
    if system is System.METRES:
        positions = _from_metres(positions)
    if len(positions) < LEAST[form] or (form is Form.POINT and len(positions) > 1):
        raise BadCoordinates(
            {
                Form.POINT: _("A point has one position; there are %(count)d."),
                Form.LINE: _("A line has two positions or more; there is %(count)d."),
                Form.AREA: _("An area has three positions or more; there are %(count)d."),
            }[form]
            % {"count": len(positions)}
        )
    match form:
        case Form.POINT:
            return {"type": "Point", "coordinates": positions[0]}
        case Form.LINE:
            return {"type": "LineString", "coordinates": positions}
    ring = positions if positions[0] == positions[-1] else [*positions, positions[0]]
    return {"type": "Polygon", "coordinates": [ring]}


def _positions(shape: dict[str, Any]) -> list[list[float]] | None:
    """The positions of a shape without parts, holes and heights."""
    found: list[Any]
    match shape.get("type"), shape.get("coordinates"):
        case "Point", position:
            found = [position]
        case "LineString", [*line]:
            found = line
        case "Polygon", [[*ring]]:
            found = ring[:-1]
        case _:
            return None
    return found if all(_is_position(each) for each in found) else None


def _is_position(said: Any) -> bool:
    return isinstance(said, list) and len(said) == 2 and all(isinstance(number, int | float) for number in said)


def _degrees(number: float) -> str:
    return f"{number:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.splitlines() if line.strip())


def _position(number: int, line: str) -> list[float]:
    found = POSITION.fullmatch(line.strip())
    if found is None:
        raise BadCoordinates(
            _("Line %(number)d, “%(line)s”, is no position: write a longitude and a latitude such as 120.58, 30.01.")
            % {"number": number, "line": line.strip()[:40]}
        )
    return [float(found[1]), float(found[2])]


def _from_metres(positions: list[list[float]]) -> list[list[float]]:
    """Eastings and northings of EPSG:4549 in either order, which are never mistaken for each other, in degrees."""
    ordered = [sorted(position, reverse=True) for position in positions]
    wrong = next((each for each in ordered if each[0] < LEAST_NORTHING or each[1] > LEAST_NORTHING), None)
    try:
        if wrong is not None:
            raise OutOfReach
        found = shapely.get_coordinates(stored_shape(shapely.MultiPoint(ordered), METRES))
    except OutOfReach:
        raise BadCoordinates(
            _("These are no metres of CGCS2000 around 120° east: an easting is about 500000, a northing about 3320000.")
        ) from None
    return [[round(float(x), DECIMALS), round(float(y), DECIMALS)] for x, y in found]


def _geojson(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        raise BadCoordinates(_("This begins like GeoJSON and is none; write positions, a line each.")) from None
    if not isinstance(said, dict) or "coordinates" not in said:
        raise BadCoordinates(_("This is no GeoJSON geometry: it has no coordinates."))
    return said
