"""Registers without their rows, for the transaction of a test."""

from django.db import connection, models

from tests.sharing import commit


def empty(*registers: type[models.Model]) -> None:
    """Deletes every row of the registers, and what belongs to them.

    Their triggers, which log and unlearn two thousand names, would take ten times as long; TRUNCATE would make every
    index of the tables anew and wait for the disk each time.
    """
    with connection.cursor() as cursor:
        for register in registers:
            commit()  # a table with a check put off cannot be altered
            tables = [*map(_table, _children(register)), _table(register)]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(f"DELETE FROM {table}")
            commit()
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _children(register: type[models.Model]) -> list[type[models.Model]]:
    """What belongs to the register's rows, and to that in turn: the furthest first."""
    fields = register._meta.get_fields(include_hidden=True)
    near = [field.related_model for field in fields if field.one_to_many and field.related_model is not register]
    return list(dict.fromkeys([*(far for child in near for far in _children(child)), *near]))


def _table(register: type[models.Model]) -> str:
    return connection.ops.quote_name(register._meta.db_table)
