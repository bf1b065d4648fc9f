"""Statements on a connection: prepared once, a bounded number of them, and errors that are the driver's."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from psycopg.types.numeric import Int8

from layers.publish import statements
from layers.publish.statements import DATABASE, Slot, Statement

pytestmark = pytest.mark.django_db(databases="__all__")
DOUBLED = Statement("SELECT %s * 2, %s::text, '%%'", (Slot("number"), Slot("text")))


@pytest.fixture
def connection() -> Iterator[psycopg.Connection]:
    """A connection of its own, as streams have one."""
    params = connections[DATABASE].get_connection_params()
    params.pop("cursor_factory")
    with psycopg.connect(**params, autocommit=True) as own:
        yield own


def prepared(connection: psycopg.Connection) -> list[str]:
    found = connection.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time").fetchall()
    return [text for (text,) in found]


def test_values_go_in_and_come_out_typed(connection: psycopg.Connection) -> None:
    assert DOUBLED.run_on(connection, number=2**40, text="剡'") == (2**41, "剡'", "%")
    assert DOUBLED.run_on(connection, number=3, text=None) == (6, None, "%")


def test_a_statement_is_prepared_once(connection: psycopg.Connection) -> None:
    for number in range(3):
        DOUBLED.run_on(connection, number=number, text="")
    assert prepared(connection) == ["SELECT $1 * 2, $2::text, '%'"]


def test_one_planned_each_time_is_not_kept(connection: psycopg.Connection) -> None:
    own = Statement("SELECT %s + 1", (Slot("number"),), planned_each_time=True)
    assert own.run_on(connection, number=1) == (2,)
    assert prepared(connection) == []


@pytest.mark.parametrize(("planned_once", "generic"), [(False, 0), (True, 3)])
def test_one_planned_once_is_not_planned_for_its_values(
    connection: psycopg.Connection, planned_once: bool, generic: int
) -> None:
    """PostgreSQL tries five times before it keeps a plan, and keeps none while that for the very values looks cheaper."""
    count = "SELECT count(*) FROM generate_series(1, 100000) WHERE %s::int = 1"
    asked = Statement(count, (Slot("one"),), planned_once=planned_once)
    assert {asked.run_on(connection, one=0) for _time in range(8)} == {(0,)}
    found = connection.execute("SELECT generic_plans FROM pg_prepared_statements").fetchall()
    assert found == [(generic,)]


def test_the_oldest_gives_way(connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "PREPARED_KEPT", 2)
    for number in range(4):
        assert Statement(f"SELECT {number}, %s", (Slot("number"),)).run_on(connection, number=7) == (number, 7)
    assert prepared(connection) == ["SELECT 2, $1", "SELECT 3, $1"]


def test_errors_are_the_drivers(connection: psycopg.Connection) -> None:
    quotient = Statement("SELECT 1 / %s", (Slot("number"),))
    with pytest.raises(psycopg.errors.DivisionByZero):
        quotient.run_on(connection, number=0)
    assert quotient.run_on(connection, number=1) == (1,)
    with pytest.raises(psycopg.errors.SyntaxError):
        Statement("SELECT FROM WHERE", ()).run_on(connection)


def test_a_lost_connection_is_an_operational_error(connection: psycopg.Connection) -> None:
    DOUBLED.run_on(connection, number=1, text="")
    ended = Statement("SELECT pg_terminate_backend(%s::int)", (Slot("number"),))
    with pytest.raises(psycopg.OperationalError):
        ended.run_on(connection, number=Int8(connection.info.backend_pid))
    with pytest.raises(psycopg.OperationalError):
        DOUBLED.run_on(connection, number=1, text="")
