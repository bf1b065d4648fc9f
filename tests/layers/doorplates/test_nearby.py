"""What is near a door: the nearest of each kind, in metres, of what operates and is offered to the public."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pyproj import Geod

from layers import registry
from layers.doorplates import nearby
from layers.models.base import SRID
from layers.rows import today
from tests.samples import make_child, sample
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

LON, LAT = 123.5, 29.5  # at sea, where nothing else is
DOOR = Point(LON, LAT, srid=SRID)


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


def centre(code: str, lon: float, lat: float, **given: Any) -> Any:
    place = Point(lon, lat, srid=SRID)
    row = sample(registry.get("home-care-centres"), code=code, name=code, location=place, **given)
    row.states.update(status="operating")
    return row


def nearest_centre() -> nearby.Facility:
    return next(found for found in nearby.nearest(DOOR) if found.layer.id == "home-care-centres")


def test_the_nearest_is_the_nearest_in_metres_not_in_degrees() -> None:
    centre("north", LON, LAT + 0.0095)  # 1,053 m
    centre("east", LON + 0.0105, LAT)  # further in degrees, 1,019 m
    found = nearest_centre()
    assert found.code == "east"
    metres = Geod(ellps="GRS80").inv(LON, LAT, LON + 0.0105, LAT)[2]
    assert found.distance_m == pytest.approx(metres, abs=0.01)


@pytest.mark.parametrize("what", ["suspended", "ended", "unpublished", "without a place"])
def test_what_nobody_can_go_to_is_left_out(what: str) -> None:
    centre("far", LON, LAT + 0.02)
    near = centre("near", LON, LAT + 0.001)
    match what:
        case "suspended":
            near.states.update(status="suspended")
        case "ended":
            near.states.update(valid_to=today() - timedelta(days=1))
        case "unpublished":
            type(near).objects.filter(pk=near.pk).update(published=False)
        case "without a place":
            type(near).objects.filter(pk=near.pk).update(location=None)
    assert nearest_centre().code == "far"


def test_a_site_in_two_states_over_time_is_what_it_is_today() -> None:
    near = centre("near", LON, LAT + 0.001)
    near.states.update(valid_to=today() - timedelta(days=9), status="suspended")
    make_child(near, "states", status="operating", valid_from=today() - timedelta(days=9))
    assert nearest_centre().code == "near"


def test_each_kind_once_in_the_catalogue_s_order_and_no_funerals() -> None:
    found = [one.layer.id for one in nearby.nearest(DOOR)]
    offered = [layer.id for layer in registry.published() if layer.states and layer.group in nearby.GROUPS]
    assert found == [layer_id for layer_id in offered if layer_id in found]
    assert {"home-care-centres", "social-work-stations", "marriage-registries"} <= set(found)
    assert not {"funeral-homes", "funeral-venues", "eco-burial-sites"} & set(found)


def test_one_query_however_much_there_is() -> None:
    for rows in (1, 3):
        for number in range(rows):
            centre(f"centre-{rows}-{number}", LON + number / 1000, LAT)
        with CaptureQueriesContext(connection) as asked:
            nearby.nearest(DOOR)
        assert len(asked) == 1


def test_candidates_come_from_the_spatial_index() -> None:
    layer = registry.get("home-care-centres")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "Index Scan" in nearby._candidates(layer, DOOR).using("default").explain()
    assert "Order By: (location <->" in nearby._candidates(layer, DOOR).using("default").explain()
