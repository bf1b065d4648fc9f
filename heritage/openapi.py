"""The addresses of heritage places, described."""

from django.utils.translation import gettext as _

from heritage.linked_places import MEDIA_TYPE
from heritage.lpf_files import FORMS
from layers.publish.media_types import HTML, JSON
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT, many, thing
from layers.publish.openapi.shared import Described, answer, given, path, query, reading, sent

ANYTHING: Described = {"type": "object"}
COUNT: Described = {"type": "integer", "minimum": 0, "maximum": 999_999}
FORM = "application/x-www-form-urlencoded"


def tags() -> list[str]:
    return [_("Heritage places")]


def paths() -> dict[str, Described]:
    return _linked_places() | _reconciling()


def schemas() -> dict[str, Described]:
    place = thing(
        ["@id", "type", "properties", "names", "geometry"],
        **{"@id": {**TEXT, "format": "uri"}, "@context": many({})},
        type={**TEXT, "enum": ["Feature"]},
        properties=thing(["title"], title=TEXT, ccodes=many(TEXT), fclasses=many(TEXT)),
        when=ANYTHING,
        names=many(thing(["toponym", "lang"], toponym=TEXT, lang=TEXT, citations=many(ANYTHING), when=ANYTHING)),
        types=many(thing(["identifier", "label"], identifier=TEXT, label=TEXT)),
        geometry={"nullable": True, **thing(["type", "geometries"], type=TEXT, geometries=many(ANYTHING))},
        links=many(thing(["type", "identifier"], type=TEXT, identifier=TEXT)),
        relations=many(thing(["relationType", "relationTo", "label"], relationType=TEXT, relationTo=TEXT, label=TEXT)),
        descriptions=many(thing(["value", "lang"], value=TEXT, lang=TEXT)),
        depictions=many(thing(["@id", "title"], **{"@id": TEXT}, title=TEXT)),
    )
    named = thing(["id", "name"], id=TEXT, name=TEXT)
    row: Described = {"type": "array", "items": {}}
    count: Described = {"type": "integer", "minimum": 0}
    return {
        "PlaceNames": thing(
            ["columns", "of_name", "count", "timed", "places"],
            columns={**many(TEXT), "description": _("What stands in the row of a place.")},
            of_name={**many(TEXT), "description": _("What stands in the row of a name, years before Christ negative.")},
            count=count,
            timed={**count, "description": _("Of how many places a name's time is known.")},
            places=many(row),
        ),
        "ReconciliationManifest": thing(
            ["versions", "name", "identifierSpace", "schemaSpace"],
            versions=many(TEXT),
            name=TEXT,
            identifierSpace=TEXT,
            schemaSpace=TEXT,
        ),
        "ReconciliationSuggestions": thing(["result"], result=many(named)),
        "ReconciliationProperties": thing(["type", "properties"], type=TEXT, properties=many(named)),
        "LinkedPlace": place,
        "LinkedPlaces": thing(
            ["type", "@context", "features"],
            type={**TEXT, "enum": ["FeatureCollection"]},
            features=many(ref("LinkedPlace")),
            **{"@context": many({})},
        ),
    }


def _linked_places() -> dict[str, Described]:
    (tag,) = tags()
    every = reading(
        "getPlaces",
        tag,
        _("All heritage places in the Linked Places Format"),
        answer(
            _("Every public place, sent as it is read; as json one document, as jsonl a feature a line."),
            {MEDIA_TYPE: ref("LinkedPlaces"), FORMS["jsonl"].media_type: TEXT},
        ),
        [],
        *FORMS,
    )
    one = reading(
        "getPlace",
        tag,
        _("One heritage place in the Linked Places Format"),
        answer(_("The place as JSON-LD, with the point that the public is given."), {MEDIA_TYPE: ref("LinkedPlace")}),
        [path("handle", _("The handle of a place, as in its permanent address."), TEXT)],
        "json",
    )
    one["responses"]["301"] = {
        "description": _("It was merged into another place; Location says where that is."),
        "headers": {"Location": ref("Location", "headers")},
    }
    named = reading(
        "getPlaceNames",
        tag,
        _("The names of heritage places through time"),
        answer(
            _("Every public place, where the public is told that it lies, with its names whose time is known."),
            {JSON: ref("PlaceNames")},
        ),
        [],
        "json",
    )
    return {"/places": {"get": every}, "/places/{handle}": {"get": one}, "/places/names": {"get": named}}


def _reconciling() -> dict[str, Described]:
    """The service of the Reconciliation Service API 0.2, as far as OpenAPI can say it."""
    queries = query("queries", _("A batch of at most 50 queries as JSON, by their keys."), TEXT)
    extend = query("extend", _("The ids of places and of properties as JSON."), TEXT)
    suggested = "ReconciliationSuggestions"
    typed = [
        query("prefix", _("The beginning of a name."), TEXT),
        query("cursor", _("How many are passed over."), COUNT),
    ]
    body = {FORM: {"schema": {"type": "object", "properties": {"queries": TEXT, "extend": TEXT}}}}
    service = {
        "get": _open("getReconciliation", _("The reconciliation service, as OpenRefine uses it"),
                     {JSON: {"anyOf": [ref("ReconciliationManifest"), ANYTHING]}}, [queries, extend]),
        "post": {
            **_open("reconcile", _("Which places are meant by names, or what is known of them"), {JSON: ANYTHING}, []),
            "requestBody": {"required": True, "content": body},
        },
    }  # fmt: skip
    return {
        "/reconcile": service,
        "/reconcile/suggest/entity": {
            "get": _open("suggestEntity", _("Places by their names"), {JSON: ref(suggested)}, typed)
        },
        "/reconcile/suggest/property": {
            "get": _open("suggestProperty", _("Properties by their names"), {JSON: ref(suggested)}, typed)
        },
        "/reconcile/suggest/type": {
            "get": _open("suggestType", _("Categories by their names"), {JSON: ref(suggested)}, typed)
        },
        "/reconcile/properties": {
            "get": _open(
                "proposeProperties",
                _("The properties of places"),
                {JSON: ref("ReconciliationProperties")},
                [
                    query("type", _("A category; all have the same properties."), TEXT),
                    query("limit", _("How many at most."), COUNT),
                ],
            )
        },
        "/reconcile/preview": {
            "get": _open(
                "previewEntity",
                _("A small page about a place, to be shown in a frame"),
                {HTML: TEXT},
                [{**query("id", _("The handle of a place, as in its permanent address."), TEXT), "required": True}],
            )
        },
    }


def _open(operation: str, summary: str, content: dict[str, Described], asked: list[Described]) -> Described:
    """An address of the service: nothing of it is kept on the way, and the pages of any site may read it."""
    headers = sent("Content-Language", "Vary", "Cache-Control") | {
        "Access-Control-Allow-Origin": {"description": _("Any site."), "schema": {"type": "string", "enum": ["*"]}}
    }
    media = {kind: {"schema": schema} for kind, schema in content.items()}
    refusals = {"400": "BadRequest", "401": "Unauthorized", "404": "NotFound", "413": "TooLarge",
                "429": "TooManyRequests", "500": "ServerError", "503": "Unavailable"}  # fmt: skip
    (tag,) = tags()
    return {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "parameters": [*asked, *given("lang", "v")],
        "responses": {
            "200": {"description": summary, "headers": headers, "content": media},
            **{status: ref(name, "responses") for status, name in refusals.items()},
        },
    }
