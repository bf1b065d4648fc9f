"""Parameters are read as they are meant or refused with the value named; nothing in between."""

from datetime import date
from typing import Any

import pytest
import shapely
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from layers import registry
from layers.crs import OFFERED
from layers.errors import BadParameter
from layers.publish import paging, parameters
from layers.publish.selection import SortKey
from layers.rows import Period
from tests.asking import problem

BBOX = "give west,south,east,north in degrees, for example bbox=120.5,29.9,120.7,30.1."
LIMIT = "give a whole number from 1 to 10000."
DAY = "give a day that exists, for example datetime=2022-12-31."
INTERVAL = "give two days that exist, the earlier one first, for example datetime=2022-01-01/2022-12-31."
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS = f"the CRSs here are http://www.opengis.net/def/crs/OGC/1.3/CRS84, {EPSG}4490, {EPSG}4326, {EPSG}4549, {EPSG}4528, {EPSG}3857."
ITEMS = "/api/collections/counties/items"


def bounds(**given: str) -> list[tuple[float, ...]]:
    """West, south, east, north of each part of the area asked for."""
    area = parameters.area(given)
    assert area is not None
    shape = shapely.from_wkb(area.ewkb)
    return [tuple(round(edge, 6) for edge in part.bounds) for part in getattr(shape, "geoms", [shape])]


@pytest.mark.parametrize(
    ("text", "boxes"),
    [
        ("120.5,29.9,120.7,30.1", [(120.5, 29.9, 120.7, 30.1)]),
        ("120.5,29.9,0,120.7,30.1,500", [(120.5, 29.9, 120.7, 30.1)]),
        ("-180,-90,180,90", [(-180, -90, 180, 90)]),
        ("170,-10,-170,10", [(170, -10, 180, 10), (-180, -10, -170, 10)]),
        ("120,30,120,30", [(120, 30, 120, 30)]),
        ("1.2e2,+3e1,1.3E2,31.", [(120, 30, 130, 31)]),
    ],
)
def test_box_is_read(text: str, boxes: list[tuple[float, ...]]) -> None:
    assert bounds(bbox=text) == boxes


def test_without_a_box_there_is_no_area() -> None:
    assert parameters.area({}) is None


@pytest.mark.parametrize(
    ("given", "box"),
    [
        ({"bbox": "120.5,29.9,120.7,30.1"}, (120.5, 29.9, 120.7, 30.1)),
        ({"bbox": "170,-10,-170,10"}, None),
        ({"bbox": "120,30,120,30"}, None),
        ({"bbox": "3320218,548243,3330218,558243", "bbox-crs": f"{EPSG}4549"}, None),
    ],
)
def test_an_area_knows_whether_it_is_just_a_box(given: dict[str, str], box: tuple[float, ...] | None) -> None:
    found = parameters.area(given)
    assert found is not None
    assert found.box == box


@pytest.mark.parametrize(
    ("code", "text", "box"),
    [
        ("4490", "29.9,120.5,30.1,120.7", (120.5, 29.9, 120.7, 30.1)),
        ("4326", "29.9,120.5,5,30.1,120.7,6", (120.5, 29.9, 120.7, 30.1)),
        ("3857", "13413998.64,3503549.84,13413998.64,3503549.84", (120.5, 30.0, 120.5, 30.0)),
        ("4549", "3320218.65,548243.45,3320218.65,548243.45", (120.5, 30.0, 120.5, 30.0)),
    ],
)
def test_box_is_read_in_the_axis_order_of_its_crs(code: str, text: str, box: tuple[float, ...]) -> None:
    [found] = bounds(bbox=text, **{"bbox-crs": f"{EPSG}{code}"})
    assert found == pytest.approx(box, abs=1e-6)


@pytest.mark.parametrize(
    ("code", "text", "refusal"),
    [
        ("4490", "120.5,29.9,120.7,30.1", "give south,west,north,east in CGCS2000, within what it covers."),
        ("3857", "2,1,1,2", "give west,south,east,north in WGS 84 / Pseudo-Mercator, within what it covers."),
        (
            "4549",
            "1e300,1e300,1e301,1e301",
            "give south,west,north,east in CGCS2000 / 3-degree Gauss-Kruger CM 120E, within what it covers.",
        ),
    ],
)
def test_box_that_lies_nowhere_in_its_crs_is_named(code: str, text: str, refusal: str, public: Client) -> None:
    said = problem(public, ITEMS, bbox=text, **{"bbox-crs": f"{EPSG}{code}"})
    assert said == (400, f"bbox={text} cannot be used: {refusal}")


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
@pytest.mark.parametrize("text", ["", "4490", "EPSG:4490", f"{EPSG}99999", f"{EPSG}4490 "])
def test_crs_that_is_not_offered_is_named(name: str, text: str, public: Client) -> None:
    assert problem(public, ITEMS, **{name: text}) == (400, f"{name}={text} cannot be used: {CRS}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,4,5,6,7",
        "a,b,c,d",
        "120.5,29.9,120.7,",
        "120.5;29.9;120.7;30.1",
        "nan,29.9,120.7,30.1",
        "120.5,29.9,inf,30.1",
        "-inf,-inf,inf,inf",
        "120.5,29.9,nan,120.7,30.1,1",
        "120.5,30.1,120.7,29.9",
        "181,0,182,1",
        "0,-91,1,0",
        "0,0,1,90.1",
        "1e999,0,1,1",
        "1_0,2_0,3_0,4_0",
        "１２０,30,121,31",
        "0x1,0,1,1",
        " 120,30,121,31",
        "120,30,121,31'; DROP TABLE layers_division; --",
    ],
)
def test_box_that_cannot_be_read_is_named(text: str, public: Client) -> None:
    assert problem(public, ITEMS, bbox=text) == (400, f"bbox={text} cannot be used: {BBOX}")


@given(text=st.text(), crs=st.sampled_from(list(OFFERED)))
def test_any_text_is_a_box_of_the_world_or_refused(text: str, crs: str) -> None:
    try:
        found = bounds(bbox=text, **{"bbox-crs": crs})
    except BadParameter:
        return
    assert all(-180 <= west <= east <= 180 and -90 <= south <= north <= 90 for west, south, east, north in found)


@pytest.mark.parametrize(
    ("text", "limit"), [("1", 1), ("100", 100), ("10000", 10000), ("10001", 10000), ("9" * 18, 10000)]
)
def test_limit_is_read_and_clamped(text: str, limit: int) -> None:
    assert parameters.limit({"limit": text}) == limit


def test_limit_has_a_default() -> None:
    assert parameters.limit({}) == 100


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "abc", "1.5", "1e2", "0x10", "１０", "+5", " 5", "1_000", "9" * 19, "5;"]
)
def test_limit_that_cannot_be_used_is_named(text: str, public: Client) -> None:
    assert problem(public, ITEMS, limit=text) == (400, f"limit={text} cannot be used: {LIMIT}")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-12-31", date(2022, 12, 31)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2022-12-31T08:00:00Z", date(2022, 12, 31)),
        ("2022-12-31T16:00:00Z", date(2023, 1, 1)),  # midnight at the bureau
        ("2022-12-31t15:59:59.999z", date(2022, 12, 31)),
        ("2022-12-31T23:30:00+08:00", date(2022, 12, 31)),
        ("2023-01-01T01:00:00+09:00", date(2023, 1, 1)),
    ],
)
def test_day_is_that_of_the_bureau(text: str, day: date) -> None:
    assert parameters.day({"datetime": text}, "datetime", date(2000, 1, 1)) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2022",
        "2022-02-29",
        "2022-02-30",
        "2022-13-01",
        "2022-00-10",
        "0000-01-01",
        "20221231",
        "2022-12-31T25:00:00Z",
        "2022-12-31T",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "２０２２-12-31",
    ],
)
def test_day_that_does_not_exist_is_named(text: str, public: Client) -> None:
    assert problem(public, ITEMS, datetime=text) == (400, f"datetime={text} cannot be used: {DAY}")


@pytest.mark.parametrize(
    ("text", "period", "said"),
    [
        ("2022-12-31", Period(date(2022, 12, 31), date(2022, 12, 31)), "2022-12-31"),
        ("2022-01-01/2022-12-31", Period(date(2022, 1, 1), date(2022, 12, 31)), "2022-01-01/2022-12-31"),
        ("2022-01-01T16:00:00Z/..", Period(date(2022, 1, 2), date.max), "2022-01-02/.."),
        ("../2022-12-31", Period(date.min, date(2022, 12, 31)), "../2022-12-31"),
        ("/2022-12-31", Period(date.min, date(2022, 12, 31)), "../2022-12-31"),
        ("2022-01-01/2022-01-01", Period(date(2022, 1, 1), date(2022, 1, 1)), "2022-01-01"),
    ],
)
def test_period_is_read(text: str, period: Period, said: str) -> None:
    found = parameters.period({"datetime": text}, "datetime", date(2000, 1, 1))
    assert (found, found.said) == (period, said)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "../..",
        "2022-12-31/2022-01-01",
        "2022-02-30/..",
        "2022-01-01/2022-12-31/2023-01-01",
        "today/..",
        "2022-01-01/P1Y",
    ],
)
def test_period_that_is_none_is_named(text: str, public: Client) -> None:
    assert problem(public, ITEMS, datetime=text) == (400, f"datetime={text} cannot be used: {INTERVAL}")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("name", (SortKey("name"),)),
        ("+name,-population", (SortKey("name"), SortKey("population", descending=True))),
        (" name", (SortKey("name"),)),  # a plus sign as forms write it
        ("", ()),
    ],
)
def test_sort_keys_are_read(text: str, keys: tuple[SortKey, ...]) -> None:
    assert parameters.sort({"sortby": text}, ("name", "population")) == keys


@pytest.mark.parametrize(
    ("url", "text", "refusal"),
    [
        (ITEMS, "secret", "sortby=secret cannot be used: there are: id, name, name_roman, "),
        (ITEMS, "name,-name", "sortby=name,-name cannot be used: name each property once."),
        (ITEMS, "--name", "sortby=--name cannot be used: there are: "),
        ("/api/collections/eco-burial-sites/items", "serves", "sortby=serves cannot be used: there are: "),
    ],
)
def test_sort_key_that_is_none_is_named(url: str, text: str, refusal: str, public: Client) -> None:
    status, said = problem(public, url, sortby=text)
    assert (status, said[: len(refusal)]) == (400, refusal)


@pytest.mark.parametrize(("name", "text"), [("skipGeometry", "yes"), ("skipGeometry", ""), ("skipGeometry", "TRUE")])
def test_switch_is_true_or_false(name: str, text: str, public: Client) -> None:
    assert problem(public, ITEMS, **{name: text}) == (400, f"{name}={text} cannot be used: give true or false.")


@pytest.mark.parametrize("text", ["-1", "", "1.5", "9" * 10, "one"])
def test_offset_that_cannot_be_used_is_named(text: str, public: Client) -> None:
    refusal = f"offset={text} cannot be used: give a whole number, or follow the “next” link of the page before."
    assert problem(public, ITEMS, offset=text) == (400, refusal)


def test_property_that_is_not_there_is_named(public: Client) -> None:
    status, said = problem(public, ITEMS, properties="name,secret")
    assert (status, said[:57]) == (400, "properties=secret cannot be used: there are: name, name_r")


@pytest.mark.parametrize("text", ["", "abc", "-1", "1.5", "9" * 19, "1 OR 1=1"])
def test_cursor_that_is_none_of_ours_is_named(text: str, public: Client) -> None:
    refusal = f"cursor={text} cannot be used: follow the “next” link of the page before."
    assert problem(public, ITEMS, cursor=text) == (400, refusal)
    if text != "1 OR 1=1":
        assert problem(public, ITEMS, cursor=text, sortby="name") == (400, refusal)


def test_cursor_of_another_order_is_named(public: Client) -> None:
    order = (SortKey("name"),)
    made = paging.cursor(("越城区", "1"), order)
    assert paging.after({"cursor": made}, order) == ("越城区", "1")
    refusal = "it belongs to another order; follow the “next” link of its own."
    status, said = problem(public, ITEMS, cursor=made, sortby="-name")
    assert (status, said.endswith(refusal)) == (400, True)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("/api/", "f, lang, v"),
        ("/api/conformance", "f, lang, v"),
        ("/api/collections", "f, lang, v"),
        ("/api/collections/counties", "f, lang, v"),
        ("/api/collections/counties/schema", "f, lang, v"),
        (f"{ITEMS}/330602", "crs, datetime, f, lang, properties, skipGeometry, snapshot, v"),
        ("/api/collections/counties/tiles/WebMercatorQuad", "f, lang, v"),
        ("/api/collections/counties/tiles/WebMercatorQuad/0/0/0", "f, lang, v"),
        ("/api/tiles/0/0/0.pbf", "f, lang, v"),
        ("/api/styles/portal", "f, lang, v"),
        ("/api/styles/counties/legend", "f, lang, v"),
        ("/api/search", "f, lang, lat, layers, limit, lon, q, v"),
    ],
)
def test_unknown_parameter_is_named_with_those_there_are(url: str, known: str, public: Client) -> None:
    refusal = f"“bogus” is not a parameter here. There are: {known}."
    assert problem(public, url, bogus="1") == (400, refusal)


def test_unknown_parameter_of_items_is_named_with_the_properties_too(public: Client) -> None:
    known = {
        *("bbox", "bbox-crs", "crs", "cursor", "datetime", "f", "filter", "filter-crs", "filter-lang", "lang", "limit"),
        *("offset", "properties", "q", "skipGeometry", "snapshot", "sortby", "v", "id", "wkt"),
        *(field.name for field in registry.get("counties").fields),
    }
    refusal = f"“bogus” is not a parameter here. There are: {', '.join(sorted(known))}."
    assert problem(public, ITEMS, bogus="1") == (400, refusal)


@pytest.mark.parametrize(
    ("url", "asked", "offered"),
    [
        ("/api/", "xml", "json, html"),
        (ITEMS, "doc", "json, html, geojson, geojsonseq, csv, xlsx, gpkg, fgb, parquet, shp, kml"),
        ("/api/search", "xml", "json"),
        ("/api/tiles/0/0/0.pbf", "png", "mvt"),
        ("/api/collections/counties/tiles/WebMercatorQuad/0/0/0", "", "mvt"),
        ("/api/styles/counties/legend", "png", "svg"),
    ],
)
def test_format_that_is_not_offered_is_named(url: str, asked: str, offered: str, public: Client) -> None:
    query = {"q": "a"} if url == "/api/search" else {}
    refusal = f"f={asked} cannot be used: the formats here are {offered}."
    assert problem(public, url, f=asked, **query) == (400, refusal)


def test_language_that_is_not_offered_is_named(public: Client) -> None:
    refusal = "lang=tlh cannot be used: the languages are zh-hans, en."
    assert problem(public, "/api/", lang="tlh") == (400, refusal)


def test_refusal_is_in_chinese_unless_asked_otherwise(public: Client) -> None:
    said = {
        language: problem(public, ITEMS, language, limit="abc")[1] for language in ("", "zh-CN", "fr", "en-GB,fr;q=0.5")
    }
    chinese = "limit=abc 无法使用：应为 1 到 10000 之间的整数。"
    assert said == {
        "": chinese,
        "zh-CN": chinese,
        "fr": chinese,
        "en-GB,fr;q=0.5": f"limit=abc cannot be used: {LIMIT}",
    }


def test_a_long_bad_value_is_shortened_in_the_refusal(public: Client) -> None:
    status, detail = problem(public, ITEMS, limit="x" * 5000)
    assert (status, detail) == (400, f"limit={'x' * 80}… cannot be used: {LIMIT}")


def test_refusals_of_framework_objects_are_values_too(public: Client) -> None:
    """Whatever bytes a query is made of, the answer is a refusal and no traceback."""
    for query in ("limit=%00", "bbox=%FF%FE", "datetime=%E2%80%AE", "limit[]=1", "%00=1", "=1"):
        response: Any = public.get(f"{ITEMS}?{query}")
        assert (query, response.status_code, response.headers["Content-Type"]) == (
            query,
            400,
            "application/problem+json",
        )
