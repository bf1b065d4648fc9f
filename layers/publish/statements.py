"""Statements compiled once and run many times: Django writes the inner query, PostGIS answers in final form.

The text of a statement never changes between requests, so that PostgreSQL plans it once a connection.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections
from django.db.models import BooleanField, DateField, Expression, Field, Func, QuerySet, TextField

DATABASE = "reader"


@dataclass(frozen=True)
class Slot:
    """The place of a value that each run brings."""

    name: str


class Parameter(Expression):
    """An expression that stands for a value known only when the statement runs."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002
        return "%s", [Slot(self.name)]


DAY = Parameter("on", DateField())
# Hexadecimal EWKB in the CRS of the column it meets, so that the column's index serves.
BOX = Parameter("box", TextField())
BOX_3857 = Parameter("box_3857", TextField())


class Overlaps(Func):
    """Whether the box of a geometry overlaps the box."""

    template = "%(expressions)s::geometry"
    arg_joiner = " && "
    output_field = BooleanField()


class Intersects(Func):
    """Whether a geometry meets the box."""

    template = "ST_Intersects(%(expressions)s::geometry)"
    output_field = BooleanField()


@dataclass(frozen=True)
class Statement:
    sql: str
    params: tuple[object, ...]

    def run(self, **values: object) -> tuple[Any, ...]:
        """The one row the statement gives, with the slots filled."""
        connection = connections[DATABASE]
        connection.ensure_connection()
        filled = [values[param.name] if isinstance(param, Slot) else param for param in self.params]
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            row: tuple[Any, ...] | None = cursor.execute(self.sql, filled, prepare=True, binary=True).fetchone()
        assert row is not None
        return row


def compiled(query: QuerySet) -> tuple[str, tuple[object, ...]]:
    """The SQL of a query and its parameters, slots among them."""
    sql, params = query.using(DATABASE).query.get_compiler(DATABASE).as_sql()
    return sql, tuple(params)
