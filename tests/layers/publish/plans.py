"""How PostgreSQL would run one of our statements."""

from typing import Any

from django.db import connection


def explained(statement: Any, **values: object) -> str:
    """The plan of a statement with its slots filled."""
    filled = [values[param.name] if hasattr(param, "name") else param for param in statement.params]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (COSTS OFF) {statement.sql}", filled)
        return "\n".join(line for (line,) in cursor.fetchall())
