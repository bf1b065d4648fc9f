"""What a search asks of the database, and the tables that PostgreSQL would read whole for it."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from psycopg import ClientCursor, sql
from psycopg.adapt import PyFormat, Transformer

from layers.access import BUREAU, PUBLIC, Reader
from layers.publish.statements import Statement
from layers.rows import today
from layers.search import batch, doors, finding, index, nearby

FEW = 300  # rows of a table that may be read whole
TYPES = """
    SELECT coalesce(format_type(nullif(oid, 0), NULL), 'text')
    FROM unnest(%s::oid[]) WITH ORDINALITY AS given (oid, place) ORDER BY place
"""
MODES = ("force_custom_plan", "force_generic_plan")

WITHIN: tuple[str, ...] = ("330602001", "330602002")
NOTHING: dict[str, Any] = {"within": [], "parts": [], "patterns": [], "most_read": index.MOST_READ, "limit": 120}
# By what is asked: the statement, and values as a search fills it with.
CANDIDATES: dict[str, dict[str, Any]] = {
    "hanzi": {"alternatives": [0, 0], "keys": ["解放", "放路"], "parts": ["解放路"]},
    "one character": {"alternatives": [0], "keys": ["山"], "parts": ["山"]},
    "in a county": {"alternatives": [0, 0], "keys": ["解放", "放路"], "parts": ["解放路"], "within": ("330602",)},
    "in townships": {
        "alternatives": [0, 0, 1, 1],
        "keys": [f"{township}:{pair}" for township in WITHIN for pair in ("解放", "放路")],
        "parts": ["解放路"],
        "within": WITHIN,
    },
    "pinyin": {"alternatives": [0, 1], "keys": ["a:jiefang", "c:jf"], "patterns": [" j ?i ?e ?f ?a ?n ?g"]},
    "initials": {"alternatives": [0], "keys": ["c:jfl"], "patterns": [" j[a-z]* f[a-z]* l"]},
    "slips": {"alternatives": [0, 1, 2], "keys": ["d:解放", "d:解路", "d:放路"], "limit": 200},
    "not there": {"alternatives": [0], "keys": ["齉龘"], "parts": ["齉龘"]},
}


def tables_scanned() -> dict[str, set[str]]:
    """The large tables read whole, by the statement of the search, its reader and how it was planned; those with none left
    out."""
    found = {
        f"{what}, {reader.audience}, {mode}": scanned(statement, mode, **values)
        for reader in (PUBLIC, BUREAU)
        for mode in MODES
        for what, statement, values in asked(reader)
    }
    return {what: tables for what, tables in found.items() if tables}


def scanned(statement: Statement, mode: str, **values: Any) -> set[str]:
    """The tables with more than a few rows that the plan reads whole. mode: for these values, or for any."""
    text, filled = statement.filled(**values)
    large = large_tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL plan_cache_mode = {}").format(sql.Literal(mode)))
        with ClientCursor(connection.connection) as client:
            client.execute(sql.SQL("PREPARE asked ({}) AS ").format(types_of(filled)).as_bytes() + text)
            places = sql.SQL(", ").join([sql.SQL("%s")] * len(filled))
            client.execute(sql.SQL("EXPLAIN (FORMAT JSON) EXECUTE asked ({})").format(places), filled)
            [[[plan]]] = client.fetchall()
            client.execute("DEALLOCATE asked")
    return {str(node["Relation Name"]) for node in nodes(plan["Plan"]) if reads_all(node)} & large


def types_of(values: list[Any]) -> sql.Composed:
    """As the driver says them, where the statement itself does not."""
    adapted = Transformer(connection.connection)
    adapted.dump_sequence(values, [PyFormat.AUTO] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(TYPES, [list(adapted.types or ())])
        return sql.SQL(", ").join(sql.SQL(name) for (name,) in cursor.fetchall())


def large_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [FEW])
        return {name for (name,) in cursor.fetchall()}


def reads_all(node: dict[str, Any]) -> bool:
    """Whether a node of a plan reads a table or its index from end to end."""
    is_by_index = node["Node Type"] in ("Index Scan", "Index Only Scan")
    return node["Node Type"] == "Seq Scan" or (is_by_index and not {"Index Cond", "Order By"} & set(node))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def asked(reader: Reader) -> Iterator[tuple[str, Statement, dict[str, Any]]]:
    """Every statement of the search with values like those of a question."""
    on = today()
    for what, values in CANDIDATES.items():
        yield f"candidates: {what}", index._candidates(), {**NOTHING, **values, "on": on}
    for register in ("layers_division", "layers_servicepoint"):
        yield f"features: {register}", finding._statement(reader, register), {"row_ids": [1, 2], "on": on}
    for number in (1, 1000):
        along = {
            "stretches": ["解放路"] * number, "townships": list(WITHIN[:1]) * number, "numbers": [12] * number,
            "written": ["12号"] * number,
        }  # fmt: skip
        yield f"doors: {number}", doors._statement(reader), {**along, "on": on}
        names = {"names": ["解放路"] * number, "within": ["330602001 330602002"] * number}
        yield f"stretches of a batch: {number}", batch._stretches(), names
        yield f"stretches of a county: {number}", batch._stretches(), {**names, "within": ["330602"] * number}
    yield "divisions of a batch", batch._points(reader), {"codes": ["330602001", "330602001001"], "on": on}
    yield "near", nearby._statement(reader), {"lon": 120.58, "lat": 30.0, "on": on}
