"""The features of each collection as schemas, and the parameters by which they are selected."""

import json
from typing import Any

from django.utils.translation import gettext as _

from layers.access import Reader, visible_fields
from layers.publish import items, schema
from layers.publish.openapi.dialect import ref, spoken
from layers.publish.selection import Selection, kinds, sortables
from layers.registry import Field, Layer, geometry_field
from layers.rows import Period, today

GEOMETRIES = {"geometry-point": "Point", "geometry-multipolygon": "MultiPolygon"}


def name_of(layer: Layer) -> str:
    """The name of a collection in the names of components and operations."""
    return "".join(part.capitalize() for part in layer.id.split("-"))


def schemas(layer: Layer, reader: Reader) -> dict[str, Any]:
    """The components that describe a page of the collection, a feature and its properties, with a real example."""
    name, example = name_of(layer), _example(layer, reader)
    fields = visible_fields(layer, reader)
    kind = schema.GEOMETRIES[type(geometry_field(layer, layer.geometry))]
    return {
        f"{name}Page": {
            "title": str(layer.title),
            "allOf": [
                ref("Page"),
                {"type": "object", "properties": {"features": {"type": "array", "items": ref(f"{name}Feature")}}},
            ],
        },
        f"{name}Feature": {
            "title": str(layer.title),
            "type": "object",
            "required": ["type", "id", "geometry", "properties"],
            "properties": {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": spoken(schema.identifier(layer)),
                "geometry": {"nullable": True, "allOf": [ref(GEOMETRIES[kind])]},
                "properties": ref(f"{name}Properties"),
                "links": {"type": "array", "items": ref("Link")},
            },
        },
        f"{name}Properties": {
            "title": str(layer.title),
            "description": str(layer.description),
            "type": "object",
            "properties": {field.name: property_schema(layer, field, example.get(field.name)) for field in fields},
        },
    }


def property_schema(layer: Layer, field: Field, example: Any = None) -> dict[str, Any]:
    """One property; what the register need not know may be null."""
    column = layer.column(field)
    is_list = "__" in (field.path or field.name)
    said = schema.exact(layer, field)
    if column.null and not is_list:
        said["type"] = [said["type"], "null"]
    if example not in (None, "", []):
        said["examples"] = [example]
    return spoken(said)


def parameters(layer: Layer, reader: Reader) -> list[dict[str, Any]]:
    """What a page of the collection can be asked for with, besides what all collections take."""
    names = [field.name for field in visible_fields(layer, reader)]
    orders = [sign + name for name in sortables(layer, reader) for sign in ("", "-")]
    return [
        _choice(
            "properties", _("The properties that are wanted, joined by commas; all without it. Empty: none."), names
        ),
        _choice(
            "sortby", _("The properties to sort by, joined by commas; “-” before a name: the greatest first."), orders
        ),
        *(_filter(layer, name) for name in kinds(layer, reader)),
    ]


def _choice(name: str, description: str, values: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "uniqueItems": True, "items": {"type": "string", "enum": values}},
    }


def _filter(layer: Layer, name: str) -> dict[str, Any]:
    """The filter that a property has a value; of a list, that it holds the value."""
    about = spoken(schema.asked(layer, name))
    value = about.get("items", about)
    kept = {key: value[key] for key in ("type", "format", "enum") if key in value}
    said = about.get("description", "")
    return {
        "name": name,
        "in": "query",
        "description": ": ".join(filter(None, (about["title"], said))),
        "schema": kept,
    }


def _example(layer: Layer, reader: Reader) -> dict[str, Any]:
    """The properties of the first feature the reader sees; empty when there is none."""
    on = today()
    page = items.page(Selection(layer_id=layer.id, reader=reader, period=Period(on, on)), limit=1)
    found: dict[str, Any] = json.loads(page.features)["properties"] if page.returned else {}
    return found
