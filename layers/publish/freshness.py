"""What an answer depends on: the layers' change counters, the reader, the day. ETags and tile URLs are made of it."""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache

from psycopg import sql

from layers import registry
from layers.access import Reader
from layers.models import TableVersion
from layers.publish.statements import Statement
from layers.registry import Layer

FORM = 1  # raised when the form of an answer changes, so that no client keeps the old one
VERSION = sql.SQL('SELECT coalesce(sum(version), 0)::bigint FROM {counters} WHERE "table" = ANY(%s)')
COUNTERS = sql.SQL('SELECT json_object_agg("table", version) FROM {counters}')

_looked: ContextVar[dict[str, int]] = ContextVar("looked")  # the counters by table, empty until one is asked for


@contextmanager
def one_look() -> Iterator[None]:
    """Within it the counters are read once, when the first version is asked for: what is made from rows that are read
    after that is never older than the version it is kept and tagged by."""
    if _looked.get(None) is not None:  # part of a longer look
        yield
        return
    token = _looked.set({})
    try:
        yield
    finally:
        _looked.reset(token)


def version(layers: Iterable[Layer]) -> int:
    """A number that rises with every committed change of any of the layers."""
    return version_of(tuple(layer.id for layer in layers))


def version_of(layer_ids: tuple[str, ...]) -> int:
    """The ``version`` of the layers of these ids."""
    return version_of_tables(tables(layer_ids))


def version_of_tables(read: Collection[str]) -> int:
    """A number that rises with every committed change of any of the tables."""
    if not read:
        return 0
    looked = _looked.get({})
    if not looked:
        looked.update(_counters().run()[0] or {})
    return sum(looked.get(table, 0) for table in read)


@cache
def tables(layer_ids: tuple[str, ...]) -> list[str]:
    """The tables whose changes change one of the layers."""
    return sorted({table for layer_id in layer_ids for table in registry.get(layer_id).tables})


@cache
def _counters() -> Statement:
    return Statement(COUNTERS.format(counters=sql.Identifier(TableVersion._meta.db_table)).as_string(None), ())


def version_sql() -> str:
    """The query of the version; its one parameter is the list of ``tables``."""
    return VERSION.format(counters=sql.Identifier(TableVersion._meta.db_table)).as_string(None)


def url_version(layers: Iterable[Layer], on: date) -> str:
    """What makes a URL of the layers cacheable for ever: their version and the day."""
    return stamp(version(layers), on)


def stamp(number: int, on: date) -> str:
    """The ``url_version`` of a version already read."""
    return f"{FORM}.{number}.{on:%Y%m%d}"


def etag(number: int | str, reader: Reader, on: str, *about: str) -> str:
    """The entity tag of an answer made from that version for a reader, about a day or a period; ``about`` is what
    else decides it.

    number: a layer's version, or an item's.
    """
    return f'"{"-".join([str(FORM), str(number), reader.key, on, *about])}"'


def item_versions(if_match: str) -> frozenset[str]:
    """The versions of an item that an If-Match header names.

    Other servers' tags, and weak ones, name none: a write asks for the very item that was read (RFC 9110, 13.1.1).
    """
    tags = re.findall(r'(W/)?"([^"]*)"', if_match)
    prefix = f"{FORM}-"
    return frozenset(
        tag.removeprefix(prefix).partition("-")[0] for weak, tag in tags if not weak and tag.startswith(prefix)
    )
