"""Kept audits side by side: which are read, and a target's value over time."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from layers.coverage import history
from layers.models import Audit
from tests.layers.coverage.documents import document, figure, keep, target
from tests.layers.coverage.place import TARGET

pytestmark = pytest.mark.django_db


def test_an_audit_is_read_with_its_head_and_figures() -> None:
    made = keep(document(target(), target("open", **figure(None, None)), division="999902", division_name="西县"))
    (found,) = history.kept()
    assert (found.id, found.as_of, found.ran_at) == (made.pk, date(2022, 12, 31), Audit.objects.get().ran_at)
    assert (found.division, found.division_name, found.status) == ("999902", "西县", "missed")
    assert found.figures == {
        TARGET: {"id": TARGET, "status": "missed", "value": 0.75, "numerator": 3, "denominator": 4},
        "open": {"id": "open", "status": "not_assessable", "value": None, "numerator": None, "denominator": None},
    }


def test_an_audit_of_no_target_has_no_figures() -> None:
    keep(document() | {"targets": []})
    (found,) = history.kept()
    assert found.figures == {}


def test_audits_are_read_in_the_readers_language_or_the_portals() -> None:
    chinese, english = document(division_name="西县"), document(division_name="West")
    Audit.objects.create(as_of="2022-12-31", data_version="1", result={"zh-hans": chinese, "en": english})
    Audit.objects.create(as_of="2022-12-31", data_version="1", result={"zh-hans": chinese})
    with translation.override("en"):
        assert [one.division_name for one in history.kept()] == ["西县", "West"]


def test_the_newest_and_the_last_of_each_month_are_read() -> None:
    days = [date(2022, 1, 1) + timedelta(days=number) for number in range(120)]
    for day in days:
        keep(document(as_of=day.isoformat()))
    ends = [date(2022, 3, 31), date(2022, 2, 28), date(2022, 1, 31)]
    assert [one.as_of for one in history.kept()] == [*reversed(days[-history.NEWEST :]), *ends]


def points(*given: tuple[str, int | None], shown: str = "2022-12-31", division: str | None = None) -> list[tuple]:
    for day, numerator in given:
        keep(document(target(**figure(numerator, 4 if numerator is not None else None)), as_of=day, division=division))
    made = document(as_of=shown)
    found = history.trend(history.kept(), made, made["targets"][0])
    return [(point.as_of.isoformat(), point.figure["numerator"]) for point in found]


def test_a_trend_ends_with_the_audit_that_is_shown() -> None:
    assert points(("2021-12-31", 1), ("2023-12-31", 4)) == [("2021-12-31", 1), ("2022-12-31", 3)]


def test_the_newest_audit_of_a_day_counts() -> None:
    assert points(("2021-12-31", 1), ("2021-12-31", 2)) == [("2021-12-31", 2), ("2022-12-31", 3)]


def test_days_without_a_value_are_left_out() -> None:
    assert points(("2020-12-31", 1), ("2021-12-31", None)) == [("2020-12-31", 1), ("2022-12-31", 3)]


def test_audits_of_another_division_are_left_out() -> None:
    assert points(("2021-12-31", 1), division="999902") == [("2022-12-31", 3)]


def test_a_trend_has_so_many_points_at_most() -> None:
    found = points(*((f"20{year:02}-12-31", 1) for year in range(1, 20)))
    assert len(found) == history.TREND
    assert found[-1] == ("2022-12-31", 3)


def test_a_target_without_a_value_has_the_trend_of_what_it_was() -> None:
    keep(document(as_of="2021-12-31"))
    made = document(target(**figure(None, None)))
    (point,) = history.trend(history.kept(), made, made["targets"][0])
    assert (point.as_of, point.figure["value"]) == (date(2021, 12, 31), 0.75)


def test_audits_of_snapshots_have_a_trend_of_their_own() -> None:
    held = {"numbers": "3", "ledgers": []}
    keep(document(as_of="2021-11-30"))
    keep(document(as_of="2021-12-31", snapshot=held))
    assert [one.is_frozen for one in history.kept()] == [True, False]
    for snapshot, days in ((None, ["2021-11-30", "2022-12-31"]), (held, ["2021-12-31", "2022-12-31"])):
        made = document(snapshot=snapshot)
        found = history.trend(history.kept(), made, made["targets"][0])
        assert [point.as_of.isoformat() for point in found] == days
