"""The names of public places through time: in one document, as the public may be told."""

from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heritage import documents
from heritage.models import Place, PlaceName
from tests.heritage.entries import committed
from tests.heritage.test_places_api import kept
from tests.sharing import forget, shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
ADDRESS = "/api/places/names"
FORMER = {"role": "former", "name": "会稽郡", "roman": "Kuàijī Jùn", "certainty": "certain"}
YEARS = {"start_earliest": -222, "start_latest": -222, "end_earliest": 590, "end_latest": 605, "time_text": "秦置郡"}


@pytest.fixture(autouse=True)
def _one_transaction() -> Any:
    with shared_transaction():
        yield


def got(client: Client) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The document, and its places by their handles."""
    forget()
    document = client.get(ADDRESS).json()
    rows = [dict(zip(document["columns"], row, strict=True)) for row in document["places"]]
    return document, {row["handle"]: row for row in rows}


def two_names() -> list[dict[str, Any]]:
    (standard,) = documents.blank()["names"]
    standard |= {"name": "绍兴", "roman": "Shàoxīng", "certainty": "certain"}
    return [standard, documents.blank_part("names", **FORMER, **YEARS)]


def test_places_are_told_with_their_names_of_known_time(public: Client) -> None:
    before, _ = got(public)
    timed, timeless = kept("绍兴", names=two_names()), kept("卧龙山")
    kept("未公开", publish=False)
    document, places = got(public)
    assert document["count"] == before["count"] + 2 == len(document["places"])
    assert document["timed"] == before["timed"] + 1
    found = places[timed.handle]
    assert (found["name"], found["lon"], found["lat"], found["category"]) == ("绍兴", 120.58, 30.0, "山")
    # The standard name has no year, so that nobody knows since when it is the name.
    assert found["names"] == [["会稽郡", "Kuàijī Jùn", "former", -222, -222, 590, 605, "秦置郡"]]
    assert document["of_name"][3:] == ["start_earliest", "start_latest", "end_earliest", "end_latest", "time_text"]
    assert places[timeless.handle]["names"] is None
    assert places[timeless.handle]["picture"] is None


def test_a_protected_place_is_where_the_public_is_told(public: Client) -> None:
    place = kept("绍兴", names=two_names())
    Place.objects.filter(pk=place.pk).update(sensitivity="generalised")
    committed()
    place.refresh_from_db()
    assert place.location is not None
    found = got(public)[1][place.handle]
    assert (found["lon"], found["lat"]) == (round(place.location.x, 6), round(place.location.y, 6)) != (120.58, 30.0)
    Place.objects.filter(pk=place.pk).update(sensitivity="hidden")
    committed()
    found = got(public)[1][place.handle]
    assert (found["lon"], found["lat"], len(found["names"])) == (None, None, 1)


def test_it_is_one_statement_with_a_tag_that_follows_the_names(public: Client) -> None:
    place = kept("绍兴", names=two_names())
    forget()
    with CaptureQueriesContext(connections["default"]) as asked:
        first = public.get(ADDRESS)
    assert len(asked) == 0  # what is read goes by statements of the driver's own
    assert public.get(ADDRESS, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    PlaceName.objects.filter(place=place, role="former").update(name="越州")
    committed()
    forget()
    again = public.get(ADDRESS, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, "越州" in again.content.decode()) == (200, True)


def test_what_is_not_known_is_refused(public: Client) -> None:
    assert public.get(f"{ADDRESS}?year=1200").status_code == 400
