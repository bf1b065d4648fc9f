"""Pages of features: their values, their order, and the links from one to the next."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from layers.access import BUREAU, PUBLIC, Reader
from layers.models import Division, EcoBurialDesignation, EcoBurialSite, EcoBurialSiteState
from layers.models.base import SRID
from layers.publish import items, parameters
from layers.publish.selection import Selection
from layers.rows import Period, today
from tests.asking import get
from tests.layers.publish.sea import ECO, SEA, burial_site, codes, many_plates
from tests.sharing import commit


def following(page: dict[str, Any]) -> str:
    """The address of the next page, empty on the last."""
    return next((link["href"] for link in page["links"] if link["rel"] == "next"), "")


# Values


def test_page_is_a_feature_collection_whose_every_value_is_the_rows(public: Client) -> None:
    site = EcoBurialSite.objects.create(
        code="eco-1",
        name="“青松”\\陵园\n<二区>",
        name_roman="Qīngsōng Língyuán",
        address="绍兴市越城区青松路1号",
        phone="0575-00000000",
        opening_hours="08:00–16:30",
        source="台账",
        as_of=date(2022, 12, 31),
        evidence="绍民〔2022〕1号",
        location=Point(123.123456789, 29.987654321, srid=SRID),
        position_quality="surveyed",
        township_claimed="330602001",
        burial_forms=["tree", "wall"],
        benefit="public",
        level="township",
        area_m2=1234.5,
        capacity=800,
        used=200,
        green_rate=0.72,
        approval_no="浙民批1",
    )
    EcoBurialSiteState.objects.create(
        site=site, status="operating", valid_from=date(2020, 1, 1), demonstration_level="city"
    )
    for township in ("330602003", "330602002"):
        EcoBurialDesignation.objects.create(site=site, township=township, valid_from=date(2020, 1, 1))
    EcoBurialDesignation.objects.create(
        site=site, township="330602001", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1)
    )
    assert get(public, f"{ECO}/items", bbox=SEA) == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "eco-1",
                "geometry": {"type": "Point", "coordinates": [123.1234568, 29.9876543]},
                "properties": {
                    "name": "“青松”\\陵园\n<二区>",
                    "name_roman": "Qīngsōng Língyuán",
                    "status": "operating",
                    "burial_forms": ["tree", "wall"],
                    "benefit": "public",
                    "level": "township",
                    "serves": ["330602002", "330602003"],
                    "demonstration_level": "city",
                    "area_m2": 1234.5,
                    "capacity": 800,
                    "green_rate": 0.72,
                    "approval_no": "浙民批1",
                    "address": "绍兴市越城区青松路1号",
                    "township_claimed": "330602001",
                    "township_located": None,
                    "position_quality": "surveyed",
                    "phone": "0575-00000000",
                    "opening_hours": "08:00–16:30",
                    "source": "台账",
                    "as_of": "2022-12-31",
                },
            }
        ],
        "numberReturned": 1,
        "numberMatched": 1,
        "asOf": today().isoformat(),
        "links": [
            {
                "rel": "self",
                "type": "application/geo+json",
                "href": f"http://127.0.0.1:8000{ECO}/items?bbox=123%2C29%2C124%2C30",
            },
            as_page("/items?bbox=123%2C29%2C124%2C30&f=html"),
        ],
    }


def test_one_feature_is_that_of_the_page_with_its_links(public: Client) -> None:
    burial_site("eco-1")
    [feature] = get(public, f"{ECO}/items", bbox=SEA)["features"]
    links = [
        {"rel": "self", "type": "application/geo+json", "href": f"http://127.0.0.1:8000{ECO}/items/eco-1"},
        as_page("/items/eco-1?f=html"),
        {"rel": "collection", "type": "application/json", "href": f"http://127.0.0.1:8000{ECO}"},
    ]
    assert get(public, f"{ECO}/items/eco-1") == {**feature, "links": links}


def as_page(path: str) -> dict[str, str]:
    """The link of a document to its page."""
    return {
        "rel": "alternate",
        "type": "text/html",
        "href": f"http://127.0.0.1:8000{ECO}{path}",
        "title": "本文档的网页",
    }


def test_headers_of_a_page(public: Client) -> None:
    response = public.get(f"{ECO}/items", {"limit": "1"})
    headers = {name: response.headers[name] for name in ("Content-Type", "Content-Crs", "Content-Language")}
    assert headers == {
        "Content-Type": "application/geo+json",
        "Content-Crs": "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>",
        "Content-Language": "zh-hans",
    }
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_reference_data_is_served_whole(public: Client) -> None:
    counties = {feature["id"]: feature for feature in get(public, "/api/collections/counties/items")["features"]}
    assert {code: feature["properties"]["name"] for code, feature in counties.items()} == {
        "330602": "越城区",
        "330603": "柯桥区",
        "330604": "上虞区",
        "330624": "新昌县",
        "330681": "诸暨市",
        "330683": "嵊州市",
    }
    assert {feature["geometry"]["type"] for feature in counties.values()} == {"MultiPolygon"}
    townships = get(public, "/api/collections/townships/items", limit="1000")
    assert (townships["numberMatched"], townships["numberReturned"]) == (103, 103)
    assert {feature["properties"]["kind"] for feature in townships["features"]} == {"街道", "镇", "乡"}


def test_an_empty_page_is_still_a_collection(public: Client) -> None:
    page = get(public, f"{ECO}/items", bbox=SEA)
    assert (page["features"], page["numberReturned"], page["numberMatched"]) == ([], 0, 0)


# Pages


def test_default_page_has_a_hundred_features(public: Client) -> None:
    page = get(public, "/api/collections/villages/items")
    assert page["numberReturned"] == len(page["features"]) == 100
    assert page["numberMatched"] == Division.objects.filter(level="village", valid_to=None).count() > 2000


def test_page_above_the_maximum_is_clamped_and_a_large_count_is_left_out(public: Client) -> None:
    many_plates(10_001)
    page = get(public, "/api/collections/doorplates/items", limit="99999", bbox=SEA)
    assert (page["numberReturned"], len(page["features"]), "numberMatched" in page) == (10_000, 10_000, False)
    last = get(public, following(page))
    assert (codes(last), following(last)) == (["plate-10001"], "")


def test_order_is_that_of_the_register_and_stays_when_a_row_changes(public: Client) -> None:
    sites = [burial_site(code) for code in ("c", "a", "b")]
    assert codes(get(public, f"{ECO}/items", bbox=SEA)) == ["c", "a", "b"]
    EcoBurialSite.objects.filter(pk=sites[0].pk).update(name="后来")
    commit()
    assert codes(get(public, f"{ECO}/items", bbox=SEA)) == ["c", "a", "b"]


def test_next_links_visit_each_feature_once_while_others_come_and_go(public: Client) -> None:
    for number in range(9):
        burial_site(f"eco-{number}")
    page, visited = get(public, f"{ECO}/items", bbox=SEA, limit="3"), []
    visited += codes(page)
    EcoBurialSite.objects.filter(code__in=["eco-0", "eco-2", "eco-4"]).delete()
    burial_site("eco-late")
    page = get(public, following(page))
    visited += codes(page)
    EcoBurialSite.objects.filter(code="eco-7").update(name="改名")
    burial_site("eco-later")
    while following(page):
        page = get(public, following(page))
        visited += codes(page)
    assert visited == [
        *("eco-0", "eco-1", "eco-2"),
        *("eco-3", "eco-5", "eco-6"),
        *("eco-7", "eco-8", "eco-late"),
        "eco-later",
    ]


def test_next_link_keeps_what_was_asked(public: Client) -> None:
    for number in range(3):
        burial_site(f"eco-{number}")
    page = get(public, f"{ECO}/items", bbox=SEA, limit="2", datetime="2022-12-31", lang="en")
    asked = parse_qs(urlsplit(following(page)).query)
    assert asked == {
        "bbox": [SEA],
        "limit": ["2"],
        "datetime": ["2022-12-31"],
        "lang": ["en"],
        "cursor": [str(EcoBurialSite.objects.get(code="eco-1").pk)],
    }


def test_last_page_that_is_just_full_has_no_next(public: Client) -> None:
    for number in range(2):
        burial_site(f"eco-{number}")
    assert following(get(public, f"{ECO}/items", bbox=SEA, limit="2")) == ""


# Work


@pytest.mark.parametrize("reader", [PUBLIC, BUREAU], ids=lambda reader: reader.key)
@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_two_statements_however_long_it_is(reader: Reader, number: int, statements: list[str]) -> None:
    for index in range(number):
        burial_site(f"eco-{index}")
    area = parameters.area({"bbox": SEA})
    asked = Selection(layer_id="eco-burial-sites", reader=reader, period=Period(today(), today()), area=area)
    statements.clear()
    assert items.page(asked, limit=10).returned == number
    assert items.count(asked) == number
    assert len(statements) == 2
