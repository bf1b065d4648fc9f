"""Axis order by URI, and boxes and shapes brought to the stored CRS."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers import crs
from layers.crs import CRS84, OFFERED, STORAGE, Crs, OutOfReach, ewkb, stored_box, stored_shape

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
GAUSS_KRUGER = OFFERED[f"{EPSG}4549"]
WEB_MERCATOR = OFFERED[f"{EPSG}3857"]
METRE_DEG = 1e-5


@pytest.mark.parametrize(
    ("uri", "north_first", "is_geographic"),
    [
        (CRS84.uri, False, True),
        (f"{EPSG}4490", True, True),
        (f"{EPSG}4326", True, True),
        (f"{EPSG}4549", True, False),
        (f"{EPSG}4528", True, False),
        (f"{EPSG}3857", False, False),
    ],
)
def test_axis_order_is_that_of_the_authority(uri: str, north_first: bool, is_geographic: bool) -> None:
    assert (OFFERED[uri].north_first, OFFERED[uri].is_geographic) == (north_first, is_geographic)


def test_every_offered_crs_is_tested_here() -> None:
    assert set(OFFERED) == {CRS84.uri, *(f"{EPSG}{code}" for code in (4490, 4326, 4549, 4528, 3857))}


@pytest.mark.parametrize(
    ("system", "written"),
    [
        (CRS84, (120.5, 30.0)),
        (STORAGE, (30.0, 120.5)),
        (GAUSS_KRUGER, (3320218.65, 548243.45)),
        (OFFERED[f"{EPSG}4528"], (3320218.65, 40548243.45)),
        (WEB_MERCATOR, (13413998.64, 3503549.84)),
    ],
    ids=lambda value: getattr(value, "uri", ""),
)
def test_a_point_written_in_each_crs_is_stored_at_the_same_place(system: Crs, written: tuple[float, float]) -> None:
    placed = stored_shape(shapely.Point(written), system)
    assert (placed.x, placed.y) == pytest.approx((120.5, 30.0), abs=METRE_DEG)


def test_a_box_in_degrees_stays_a_box() -> None:
    assert stored_box((120, 29, 121, 30), CRS84).bounds == (120, 29, 121, 30)
    assert stored_box((29, 120, 30, 121), STORAGE).bounds == (120, 29, 121, 30)


def test_a_box_beyond_the_date_line_is_two() -> None:
    area = stored_box((170, -10, -170, 10), CRS84)
    assert [part.bounds for part in area.geoms] == [(170, -10, 180, 10), (-180, -10, -170, 10)]


def test_a_box_without_a_width_is_the_line_or_point_it_is() -> None:
    assert stored_box((120, 29, 120, 30), CRS84).geom_type == "LineString"
    assert stored_box((120, 29, 120, 29), CRS84) == shapely.Point(120, 29)
    assert stored_box((3320218.65, 548243.45, 3320218.65, 548243.45), GAUSS_KRUGER).geom_type == "Point"


def test_the_edge_of_a_projected_box_is_followed() -> None:
    """A long northern edge in Gauss-Krüger is a curve in degrees: its middle lies off the chord by kilometres."""
    wide = stored_box((3200000, 300000, 3300000, 700000), GAUSS_KRUGER)
    middle = stored_shape(shapely.Point(3299999, 500000), GAUSS_KRUGER)
    assert wide.covers(middle)
    corners = [
        stored_shape(shapely.Point(*place), GAUSS_KRUGER).coords[0]
        for place in ((3200000, 300000), (3200000, 700000), (3300000, 700000), (3300000, 300000))
    ]
    assert not shapely.Polygon(corners).covers(middle)


@pytest.mark.parametrize(
    ("numbers", "system"),
    [
        ((120, 30, 121, 29), CRS84),
        ((-181, 0, 0, 1), CRS84),
        ((0, -91, 1, 0), CRS84),
        ((120, 29, 121, 30), STORAGE),  # longitude first: 121 is no latitude
        ((3300000, 700000, 3200000, 800000), GAUSS_KRUGER),
        ((3200000, 800000, 3300000, 700000), GAUSS_KRUGER),
        ((1e300, 1e300, 1e301, 1e301), GAUSS_KRUGER),
        ((2, 1, 1, 2), WEB_MERCATOR),
    ],
)
def test_a_box_that_lies_nowhere_is_refused(numbers: tuple[float, float, float, float], system: Crs) -> None:
    with pytest.raises(OutOfReach):
        stored_box(numbers, system)


def test_a_shape_that_lies_nowhere_is_refused() -> None:
    for system, place in ((CRS84, (200, 0)), (STORAGE, (120, 30)), (GAUSS_KRUGER, (math.inf, 0))):
        with pytest.raises(OutOfReach):
            stored_shape(shapely.Point(place), system)


@given(lon=st.floats(118.5, 121.5), lat=st.floats(28, 32), system=st.sampled_from(list(OFFERED.values())))
def test_a_place_written_in_a_crs_comes_back(lon: float, lat: float, system: Crs) -> None:
    if system.is_geographic:
        written = (lon, lat)
    else:
        written = crs._to_stored(system.srid).transform(lon, lat, direction="INVERSE")
    placed = stored_shape(shapely.Point(written[::-1] if system.north_first else written), system)
    assert (placed.x, placed.y) == pytest.approx((lon, lat), abs=1e-8)


def test_ewkb_names_the_stored_crs() -> None:
    assert shapely.get_srid(shapely.from_wkb(ewkb(shapely.Point(120, 30)))) == 4490
