"""What operators and containers ask."""

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.utils.timezone import now, timedelta

from gis_portal.pages import health


def worker_seen(ago: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [now() - ago])


def test_alive_says_ok_without_a_database() -> None:
    """No database is allowed in this test."""
    response = Client().get("/healthz")
    assert (response.status_code, response.content, response.headers["Content-Type"]) == (200, b"ok\n", "text/plain")


def test_ready_with_database_migrations_and_a_living_worker(public: Client) -> None:
    worker_seen(timedelta(seconds=30))
    response = public.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "migrations": True, "worker": True})


def test_not_ready_while_no_worker_shows_itself(public: Client) -> None:
    worker_seen(timedelta(seconds=61))
    response = public.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "migrations": True, "worker": False})


def test_not_ready_while_a_migration_is_missing(public: Client) -> None:
    worker_seen(timedelta(0))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'heritage'")
    response = public.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "migrations": False, "worker": True})


def test_not_ready_without_a_database(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_connection: object) -> None:
        raise OperationalError("the server is away")

    monkeypatch.setattr(health, "MigrationExecutor", away)
    response = public.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": False, "migrations": False, "worker": False})
