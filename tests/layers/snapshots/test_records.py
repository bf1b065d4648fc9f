"""The record that an audit reads: which snapshots a day or numbers stand for, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import translation

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.errors import BadParameter, LayerError, UnknownLedgers
from layers.models import Division, EcoBurialSite, Snapshot
from layers.rows import today
from layers.snapshots import records, taking
from layers.snapshots.records import Record
from tests.layers.publish.sea import burial_site

SITES, COUNTIES, TOWNSHIPS = (registry.get(name) for name in ("eco-burial-sites", "counties", "townships"))
DAY, BEFORE = date(2022, 12, 31), date(2021, 12, 31)

pytestmark = pytest.mark.django_db


def numbers(record: Record) -> list[int]:
    return [one.pk for one in record.snapshots or ()]


def test_a_day_stands_for_the_last_snapshot_of_each_layer_and_of_the_year_before() -> None:
    _first, again = taking.take(SITES, DAY), taking.take(SITES, DAY)
    counties, earlier = taking.take(COUNTIES, DAY), taking.take(SITES, BEFORE)
    taking.take(SITES, date(2022, 6, 30))
    found = records.find("2022-12-31")
    assert (found.on, numbers(found)) == (DAY, [again.pk, counties.pk, earlier.pk])
    assert (found.snapshot(SITES), found.snapshot(COUNTIES), found.snapshot(TOWNSHIPS)) == (again, counties, None)
    assert (found.year_before.on, found.year_before.snapshot(SITES)) == (BEFORE, earlier)


def test_numbers_stand_for_themselves_and_no_others() -> None:
    first, _again = taking.take(SITES, DAY), taking.take(SITES, DAY)
    counties, earlier = taking.take(COUNTIES, DAY), taking.take(SITES, BEFORE)
    found = records.find(f"{counties.pk},{first.pk}")
    assert (found.on, numbers(found)) == (DAY, [first.pk, counties.pk])
    assert records.find(f"{earlier.pk},{first.pk},{first.pk}").snapshot(SITES) == first
    assert records.find(str(earlier.pk)).on == BEFORE


def test_without_a_snapshot_the_registers_of_the_day_are_read() -> None:
    assert records.asked({}) == Record(today())
    assert records.asked({"as-of": "2022-12-31"}) == Record(DAY)
    assert not Record(DAY).is_frozen
    assert Record(DAY).snapshot(SITES) is None


def test_the_day_of_the_snapshot_may_be_said_too() -> None:
    taken = taking.take(SITES, DAY)
    for given in ({}, {"--as-of": "2022-12-31"}):
        assert records.asked({"--snapshot": str(taken.pk), **given}, prefix="--") == Record(DAY, (taken,))


Refused = Callable[[Snapshot, Snapshot, Snapshot], dict[str, str]]
REFUSED: list[tuple[Refused, type[LayerError], str]] = [
    (lambda *_taken: {"snapshot": ""}, BadParameter, "snapshot= cannot be used: give a day, for example 2022-12-31"),
    (lambda *_taken: {"snapshot": "12;13"}, BadParameter, "snapshot=12;13 cannot be used: give a day"),
    (lambda *_taken: {"snapshot": "٣"}, BadParameter, "snapshot=٣ cannot be used"),
    (lambda *_taken: {"snapshot": "2022-02-30"}, BadParameter, "snapshot=2022-02-30 cannot be used"),
    (lambda *_taken: {"snapshot": "9" * 18}, UnknownLedgers, "There is no snapshot “999999999999999999”. Ledgers were frozen as of: 2022-12-31, 2022-06-30; list_snapshots"),
    (lambda *_taken: {"snapshot": "2020-01-31"}, UnknownLedgers, "There is no snapshot “2020-01-31”. Ledgers were frozen as of: 2022-12-31, 2022-06-30"),
    (lambda taken, *_others: {"snapshot": f"{taken.pk},99"}, UnknownLedgers, "There is no snapshot “99”"),
    (lambda taken, again, _june: {"snapshot": f"{taken.pk},{again.pk}"}, BadParameter, "are of the same layer and day; give one of them"),
    (lambda taken, _again, june: {"snapshot": f"{taken.pk},{june.pk}"}, BadParameter, "is as of 2022-06-30. Give snapshots of one day"),
    (lambda taken, *_others: {"snapshot": str(taken.pk), "as-of": "2022-12-30"}, BadParameter, "as-of=2022-12-30 cannot be used: the snapshot is as of 2022-12-31; leave the day out."),
    (lambda *_taken: {"snapshot": "2022-12-31", "as-of": "today"}, BadParameter, "as-of=today cannot be used"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "error", "said"), REFUSED)
def test_what_cannot_be_read_is_named_with_the_remedy(given: Refused, error: type[LayerError], said: str) -> None:
    taken = (taking.take(SITES, DAY), taking.take(SITES, DAY), taking.take(SITES, date(2022, 6, 30)))
    with translation.override("en"), pytest.raises(error) as refused:
        records.asked(given(*taken))
    assert said in str(refused.value)


def test_where_nothing_is_frozen_that_is_said() -> None:
    with translation.override("en"), pytest.raises(UnknownLedgers, match="None has been frozen yet; take_snapshot"):
        records.find("2022-12-31")


def test_days_are_listed_newest_first_with_how_many_layers_were_frozen() -> None:
    taking.take(SITES, DAY)
    taking.take(SITES, DAY)
    taking.take(COUNTIES, DAY)
    for number in range(records.NAMED):
        taking.take(SITES, date(2022, 6, 30) - timedelta(number))
    found = records.days()
    assert found[:2] == [(DAY, 2), (date(2022, 6, 30), 1)]
    assert len(found) == records.NAMED


def test_rows_are_those_that_were_frozen_with_the_registers_columns() -> None:
    burial_site("one")
    record = Record(DAY, (taking.take(SITES, DAY),))
    EcoBurialSite.objects.filter(code="one").update(name="改名", published=False)
    one = record.rows(SITES, PUBLIC).filter(code="one")
    assert list(one.values_list("name", "status")) == [("青松", "operating")]
    assert one.get().location.coords == (123.5, 29.5)
    assert not Record(DAY).rows(SITES, PUBLIC).filter(code="one").exists()


def test_a_centre_that_no_snapshot_holds_is_the_registers() -> None:
    county = Division.objects.filter(level="county", boundary__isnull=False).first()
    assert county is not None
    record = Record(DAY, (taking.take(COUNTIES, DAY),))
    Division.objects.filter(pk=county.pk).update(name="改名", boundary=None, boundary_quality="")
    found = record.rows(COUNTIES, BUREAU).get(code=county.code)
    assert (found.name, found.boundary.equals(county.boundary), found.boundary_quality) == (
        county.name, True, county.boundary_quality,
    )  # fmt: skip
    assert found.centre == county.centre


def test_those_of_a_document_are_read_again_as_far_as_they_are_there() -> None:
    taken = taking.take(SITES, DAY)
    assert records.kept([taken.pk, 999_999_999], DAY) == Record(DAY, (taken,))
