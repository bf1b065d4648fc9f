"""What a client asks, read from its JSON: every mistake is said with where it is. Knows no database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from heritage.reconciling.errors import BadQueries, TooManyQueries

MOST_QUERIES = 50
MOST_IDS = 1000
MOST_CANDIDATES, CANDIDATES = 50, 10
LONGEST = 200  # characters of a query
STRICTNESS = ("any", "should", "all")
FIELDS = ("query", "type", "limit", "properties", "type_strict")

Value = str | float | bool


@dataclass(frozen=True)
class Query:
    """text: a name, or empty. types: category codes, none: any. properties: what else is known, by property."""

    text: str
    types: tuple[str, ...] = ()
    limit: int = CANDIDATES
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Extension:
    """What is asked of which places: handles, and the ids of properties."""

    handles: tuple[str, ...]
    properties: tuple[str, ...]


def batch(text: str) -> dict[str, Query]:
    """The queries of a batch by their keys. Raises BadQueries, TooManyQueries."""
    said = _json("queries", text)
    if not isinstance(said, Mapping):
        raise BadQueries("queries", _("it is an object of queries by their keys."))
    if len(said) > MOST_QUERIES:
        raise TooManyQueries(len(said), MOST_QUERIES)
    return {key: _query(key, one) for key, one in said.items()}


def extension(text: str) -> Extension:
    """Raises BadQueries, TooManyQueries."""
    said = _json("extend", text)
    if not isinstance(said, Mapping) or not {"ids", "properties"} <= set(said):
        raise BadQueries("extend", _("it is an object with “ids” and “properties”."))
    ids, properties = said["ids"], said["properties"]
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise BadQueries("extend", _("“ids” is a list of texts."))
    if len(ids) > MOST_IDS:
        raise TooManyQueries(len(ids), MOST_IDS)
    if not isinstance(properties, list) or not all(
        isinstance(one, Mapping) and isinstance(one.get("id"), str) for one in properties
    ):
        raise BadQueries("extend", _("“properties” is a list of objects, each with an “id”."))
    return Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(one["id"] for one in properties)))


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadQueries(name, _("it is no JSON (%(error)s).") % {"error": error}) from None


def _query(key: str, said: Any) -> Query:
    def refuse(problem: str) -> BadQueries:
        return BadQueries("queries", f"{key}: {problem}")

    if not isinstance(said, Mapping):
        raise refuse(_("a query is an object."))
    if unknown := [name for name in said if name not in FIELDS]:
        raise refuse(
            _("a query has no “%(name)s”; it has: %(known)s.") % {"name": unknown[0], "known": ", ".join(FIELDS)}
        )
    text = said.get("query", "")
    if not isinstance(text, str) or len(text) > LONGEST or "\0" in text:
        raise refuse(_("“query” is a text of at most %(most)d characters.") % {"most": LONGEST})
    properties = _properties(said.get("properties", []), refuse)
    if not text.strip() and not properties:
        raise refuse(_("give “query” or “properties”."))
    types = said.get("type") or []
    types = [types] if isinstance(types, str) else types
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        raise refuse(_("“type” is the id of a type, or a list of such."))
    limit = said.get("limit", CANDIDATES)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        raise refuse(_("“limit” is a whole number from 1."))
    if said.get("type_strict", "any") not in STRICTNESS:
        raise refuse(_("“type_strict” is one of: %(known)s.") % {"known": ", ".join(STRICTNESS)})
    return Query(text.strip(), tuple(types), int(min(limit, MOST_CANDIDATES)), properties)


def _properties(said: Any, refuse: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(said, list):
        raise refuse(_("“properties” is a list of objects with “pid” and “v”."))
    found = []
    for one in said:
        if not isinstance(one, Mapping) or not isinstance(one.get("pid"), str) or "v" not in one:
            raise refuse(_("“properties” is a list of objects with “pid” and “v”."))
        values = one["v"] if isinstance(one["v"], list) else [one["v"]]
        found.append((one["pid"], tuple(_value(value, refuse) for value in values)))
    return tuple(found)


def _value(said: Any, refuse: Any) -> str:
    """A property's value as a text; of another entity its id."""
    if isinstance(said, Mapping) and isinstance(said.get("id"), str):
        return str(said["id"])
    if isinstance(said, str | int | float):
        return str(said)
    raise refuse(_("a value is a text, a number, true, false, or an object with an “id”."))


def chosen(found: Sequence[Any], cursor: str, most: int) -> list[Any]:
    """A page of suggestions. cursor: how many are passed over. Raises BadQueries."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 7):
        raise BadQueries("cursor", _("it is a whole number."))
    return list(found[int(cursor or 0) :][:most])
