"""The CRS that a file or a person says: many ways to write it, positions brought over, and what is refused."""

import numpy as np
import pyproj
import pyproj.network
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.crs import shifted
from layers.crs.said import NAMES, Reason, UnknownCrs, said

PLACE = (120.5, 30.0)
WRITTEN = {
    "EPSG:4490": (120.5, 30.0),
    "EPSG:4326": (120.5, 30.0),
    "EPSG:4549": (548243.45, 3320218.65),
    "EPSG:4528": (40548243.45, 3320218.65),
    "EPSG:3857": (13413998.64, 3503549.84),
    "EPSG:32651": (258842.24, 3321417.03),
}
URI, URN = "http://www.opengis.net/def/crs", "urn:ogc:def:crs"


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (
            ("4490", "EPSG:4490", "epsg：4490", "ＥＰＳＧ：４４９０", "CGCS2000", "国家2000坐标系", "CGCS2000经纬度"),
            "EPSG:4490",
        ),
        (("4326", "WGS84", "WGS 84", "wgs-84", "GPS", "CRS84", "OGC:CRS84"), "EPSG:4326"),
        ((f"{URI}/OGC/1.3/CRS84", f"{URN}:OGC:1.3:CRS84", f"{URI}/EPSG/0/4326"), "EPSG:4326"),
        (("4549", f"{URI}/EPSG/0/4549", f"{URN}:EPSG::4549", f"{URN}:EPSG:9.1:4549"), "EPSG:4549"),
        (
            ("gcj02", "GCJ-02", "gcj_02", "火星坐标", "火星坐标系 (GCJ-02)", "高德", "高德地图坐标", "腾讯/高德"),
            "GCJ-02",
        ),
        (("bd09", "BD-09", "BD09LL", "百度", "百度坐标系", "百度（BD-09）"), "BD-09"),
    ],
)
def test_many_ways_to_write_one(texts: tuple[str, ...], code: str) -> None:
    assert {text: said(text).code for text in texts} == dict.fromkeys(texts, code)


def test_every_name_is_one_by_itself() -> None:
    assert {name: said(name).code for name in NAMES} == dict(NAMES)


@pytest.mark.parametrize("srid", [4490, 4326, 4549, 4528, 4496, 32650, 2437])
@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_wkt_of_a_file(srid: int, version: str) -> None:
    assert said(pyproj.CRS.from_epsg(srid).to_wkt(version)).srid == srid


@pytest.mark.parametrize("name", ["CM_120E", "Shaoxing"])
def test_wkt_that_epsg_does_not_know(name: str) -> None:
    """A city's own plane: Gauss-Krüger on a meridian of its own, whatever it calls itself."""
    wkt = pyproj.CRS.from_epsg(4549).to_wkt("WKT1_ESRI")
    crs = said(wkt.replace('"Central_Meridian",120.0', '"Central_Meridian",120.6').replace("CM_120E", name))
    assert (crs.code, crs.srid, crs.is_geographic) == ("", None, False)
    assert crs.to_stored([[500_000, 3_320_000]])[0] == pytest.approx((120.6, 29.998), abs=0.001)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NOTHING),
        (" \u3000", Reason.NOTHING),
        ("绍兴", Reason.UNKNOWN),
        ("bd09mc", Reason.UNKNOWN),
        ("高德百度", Reason.UNKNOWN),
        ("+init=file:x", Reason.UNKNOWN),
        ("+proj=longlat", Reason.UNKNOWN),
        ("4326+5773", Reason.UNKNOWN),
        ('PROJCS["half', Reason.UNKNOWN),
        ("4" * 30_000, Reason.UNKNOWN),
        ("EPSG:99999", Reason.NO_SUCH_CODE),
        ("EPSG:4479", Reason.NOT_FLAT),  # geocentric
        ("EPSG:4480", Reason.NOT_FLAT),  # with heights
        ("EPSG:5773", Reason.NOT_FLAT),  # heights alone
        (pyproj.CRS.from_epsg(9707).to_wkt(), Reason.NOT_FLAT),
        ("EPSG:4610", Reason.NO_WAY),  # Xi'an 1980
        ("EPSG:2385", Reason.NO_WAY),
    ],
)
def test_what_names_none_is_refused(text: str, reason: Reason) -> None:
    with pytest.raises(UnknownCrs) as refused:
        said(text)
    assert (refused.value.text, refused.value.reason) == (text, reason)


@given(st.text())
def test_any_text_is_a_crs_or_refused(text: str) -> None:
    try:
        crs = said(text)
    except UnknownCrs:
        return
    assert crs.to_stored(np.empty((0, 2))).shape == (0, 2)


# Positions


@pytest.mark.parametrize("code", WRITTEN)
def test_a_position_is_brought_to_the_stored_crs_and_back(code: str) -> None:
    crs = said(code)
    assert crs.to_stored([WRITTEN[code]])[0] == pytest.approx(PLACE, abs=1e-7)
    assert crs.from_stored([PLACE])[0] == pytest.approx(WRITTEN[code], abs=0.01)


@pytest.mark.parametrize("code", [*WRITTEN, "GCJ-02", "BD-09"])
@given(lon=st.floats(118.5, 121.5), lat=st.floats(28, 32))
def test_positions_come_back(code: str, lon: float, lat: float) -> None:
    crs = said(code)
    assert crs.to_stored(crs.from_stored([(lon, lat)]))[0] == pytest.approx((lon, lat), abs=1e-9)


def test_shifted_positions_are_those_of_the_formulas() -> None:
    assert (said("gcj02").from_stored([PLACE]) == shifted.to_gcj02(np.array([PLACE]))).all()
    assert (said("bd09").to_stored([PLACE]) == shifted.from_bd09(np.array([PLACE]))).all()


@pytest.mark.parametrize("code", [*WRITTEN, "GCJ-02", "BD-09"])
def test_numbers_that_are_none_and_places_not_on_earth_are_nan(code: str) -> None:
    crs = said(code)
    good = crs.from_stored([PLACE])[0]
    nan, inf = float("nan"), float("inf")
    far = (nan, nan) if code == "EPSG:3857" else (1e300, 1e300)  # Web Mercator goes round the earth
    given = np.array([good, (nan, 1), (1, inf), (-inf, nan), far, good])
    before = given.copy()
    found = crs.to_stored(given)
    assert np.isfinite(found).all(axis=1).tolist() == [True, False, False, False, False, True]
    assert np.isnan(found[1:5]).all()
    assert found[0] == pytest.approx(PLACE, abs=1e-7)
    assert np.array_equal(given, before, equal_nan=True)


def test_degrees_that_are_metres_are_nowhere() -> None:
    assert np.isnan(said("4490").to_stored([(548243.45, 3320218.65)])).all()


def test_no_grid_is_fetched() -> None:
    assert not pyproj.network.is_network_enabled()
