"""The made-up prefecture without a plate."""

from collections.abc import Iterator

import pytest

from layers.models import DigitalDoorplate
from tests.layers.coverage import place
from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test writes is rolled back, but for those whose threads have to see it, which clear it away themselves."""
    if "committed" in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    with shared_transaction():
        yield


@pytest.fixture
def prefecture(db: None) -> None:
    """Four townships with published boundaries, and no plate."""
    place.clear(DigitalDoorplate)
    place.found_prefecture()
