"""Rows and tables count their changes: rows when something changed, tables once a commit and only at commit."""

from collections.abc import Iterator

import pytest
from django.db import connections, models, transaction
from pytest_django import DjangoDbBlocker

from layers.models import EcoBurialSite, Milestone, PendingChange, TableVersion
from tests.layers.models.raw import execute, stored, update
from tests.samples import make, registers, text_column

VERSIONED = registers()


@pytest.mark.django_db
@pytest.mark.parametrize("model", VERSIONED, ids=lambda model: model.__name__)
def test_a_row_counts_real_changes_only(model: type[models.Model]) -> None:
    row = make(model)
    column = text_column(model)
    assert (stored(row, "version"), stored(row, "changed_at")) == (1, row.changed_at)
    update(row, column, f'"{column}"')
    assert stored(row, "version") == 1
    other = "suspended" if column == "status" else "another"
    update(row, column, "%s", other)
    assert stored(row, "version") == 2
    update(row, column, "%s", other)
    assert stored(row, "version") == 2


@pytest.mark.django_db
def test_a_program_cannot_set_a_rows_version() -> None:
    site = make(EcoBurialSite)
    update(site, "version", "77")
    assert stored(site, "version") == 2


# Transactions that really commit; what they leave is removed, since the reference data of the run must stay.


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        Milestone.objects.filter(code__startswith="commit-").delete()


def counter() -> int:
    """How often the milestones changed, as every other connection sees it."""
    found = TableVersion.objects.using("reader").filter(table="layers_milestone").values_list("version", flat=True)
    return sum(found)


def add(code: str) -> Milestone:
    return Milestone.objects.create(code=f"commit-{code}", name="x", division="3306", source="test")


@pytest.mark.usefixtures("committing")
def test_a_table_counts_a_commit_once_however_much_it_changes() -> None:
    before = counter()
    with transaction.atomic():
        add("1")
        add("2")
        Milestone.objects.filter(code="commit-1").update(name="y")
        assert counter() == before
    assert counter() == before + 1
    assert not PendingChange.objects.exists()


@pytest.mark.usefixtures("committing")
def test_every_statement_outside_a_transaction_is_a_commit() -> None:
    before = counter()
    milestone = add("1")
    milestone.delete()
    assert counter() == before + 2


@pytest.mark.usefixtures("committing")
def test_a_table_does_not_count_what_is_rolled_back() -> None:
    before = counter()
    with transaction.atomic():
        add("1")
        transaction.set_rollback(True)
    assert counter() == before
    assert not PendingChange.objects.exists()


@pytest.mark.usefixtures("committing")
def test_a_table_counts_raw_statements_too() -> None:
    before = counter()
    execute(
        "INSERT INTO layers_milestone (code, name, division, evidence, source)"
        " VALUES ('commit-raw', 'x', '3306', '', 'test')"
    )
    assert counter() == before + 1


@pytest.mark.usefixtures("committing")
def test_a_long_transaction_does_not_hold_the_counter_against_another() -> None:
    """Two programs change one table; the second commits while the first is still at work."""
    before, other = counter(), connections["default"].copy()
    try:
        with transaction.atomic():
            add("slow")
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute(
                    "INSERT INTO layers_milestone (code, name, division, evidence, source)"
                    " VALUES ('commit-quick', 'x', '3306', '', 'test')"
                )
            assert counter() == before + 1
        assert counter() == before + 2
    finally:
        other.close()
