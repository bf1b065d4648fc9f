"""What the descriptions of all addresses share: parameters, headers and answers."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from layers import registry
from layers.crs import CRS84, OFFERED
from layers.publish import matrix
from layers.publish.asking import LANGUAGES as FILTER_LANGUAGES
from layers.publish.media_types import HTML, PROBLEM
from layers.publish.openapi.dialect import ref
from layers.publish.parameters import DEFAULT_LIMIT, MAX_LIMIT
from layers.search.words import LONGEST

EVERYWHERE = ("lang", "v")  # and f, whose values differ
CONDITION = "If-None-Match"
SELECTING = ("bbox", "bbox-crs", "datetime", "snapshot", "filter", "filter-lang", "filter-crs", "q")
WRITING = ("crs", "skipGeometry")
PAGING = ("limit", "cursor", "offset")
Described = dict[str, Any]


def parameters() -> dict[str, Described]:
    """The components for parameters, by the name of the component, which is that of the parameter wherever it can be."""
    systems = {"type": "string", "format": "uri", "enum": list(OFFERED), "default": CRS84.uri}
    zoom = {"type": "integer", "minimum": 0, "maximum": matrix.MAX_ZOOM}
    place = {"type": "integer", "minimum": 0, "maximum": 2**matrix.MAX_ZOOM - 1}
    described = [
        query("limit", _("How many features a page holds at most; more than the maximum is taken as the maximum."), {
            "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT,
        }),
        query("cursor", _("Where the page begins; it comes from the “next” link of the page before."), {"type": "string"}),
        query("offset", _("How many features are passed over before the page; following “next” is faster and safer."), {
            "type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0,
        }),
        {
            **query("bbox", _(
                "Only features that meet this box: west, south, east, north, in the order of axes of bbox-crs. "
                "Of six numbers the heights are left aside."
            ), {
                "type": "array",
                "items": {"type": "number"},
                "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            }),
            "example": [120.5, 29.9, 120.7, 30.1],
        },
        query("bbox-crs", _("The CRS of the bbox, with the order of axes of its authority."), systems),
        query("crs", _("The CRS of the coordinates in the answer, with the order of axes of its authority."), systems),
        {
            **query("datetime", _(
                "The day or the interval of which the register is asked, at the bureau's clock; today without it. "
                "An interval is two days joined by a slash; two dots leave an end open."
            ), {"type": "string"}),
            "example": "2022-12-31",
        },
        {
            **query("snapshot", _(
                "The number of a snapshot, or its day when it is the only one of that day: what the register showed when it was "
                "frozen, whatever has been edited since. Not together with datetime."
            ), {"type": "string"}),
            "example": "2022-12-31",
        },
        {
            **query("filter", _(
                "Only features for which this CQL2 expression holds; see the queryables for what it may speak of."
            ), {"type": "string", "maxLength": 8000}),
            "example": "name LIKE '%山%'",
        },
        query("filter-lang", _("How the filter is written."), {
            "type": "string", "enum": list(FILTER_LANGUAGES), "default": next(iter(FILTER_LANGUAGES)),
        }),
        query("filter-crs", _("The CRS of the coordinates in the filter."), systems),
        {
            **query("q", _("Only features whose name or spelling holds this text."), {
                "type": "string", "minLength": 1, "maxLength": LONGEST,
            }),
            "example": "山",
        },
        query("skipGeometry", _("Whether to leave the geometries out."), {"type": "boolean", "default": False}),
        query("lang", _("The language of titles and errors; without it that of Accept-Language, else Chinese."), {
            "type": "string", "enum": [code for code, _name in settings.LANGUAGES],
        }),
        query("v", _("A version, which makes the address cacheable for ever; it comes with the addresses of tiles."), {
            "type": "string",
        }),
        {
            "name": CONDITION, "in": "header", "schema": {"type": "string"},
            "description": _("The ETag of the answer you have: it is not sent again while it is still right."),
        },
        path("collectionId", _("The id of a collection."), {
            "type": "string", "enum": [layer.id for layer in registry.published()],
        }),
        path("featureId", _("The id of a feature: its stable code in the register."), {"type": "string"}),
        path("tileMatrix", _("The zoom."), zoom),
        path("tileRow", _("The row, counted from the north; less than 2 to the power of the zoom."), place),
        path("tileCol", _("The column, counted from the west; less than 2 to the power of the zoom."), place),
    ]  # fmt: skip
    return {one["name"]: one for one in described}


def query(name: str, description: str, schema: Described) -> Described:
    """A parameter of the query; a list is joined by commas."""
    style = {"style": "form", "explode": False}
    return {"name": name, "in": "query", "required": False, "description": description, **style, "schema": schema}


def path(name: str, description: str, schema: Described) -> Described:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def form(*offered: str) -> Described:
    """The parameter that names the format, the first by default."""
    return query("f", _("The format."), {"type": "string", "enum": list(offered), "default": offered[0]})


def headers() -> dict[str, Described]:
    def header(description: str, **schema: Any) -> Described:
        return {"description": description, "schema": {"type": "string", **schema}}

    return {
        "ETag": header(_("Changes whenever the answer would; send it back in If-None-Match.")),
        "Cache-Control": header(_("How long the answer may be kept.")),
        "Content-Language": header(_("The language of the answer.")),
        "Vary": header(_("The request headers that decide the answer.")),
        "Content-Crs": header(_("The CRS of the coordinates, in angle brackets."), example=f"<{CRS84.uri}>"),
        "Location": header(_("The address of what was made."), format="uri"),
        "Retry-After": header(_("After how many seconds to ask again.")),
        "WWW-Authenticate": header(_("How to sign in.")),
        "Allow": header(_("The methods that the address answers.")),
    }


def responses() -> dict[str, Described]:
    """The components for answers that carry no data."""
    return {
        "NotModified": {"description": _("The answer you have is still right."), "headers": sent("ETag")},
        "BadRequest": problem(_("A parameter is unknown, or its value cannot be used; the problem names it.")),
        "Unauthorized": problem(_("The token is wrong, expired or revoked."), "WWW-Authenticate"),
        "Forbidden": problem(_("Your role does not allow it.")),
        "NotFound": problem(_("There is no such thing, or you may not see it.")),
        "Conflict": problem(_("There is one with this id already, or something else stands in the way.")),
        "LengthRequired": problem(_("Content-Length is missing.")),
        "Changed": problem(_("The item was changed since you read it; the problem holds it as it is now."), "ETag"),
        "TooLarge": problem(_("The body is too large.")),
        "WrongMediaType": problem(_("The body has a media type that is not taken here.")),
        "Unusable": problem(_("Values cannot be used: “errors” lists every one with field, value and remedy.")),
        "ConditionMissing": problem(_("If-Match is missing.")),
        "TooManyRequests": problem(_("Too many requests in a short time."), "Retry-After"),
        "ServerError": problem(_("Something went wrong on our side.")),
        "DiskFull": problem(_("There is no room for another file.")),
        "Unavailable": problem(_("The database did not answer in time; ask again in a moment, or for less at once.")),
    }


def problem(description: str, *carried: str) -> Described:
    """An answer that says what is wrong (RFC 9457); who asks for a page is told on one."""
    content = {PROBLEM: {"schema": ref("Problem")}, HTML: {"schema": {"type": "string"}}}
    about: Described = {"description": description, "content": content}
    return {**about, "headers": sent(*carried)} if carried else about


def sent(*names: str) -> Described:
    return {name: ref(name, "headers") for name in names}


def given(*names: str) -> list[Described]:
    return [ref(name, "parameters") for name in names]


def answer(description: str, content: dict[str, Described], *carried: str) -> Described:
    """The answer of success, with the headers that every answer with data has and those besides."""
    always = ("ETag", "Cache-Control", "Content-Language", "Vary")
    media = {kind: {"schema": schema} for kind, schema in content.items()}
    return {"description": description, "headers": sent(*always, *carried), "content": media}


def reading(
    operation: str, tag: str, summary: str, success: Described, asked: list[Described], *offered: str
) -> Described:
    """The description of a GET. offered: the formats that ``f`` names; none where there is no choice."""
    return {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "parameters": [*asked, *([form(*offered)] if offered else []), *given(*EVERYWHERE, CONDITION)],
        "responses": {
            "200": success,
            "304": ref("NotModified", "responses"),
            "400": ref("BadRequest", "responses"),
            "401": ref("Unauthorized", "responses"),
            "404": ref("NotFound", "responses"),
            "429": ref("TooManyRequests", "responses"),
            "500": ref("ServerError", "responses"),
            "503": ref("Unavailable", "responses"),
        },
    }
