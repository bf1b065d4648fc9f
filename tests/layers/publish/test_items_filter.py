"""What a page holds by filter, property, words and period; and what a filter must not reveal."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from layers.models import EcoBurialDesignation, EcoBurialSite, EcoBurialSiteState
from tests.asking import get, problem
from tests.layers.publish.sea import ECO, SEA, burial_site, codes

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@pytest.fixture
def sites() -> None:
    for code, name, area, used, x in (
        ("a", "青松", 10, 1, 123.2),
        ("b", "翠柏", 20, 99, 123.4),
        ("c", "青山", None, 5, 123.6),
    ):
        site = burial_site(code, x)
        EcoBurialSite.objects.filter(pk=site.pk).update(
            name=name, name_roman=f"{code} Líng", area_m2=area, used=used, as_of=date(2022, 6, ord(code) - 96)
        )
    EcoBurialDesignation.objects.create(site=site, township="330602001", valid_from=date(2020, 1, 1))


def found(client: Client, **asked: str) -> str:
    return "".join(codes(get(client, f"{ECO}/items", bbox=SEA, **asked)))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"filter": "name LIKE '青%'"}, "ac"),
        ({"filter": "area_m2 > 10"}, "b"),
        ({"filter": "area_m2 IS NULL OR area_m2 = 10"}, "ac"),
        ({"filter": "NOT (area_m2 > 10)"}, "a"),  # unknown is not true
        ({"filter": "status = 'operating' AND id IN ('a', 'b')"}, "ab"),
        ({"filter": "as_of >= DATE('2022-06-02')"}, "bc"),
        ({"filter": "S_INTERSECTS(geometry, BBOX(123.3, 29, 124, 30))"}, "bc"),
        ({"filter": "A_CONTAINS(serves, ('330602001'))"}, "c"),
        ({"filter": "S_INTERSECTS(geometry, POINT(29.5 123.4))", "filter-crs": f"{EPSG}4490"}, "b"),
        ({"filter": '{"op": "=", "args": [{"property": "name"}, "翠柏"]}', "filter-lang": "cql2-json"}, "b"),
        ({"name": "翠柏"}, "b"),
        ({"name": "翠柏", "area_m2": "20"}, "b"),
        ({"name": "翠柏", "filter": "area_m2 < 20"}, ""),
        ({"serves": "330602001"}, "c"),
        ({"status": "closed"}, ""),
        ({"id": "a"}, "a"),
        ({"q": "青"}, "ac"),
        ({"q": "B líng"}, "b"),
        ({"q": "bling"}, "b"),  # as the search box takes it: without tones and spaces
        ({"q": "青", "name": "青山"}, "c"),
    ],
)
def test_filters_choose_the_rows(asked: dict[str, str], expected: str, public: Client, sites: None) -> None:
    page = get(public, f"{ECO}/items", bbox=SEA, **asked)
    assert ("".join(codes(page)), page["numberMatched"]) == (expected, len(expected))


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"filter": "published = true"}, "published"),
        ({"filter": "evidence LIKE '%'"}, "evidence"),
    ],
)
def test_a_hidden_field_is_as_unknown_as_one_that_does_not_exist(
    asked: dict[str, str], names: str, public: Client, staff: Client, sites: None
) -> None:
    status, said = problem(public, f"{ECO}/items", **asked)
    nothing = {"filter": asked["filter"].replace(names, "no_such")}
    assert (status, said.replace(names, "no_such")) == problem(public, f"{ECO}/items", **nothing)
    assert status == 400
    assert f"“{names}” is not a parameter here" in problem(public, f"{ECO}/items", **{names: "1"})[1]
    assert staff.get(f"{ECO}/items", asked).status_code == 200


def test_a_list_is_counted_when_the_page_is_not_all(public: Client, sites: None) -> None:
    page = get(public, f"{ECO}/items", filter="id IN ('a', 'b', 'c', 'd')", limit="2")
    assert (codes(page), page["numberMatched"]) == (["a", "b"], 3)


def test_an_unpublished_row_is_not_told_by_a_count(public: Client, staff: Client, sites: None) -> None:
    EcoBurialSite.objects.filter(code="b").update(published=False)
    matched = [get(client, f"{ECO}/items", bbox=SEA, name="翠柏")["numberMatched"] for client in (public, staff)]
    assert matched == [0, 1]


@pytest.mark.parametrize(
    "asked",
    [
        {"filter": "name ="},
        {"filter": ""},
        {"filter": "(" * 500 + "name = 'a'" + ")" * 500},
        {"filter": "NOT " * 500 + "name = 'a'"},
        {"filter": "name = '" + "x" * 100_000 + "'"},
        {"filter": " AND ".join(["capacity > capacity ^ 2"] * 300)},  # short, but long in SQL
        {"filter": "name = 'a'; DROP TABLE layers_division"},
        {"filter": "name = 1"},
        {"filter": "{}", "filter-lang": "cql2-json"},
        {"filter": "[" * 5000, "filter-lang": "cql2-json"},
        {"filter": "name = 'a'", "filter-lang": "sql"},
        {"filter": "name = 'a'", "filter-crs": "EPSG:4490"},
        {"filter": "S_INTERSECTS(geometry, POINT(29.5 123.4))"},  # 123.4 is no latitude
        {"area_m2": "many"},
        {"as_of": "2022-02-30"},
        {"q": ""},
        {"q": "x" * 61},
    ],
    ids=lambda asked: str(asked)[:40],
)
def test_what_cannot_be_used_is_refused_by_name(asked: dict[str, str], public: Client) -> None:
    for language in ("zh-CN", "en"):
        status, said = problem(public, f"{ECO}/items", language, **asked)
        assert (status, len(said) < 1000) == (400, True)
        assert any(said.startswith(f"{name}=") for name in asked)


# Writing


def test_properties_and_geometry_can_be_left_out(public: Client, sites: None) -> None:
    page = get(public, f"{ECO}/items", bbox=SEA, id="a", properties="area_m2,name", skipGeometry="true")
    assert page["features"] == [
        {"type": "Feature", "id": "a", "geometry": None, "properties": {"area_m2": 10, "name": "青松"}}
    ]
    [one] = get(public, f"{ECO}/items", bbox=SEA, id="a", properties="")["features"]
    assert (one["properties"], one["geometry"]["type"]) == ({}, "Point")
    assert get(public, f"{ECO}/items/a", properties="name")["properties"] == {"name": "青松"}


@pytest.mark.parametrize(
    ("crs", "place"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", [123.2, 29.5]),
        (f"{EPSG}4490", [29.5, 123.2]),
        (f"{EPSG}4326", [29.5, 123.2]),
        (f"{EPSG}3857", [13714561.27, 3439440.06]),
        (f"{EPSG}4549", [3268960.1, 810375.81]),
    ],
)
def test_positions_are_written_in_the_axis_order_of_the_crs(
    crs: str, place: list[float], public: Client, sites: None
) -> None:
    for url in (f"{ECO}/items?bbox={SEA}&id=a", f"{ECO}/items/a?"):
        response = public.get(f"{url}&crs={crs}")
        answer: Any = response.json()
        feature = answer["features"][0] if "features" in answer else answer
        assert feature["geometry"] == {"type": "Point", "coordinates": pytest.approx(place, abs=0.02)}
        assert response.headers["Content-Crs"] == f"<{crs}>"


# Periods


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("../2019-12-31", []),
        ("2019-01-01/2020-01-01", [("planned", [])]),
        ("2020-06-01/2021-06-01", [("planned", [])]),
        ("2020-06-01/2022-01-01", [("operating", ["330602001"])]),
        ("2022-06-30/2022-07-01", [("closed", ["330602001"])]),
        ("2022-07-01/..", [("closed", [])]),
        ("2000-01-01/2100-01-01", [("closed", ["330602001"])]),
    ],
)
def test_a_period_gives_each_row_as_it_last_was_in_it(
    period: str, expected: list[tuple[str, list[str]]], public: Client
) -> None:
    site = burial_site("dated", opened=date(2022, 1, 1))
    EcoBurialSiteState.objects.filter(site=site).update(valid_to=date(2022, 7, 1))
    for status, since, until in (("planned", date(2020, 1, 1), date(2022, 1, 1)), ("closed", date(2022, 7, 1), None)):
        EcoBurialSiteState.objects.create(site=site, status=status, valid_from=since, valid_to=until)
    EcoBurialDesignation.objects.create(
        site=site, township="330602001", valid_from=date(2022, 1, 1), valid_to=date(2022, 7, 1)
    )
    page = get(public, f"{ECO}/items", bbox=SEA, datetime=period)
    states = [(feature["properties"]["status"], feature["properties"]["serves"]) for feature in page["features"]]
    assert (states, page["numberMatched"], page["asOf"]) == (expected, len(expected), period)


def test_a_period_gives_each_division_once(public: Client) -> None:
    page = get(public, "/api/collections/counties/items", datetime="1900-01-01/..")
    names = {feature["id"]: feature["properties"]["name"] for feature in page["features"]}
    assert len(names) == page["numberReturned"]
    assert names["330604"] == "上虞区"  # a city at county level until 2013
