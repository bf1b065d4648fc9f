"""Everything here reads and writes in the test's own transaction."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def staff(staff: Client) -> Client:
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return staff
