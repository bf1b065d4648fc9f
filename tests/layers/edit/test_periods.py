"""Dated facts: a change takes effect on a day, and no other day of history changes."""

from datetime import date, timedelta
from typing import Any

import pytest

from layers import registry
from layers.access import BUREAU
from layers.edit import writing
from layers.edit.edits import Edit
from layers.edit.errors import InvalidFeature
from layers.edit.serializers import features
from layers.errors import UnknownFeature
from layers.models import Division, EcoBurialSite, FuneralHome
from layers.registry import Layer
from layers.rows import today, version
from tests.samples import make
from tests.writing import feature, place

SITES, HOMES, VENUES = (registry.get(name) for name in ("eco-burial-sites", "funeral-homes", "funeral-venues"))
BEGAN, LATER = date(2020, 1, 1), date(2023, 6, 1)
Periods = list[tuple[Any, ...]]


def patch(layer: Layer, code: str, on: date, **values: Any) -> None:
    edit = Edit(layer, BUREAU, on)
    row = features(layer, BUREAU, on).annotate(stamp=version(layer)).get(code=code)
    writing.update(edit, code, {"properties": values}, versions=frozenset({row.stamp}))


def states(row: Any, *columns: str) -> Periods:
    return list(row.states.order_by("valid_from").values_list(*columns, "valid_from", "valid_to"))


@pytest.fixture
def home() -> Any:
    """A funeral home that operates since 2020, with a grade."""
    row = make(FuneralHome, kind="funeral_home", code="home")
    row.states.create(status="operating", grade="municipal", valid_from=BEGAN)
    return row


def test_a_change_ends_one_state_and_begins_the_next(home: Any) -> None:
    patch(HOMES, "home", LATER, status="suspended")
    assert states(home, "status", "grade") == [
        ("operating", "municipal", BEGAN, LATER),
        ("suspended", "municipal", LATER, None),
    ]


def test_the_same_day_again_corrects_the_state(home: Any) -> None:
    patch(HOMES, "home", LATER, status="suspended")
    patch(HOMES, "home", LATER, status="closed", grade="provincial")
    assert states(home, "status", "grade") == [
        ("operating", "municipal", BEGAN, LATER),
        ("closed", "provincial", LATER, None),
    ]


def test_a_change_of_the_past_lasts_until_the_next_known_one(home: Any) -> None:
    patch(HOMES, "home", LATER, status="closed")
    patch(HOMES, "home", date(2021, 1, 1), status="suspended")
    assert states(home, "status") == [
        ("operating", BEGAN, date(2021, 1, 1)),
        ("suspended", date(2021, 1, 1), LATER),
        ("closed", LATER, None),
    ]


def test_a_change_can_be_written_before_it_takes_effect(home: Any) -> None:
    then = today() + timedelta(days=30)
    patch(HOMES, "home", then, status="closed")
    assert states(home, "status") == [("operating", BEGAN, then), ("closed", then, None)]


def test_an_item_is_not_there_on_days_on_which_it_had_no_state(home: Any) -> None:
    with pytest.raises(UnknownFeature):
        writing.delete(Edit(HOMES, BUREAU, BEGAN - timedelta(days=1)), "home", versions=frozenset())


def test_a_change_of_the_row_alone_begins_no_state(home: Any) -> None:
    patch(HOMES, "home", LATER, name="新馆")
    home.refresh_from_db()
    assert (home.name, states(home, "status")) == ("新馆", [("operating", BEGAN, None)])


def test_dated_facts_that_a_layer_does_not_show_are_kept() -> None:
    """The grade of a funeral venue is no property of its layer."""
    row = make(FuneralHome, kind="funeral_venue", code="venue")
    row.states.create(status="operating", grade="municipal", valid_from=BEGAN)
    patch(VENUES, "venue", LATER, status="closed")
    assert states(row, "status", "grade")[-1] == ("closed", "municipal", LATER, None)


def test_creating_a_site_begins_its_first_state_and_its_lists() -> None:
    document = feature(SITES, status="planned", serves=["330602001", "330602002"])
    code = writing.create(Edit(SITES, BUREAU, LATER), document).code
    row = EcoBurialSite.objects.get(code=code)
    assert states(row, "status", "demonstration_level") == [("planned", "none", LATER, None)]
    assert served(row) == [("330602001", LATER, None), ("330602002", LATER, None)]


def served(row: Any) -> Periods:
    return list(row.designations.order_by("township", "valid_from").values_list("township", "valid_from", "valid_to"))


@pytest.fixture
def site() -> Any:
    """A site that serves one township since 2020 and served another in 2020."""
    row = make(EcoBurialSite, code="site")
    row.states.create(status="operating", valid_from=BEGAN)
    row.designations.create(township="330602001", valid_from=BEGAN)
    row.designations.create(township="330602002", valid_from=BEGAN, valid_to=date(2021, 1, 1))
    return row


def test_a_list_is_written_as_periods(site: Any) -> None:
    patch(SITES, "site", LATER, serves=["330602002", "330602003"])
    assert served(site) == [
        ("330602001", BEGAN, LATER),
        ("330602002", BEGAN, date(2021, 1, 1)),
        ("330602002", LATER, None),
        ("330602003", LATER, None),
    ]


def test_the_same_day_again_corrects_a_list(site: Any) -> None:
    patch(SITES, "site", LATER, serves=["330602001", "330602003"])
    patch(SITES, "site", LATER, serves=["330602001"])
    assert served(site) == [("330602001", BEGAN, None), ("330602002", BEGAN, date(2021, 1, 1))]


def test_what_is_added_in_the_past_lasts_until_its_next_period(site: Any) -> None:
    patch(SITES, "site", LATER, serves=["330602001", "330602002"])
    patch(SITES, "site", date(2022, 1, 1), serves=["330602001", "330602002"])
    assert [period for period in served(site) if period[0] == "330602002"] == [
        ("330602002", BEGAN, date(2021, 1, 1)),
        ("330602002", date(2022, 1, 1), LATER),
        ("330602002", LATER, None),
    ]


def test_a_division_is_written_as_it_is_on_the_day() -> None:
    """Its code is not unique over time: the row in force is changed, the others are not."""
    townships = registry.get("townships")
    old = make(Division, level="township", code="339901001", name="旧镇", valid_to=LATER)
    new = make(Division, level="township", code="339901001", name="新镇", valid_from=LATER)
    patch(townships, "339901001", date(2021, 1, 1), name="老镇")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.name, new.name) == ("老镇", "新镇")


def test_a_division_does_not_hold_twice_on_a_day() -> None:
    townships = registry.get("townships")
    make(Division, level="township", code="339901002", valid_from=BEGAN)
    document = feature(townships, valid_from=LATER.isoformat()) | {"id": "339901002", "geometry": place(townships)}
    with pytest.raises(InvalidFeature) as refused:
        writing.create(Edit(townships, BUREAU, LATER), document)
    (fault,) = refused.value.faults
    assert (fault.field, fault.value) == ("valid_from", LATER)
