"""Every test of imports shares one transaction with its readers and jobs."""

from collections.abc import Iterator

import pytest

from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield
