"""Parameters are read as they are meant or refused with the value named; nothing in between."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import BadParameter
from layers.publish import parameters
from layers.publish.parameters import Box
from tests.asking import problem

BBOX = "give west,south,east,north in degrees, for example bbox=120.5,29.9,120.7,30.1."
LIMIT = "give a whole number from 1 to 10000."
DAY = "give one day that exists, for example datetime=2022-12-31; intervals are not offered yet."
ITEMS = "/api/collections/counties/items"


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("120.5,29.9,120.7,30.1", Box(120.5, 29.9, 120.7, 30.1)),
        ("120.5,29.9,0,120.7,30.1,500", Box(120.5, 29.9, 120.7, 30.1)),
        ("-180,-90,180,90", Box(-180, -90, 180, 90)),
        ("170,-10,-170,10", Box(170, -10, -170, 10)),
        ("120,30,120,30", Box(120, 30, 120, 30)),
        ("1.2e2,+3e1,1.3E2,31.", Box(120, 30, 130, 31)),
    ],
)
def test_box_is_read(text: str, box: Box) -> None:
    assert parameters.box({"bbox": text}) == box


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


@given(st.text())
def test_any_text_is_a_box_of_the_world_or_refused(text: str) -> None:
    try:
        found = parameters.box({"bbox": text})
    except BadParameter:
        return
    assert found is not None
    assert -180 <= found.west <= 180
    assert -180 <= found.east <= 180
    assert -90 <= found.south <= found.north <= 90


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
        "31/12/2022",
        "2022-12-31T25:00:00Z",
        "2022-12-31T",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2022-01-01/2022-12-31",
        "2022-01-01T00:00:00Z/..",
        "../2022-12-31",
        "２０２２-12-31",
    ],
)
def test_day_that_does_not_exist_is_named(text: str, public: Client) -> None:
    assert problem(public, ITEMS, datetime=text) == (400, f"datetime={text} cannot be used: {DAY}")


@pytest.mark.parametrize("text", ["", "abc", "-1", "1.5", "9" * 19, "1 OR 1=1"])
def test_cursor_that_is_none_of_ours_is_named(text: str, public: Client) -> None:
    refusal = f"cursor={text} cannot be used: follow the “next” link of the page before."
    assert problem(public, ITEMS, cursor=text) == (400, refusal)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("/api/", "f, lang, v"),
        ("/api/conformance", "f, lang, v"),
        ("/api/collections", "f, lang, v"),
        ("/api/collections/counties", "f, lang, v"),
        ("/api/collections/counties/schema", "f, lang, v"),
        (ITEMS, "bbox, cursor, datetime, f, lang, limit, v"),
        (f"{ITEMS}/330602", "datetime, f, lang, v"),
        ("/api/collections/counties/tiles/WebMercatorQuad", "f, lang, v"),
        ("/api/collections/counties/tiles/WebMercatorQuad/0/0/0", "f, lang, v"),
        ("/api/tiles/0/0/0.pbf", "f, lang, v"),
        ("/api/styles/portal", "f, lang, v"),
        ("/api/styles/counties/legend", "f, lang, v"),
        ("/api/search", "f, lang, limit, q, v"),
    ],
)
def test_unknown_parameter_is_named_with_those_there_are(url: str, known: str, public: Client) -> None:
    refusal = f"“bogus” is not a parameter here. There are: {known}."
    assert problem(public, url, bogus="1") == (400, refusal)


@pytest.mark.parametrize(
    ("url", "asked", "offered"),
    [
        ("/api/", "html", "json"),
        (ITEMS, "csv", "json"),
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
    chinese = "limit=abc 无法使用：请给出 1 到 10000 之间的整数。"
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
