"""Writing items (OGC API – Features Part 4, draft 20-002r1), described."""

from django.utils.translation import gettext as _

from layers.access import Reader, visible_fields
from layers.publish import schema
from layers.publish.media_types import GEOJSON, JSON, MERGE_PATCH
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT, many, thing
from layers.publish.openapi.features import GEOMETRIES, name_of, property_schema
from layers.publish.openapi.shared import Described, form, given, query, sent
from layers.registry import Layer, geometry_field

ALLOWED: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]


def schemas(layer: Layer, reader: Reader) -> dict[str, Described]:
    """What is sent for a new feature, and for a change of one; what only the database writes is not in it."""
    name = name_of(layer)
    fields = [field for field in visible_fields(layer, reader) if schema.is_written(layer, field)]
    values = {field.name: property_schema(layer, field) for field in fields}
    required = [field.name for field in fields if schema.is_required(layer, field)]
    shape = ref(GEOMETRIES[schema.GEOMETRIES[type(geometry_field(layer, layer.geometry))]])
    place = {"nullable": True, "allOf": [shape]}
    kind = {**TEXT, "enum": ["Feature"]}
    properties = thing(required, **values) if required else {"type": "object", "properties": values}
    return {
        f"{name}Input": thing(["type", "geometry", "properties"], type=kind, id=TEXT, geometry=place, properties=properties),
        f"{name}Patch": {
            "type": "object",
            "properties": {"geometry": place, "properties": {"type": "object", "properties": values}},
        },
    }  # fmt: skip


def components() -> dict[str, Described]:
    """The components that writes share."""
    operation = thing(
        ["action"], action={**TEXT, "enum": ["insert", "replace", "update", "delete"]}, id=TEXT, etag=TEXT,
        feature={"type": "object"}, patch={"type": "object"},
    )  # fmt: skip
    result = thing(["action", "id"], action=TEXT, id=TEXT, etag=TEXT, href=TEXT)
    return {
        "Transaction": thing(["operations"], operations=many(operation)),
        "Results": thing(["results"], results=many(result)),
    }


def paths(layer: Layer) -> dict[str, Described]:
    """The operations that change a collection, by path and method."""
    name, tag, title = name_of(layer), str(layer.group), str(layer.title)
    url = f"/collections/{layer.id}"
    made = _done(_("It was made."), "ETag", "Location")
    changed = {"200": _shown(name), "204": _done(_("It was changed."), "ETag")}
    feature = {GEOJSON: {"schema": ref(f"{name}Input")}, JSON: {"schema": ref(f"{name}Input")}}
    patch = {MERGE_PATCH: {"schema": ref(f"{name}Patch")}}
    whole = {JSON: {"schema": ref("Transaction")}}
    results = {"description": _("All operations were carried out."), "content": {JSON: {"schema": ref("Results")}}}
    return {
        f"{url}/items": {"post": _writing(f"create{name}", tag, _("Create: %(title)s"), title, {"201": made}, feature)},
        f"{url}/items/{{featureId}}": {
            "put": _of_one(_writing(f"replace{name}", tag, _("Replace one of: %(title)s"), title, changed, feature)),
            "patch": _of_one(_writing(f"update{name}", tag, _("Change one of: %(title)s"), title, changed, patch)),
            "delete": _of_one(
                _writing(f"delete{name}", tag, _("Delete one of: %(title)s"), title, {"204": _done(_("It is gone."))})
            ),
        },
        f"{url}/transaction": {
            "post": _writing(
                f"transact{name}", tag, _("Many changes, all or none: %(title)s"), title, {"200": results}, whole
            )
        },
    }


def changes() -> dict[str, Described]:
    """The history of an item."""
    found = {"description": _("Its changes, the newest first."), "content": {JSON: {"schema": {"type": "object"}}}}
    return {
        "/collections/{collectionId}/items/{featureId}/changes": {
            "get": {
                "operationId": "getChanges",
                "tags": [_("Collections")],
                "summary": _("What was changed in an item"),
                "security": ALLOWED,
                "parameters": [
                    *given("collectionId", "featureId", "limit", "cursor"),
                    form("json"),
                    *given("lang", "v"),
                ],
                "responses": {
                    "200": found,
                    **{status: ref(answer, "responses") for status, answer in REFUSALS.items()},
                },
            }
        }
    }


REFUSALS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "429": "TooManyRequests",
    "500": "ServerError",
    "503": "Unavailable",
}


REFUSALS_OF_WRITES = {
    "409": "Conflict",
    "411": "LengthRequired",
    "413": "TooLarge",
    "415": "WrongMediaType",
    "422": "Unusable",
}


def _writing(
    operation: str,
    tag: str,
    summary: str,
    title: str,
    done: dict[str, Described],
    body: dict[str, Described] | None = None,
) -> Described:
    described: Described = {
        "operationId": operation,
        "tags": [tag],
        "summary": summary % {"title": title},
        "security": ALLOWED,
        "parameters": [_on(), *_crs_of_body(), *given("lang", "v")],
        "responses": {
            **done,
            **{status: ref(answer, "responses") for status, answer in (REFUSALS | REFUSALS_OF_WRITES).items()},
        },
    }
    return {**described, "requestBody": {"required": True, "content": body}} if body else described


def _of_one(described: Described) -> Described:
    """The operation on one item, which must name the version that was read."""
    condition = {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": _("The ETag of the item as you read it."),
        "schema": TEXT,
    }
    described["parameters"] = [*given("featureId"), condition, *described["parameters"]]
    described["responses"] |= {
        "412": ref("Changed", "responses"),
        "428": ref("ConditionMissing", "responses"),
    }
    return described


def _on() -> Described:
    about = _("The day from which the change holds; today without it.")
    return query("datetime", about, {"type": "string", "format": "date"})


def _crs_of_body() -> list[Described]:
    about = _("The CRS of the coordinates in the body, in angle brackets; CRS84 without it.")
    return [{"name": "Content-Crs", "in": "header", "description": about, "schema": TEXT}]


def _shown(name: str) -> Described:
    content = {GEOJSON: {"schema": ref(f"{name}Feature")}}
    return {"description": _("The item as it is now."), "headers": sent("ETag"), "content": content}


def _done(description: str, *carried: str) -> Described:
    return {"description": description, **({"headers": sent(*carried)} if carried else {})}
