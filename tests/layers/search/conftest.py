"""Everything here reads the reference data, and what the test itself wrote."""

from collections.abc import Iterator

import pytest

from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield
