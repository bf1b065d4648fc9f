"""What the tests of the standards share: the table that filters are tried on, and the API as it describes itself."""

from typing import Any

import pytest
from django.test import Client

from tests.conformance import described
from tests.filtering import make_table


@pytest.fixture
def table(db: None) -> None:
    make_table()


@pytest.fixture
def api(public: Client) -> dict[str, Any]:
    return described.document(public)
