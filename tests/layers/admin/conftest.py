"""The administration in English, and a row with dated states to edit in it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from layers.models import FuneralHome
from tests.samples import make


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def staff(staff: Client) -> Client:
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return staff


@pytest.fixture
def home(db: None) -> Any:
    """A funeral home in two states: planned through 2020, operating since."""
    row = make(FuneralHome, kind="funeral_home")
    row.states.create(status="planned", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    row.states.create(status="operating", valid_from=date(2021, 1, 1))
    return row
