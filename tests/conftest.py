"""What tests share: the reference data, loaded once into the test database, and clients of each kind of reader."""

import gc
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker
from whitenoise import WhiteNoise

# How long an example takes is for another to say: two processes share the machine.
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")


def pytest_collection_finish() -> None:
    """Thousands of tests and all that is imported stay: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


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
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
        call_command("load_reference", verbosity=0)
    yield
    with django_db_blocker.unblock():
        for alias in ("reader", "jobs"):  # a database with a connection left cannot be dropped
            connections[alias].close()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_through_once() -> Iterator[None]:
    """Every test client makes the portal's middleware anew, and WhiteNoise's would look through hundreds of files for it."""
    look_through, known = WhiteNoise.update_files_dictionary, dict[tuple[str, str], dict[str, Any]]()

    def remembered(whitenoise: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            look_through(whitenoise, root, prefix)
            known[root, prefix] = dict(whitenoise.files)
        whitenoise.files.update(known[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", remembered)
        yield


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
