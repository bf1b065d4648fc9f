"""Pages of features on a day: what held then, and today at the bureau when no day is asked for."""

from datetime import date, timedelta

import pytest
from django.test import Client

from layers.models import EcoBurialDesignation, EcoBurialSiteState
from layers.rows import today
from tests.asking import get, problem
from tests.layers.publish.sea import ECO, SEA, burial_site, codes


@pytest.fixture
def history() -> None:
    """A site planned in 2020, opened on the first day of 2022, closed in July."""
    site = burial_site("dated", opened=date(2022, 1, 1))
    EcoBurialSiteState.objects.filter(site=site).update(valid_to=date(2022, 7, 1))
    for status, since, until in (
        ("planned", date(2020, 1, 1), date(2022, 1, 1)),
        ("closed", date(2022, 7, 1), None),
    ):
        EcoBurialSiteState.objects.create(site=site, status=status, valid_from=since, valid_to=until)
    EcoBurialDesignation.objects.create(
        site=site, township="330602001", valid_from=date(2022, 1, 1), valid_to=date(2022, 7, 1)
    )


@pytest.mark.parametrize(
    ("asked", "day", "seen"),
    [
        ("2019-12-31", "2019-12-31", []),
        ("2020-01-01", "2020-01-01", [("planned", [])]),
        ("2021-12-31", "2021-12-31", [("planned", [])]),
        ("2021-12-31T15:59:59Z", "2021-12-31", [("planned", [])]),
        ("2021-12-31T16:00:00Z", "2022-01-01", [("operating", ["330602001"])]),
        ("2022-06-30", "2022-06-30", [("operating", ["330602001"])]),
        ("2022-07-01", "2022-07-01", [("closed", [])]),
        ("9999-12-31", "9999-12-31", [("closed", [])]),
    ],
)
def test_datetime_gives_what_held_on_the_day(
    asked: str, day: str, seen: list[tuple[str, list[str]]], public: Client, history: None
) -> None:
    page = get(public, f"{ECO}/items", bbox=SEA, datetime=asked)
    states = [(found["properties"]["status"], found["properties"]["serves"]) for found in page["features"]]
    assert (page["asOf"], states, page["numberMatched"]) == (day, seen, len(seen))
    if seen:
        one = get(public, f"{ECO}/items/dated", datetime=asked)["properties"]
        assert (one["status"], one["serves"]) == seen[0]
    else:
        assert problem(public, f"{ECO}/items/dated", datetime=asked)[0] == 404


def test_without_a_datetime_it_is_today_at_the_bureau(public: Client) -> None:
    burial_site("opens-today", opened=today())
    burial_site("opens-tomorrow", opened=today() + timedelta(days=1))
    assert codes(get(public, f"{ECO}/items", bbox=SEA)) == ["opens-today"]


def test_divisions_are_those_in_force_on_the_day(public: Client) -> None:
    url = "/api/collections/counties/items"
    before, after = (set(codes(get(public, url, datetime=day))) for day in ("2013-10-17", "2013-12-31"))
    assert before - after == {"330621", "330682"}  # 绍兴县, 上虞市
    assert after - before == {"330603", "330604"}  # 柯桥区, 上虞区
