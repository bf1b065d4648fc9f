"""Dated states edited on the page of what they are of: ended, moved, replaced, and never two at once."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from layers.models import EcoBurialSite, FuneralHome
from tests.layers.admin.posting import errors_of, periods, post
from tests.samples import make

pytestmark = pytest.mark.django_db


def test_ending_a_state_and_beginning_the_next_is_one_post(home: Any, staff: Client) -> None:
    added = {"states-TOTAL_FORMS": "3", "states-1-valid_to": "2024-01-01", "states-2-valid_from": "2024-01-01",
             "states-2-status": "suspended", "states-2-grade": "none", "states-2-site": home.pk}  # fmt: skip
    response = post(staff, FuneralHome, home, **added)
    assert response.status_code == 302, errors_of(response)
    assert periods(home) == [
        ("planned", date(2020, 1, 1), date(2021, 1, 1)),
        ("operating", date(2021, 1, 1), date(2024, 1, 1)),
        ("suspended", date(2024, 1, 1), None),
    ]


@pytest.mark.parametrize("day", ["2020-06-01", "2022-06-01"])
def test_moving_the_day_between_two_states_is_one_post(day: str, home: Any, staff: Client) -> None:
    response = post(staff, FuneralHome, home, **{"states-0-valid_to": day, "states-1-valid_from": day})
    assert response.status_code == 302, errors_of(response)
    assert [valid_from for _status, valid_from, _to in periods(home)] == [date(2020, 1, 1), date.fromisoformat(day)]


def test_a_state_takes_the_place_of_one_deleted_in_the_same_post(home: Any, staff: Client) -> None:
    response = post(staff, FuneralHome, home, **{"states-0-valid_to": "", "states-1-DELETE": "on"})
    assert response.status_code == 302, errors_of(response)
    assert periods(home) == [("planned", date(2020, 1, 1), None)]


def test_states_that_overlap_are_an_error_of_the_form(home: Any, staff: Client) -> None:
    before = periods(home)
    response = post(staff, FuneralHome, home, **{"states-0-valid_to": "2022-01-01"})
    assert errors_of(response) == {
        "valid_from": ["Another period overlaps this one: end the earlier one on the day the later one begins."]
    }
    assert periods(home) == before


def test_new_states_that_overlap_are_an_error_of_the_form(staff: Client) -> None:
    row = make(FuneralHome, kind="funeral_home")
    added: dict[str, Any] = {"states-TOTAL_FORMS": "2"}
    for number, first in enumerate(("2020-01-01", "2021-01-01")):
        added |= {f"states-{number}-valid_from": first, f"states-{number}-status": "operating",
                  f"states-{number}-grade": "none", f"states-{number}-site": row.pk}  # fmt: skip
    assert set(errors_of(post(staff, FuneralHome, row, **added))) == {"valid_from"}


def test_a_state_that_ends_before_it_begins_is_an_error_of_the_form(home: Any, staff: Client) -> None:
    assert errors_of(post(staff, FuneralHome, home, **{"states-0-valid_to": "2019-01-01"})) == {
        "valid_to": ["“until” must be later than “from”."]
    }


def test_one_township_may_be_served_twice_in_a_row_but_not_at_once(staff: Client) -> None:
    site = make(EcoBurialSite)
    added: dict[str, Any] = {"designations-TOTAL_FORMS": "2"}
    for number, first in enumerate(("2020-01-01", "2021-01-01")):
        added |= {f"designations-{number}-valid_from": first, f"designations-{number}-township": "330602001",
                  f"designations-{number}-site": site.pk}  # fmt: skip
    assert set(errors_of(post(staff, EcoBurialSite, site, **added))) == {"valid_from"}
    response = post(staff, EcoBurialSite, site, **added, **{"designations-0-valid_to": "2021-01-01"})
    assert response.status_code == 302, errors_of(response)
    assert site.designations.count() == 2
