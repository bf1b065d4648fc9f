"""Files of collections, and the exports that jobs build, as the OpenAPI document describes them."""

from django.utils.translation import gettext as _

from layers.crs import CRS84, OFFERED_IN_FILES
from layers.models.exports import ExportState
from layers.publish.formats import FORMATS
from layers.publish.media_types import JSON
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.shared import Described, answer, path, query, reading, sent

BYTES: Described = {"type": "string", "format": "binary"}


def parameters() -> list[Described]:
    """How the features are written, as pages and as files."""
    systems = {"type": "string", "format": "uri", "enum": list(OFFERED_IN_FILES), "default": CRS84.uri}
    return [
        query(
            "crs",
            _(
                "The CRS of the coordinates in the answer, with the order of axes of its authority. "
                "GCJ-02, in which commercial Chinese maps are drawn, is for files alone."
            ),
            systems,
        ),
        query(
            "wkt",
            _("In a CSV file: points as WKT instead of two columns."),
            {"type": "boolean", "default": False},
        ),
    ]


def content() -> dict[str, Described]:
    """The media types of the files that items are offered as."""
    return {form.media_type: BYTES for form in FORMATS.values() if form.name != "geojson"}


def later() -> dict[str, Described]:
    """The answers to a request for a file that a job builds."""
    export = {JSON: {"schema": ref("Export")}}
    return {
        "202": {
            "description": _("A job builds the file; “Location” says how far it is."),
            "headers": sent("Location"),
            "content": export,
        },
        "303": {
            "description": _("The file is ready at “Location”."),
            "headers": sent("Location"),
            "content": export,
        },
        "507": ref("DiskFull", "responses"),
    }


def paths() -> dict[str, Described]:
    tag = _("Collections")
    which = [path("exportId", _("The id of an export, from the answer that began it."), {"type": "string"})]
    status = reading("getExport", tag, _("How far an export is"), answer("", {JSON: ref("Export")}), which, "json")
    status["responses"]["200"] = {"description": _("How far it is."), "content": {JSON: {"schema": ref("Export")}}}
    file = reading("getExportFile", tag, _("The file of an export"), answer("", {}), which, *FORMATS)
    file["responses"] |= {
        "200": {
            "description": _("The file."),
            "content": {form.media_type: {"schema": BYTES} for form in FORMATS.values()},
        },
        "409": ref("Conflict", "responses"),
    }
    for described in (status, file):
        del described["responses"]["304"]
    cancel = {
        "operationId": "cancelExport",
        "tags": [tag],
        "summary": _("End an export before its time"),
        "parameters": which,
        "responses": {
            "204": {"description": _("It has ended, and its file is gone.")},
            "401": ref("Unauthorized", "responses"),
            "403": ref("Forbidden", "responses"),
            "404": ref("NotFound", "responses"),
            "429": ref("TooManyRequests", "responses"),
        },
    }
    return {"/exports/{exportId}": {"get": status, "delete": cancel}, "/exports/{exportId}/file": {"get": file}}


def schemas() -> dict[str, Described]:
    moment = {"type": "string", "format": "date-time"}
    properties: dict[str, Described] = {
        "id": {"type": "string", "format": "uuid"},
        "collection": {"type": "string"},
        "format": {"type": "string", "enum": [form.name for form in FORMATS.values()]},
        "state": {"type": "string", "enum": list(ExportState.values)},
        "features": {"type": "integer", "description": _("Those written so far.")},
        "progress": {"type": "number", "minimum": 0, "maximum": 1, "nullable": True},
        "problem": {"type": "string", "nullable": True},
        "askedAt": moment,
        "expiresAt": moment,
        "links": {"type": "array", "items": ref("Link")},
    }
    return {"Export": {"type": "object", "required": list(properties), "properties": properties}}
