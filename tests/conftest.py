"""What tests share: the reference data, loaded once into the test database, and clients of each kind of reader."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

# How long an example takes is for another to say: two processes share the machine.
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Loads the reference data for the whole run; tests see it and roll back what they change.

    Where several processes share the tests, each has a database of its own, named for it.

    Every database is a test's, whatever the tests of the run are marked with: those that start processes commit, and
    must not find the portal's own.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        call_command("load_reference", verbosity=0)
    yield
    with django_db_blocker.unblock():
        for alias in ("reader", "jobs"):  # a database with a connection left cannot be dropped
            connections[alias].close()
        teardown_databases(made, verbosity=0)


@pytest.fixture
def public(db: None) -> Client:
    return Client()


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_user("clerk", password="a long enough password", is_staff=True, is_superuser=True)
    )
    return client
