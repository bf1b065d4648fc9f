"""Statements compiled once and run many times: Django writes the inner query, PostGIS answers in final form.

The text of a statement never changes between requests, so that PostgreSQL plans it once a connection.
"""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import psycopg.sql
from django.db import connections
from django.db.models import BigIntegerField, BooleanField, DateField, Expression, Field, Func, QuerySet, TextField
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from psycopg.types.numeric import Int8

DATABASE = "reader"
# The statements each connection has prepared: names by text and the types of the parameters, which decide the plan.
PREPARED: WeakKeyDictionary[psycopg.Connection, dict[tuple[bytes, Sequence[int]], bytes]] = WeakKeyDictionary()
PREPARED_KEPT = 256  # a connection; each holds a plan in the database's memory
NUMBERS = count()
LITTLE_ENDIAN, POLYGON_WITH_SRID = 1, 0x2000_0003  # of EWKB


@dataclass(frozen=True)
class Slot:
    """The place of a value that each run brings."""

    name: str


class Parameter(Expression):
    """An expression that stands for a value known only when the statement runs."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002  Django's signature
        return "%s", [Slot(self.name)]


DAY = Parameter("on", DateField())
FIRST, LAST = Parameter("first", DateField()), Parameter("last", DateField())
SNAPSHOT = Parameter("snapshot", BigIntegerField())
# Hexadecimal EWKB in the CRS of the column it meets, so that the column's index serves.
BOX = Parameter("box", TextField())
BOX_3857 = Parameter("box_3857", TextField())


class Overlaps(Func):
    """Whether the box of a geometry overlaps the box."""

    template = "%(expressions)s::geometry"
    arg_joiner = " && "
    output_field = BooleanField()


class InBlocks(Expression):
    """Whether a row of the register stands in the table's blocks from ``first_block`` up to ``end_block``."""

    conditional = True
    alias = ""

    def __init__(self) -> None:
        super().__init__(output_field=BooleanField())

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> "InBlocks":
        resolved: InBlocks = super().resolve_expression(query, *args, **kwargs)
        resolved.alias = query.get_initial_alias()
        return resolved

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002  Django's signature
        place = f"{connection.ops.quote_name(self.alias)}.ctid"
        return f"({place} >= %s::tid AND {place} < %s::tid)", [Slot("first_block"), Slot("end_block")]


@dataclass(frozen=True)
class Statement:
    """params: slots, and constants of the layer's own.

    planned_each_time: the values decide which plan is good: a page in a small box begins with the box's index,
    one in a large box with the order of the page.
    planned_once: the values are hidden from the planner, so that no plan for these very ones seems cheaper than that for
    any, which is made once: to plan costs more than to look up a few rows.
    """

    sql: str
    params: tuple[object, ...]
    planned_each_time: bool = False
    planned_once: bool = False

    def run(self, **values: object) -> tuple[Any, ...]:
        """The one row the statement gives, with the slots filled."""
        connection = connections[DATABASE]
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        with connection.wrap_database_errors:
            return self.run_on(connection.connection, **values)

    def run_on(self, connection: psycopg.Connection, **values: object) -> tuple[Any, ...]:
        """The same on a connection of the driver's; errors are the driver's.

        Sent by libpq's own calls, which wait and collect outside of Python: a cursor would cost a tile as much
        processor time as all the rest of its request.
        """
        text, filled = self.filled(**values)
        adapted, database = Transformer(connection), connection.pgconn
        params = adapted.dump_sequence(filled, [PyFormat.AUTO] * len(filled))
        types, formats = adapted.types or (), adapted.formats
        if self.planned_each_time:
            result = database.exec_params(text, params, types, formats, Format.BINARY)
        else:
            name = _prepared_on(connection, text, types)
            result = database.exec_prepared(name, params, formats, Format.BINARY)  # type: ignore[arg-type]  # None is NULL
        _raise_unless(ExecStatus.TUPLES_OK, result, database)
        adapted.set_pgresult(result)
        return adapted.load_row(0, tuple)

    def filled(self, **values: object) -> tuple[bytes, list[object]]:
        """The text with numbered places, and what they are filled with."""
        text, names = self._prepared
        return text, [_one_type(values[name]) for name in names]

    @cached_property
    def _prepared(self) -> tuple[bytes, tuple[str, ...]]:
        """The text with a number for each slot, however often it stands, constants written in, and the slots' names.

        A text with a hundred unnumbered places costs psycopg more time to fill in than the database to answer.
        """
        numbers: dict[str, int] = {}
        params = iter(self.params)

        def place(found: re.Match[str]) -> str:
            if found.group() == "%%":
                return "%"
            param = next(params)
            if isinstance(param, Slot):
                number = f"${numbers.setdefault(param.name, len(numbers) + 1)}"
                return f"(SELECT {number})" if self.planned_once else number
            return psycopg.sql.Literal(param).as_string(None)

        return re.sub("%%|%s", place, self.sql).encode(), tuple(numbers)


def _prepared_on(connection: psycopg.Connection, text: bytes, types: Sequence[int]) -> bytes:
    """The name of the statement on the connection, which prepares it when it first meets it."""
    known = PREPARED.setdefault(connection, {})
    if (name := known.get((text, types))) is None:
        if len(known) == PREPARED_KEPT:
            oldest = known.pop(next(iter(known)))
            _raise_unless(ExecStatus.COMMAND_OK, connection.pgconn.exec_(b"DEALLOCATE " + oldest), connection.pgconn)
        name = b"portal_%d" % next(NUMBERS)
        _raise_unless(ExecStatus.COMMAND_OK, connection.pgconn.prepare(name, text, types), connection.pgconn)
        known[text, types] = name
    return name


def _raise_unless(expected: ExecStatus, result: PGresult, database: PGconn) -> None:
    if result.status == expected:
        return
    if database.status == ConnStatus.BAD:
        raise psycopg.OperationalError(database.get_error_message())
    raise error_from_result(result)


def _one_type(value: object) -> object:
    """A number as a bigint, whatever its size, since each set of types has a plan of its own; a tuple as an array."""
    if type(value) is int:
        return Int8(value)
    return list(value) if type(value) is tuple else value


def box_ewkb(bounds: tuple[float, float, float, float], srid: int) -> str:
    """West, south, east, north as hexadecimal EWKB; written out here, for GEOS takes longer than a small answer."""
    west, south, east, north = bounds
    ring = (west, south, west, north, east, north, east, south, west, south)
    return struct.pack("<BIIII10d", LITTLE_ENDIAN, POLYGON_WITH_SRID, srid, 1, len(ring) // 2, *ring).hex()


def compiled(query: QuerySet) -> tuple[str, tuple[object, ...]]:
    """The SQL of a query and its parameters, slots among them."""
    sql, params = query.using(DATABASE).query.get_compiler(DATABASE).as_sql()
    return sql, tuple(params)
