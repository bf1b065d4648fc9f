"""A served portal with the reference data, shared by every client; its links lead back to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from layers import registry
from layers.accounts import tokens
from layers.changes import Actor, recorded
from layers.models.accounts import Scope
from layers.models.snapshots import DELETING
from layers.registry import Role
from layers.snapshots import taking
from tests.people import account


@pytest.fixture(scope="package")
def portal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the portal, served from this process over what is committed in the test database."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "no_proxy", "127.0.0.1")
        server = LiveServer("127.0.0.1:0")
        with override_settings(PUBLIC_URL=server.url), frozen():
            yield server.url
        server.stop()


@contextmanager
def frozen() -> Iterator[None]:
    """Two snapshots of the eco-burial sites."""
    days = (date(2021, 12, 31), date(2022, 12, 31))
    taken = [taking.take(registry.get("eco-burial-sites"), day) for day in days]
    yield
    for snapshot in taken:
        with recorded(Actor(origin=DELETING)):
            taking.delete(snapshot)


@pytest.fixture(scope="package")
def token(portal: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The token of an editor, for the portal's server to see: it is there for as long as the clients are."""
    with django_db_blocker.unblock():
        editor = account("editor-of-the-guide", Role.EDITOR)
        yield tokens.make(editor, name="guide", scope=Scope.WRITE, lifetime_days=1)
        editor.delete()
