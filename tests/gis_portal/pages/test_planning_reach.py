"""The page of reach: what is asked, what is covered and what is not, with distances, a map and files."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from gis_portal.pages.planning import reach as page_of_reach
from layers.models import Division, HomeCareCentre
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, page
from tests.layers.coverage import world
from tests.layers.coverage.place import A, B, C, D
from tests.layers.coverage.roads import road
from tests.layers.coverage.world import centre, door, village
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
REACH = "/planning/reach/"
ASKED = f"{REACH}?layer=home-care-centres&within=1000&as-of=2022-12-31"


@pytest.fixture(autouse=True)
def _prefecture(db: None) -> Iterator[None]:
    world.found_prefecture()
    centre("one", (0, 100))
    centre("planned", (9600, 0), status="planned")
    village(f"{A}001", (0, 0), 500)
    village(f"{A}002", (0, 3100), 1300)
    for number in range(3):
        door(number, (0, number * 700.0))
    with shared_transaction():
        yield


@pytest.fixture
def planner(db: None) -> Client:
    return signed_in(account("planner", Role.PLANNER))


def rows(read: Read, table: str, section: str) -> list[list[str]]:
    """The words of each cell of a table in the section that is headed by that id."""
    found = read.tree.xpath(f"//section[@aria-labelledby='{section}']//table[contains(@class, '{table}')]/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th | td")] for row in found]


def missing(read: Read) -> list[list[str]]:
    return rows(read, "missing", "gaps")


def counties(read: Read) -> list[list[str]]:
    return rows(read, "reached", "counties")


def townships(read: Read) -> list[list[str]]:
    return rows(read, "reached", "townships")


def notes(read: Read) -> list[str]:
    return read.said("//ul[@class='cautions notes']/li")


def test_nothing_is_computed_before_a_layer_is_chosen(planner: Client) -> None:
    read = page(planner, REACH)
    assert read.said("//h1") == ["服务半径覆盖"]
    assert read.said("//section") == []
    offered = read.tree.xpath("//select[@id='layer']//option/@value")
    assert {"home-care-centres", "eco-burial-sites", "marriage-registries"} <= set(offered)
    assert not {"counties", "townships", "doorplates", "exclusion-zones"} & set(offered)
    assert read.said("//select[@id='of']/option") == ["乡镇（街道）", "村（社区）", "数字门牌", "人口"]
    assert read.said("//select[@id='division']/option") == ["全部", "东县", "西县"]
    assert read.one("//input[@id='within']/@value") == "1000"


def test_townships_covered_and_not_with_distances_and_notes(planner: Client) -> None:
    read = page(planner, ASKED)
    assert read.said("//h2") == [
        "乡镇（街道）：距最近的“居家养老服务中心”直线 1,000 米以内", "未覆盖：3 个", "县（市、区）", "乡镇（街道）",
    ]  # fmt: skip
    assert read.said("//p[@class='head-figure']") == ["25.0% 1/4"]
    assert "截至 2022-12-31" in read.text
    assert "设施：1 处 · 仅计当日运营中的" in " ".join(read.said("//section[1]/p"))
    assert counties(read) == [["东县", "50.0% 1/2", ""], ["西县", "0.0% 0/2", ""]]
    assert [row[:2] for row in townships(read)] == [
        ["甲镇 东县", "已覆盖"], ["乙镇 东县", "未覆盖"], ["丙街道 西县", "未覆盖"], ["丁乡 西县", "未覆盖"],
    ]  # fmt: skip
    assert townships(read)[0][2] == "100 m"
    assert [row[0] for row in missing(read)] == ["丁乡", "丙街道", "乙镇"]  # the farthest first
    assert re.fullmatch(r"最近的设施在 9,6\d\d 米外", missing(read)[2][2])
    assert notes(read) == [
        "距离为 EPSG:4549 平面上的直线距离，不是沿道路的路程。在该投影带内，每公里比椭球面上最多长 0.4 米。",
        "各区划以其中心点计；没有中心点的不计入。",
    ]


def test_what_limits_the_figures_is_said(planner: Client) -> None:
    village(f"{B}001", None, 10)
    centre("lost", None)
    centre("made-up", (100, 0), source="demonstration")
    Division.objects.filter(level="township").update(boundary_quality="approximate")
    told = " ".join(notes(page(planner, f"{ASKED}&of=villages")))
    assert "村001" in told  # which has no centre
    assert "中心lost" in told
    assert "1 处设施为演示数据" in told
    assert "没有精确边界" in " ".join(notes(page(planner, f"{ASKED}&of=doorplates")))


def test_villages_have_a_spread_of_distances_by_township(planner: Client) -> None:
    read = page(planner, f"{ASKED}&of=villages")
    assert read.said("//p[@class='head-figure']") == ["50.0% 1/2"]
    assert townships(read) == [["甲镇 东县", "50.0% 1/2", "100 m", "1,550 m", "2,710 m", "3,000 m"]]
    assert read.one("//svg[@class='spreads']/@aria-label") == (
        "各乡镇（街道）的距离。 中位距离从 1,550 米（甲镇）到 1,550 米（甲镇），最远 3,000 米。"
    )
    assert missing(read) == [["村002", "东县甲镇", "最近的设施在 3,000 米外", "地图 村002"]]
    assert f"/api/collections/villages/items/{A}002" in read.links
    assert f"/#layers=counties,townships,villages,home-care-centres&feature=villages/{A}002" in read.links


def test_people_are_counted_where_their_village_is(planner: Client) -> None:
    read = page(planner, f"{ASKED}&of=people")
    assert read.said("//p[@class='head-figure']") == ["27.7% 500/1,800"]
    assert missing(read) == [["村002", "东县甲镇", "1,300 人；最近的设施在 3,000 米外", "地图 村002"]]
    assert townships(read) == [["甲镇 东县", "27.7% 500/1,800"]]
    assert not read.tree.xpath("//svg[@class='spreads']")
    assert any("of=villages" in link for link in read.links)


def test_doorplates_are_counted_by_township(planner: Client) -> None:
    read = page(planner, f"{ASKED}&of=doorplates")
    assert read.said("//p[@class='head-figure']") == ["66.6% 2/3"]
    assert missing(read) == [["甲镇", "东县", "3 块门牌中有 1 块未覆盖", "地图 甲镇"]]
    assert townships(read) == [["甲镇 东县", "66.6% 2/3", "100 m", "600 m", "1,160 m", "1,300 m"]]


def test_a_distance_of_ones_own_a_county_and_a_day(planner: Client) -> None:
    read = page(planner, f"{REACH}?layer=home-care-centres&of=villages&within=3000.5&division=999901&as-of=2022-12-31")
    assert read.said("//p[@class='head-figure']") == ["100.0% 2/2"]
    assert read.said("//h2")[1] == "全部已覆盖"
    assert [read.one(f"//select[@id='{name}']/option[@selected]/@value") for name in ("of", "division")] == [
        "villages",
        "999901",
    ]
    assert read.one("//input[@id='within']/@value") == "3000.5"
    before = page(planner, f"{REACH}?layer=home-care-centres&of=villages&as-of=2010-01-01")
    assert before.said("//p[@class='head-figure']") == ["0.0% 0/2"]
    assert "当日没有符合条件的设施" in " ".join(notes(before))
    assert missing(before)[0][2] == "没有可及的设施"


def test_other_distances_are_a_step_away(planner: Client) -> None:
    read = page(planner, ASKED)
    assert read.said("//ul[@class='standings']/li") == ["300 m", "500 m", "1,000 m", "3,000 m"]
    assert read.said("//ul[@class='standings']//a[@aria-current]") == ["1,000 m"]
    (there,) = (link for link in read.links if "within=3000" in link)
    assert page(planner, f"{REACH}{there}").one("//input[@id='within']/@value") == "3000"


def test_a_layer_without_rows_is_not_assessable(planner: Client) -> None:
    HomeCareCentre.objects.all().delete()
    read = page(planner, ASKED)
    assert read.said("//p[@class='head-figure']") == ["–"]
    assert "无法考核：该图层没有数据。" in notes(read)
    assert read.said("//h2")[1:] == []
    assert "small-map" not in read.text


def test_the_list_is_taken_along_as_csv_and_geojson(planner: Client) -> None:
    read = page(planner, f"{ASKED}&of=people")
    (address,) = (link for link in read.links if "uncovered.csv" in link)
    response = planner.get(address)
    disposition = 'attachment; filename="home-care-centres-people-not-covered-2022-12-31.csv"'
    assert response.headers["Content-Disposition"] == disposition
    header, line = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert dict(zip(header, line, strict=True)) == {
        "adcode": f"{A}002", "name": "村002", "township": "甲镇", "county": "东县", "distance_m": "3000.0",
        "people": "1300", "doorplates": "", "uncovered": "",
    }  # fmt: skip
    (address,) = (link for link in read.links if link.startswith("/api/coverage/gaps?"))
    assert [one["id"] for one in planner.get(address).json()["features"]] == [f"{A}002"]
    (address,) = (link for link in read.links if link.startswith("/api/coverage/reach?"))
    assert planner.get(address).json()["reached"][0]["numerator"] == 500


def test_the_list_of_doorplates_has_counts(planner: Client) -> None:
    text = planner.get(ASKED.replace("?", "uncovered.csv?") + "&of=doorplates").content.decode("utf-8-sig")
    assert text.splitlines()[1:] == [f"{A},甲镇,甲镇,东县,,,3,1"]


def places(planner: Client, of: str) -> list[tuple[str, str, str, Any]]:
    found = planner.get(ASKED.replace("?", "places.geojson?") + f"&of={of}").json()["features"]
    return [
        (one["id"], one["geometry"]["type"], one["properties"]["name"], one["properties"].get("is_missing"))
        for one in found
    ]


def test_the_map_has_what_is_covered_what_is_not_and_the_facilities(planner: Client) -> None:
    village(f"{B}001", None, 10)
    site = ("one", "Point", "中心one", None)
    assert places(planner, "townships") == [
        (A, "MultiPolygon", "甲镇 · 已覆盖", False), (B, "MultiPolygon", "乙镇 · 未覆盖", True),
        (C, "MultiPolygon", "丙街道 · 未覆盖", True), (D, "MultiPolygon", "丁乡 · 未覆盖", True), site,
    ]  # fmt: skip
    villages = [
        (f"{A}001", "Point", "村001 · 已覆盖", False),
        (f"{A}002", "Point", "村002 · 未覆盖", True),
        site,
    ]
    assert places(planner, "villages") == villages
    assert places(planner, "people") == villages
    assert places(planner, "doorplates") == [(A, "MultiPolygon", "甲镇 · 2/3", True), site]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("layer=exclusion-zones", 400, "layer=exclusion-zones 无法使用"),
        ("layer=&within=300", 400, "layer= 无法使用"),
        ("layer=home-care-centres&within=-1", 400, "within=-1 无法使用：请给出大于 0、不超过 100000 的米数"),
        ("layer=home-care-centres&within=abc", 400, "within=abc 无法使用"),
        ("layer=home-care-centres&of=houses", 400, "of=houses 无法使用"),
        ("layer=home-care-centres&division=330199", 400, "“330199”不是"),
        ("layer=home-care-centres&as-of=2022-02-30", 400, "as-of=2022-02-30 无法使用"),
        ("layer=home-care-centres&filter=beds>1", 400, "“filter”"),
    ],
)
def test_what_is_wrong_is_said_above_the_form(planner: Client, query: str, status: int, said: str) -> None:
    read = page(planner, f"{REACH}?{query}", status)
    assert said in read.said("//*[@role='alert']")[0]
    assert read.said("//section") == []
    assert read.tree.xpath("//select[@id='layer']")
    for file in ("uncovered.csv", "places.geojson"):
        assert said in page(planner, f"{REACH}{file}?{query}", status).said("//*[@role='alert']")[0]


def test_what_takes_the_database_too_long_is_said(planner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_given: object, **_options: object) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(page_of_reach, "_found", found)
    assert "数据库未能及时响应" in page(planner, ASKED, 503).said("//*[@role='alert']")[0]


@pytest.mark.parametrize("name", ["county", "nobody"])
def test_who_may_not_see_audits_is_refused(name: str) -> None:
    roles = (Role.PLANNER,) if name == "county" else ()
    client = signed_in(account(name, *roles, counties=("999901",) if roles else ()))
    for address in (REACH, ASKED, ASKED.replace("?", "uncovered.csv?"), ASKED.replace("?", "places.geojson?")):
        assert client.get(address).status_code == 403


def test_the_page_is_in_english_too_and_keeps_the_language(planner: Client) -> None:
    for of in ("townships", "villages", "people", "doorplates"):
        read = page(planner, f"{ASKED}&of={of}&lang=en")
        assert not re.search(
            "[一-鿿]", "".join(read.said("//h1 | //h2 | //button | //label | //thead | //option[@value='people']"))
        )
        assert all("lang=en" in link for link in map(str, read.tree.xpath("//main//a/@href")))


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_takes_the_same_queries_however_much_there_is(planner: Client, many: int, django_assert_num_queries: Any) -> None:  # fmt: skip
    for number in range(many):
        village(f"{B}00{number}", (0, 5000 + number), 10)
        centre(f"c{number}", (number, 0))
    planner.get(f"{ASKED}&of=villages")
    with django_assert_num_queries(7):
        planner.get(f"{ASKED}&of=villages")


def test_along_roads_with_the_straight_line_beside_it(planner: Client, tmp_path: Path) -> None:
    file = road(tmp_path, (0, 0), (600, 0), (600, 100), (0, 100))
    assert "路.geojson" in planner.get(ASKED).content.decode()
    asked = planner.get(f"{ASKED}&of=villages&roads={file.pk}").content.decode()
    assert "沿道路距最近的" in asked
    assert re.findall("按直线距离：[^<]*", asked) == ["按直线距离：50.0%（1/2）"]
    assert re.findall('head-fraction">([^<]*)', asked) == ["0/2"]
    assert planner.get(f"{ASKED}&roads=7").status_code == 404
