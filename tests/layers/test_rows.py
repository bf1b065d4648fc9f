"""The rows and values of a layer on a day."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.rows import Period, own_column, rows, values
from tests.samples import make, make_child

pytestmark = pytest.mark.django_db
SITES = registry.get("eco-burial-sites")
FIRST, SECOND, THIRD = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)


@pytest.fixture
def site(db: None) -> Any:
    """Planned through 2020, operating through 2021, and nothing after; serves two townships, one of them for a year."""
    row = make(SITES.model)
    make_child(row, "states", status="planned", valid_from=FIRST, valid_to=SECOND)
    make_child(row, "states", status="operating", demonstration_level="city", valid_from=SECOND, valid_to=THIRD)
    make_child(row, "designations", township="330602002", valid_from=FIRST)
    make_child(row, "designations", township="330602001", valid_from=SECOND, valid_to=THIRD)
    return row


def facts(site: Any, on: date) -> dict[str, Any] | None:
    """What the bureau reads of the row on a day."""
    found = values(SITES, BUREAU, on)
    chosen = {f"of_{name}": found[name] for name in ("status", "demonstration_level", "serves", "level")}
    return rows(SITES, BUREAU, on).filter(pk=site.pk).values(**chosen).first()


@pytest.mark.parametrize(
    ("on", "status", "level", "serves"),
    [
        (FIRST, "planned", "none", ["330602002"]),
        (date(2020, 12, 31), "planned", "none", ["330602002"]),
        (SECOND, "operating", "city", ["330602001", "330602002"]),
        (date(2021, 12, 31), "operating", "city", ["330602001", "330602002"]),
    ],
)
def test_a_row_is_read_as_it_was_on_the_day(on: date, status: str, level: str, serves: list[str], site: Any) -> None:
    expected = {"of_status": status, "of_demonstration_level": level, "of_serves": serves, "of_level": site.level}
    assert facts(site, on) == expected


@pytest.mark.parametrize("on", [date(2019, 12, 31), THIRD])
def test_a_row_without_a_state_on_the_day_is_not_there(on: date, site: Any) -> None:
    assert facts(site, on) is None


def test_a_division_is_there_while_it_is_valid() -> None:
    layer = registry.get("townships")
    division = make(layer.model, level="township", code="339999001", valid_from=FIRST, valid_to=SECOND)
    valid = {on: rows(layer, PUBLIC, on).filter(pk=division.pk).exists() for on in (FIRST, date(2020, 12, 31), SECOND)}
    assert valid == {FIRST: True, date(2020, 12, 31): True, SECOND: False}


def test_what_is_not_published_yet_hides_nothing_of_a_period() -> None:
    layer = registry.get("townships")
    shown = make(layer.model, level="township", code="339999001", valid_from=FIRST, valid_to=SECOND)
    hidden = make(layer.model, level="township", code="339999001", valid_from=SECOND, published=False)
    found = {
        reader: rows(layer, reader, Period(FIRST, THIRD)).filter(code="339999001").get().pk
        for reader in (PUBLIC, BUREAU)
    }
    assert found == {PUBLIC: shown.pk, BUREAU: hidden.pk}


def test_rows_come_in_the_order_of_their_ids(site: Any) -> None:
    make_child(make(SITES.model), "states", valid_from=FIRST)
    found = list(rows(SITES, PUBLIC, SECOND).values_list("pk", flat=True))
    assert found == sorted(found)


def test_any_number_of_rows_is_one_query(site: Any) -> None:
    chosen = {f"of_{name}": value for name, value in values(SITES, BUREAU, SECOND).items()}
    for _more in range(3):
        with CaptureQueriesContext(connection) as queries:
            list(rows(SITES, BUREAU, SECOND).values(**chosen))
        assert len(queries) == 1
        make_child(make(SITES.model), "states", valid_from=FIRST)


def test_a_dated_fact_and_a_list_are_no_columns_of_the_register() -> None:
    own = {name: own_column(SITES, SITES.field(name)) for name in ("name", "status", "serves")}
    assert own == {"name": "name", "status": None, "serves": None}
