"""What a search asks of the database is found by indexes: no plan of its statements reads a whole table. On millions of
doors ``script/bench search`` looks at the same plans."""

import pytest
from django.db import connection

from bench._search_plans import large_tables, scanned, tables_scanned
from bench.doorplates import bring_doorplates
from layers.models import DigitalDoorplate
from layers.models import search as keeping
from layers.publish.statements import Slot, Statement

DOORS = 30_000


@pytest.fixture
def a_large_set(db: None) -> None:
    """So many doors with their stretches in the index, and the statistics of it all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        bring_doorplates(cursor, DOORS)
        cursor.execute(keeping.written(keeping.BRING_STRETCHES, DigitalDoorplate, new=DigitalDoorplate._meta.db_table))
        cursor.execute("ANALYZE")


def test_no_statement_of_the_search_reads_a_whole_table(a_large_set: None) -> None:
    read = {"layers_digitaldoorplate", "layers_division", "layers_searchname", "layers_searchkey"}
    assert read <= large_tables()
    assert tables_scanned() == {}


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("SELECT count(*) FROM layers_division WHERE name_roman = %s", "layers_division"),
        ("SELECT key FROM layers_searchkey WHERE length(%s) > 1 ORDER BY key, rank", "layers_searchkey"),
    ],
)
def test_a_plan_that_reads_a_table_is_seen(text: str, table: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_division, layers_searchkey")
    assert scanned(Statement(text, (Slot("asked"),)), "force_custom_plan", asked="xx") == {table}
