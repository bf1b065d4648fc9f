"""Forms of the administration: what they write, what they leave alone, and the points and areas in them."""

import json
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from layers import registry
from layers.access import BUREAU, may_keep
from layers.models import EcoBurialSite, FuneralHome
from layers.models.base import SRID
from tests.layers.admin.posting import errors_of, post, url
from tests.samples import sample

pytestmark = pytest.mark.django_db


KEPT_HERE = [layer for layer in registry.catalogue().values() if may_keep(layer.model, BUREAU)]


@pytest.mark.parametrize("layer", KEPT_HERE, ids=lambda layer: layer.id)
def test_saving_an_untouched_form_changes_nothing(layer: registry.Layer, staff: Client) -> None:
    """Nothing is rounded, trimmed or emptied on the way through the form."""
    row = sample(layer)
    before = type(row)._default_manager.filter(pk=row.pk).values().get()
    response = post(staff, layer.model, row)
    assert response.status_code == 302, errors_of(response)
    assert type(row)._default_manager.filter(pk=row.pk).values().get() == before


def test_a_row_is_added_with_its_point_and_its_first_state(staff: Client) -> None:
    response = post(
        staff, FuneralHome, None, code="home-1", name="样例殡仪馆", source="test", township_claimed="330602001",
        location_lon="120.5812345678", location_lat="29.9987654321",
        **{"states-TOTAL_FORMS": "1", "states-0-valid_from": "2020-01-01", "states-0-status": "operating",
           "states-0-grade": "none"},
    )  # fmt: skip
    assert response.status_code == 302, errors_of(response)
    home = FuneralHome.objects.get(code="home-1")
    assert home.location is not None
    assert home.location.coords == (120.5812345678, 29.9987654321)
    assert home.location.srid == SRID
    assert home.states.get().status == "operating"


def test_township_located_and_versions_are_not_to_be_written(staff: Client) -> None:
    page = staff.get(url(EcoBurialSite, "change", sample(registry.get("eco-burial-sites")).pk)).context["adminform"]
    assert {"version", "changed_at", "township_located"}.isdisjoint(page.form.fields)
    assert {"version", "changed_at", "township_located"} <= set(page.readonly_fields)


def test_a_point_needs_both_numbers_in_range(staff: Client) -> None:
    site = sample(registry.get("eco-burial-sites"))
    assert errors_of(post(staff, EcoBurialSite, site, location_lat="")) == {
        "location": ["Give both longitude and latitude."]
    }
    swapped = errors_of(post(staff, EcoBurialSite, site, location_lon="29.9", location_lat="120.5"))
    assert swapped == {"location": ["Ensure this value is less than or equal to 90."]}


SQUARE = Polygon.from_bbox((120.5, 29.9, 120.6, 30.0))


@pytest.mark.parametrize(
    "written",
    [
        {"type": "Polygon", "coordinates": SQUARE.coords},
        {"type": "MultiPolygon", "coordinates": [SQUARE.coords]},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE.coords}},
    ],
    ids=["polygon", "multipolygon", "feature"],
)
def test_an_area_is_written_as_geojson(written: dict[str, Any], staff: Client) -> None:
    zone = sample(registry.get("exclusion-zones"))
    response = post(staff, type(zone), zone, boundary=json.dumps(written))
    assert response.status_code == 302, errors_of(response)
    zone.refresh_from_db()
    assert zone.boundary == MultiPolygon(SQUARE, srid=SRID)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("square", "This is not a GeoJSON Polygon, MultiPolygon or a Feature of one."),
        ("[1, 2]", "This is not a GeoJSON Polygon, MultiPolygon or a Feature of one."),
        (
            '{"type": "Point", "coordinates": [1, 2]}',
            "This is not a GeoJSON Polygon, MultiPolygon or a Feature of one.",
        ),
        (
            json.dumps(
                {
                    "type": "Polygon",
                    "coordinates": [[[500000, 3300000], [500001, 3300000], [500001, 3300001], [500000, 3300000]]],
                }
            ),
            "The coordinates must be longitude and latitude in degrees, without heights.",
        ),
        (
            json.dumps({"type": "Polygon", "coordinates": [[[120, 29, 5], [121, 29, 5], [121, 30, 5], [120, 29, 5]]]}),
            "The coordinates must be longitude and latitude in degrees, without heights.",
        ),
        (
            json.dumps({"type": "Polygon", "coordinates": [[[120, 29], [121, 30], [121, 29], [120, 30], [120, 29]]]}),
            "The area is not valid: Self-intersection[120.5 29.5]",
        ),
    ],
)
def test_a_wrong_area_is_refused_with_the_reason(written: str, said: str, staff: Client) -> None:
    zone = sample(registry.get("exclusion-zones"))
    assert errors_of(post(staff, type(zone), zone, boundary=written)) == {"boundary": [said]}
