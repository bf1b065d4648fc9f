"""The schemas of the plain documents: landing page, collections, tile sets, GeoJSON, problems."""

from typing import Any

from django.utils.translation import gettext as _

from layers.crs import STORAGE
from layers.publish.openapi.dialect import ref

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
POSITION: Schema = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}}
JSON_SCHEMA: Schema = {
    "type": "object",
    "required": ["$schema", "$id", "type", "properties"],
    "properties": {"$schema": ADDRESS, "$id": ADDRESS, "type": TEXT, "properties": {"type": "object"}},
}


def schemas() -> dict[str, Schema]:
    return {
        "Link": thing(["rel", "href"], rel=TEXT, href=TEXT, type=TEXT, title=TEXT, templated={"type": "boolean"}),
        "Landing": thing(["title", "links"], title=TEXT, description=TEXT, contacts=many(ref("Contact")), links=links()),
        "Contact": thing(["organization"], organization=TEXT, contactInstructions=TEXT),
        "Conformance": thing(["conformsTo"], conformsTo=many(ADDRESS)),
        "Collections": thing(["links", "collections"], links=links(), collections=many(ref("Collection"))),
        "Collection": _collection(),
        "Extent": _extent(),
        "JsonSchema": JSON_SCHEMA,
        "Page": _page(),
        "Point": _geometry("Point", POSITION),
        "MultiPolygon": _geometry("MultiPolygon", many(many(many(POSITION)))),
        "Problem": {
            "description": _("What is wrong and what would be right (RFC 9457)."),
            **thing(["type", "title", "status", "detail"], type=TEXT, title=TEXT,
                    status={"type": "integer", "minimum": 400, "maximum": 599}, detail=TEXT),
        },
    }  # fmt: skip


def thing(required: list[str], **properties: Schema) -> Schema:
    """An object; those of its properties that are not required may be left out."""
    return {"type": "object", "required": required, "properties": properties}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def links() -> Schema:
    return many(ref("Link"))


def _collection() -> Schema:
    required = ["id", "title", "description", "license", "attribution", "dataQuality", "itemType", "extent"]
    return thing(
        [*required, "crs", "storageCrs", "links"],
        id=TEXT,
        title=TEXT,
        description=TEXT,
        keywords=many(TEXT),
        contacts=many(ref("Contact")),
        license={**TEXT, "description": _("The address of the licence, or that none is stated.")},
        attribution={**TEXT, "description": _("The sources, which must be named with the data.")},
        dataAsOf={"type": "string", "format": "date", "nullable": True},
        dataQuality={**TEXT, "description": _("What the data are good for.")},
        itemType={**TEXT, "enum": ["feature"]},
        extent=ref("Extent"),
        crs=many(ADDRESS),
        storageCrs={**ADDRESS, "enum": [STORAGE.uri]},
        links=links(),
    )


def _extent() -> Schema:
    box = {"type": "array", "minItems": 4, "maxItems": 4, "items": {"type": "number"}}
    moment = {"type": "string", "format": "date-time", "nullable": True}
    interval = {"type": "array", "minItems": 2, "maxItems": 2, "items": moment}
    return thing(
        ["spatial"],
        spatial=thing(["bbox", "crs"], bbox=many(box), crs=ADDRESS),
        temporal=thing(["interval"], interval=many(interval), trs=ADDRESS),
    )


def _page() -> Schema:
    number = {"type": "integer", "minimum": 0}
    return thing(
        ["type", "features", "numberReturned", "links"],
        type={**TEXT, "enum": ["FeatureCollection"]},
        features=many({"type": "object"}),
        numberReturned=number,
        numberMatched={**number, "description": _("How many match on all pages; left out when they are very many.")},
        snapshot={"type": "integer", "description": _("The number of the snapshot that was asked for.")},
        asOf={**TEXT, "description": _("The day, or the interval, that the page is about.")},
        links=links(),
    )


def _geometry(kind: str, coordinates: Schema) -> Schema:
    return thing(["type", "coordinates"], type={**TEXT, "enum": [kind]}, coordinates=coordinates)
