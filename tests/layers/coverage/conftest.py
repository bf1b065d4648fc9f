"""The audit reads what the test wrote."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.layers.coverage import place
from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(request: pytest.FixtureRequest) -> Iterator[None]:
    if "db" not in request.fixturenames and request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")  # first: it decides which connections may be used
    with shared_transaction():
        yield


@pytest.fixture
def prefecture(db: None) -> None:
    """The made-up prefecture with published boundaries, and no site."""
    place.clear()
    place.found_prefecture()


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield
