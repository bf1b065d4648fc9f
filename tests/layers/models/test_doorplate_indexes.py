"""The indexes of millions of rows: those that are asked for a prefix are there, and no others of their kind."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
PREFIXES = """
    SELECT attname FROM pg_index
    JOIN pg_opclass ON pg_opclass.oid = indclass[0] AND opcname LIKE '%pattern_ops'
    JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
    WHERE indrelid = 'layers_digitaldoorplate'::regclass ORDER BY 1
"""


def test_prefixes_are_indexed_where_somebody_asks_for_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PREFIXES)
        assert [name for (name,) in cursor.fetchall()] == ["code", "township_claimed"]


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("code LIKE 'demo-plate-01%%'", "layers_digitaldoorplate_code_f7c8fa13_like"),
        ("township_claimed LIKE '330681%%'", "layers_digitaldoorplate_township_claimed_0f214576_like"),
        ("token = 'x'", "layers_digitaldoorplate_token_key"),
        ("township_located = '330681109'", "layers_digitaldoorplate_township_located_61b284e6"),
    ],
)
def test_what_is_asked_for_is_found_in_an_index(condition: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT name FROM layers_digitaldoorplate WHERE {condition}", [])
        assert index in " ".join(line for (line,) in cursor.fetchall()).split()
