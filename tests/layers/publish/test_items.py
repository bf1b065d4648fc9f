"""Pages of features: their values, their order, their bounds in space and time, and what never appears in them."""

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection
from django.test import Client

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader
from layers.models import (
    DigitalDoorplate,
    Division,
    EcoBurialDesignation,
    EcoBurialSite,
    EcoBurialSiteState,
    ExclusionZone,
)
from layers.models.base import SRID
from layers.publish import items
from layers.publish.parameters import Box
from layers.rows import today
from tests.asking import get, problem
from tests.samples import sample
from tests.sharing import commit

ECO = "/api/collections/eco-burial-sites"
ZONES = "/api/collections/exclusion-zones"
SEA = "123,29,124,30"  # nothing of the reference data lies there
PLATES = """
    INSERT INTO layers_digitaldoorplate
        (code, name, name_roman, source, published, location, position_quality, township_claimed, plate_kind, status,
         address_code, province, city, county, town, community, street, area, estate, natural_village,
         villagers_group, door, courtyard, building_plate, building, unit, floor, room, mailbox, grid, photo, token)
    SELECT 'plate-' || n, n || '号', '', 'test', true,
           ST_SetSRID(ST_Point(123 + (n %% 200) / 400.0, 29 + (n / 200) / 400.0), 4490),
           'surveyed', '330602001', 'small', 'current',
           '', '', '', '', '', '', '', '', '', '', '', n || '号', '', '', '', '', '', '', '', '', '', 'token-' || n
    FROM generate_series(1, %s) AS n
"""


def burial_site(code: str, x: float = 123.5, y: float = 29.5, *, opened: date = date(2020, 1, 1)) -> EcoBurialSite:
    site = EcoBurialSite.objects.create(
        code=code,
        name="青松",
        source="test",
        location=Point(x, y, srid=SRID),
        township_claimed="330602001",
        level="village",
    )
    EcoBurialSiteState.objects.create(site=site, status="operating", valid_from=opened)
    return site


def many_plates(number: int) -> None:
    """Doorplates in the sea, 200 to a row, 250 metres apart."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_digitaldoorplate DISABLE TRIGGER USER")
        cursor.execute(PLATES, [number])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE layers_digitaldoorplate ENABLE TRIGGER USER")
        cursor.execute("ANALYZE layers_digitaldoorplate")


def codes(page: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in page["features"]]


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
            }
        ],
    }


def test_one_feature_is_that_of_the_page_with_its_links(public: Client) -> None:
    burial_site("eco-1")
    [feature] = get(public, f"{ECO}/items", bbox=SEA)["features"]
    links = [
        {"rel": "self", "type": "application/geo+json", "href": f"http://127.0.0.1:8000{ECO}/items/eco-1"},
        {"rel": "collection", "type": "application/json", "href": f"http://127.0.0.1:8000{ECO}"},
    ]
    assert get(public, f"{ECO}/items/eco-1") == {**feature, "links": links}


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


# Bounds in space


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("123.5,29.5,123.5,29.5", ["point"]),  # a point is a box too
        ("123.5,29.5,123.6,29.6", ["point"]),  # the edge belongs to it
        ("123.4,29.4,123.5,29.5", ["point"]),
        ("123.4,29.4,-1000,123.5,29.5,1000", ["point"]),
        ("123.5000001,29.5,123.6,29.6", []),
        ("123.4,29.5000001,123.6,29.6", []),
    ],
)
def test_bbox_holds_its_edges(bbox: str, found: list[str], public: Client) -> None:
    burial_site("point")
    assert codes(get(public, f"{ECO}/items", bbox=bbox)) == found


def test_bbox_whose_west_is_greater_crosses_the_antimeridian(public: Client) -> None:
    for code, x in (("west", 179.5), ("line", 180), ("east", -179.5), ("here", 123.5), ("far", -123.5)):
        burial_site(code, x=x)
    page = get(public, f"{ECO}/items", bbox="179,29,-179,30")
    assert (codes(page), page["numberMatched"]) == (["west", "line", "east"], 3)
    assert codes(get(public, f"{ECO}/items", bbox="-180,29,-179,30")) == ["east"]
    assert codes(get(public, f"{ECO}/items", bbox="-179,29,-120,30")) == ["far"]


def test_bbox_takes_areas_that_meet_it_not_those_whose_box_does(public: Client) -> None:
    """The corner of a triangle's box is not the triangle."""
    triangle = Polygon(((123, 29), (124, 29), (123, 30), (123, 29)), srid=SRID)
    sample(registry.get("exclusion-zones"), code="zone-1", boundary=MultiPolygon(triangle, srid=SRID))
    assert ExclusionZone.objects.filter(code="zone-1").exists()
    assert codes(get(public, f"{ZONES}/items", bbox="123.1,29.1,123.2,29.2")) == ["zone-1"]
    assert codes(get(public, f"{ZONES}/items", bbox="123.9,29.9,124,30")) == []


def test_rows_without_a_place_are_listed_but_in_no_box(public: Client) -> None:
    site = burial_site("nowhere")
    EcoBurialSite.objects.filter(pk=site.pk).update(location=None)
    assert get(public, f"{ECO}/items/nowhere")["geometry"] is None
    assert "nowhere" not in codes(get(public, f"{ECO}/items", bbox="-180,-90,180,90", limit="10000"))


def test_box_of_many_rows_is_found_by_the_index() -> None:
    many_plates(20_000)
    layer = registry.get("doorplates")
    box = items.ewkb(Box(123.1, 29.01, 123.11, 29.02))
    for statement in (items._page_statement(layer.id, PUBLIC, True), items._count_statement(layer.id, PUBLIC, True)):
        plan = explained(statement, on=today(), box=box, after=0, limit=100, one_more=101)
        assert "layers_digitaldoorplate_location_" in plan
        assert "Seq Scan on layers_digitaldoorplate" not in plan


def explained(statement: Any, **values: object) -> str:
    """The plan of a statement with its slots filled."""
    filled = [values[param.name] if hasattr(param, "name") else param for param in statement.params]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (COSTS OFF) {statement.sql}", filled)
        return "\n".join(line for (line,) in cursor.fetchall())


# Bounds in time


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


# What is not there


@pytest.mark.parametrize(
    "code", ["nothing", "0", "%00", "eco'; DROP TABLE layers_ecoburialsite; --", "1 OR 1=1", "%FF", "…"]
)
def test_unknown_feature_is_named(code: str, public: Client) -> None:
    url = f"{ECO}/items/{quote(code, safe='%')}"
    written = "%FF" if code == "%FF" else unquote(code)
    assert problem(public, url) == (404, f"There is no feature “{written}” in “eco-burial-sites”.")
    assert EcoBurialSite.objects.exists()


@pytest.mark.parametrize(
    "layer_id", ["nowhere", "milestones", "annual-figures", "layers_ecoburialsite", "eco-burial-sites%00"]
)
def test_unknown_collection_is_named_with_those_there_are(layer_id: str, public: Client) -> None:
    known = ", ".join(layer.id for layer in registry.published())
    for rest in ("", "/items", "/items/1", "/schema", "/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/0/0/0"):
        status, detail = problem(public, f"/api/collections/{layer_id}{rest}")
        written = layer_id.replace("%00", "\0")
        assert (status, detail) == (404, f"There is no collection “{written}”. There are: {known}.")


# Injection


INJECTIONS = [
    "' OR '1'='1",
    "1; DROP TABLE layers_division; --",
    "$$||pg_sleep(5)||$$",
    "%s",
    "%(on)s",
    "{rows}",
    "\\'; --",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_a_value_is_a_value(text: str, public: Client) -> None:
    for name in ("limit", "bbox", "cursor", "datetime", "f", "lang", text):
        assert problem(public, f"{ECO}/items", **{name: text})[0] == 400
    assert get(public, "/api/search", q=text)["features"] == []
    assert Division.objects.filter(code="330602").count() == 1


# Secrets


def test_household_plates_are_not_offered_to_the_public_and_tokens_to_nobody(public: Client, staff: Client) -> None:
    layer = registry.get("doorplates")
    plates = {
        kind: sample(layer, plate_kind=kind, code=f"plate-{kind}", location=Point(123.5, 29.5, srid=SRID))
        for kind in ("small", "unit", "household")
    }
    tokens = [token for (token,) in DigitalDoorplate.objects.values_list("token")]
    url = "/api/collections/doorplates"
    page = public.get(f"{url}/items", {"bbox": SEA}).content.decode()
    assert codes(json.loads(page)) == ["plate-small", "plate-unit"]
    assert problem(public, f"{url}/items/plate-household")[0] == 404
    seen = staff.get(f"{url}/items", {"limit": "10000"}).content.decode()
    assert "plate-household" in codes(json.loads(seen))
    said = [page, seen]
    for client in (public, staff):
        said += [client.get(f"{url}/{rest}").content.decode() for rest in ("schema", f"items/{plates['small'].code}")]
        said.append(client.get("/api/search", {"q": plates["small"].name}).content.decode())
        said.append(client.get("/api/tiles/16/55251/27160.pbf").content.decode("latin-1"))
    assert [token for token in tokens if any(token in text for text in said)] == []
    assert not any("token" in text for text in said)


def test_bureaus_fields_are_for_staff(public: Client, staff: Client) -> None:
    burial_site("eco-1")
    theirs = set(get(public, f"{ECO}/items/eco-1")["properties"])
    assert set(get(staff, f"{ECO}/items/eco-1")["properties"]) - theirs == {"used", "evidence", "published"}


def test_what_is_not_published_is_for_staff(public: Client, staff: Client) -> None:
    site = burial_site("draft")
    EcoBurialSite.objects.filter(pk=site.pk).update(published=False)
    assert codes(get(public, f"{ECO}/items", bbox=SEA)) == []
    assert codes(get(staff, f"{ECO}/items", bbox=SEA)) == ["draft"]


# Work


@pytest.mark.parametrize("reader", [PUBLIC, BUREAU], ids=lambda reader: reader.key)
@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_two_statements_however_long_it_is(reader: Reader, number: int, statements: list[str]) -> None:
    for index in range(number):
        burial_site(f"eco-{index}")
    layer, box = registry.get("eco-burial-sites"), Box(123, 29, 124, 30)
    statements.clear()
    assert items.page(layer, reader, today(), limit=10, within=box).returned == number
    assert items.count(layer, reader, today(), within=box) == number
    assert len(statements) == 2
