"""Two writers at once, on connections of their own: exactly one wins, and the other is told what is there now."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers import registry
from layers.access import BUREAU
from layers.edit import writing
from layers.edit.edits import Edit
from layers.edit.errors import Conflict, StaleVersion
from layers.errors import LayerError, UnknownFeature
from layers.models import EcoBurialSite, EcoBurialSiteState
from layers.rows import today, version
from tests.samples import sample
from tests.writing import feature, patch, tag, url

SITES = registry.get("eco-burial-sites")
# Not pg_stat_activity, which stands still within a transaction.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A site that is really committed, so that every connection sees it; what is written is removed afterwards."""
    with django_db_blocker.unblock():
        yield sample(SITES, code="race-site")
        EcoBurialSite.objects.filter(code__startswith="race-").delete()
        User.objects.filter(username__startswith="race-").delete()


@pytest.fixture(autouse=True)
def _shared() -> None:
    """Unlike the other tests of this folder: each connection is its own."""


def stamps() -> frozenset[str]:
    return frozenset(EcoBurialSite.objects.filter(code="race-site").values_list(version(SITES), flat=True))


def rename(name: str, versions: frozenset[str]) -> None:
    edit = Edit(SITES, BUREAU, today())
    writing.update(edit, "race-site", {"properties": {"name": name}}, versions=versions)


def outcome_here(write: Callable[[], object]) -> type[LayerError] | None:
    """The kind of the refusal, None when it was written."""
    try:
        write()
    except LayerError as error:
        return type(error)
    return None


def outcome(write: Callable[[], object]) -> type[LayerError] | None:
    """The same, on a connection of its own."""
    try:
        return outcome_here(write)
    finally:
        connections.close_all()


def while_the_first_is_open(first: Callable[[], object], second: Callable[[], object]) -> type[LayerError] | None:
    """What becomes of the second write when it begins before the first is committed, and waits for it."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting: Future[type[LayerError] | None] = pool.submit(outcome, second)
            _until_one_waits(waiting)
        return waiting.result(timeout=20)


def _until_one_waits(future: Future[Any]) -> None:
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while not future.done() and time.monotonic() < deadline:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("the second write did not wait for the first")


def test_a_change_repeated_is_stale(db: None) -> None:
    sample(SITES, code="race-site")
    seen = stamps()
    rename("甲", seen)
    assert outcome_here(lambda: rename("乙", seen)) is StaleVersion


def test_the_second_of_two_changes_is_stale(site: Any) -> None:
    seen = stamps()
    assert while_the_first_is_open(lambda: rename("甲", seen), lambda: rename("乙", seen)) is StaleVersion
    site.refresh_from_db()
    assert site.name == "甲"


def test_a_change_of_a_state_alone_makes_the_other_writer_stale(site: Any) -> None:
    """Past the API, by a statement that locks only the state's row."""
    seen = stamps()

    def close() -> None:
        EcoBurialSiteState.objects.filter(site=site).update(status="closed")

    assert while_the_first_is_open(close, lambda: rename("乙", seen)) is StaleVersion
    assert site.states.get().status == "closed"


def test_a_change_of_what_is_being_deleted_finds_nothing(site: Any) -> None:
    seen = stamps()
    edit = Edit(SITES, BUREAU, today())
    refused = while_the_first_is_open(
        lambda: writing.delete(edit, "race-site", versions=seen), lambda: rename("乙", seen)
    )
    assert refused is UnknownFeature


def test_a_code_is_given_once(site: Any) -> None:
    documents = [feature(SITES) | {"id": "race-new"} for _ in range(2)]
    edit = Edit(SITES, BUREAU, today())
    refused = while_the_first_is_open(
        lambda: writing.create(edit, documents[0]), lambda: writing.create(edit, documents[1])
    )
    assert refused is Conflict
    assert EcoBurialSite.objects.filter(code="race-new").count() == 1


def test_of_many_who_read_the_same_version_one_writes(site: Any) -> None:
    clerk = User.objects.create_user("race-clerk", is_staff=True, is_superuser=True)
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(clerk)
    address = url(SITES, "race-site")
    etag, together = tag(clients[0], address), Barrier(len(clients))

    def write(number: int) -> int:
        try:
            together.wait(timeout=20)
            return int(patch(clients[number], address, {"properties": {"name": f"{number}"}}, etag).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = list(pool.map(write, range(len(clients))))
    assert sorted(statuses) == [204, 412, 412, 412]
    site.refresh_from_db()
    assert site.name == str(statuses.index(204))
