"""Writing to the database past Django, as another program would."""

from typing import Any

from django.db import connection, models, transaction
from psycopg import sql


def update(row: models.Model, column: str | None, expression: str, *params: Any) -> None:
    """Sets a column of the row to an SQL expression, in a savepoint so that a refusal ends nothing else."""
    assert column is not None, "the column of a stored field"
    statement = sql.SQL("UPDATE {} SET {} = " + expression + " WHERE id = %s").format(
        sql.Identifier(row._meta.db_table), sql.Identifier(column)
    )
    execute(statement.as_string(None), *params, row.pk)


def execute(statement: str, *params: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def copy(row: models.Model, **changes: Any) -> None:
    """Inserts a row with the values of another, save for its key, what is generated and the changes."""
    names = [
        str(field.column)
        for field in row._meta.local_concrete_fields
        if not (field.primary_key or field.generated or field.name == "token")
    ]
    if any(field.name == "token" for field in row._meta.local_concrete_fields):
        changes.setdefault("token", f"copy-{row.pk}")
        names.append("token")
    values = sql.SQL(", ").join([sql.Placeholder() if name in changes else sql.Identifier(name) for name in names])
    statement = sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %s").format(
        table=sql.Identifier(row._meta.db_table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=values,
    )
    execute(statement.as_string(None), *(changes[name] for name in names if name in changes), row.pk)


def stored(row: models.Model, column: str) -> Any:
    """A column of the row as it stands in the database."""
    return type(row)._default_manager.values_list(column, flat=True).get(pk=row.pk)
