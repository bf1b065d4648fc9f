"""A layer's JSON Schemas: the public face of its fields, from the model's titles, types, choices and constraints."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from layers.access import Reader, visible_fields
from layers.models.base import Dated
from layers.publish.filters import Kind
from layers.publish.selection import kind_of, queryables, sortables
from layers.registry import Field, Layer, geometry_field
from layers.rows import own_column

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[Kind, dict[str, str]] = {
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.TIMESTAMP: {"type": "string", "format": "date-time"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.TEXT: {"type": "string"},
}
GEOMETRIES: dict[type[models.Field], str] = {
    gis.PointField: "geometry-point",
    gis.MultiPolygonField: "geometry-multipolygon",
}
UCUM = frozenset({"1", "m", "m2", "km", "km2", "ha", "d", "a", "a-1"})  # other units are words for things counted
ROLES = {"valid_from": "primary-interval-start", "valid_to": "primary-interval-end"}


def document(layer: Layer, reader: Reader, url: str) -> dict[str, Any]:
    """The schema of the layer's features as the reader sees and writes them (OGC API – Features Part 5, draft).

    What is marked readOnly is never taken from a client; what is required must be sent for a new feature.
    """
    fields = visible_fields(layer, reader)
    properties = {"id": identifier(layer), "geometry": shape(layer)}
    properties |= {field.name: {**exact(layer, field), **_role(field)} for field in fields}
    return {
        **_head(layer, url, properties),
        "required": [field.name for field in fields if is_required(layer, field)],
    }


def queryable_properties(layer: Layer, reader: Reader, url: str) -> dict[str, Any]:
    """The schema of what a filter of the reader's may speak of (OGC API – Features Part 3, 19-079r2, clause 6)."""
    return _head(layer, url, _named(layer, queryables(layer, reader)))


def sortable_properties(layer: Layer, reader: Reader, url: str) -> dict[str, Any]:
    """The schema of what the reader may sort by (OGC API – Features Part 5, draft, sortables)."""
    return _head(layer, url, _named(layer, sortables(layer, reader)))


def _head(layer: Layer, url: str, properties: dict[str, dict[str, Any]]) -> dict[str, Any]:
    numbered = {
        name: {**about, "x-ogc-propertySeq": number} for number, (name, about) in enumerate(properties.items(), 1)
    }
    return {
        "$schema": DRAFT,
        "$id": url,
        "type": "object",
        "title": str(layer.title),
        "description": str(layer.description),
        "properties": numbered,
        "additionalProperties": False,
    }


def _named(layer: Layer, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The properties of those names, as a filter or an order sees them."""
    return {name: asked(layer, name) for name in names}


def asked(layer: Layer, name: str) -> dict[str, Any]:
    """What a filter may compare a property of that name with; the id and the geometry are such properties too."""
    if name == "geometry":
        return shape(layer)
    return identifier(layer) if name == "id" else {**_with_unit(describe(layer, layer.field(name))), **_role_of(name)}


def identifier(layer: Layer) -> dict[str, Any]:
    """The id of a feature, which is the register's stable code."""
    column = layer.model._meta.get_field("code")
    assert isinstance(column, models.Field)
    help_text = {"description": str(column.help_text)} if column.help_text else {}
    about = {"title": capital(column), **_type(column), **help_text, **_limits(column)}
    return {**about, "x-ogc-role": "id"}


def shape(layer: Layer) -> dict[str, Any]:
    """The geometry of a feature."""
    column = geometry_field(layer, layer.geometry)
    return {"title": capital(column), "format": GEOMETRIES[type(column)], "x-ogc-role": "primary-geometry"}


def describe(layer: Layer, field: Field) -> dict[str, Any]:
    """One property: title, type, unit, choices and help, in the current language."""
    column = layer.column(field)
    described: dict[str, Any] = {"title": capital(column), **_type(column)}
    relation = (field.path or field.name).partition("__")
    if relation[2]:
        described = {"title": described["title"], "type": "array", "items": _type(column)}
    if column.help_text:
        described["description"] = str(column.help_text)
    if field.unit:
        described["x-ogc-unit"] = field.unit
    return described


def exact(layer: Layer, field: Field) -> dict[str, Any]:
    """One property with all that its column allows: range and form, and whether a client writes it."""
    column = layer.column(field)
    about = _with_unit(describe(layer, field))
    inner = about.get("items", about)
    if "oneOf" in inner and inner is about and column.blank and not column.null:
        inner["oneOf"] = [{"const": "", "title": ""}, *inner["oneOf"]]  # an empty choice is kept as an empty text
    inner |= _limits(column)
    return about if is_written(layer, field) else {**about, "readOnly": True}


def is_written(layer: Layer, field: Field) -> bool:
    """Whether a client may give the property: a column of its own that is edited, a dated fact, or a dated list."""
    column = layer.column(field)
    if not column.editable or column.generated or column.name in layer.only:
        return False
    relation, _separator, rest = (field.path or field.name).partition("__")
    if own_column(layer, field) or not rest:
        return True
    related = layer.related(relation)
    return related is not None and issubclass(related, Dated) and "__" not in rest


def is_required(layer: Layer, field: Field) -> bool:
    """Whether a new feature must give the property."""
    column = layer.column(field)
    is_list = "__" in (field.path or field.name)
    may_miss = column.null or column.blank or column.has_default() or is_list
    return is_written(layer, field) and not may_miss


def capital(column: models.Field) -> str:
    """The title of a column as it begins a line."""
    text = str(column.verbose_name)
    return text[:1].upper() + text[1:]


def _with_unit(about: dict[str, Any]) -> dict[str, Any]:
    """The unit in UCUM, where a word for what is counted stands in braces."""
    unit = about.get("x-ogc-unit")
    if unit is None:
        return about
    return {**about, "x-ogc-unit": unit if unit in UCUM else f"{{{unit}}}", "x-ogc-unitLang": "UCUM"}


def _role(field: Field) -> dict[str, str]:
    return _role_of(field.path or field.name)


def _role_of(name: str) -> dict[str, str]:
    return {"x-ogc-role": ROLES[name]} if name in ROLES else {}


def _type(column: models.Field) -> dict[str, Any]:
    column = getattr(column, "output_field", column)
    if isinstance(column, ArrayField):
        return {"type": "array", "items": _type(column.base_field)}
    found: dict[str, Any] = dict(TYPES[kind_of(column)])
    if column.choices:
        found["oneOf"] = list(_choices(column.choices))
    elif found == {"type": "string"} and column.max_length:
        found["maxLength"] = column.max_length
    return found


def _choices(choices: Iterable[Any]) -> Iterable[dict[str, str]]:
    return ({"const": value, "title": str(label)} for value, label in choices)


def _limits(column: models.Field) -> dict[str, Any]:
    """The range and the form that the database holds the column to."""
    found: dict[str, Any] = {}
    if isinstance(column, models.PositiveIntegerField | models.PositiveSmallIntegerField):
        found["minimum"] = 0
    for name, value in _comparisons(column):
        match name:
            case "gte":
                found["minimum"] = value
            case "lte":
                found["maximum"] = value
            case "regex" if not column.blank:
                found["pattern"] = value
    return found


def _comparisons(column: models.Field) -> Iterator[tuple[str, Any]]:
    """Every comparison with a constant that a check constraint makes of the column, whatever else holds."""
    for constraint in column.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, Q):
            condition = constraint.condition
            if condition.connector != Q.AND or condition.negated:
                continue
            for child in condition.children:
                if isinstance(child, tuple):
                    path, value = child
                    name, _separator, lookup = str(path).partition("__")
                    if name == column.name and isinstance(value, int | float | str):
                        yield lookup, value
