"""The made-up prefecture without a plate."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.layers.coverage import place
from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def prefecture(db: None) -> None:
    """Four townships with published boundaries, and no plate."""
    place.clear()
    place.found_prefecture()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM layers_digitaldoorplate")
