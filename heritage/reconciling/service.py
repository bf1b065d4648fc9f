"""The documents of the reconciliation service."""

from typing import Any

from django.utils.translation import gettext as _

from heritage.errors import UnknownPlace
from heritage.reconciling import matching, queries
from heritage.reconciling.entities import PROPERTIES, Entity, entities, properties, types
from heritage.reconciling.errors import BadQueries
from heritage.reconciling.queries import MOST_QUERIES, chosen
from layers.names.folding import fold
from layers.publish.metadata import portal_name

VERSION = "0.2"
SUGGESTED = 20
WIDTH, HEIGHT = 420, 220  # of a preview, in pixels
PATH = "/api/reconcile"


def manifest(base: str) -> dict[str, Any]:
    def at(path: str) -> dict[str, str]:
        return {"service_url": base, "service_path": f"{PATH}/{path}"}

    return {
        "versions": [VERSION],
        "name": _("%(portal)s: heritage places") % {"portal": portal_name()},
        "identifierSpace": f"{base}/places/",
        "schemaSpace": "https://schema.org/Place",
        "documentation": f"{base}/api/docs",
        "defaultTypes": types(),
        "view": {"url": f"{base}/places/{{{{id}}}}"},
        "preview": {"url": f"{base}{PATH}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {name: at(f"suggest/{name}") for name in ("entity", "property", "type")},
        "extend": {"propose_properties": at("properties"), "property_settings": []},
        "batchSize": MOST_QUERIES,
    }


def answers(text: str) -> dict[str, Any]:
    """The candidates for each query of a batch. Raises BadQueries, TooManyQueries."""
    asked = queries.batch(text)
    return {key: {"result": [_candidate(one) for one in matching.candidates(query)]} for key, query in asked.items()}


def _candidate(one: matching.Candidate) -> dict[str, Any]:
    features = [{"id": "name", "value": one.name}, {"id": "search", "value": one.search}]
    place = one.place
    return {
        "id": place.handle,
        "name": place.name,
        "description": place.description,
        "type": place.type,
        "score": one.score,
        "match": one.match,
        "features": features,
    }


def extended(text: str) -> dict[str, Any]:
    """The values of properties of places; of one that there is not, none. Raises BadQueries, TooManyQueries."""
    asked = queries.extension(text)
    if unknown := [name for name in asked.properties if name not in PROPERTIES]:
        raise BadQueries(
            "extend",
            _("there is no property “%(name)s”; there are: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(PROPERTIES)},
        )
    found = entities(asked.handles)
    return {
        "meta": [{"id": name, "name": str(PROPERTIES[name].name)} for name in asked.properties],
        "rows": {
            handle: {name: _values(name, found.get(handle)) for name in asked.properties} for handle in asked.handles
        },
    }


def _values(name: str, place: Entity | None) -> list[dict[str, str]]:
    return [{"str": value} for value in PROPERTIES[name].values(place)] if place else []


def suggested_entities(prefix: str, cursor: str) -> dict[str, Any]:
    return {
        "result": [
            {"id": place.handle, "name": place.name, "description": place.description, "notable": place.type}
            for place in chosen(matching.suggested(prefix.strip()[: queries.LONGEST]), cursor, SUGGESTED)
        ]
    }


def suggested_properties(prefix: str, cursor: str) -> dict[str, Any]:
    return {"result": chosen(_called(properties(), prefix), cursor, SUGGESTED)}


def suggested_types(prefix: str, cursor: str) -> dict[str, Any]:
    return {"result": chosen(_called(types(), prefix), cursor, SUGGESTED)}


def proposed_properties(kind: str, limit: str) -> dict[str, Any]:
    """The properties of places of a type: all places have the same. Raises BadQueries."""
    if limit and not (limit.isascii() and limit.isdigit() and len(limit) < 7):
        raise BadQueries("limit", _("it is a whole number."))
    about = {"limit": int(limit)} if limit else {}
    return {"type": kind, **about, "properties": properties()[: int(limit) if limit else None]}


def _called(known: list[dict[str, str]], prefix: str) -> list[dict[str, str]]:
    text = fold(prefix)
    return [one for one in known if text in fold(one["name"]) or text in fold(one["id"])]


def preview(handle: str) -> Entity:
    """Raises UnknownPlace."""
    found = entities([handle]).get(handle)
    if found is None:
        raise UnknownPlace(handle)
    return found
