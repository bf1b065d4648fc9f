"""The rows as they would be: what the file gives, over what is there, over what a new row begins with."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql

from layers.edit.properties import Place
from layers.imports.staging import Plan

MERGED = sql.SQL(
    "SELECT i.row, {columns} FROM incoming AS i JOIN matched AS m USING (row) LEFT JOIN {table} AS t ON t.id = m.{key}"
)


def merged(plan: Plan, place: Place, was: str = "") -> sql.Composed:
    """The query of ``row`` and the columns of the register, or of its states, as they would be.

    was: a column whose value before stands besides, as ``was``.
    """
    layer = plan.layer
    model = layer.model if place is Place.ROW else layer.states
    assert model is not None
    columns = [
        sql.SQL("{} AS {}").format(_column(plan, place, field), sql.Identifier(field.attname)) for field in _own(model)
    ]
    if was:
        columns.append(sql.SQL("t.{} AS was").format(sql.Identifier(was)))
    key = sql.Identifier("id" if place is Place.ROW else "state_id")
    return MERGED.format(columns=sql.SQL(", ").join(columns), table=sql.Identifier(model._meta.db_table), key=key)


def given_columns(plan: Plan, place: Place) -> dict[str, sql.Composable]:
    """What the file gives of the register's columns, or of its states': the expression over ``i`` by column."""
    found: dict[str, sql.Composable] = {
        target.about.column.attname: sql.SQL("i.{}").format(sql.Identifier(f"v_{target.name}"))
        for target in plan.given
        if target.about is not None and target.about.place is place
    }
    return found


def initial(plan: Plan, model: type[models.Model]) -> dict[str, sql.Composable]:
    """What the columns of a new row begin with, by column; those that the database fills are left out."""
    only = plan.layer.only if model is plan.layer.model else {}
    return {
        field.attname: _literal(field, only.get(field.name, field.get_default()))
        for field in _own(model)
        if field.editable and not (field.has_db_default() or field.is_relation)
    }


def _own(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not (field.primary_key or field.generated)]


def _column(plan: Plan, place: Place, field: models.Field) -> sql.Composable:
    """The expression of a column over ``i`` and the row ``t`` that is there."""
    if place is Place.ROW and field.name == "code":
        return sql.SQL("i.code")
    if place is Place.ROW and field.name == plan.layer.geometry and plan.has_place:
        return sql.SQL("i.geom")
    if (given := given_columns(plan, place).get(field.attname)) is not None:
        return given
    model = field.model
    start = initial(plan, model).get(field.attname, sql.SQL("NULL"))
    if place is Place.STATE and field.name == "valid_from":
        start = sql.Literal(plan.on)
    return sql.SQL("CASE WHEN t.id IS NULL THEN {} ELSE t.{} END").format(start, sql.Identifier(field.attname))


def _literal(field: models.Field, value: Any) -> sql.Composed:
    kind = field.db_type(connection)
    assert kind is not None
    if isinstance(field, ArrayField) and value is not None:
        value = list(value)
    return sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(kind))
