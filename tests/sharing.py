"""Reading in a test what the test wrote: a transaction that is never committed, seen by every connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections

from layers import divisions
from layers.models import Change, ColumnMapping, Import
from layers.publish import extents, paging, summary


@contextmanager
def shared_transaction() -> Iterator[None]:
    """All connections are the test's own; what is kept by version is forgotten, for versions are rolled back."""
    others = {alias: connections[alias] for alias in ("reader", "jobs")}
    for alias in others:
        connections[alias] = connections["default"]
    forget()
    yield
    for alias, other in others.items():
        connections[alias] = other
    forget()


def forget() -> None:
    extents._extent.cache_clear()
    extents._begin.cache_clear()
    summary._summary.cache_clear()
    paging.matched.cache_clear()
    divisions._gazetteer.cache_clear()


def clear_imports(codes: str) -> None:
    """Deletes what imports by a worker have committed, once their rows are gone: themselves, what they remembered, their
    jobs, their changes and those of codes that begin so."""
    Import.objects.all().delete()
    ColumnMapping.objects.all().delete()
    clear_jobs()
    for of in ({"code__startswith": codes}, {"origin__startswith": "import "}, {"origin__startswith": "undo import "}):
        clear_changes(**of)


def clear_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


def clear_changes(**of: str) -> None:
    """Deletes the changes of those columns from the log."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_change DISABLE TRIGGER USER")  # which nothing else may change
        Change.objects.filter(**of).delete()
        cursor.execute("ALTER TABLE layers_change ENABLE TRIGGER USER")


def commit() -> None:
    """Raises the change counters as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
