"""What is gathered and solved reads what the test wrote."""

from collections.abc import Iterator

import pytest

from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")  # first: it decides which connections may be used
    with shared_transaction():
        yield
