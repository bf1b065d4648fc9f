"""The table that filters are tried on."""

import pytest

from tests.filtering import make_table


@pytest.fixture
def table(db: None) -> None:
    make_table()
