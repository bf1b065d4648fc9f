"""A layer's JSON Schema: the public face of its fields, from the model's titles, types and choices."""

from collections.abc import Iterable
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models

from layers.access import Reader, visible_fields
from layers.registry import Field, Layer, geometry_field

TYPES: tuple[tuple[type[models.Field], dict[str, str]], ...] = (
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer"}),
    (models.FloatField, {"type": "number"}),
    (models.DecimalField, {"type": "number"}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
)
GEOMETRIES: dict[type[models.Field], str] = {
    gis.PointField: "geometry-point",
    gis.MultiPolygonField: "geometry-multipolygon",
}


def document(layer: Layer, reader: Reader, url: str) -> dict[str, Any]:
    """The schema of the layer's features as the reader sees them (OGC API – Features Part 5, draft)."""
    properties = {field.name: describe(layer, field) for field in visible_fields(layer, reader)}
    shape = GEOMETRIES[type(geometry_field(layer, layer.geometry))]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "type": "object",
        "title": str(layer.title),
        "description": str(layer.description),
        "properties": {"geometry": {"format": shape, "x-ogc-role": "primary-geometry"}, **properties},
    }


def describe(layer: Layer, field: Field) -> dict[str, Any]:
    """One property: title, type, unit, choices and help, in the current language."""
    column = layer.column(field)
    described: dict[str, Any] = {"title": str(column.verbose_name).capitalize(), **_type(column)}
    relation = (field.path or field.name).partition("__")
    if relation[2]:
        described = {"title": described["title"], "type": "array", "items": _type(column)}
    if column.help_text:
        described["description"] = str(column.help_text)
    if field.unit:
        described["x-ogc-unit"] = field.unit
    return described


def _type(column: models.Field) -> dict[str, Any]:
    column = getattr(column, "output_field", column)
    if isinstance(column, ArrayField):
        return {"type": "array", "items": _type(column.base_field)}
    found: dict[str, Any] = dict(next((shape for kind, shape in TYPES if isinstance(column, kind)), {"type": "string"}))
    if column.choices:
        found["oneOf"] = list(_choices(column.choices))
    elif found == {"type": "string"} and column.max_length:
        found["maxLength"] = column.max_length
    return found


def _choices(choices: Iterable[Any]) -> Iterable[dict[str, str]]:
    return ({"const": value, "title": str(label)} for value, label in choices)
