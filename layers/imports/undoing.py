"""Taking back what an import wrote, from the change log, and who may not."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from layers.access import Reader, writable_rows
from layers.imports.errors import EditedSince
from layers.models import Change
from layers.registry import Layer, division_column

# A row that belongs to one of the import's, such as a state begun since, counts as an edit of it; what another import
# did does not once it is undone.
EDITED = """
    SELECT DISTINCT coalesce(nullif(later.code, ''), later.register || ' ' || later.register_row)
    FROM layers_change AS own JOIN layers_change AS later
      ON later.register = own.register AND later.register_row = own.register_row AND later.id > own.id
    WHERE own.origin = %(origin)s AND later.origin <> %(origin)s AND later.origin NOT IN (
        SELECT unnest(ARRAY['import ' || id, 'undo import ' || id]) FROM layers_import WHERE state = 'undone')
    ORDER BY 1
"""
TABLES = 'SELECT "table" FROM layers_change WHERE origin = %s GROUP BY "table" ORDER BY max(id) DESC'
OWN = sql.SQL("""FROM layers_change AS c WHERE c.origin = %(origin)s AND c."table" = {name}""")
DROP = sql.SQL("DELETE FROM {table} AS t USING (SELECT c.row {own} AND c.operation = 'insert') AS c WHERE t.id = c.row")
RESTORE = sql.SQL("""
    UPDATE {table} AS t SET {columns}
    FROM (SELECT DISTINCT ON (c.row) c.row, c.before {own} AND c.operation = 'update' ORDER BY c.row, c.id) AS c
    WHERE t.id = c.row
""")
COLUMN = sql.SQL("{0} = CASE WHEN c.before ? {1} THEN (jsonb_populate_record(NULL::{2}, c.before)).{0} ELSE t.{0} END")
AGAIN = sql.SQL("""
    INSERT INTO {table} (id, {columns}) OVERRIDING SYSTEM VALUE
    SELECT c.row, {values} FROM (SELECT c.row, jsonb_populate_record(NULL::{table}, c.before) AS was {own} AND c.operation = 'delete') AS c
""")


def elsewhere(origin: str, layer: Layer, reader: Reader) -> str | None:
    """The code of a row of that origin that the reader may not write, as it is or as it would be again."""
    if not reader.counties:
        return None
    own = Change._default_manager.filter(origin=origin, register=layer.model._meta.db_table)
    rows = layer.model._default_manager.filter(pk__in=own.values("register_row"))
    outside = rows.exclude(writable_rows(layer, reader))
    if column := division_column(layer.model):
        moved = own.filter(table=layer.model._meta.db_table, before__has_key=column)
        for county in reader.counties:
            moved = moved.exclude(**{f"before__{column}__startswith": county})
        outside |= rows.filter(pk__in=moved.values("row"))
    return outside.values_list("code", flat=True).order_by("code").first()


def undo(origin: str) -> None:
    """Undoes the changes of that origin, those of rows that belong to others first. Raises EditedSince."""
    about = {"origin": origin}
    with connection.cursor() as cursor:
        cursor.execute(EDITED, about)
        if edited := [code for (code,) in cursor.fetchall()]:
            raise EditedSince(edited)
        cursor.execute(TABLES, [origin])
        for (name,) in cursor.fetchall():
            for statement in _statements(name):
                cursor.execute(statement, about)


def _statements(name: str) -> Iterator[sql.Composed]:
    """What is added goes, what was changed is as it was, what was deleted is there again."""
    table, own, columns = sql.Identifier(name), OWN.format(name=sql.Literal(name)), _columns(name)
    each = (COLUMN.format(sql.Identifier(column), sql.Literal(column), table) for column in columns)
    values = (sql.SQL("(c.was).{}").format(sql.Identifier(column)) for column in columns)
    yield DROP.format(table=table, own=own)
    yield RESTORE.format(table=table, own=own, columns=sql.SQL(", ").join(each))
    named = {"columns": sql.SQL(", ").join(map(sql.Identifier, columns)), "values": sql.SQL(", ").join(values)}
    yield AGAIN.format(table=table, own=own, **named)


def _columns(table: str) -> list[str]:
    """The columns that the change log keeps of the table."""
    model: type[models.Model] = next(found for found in apps.get_models() if found._meta.db_table == table)
    return [
        field.attname
        for field in model._meta.local_concrete_fields
        if field.editable and not (field.primary_key or field.generated)
    ]
