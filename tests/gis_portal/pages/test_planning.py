"""The pages of planners: the dashboard, a target in full, downloads; who may see and run what."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from layers import registry
from layers.models import Audit, EcoBurialSite
from layers.registry import Role
from layers.snapshots import taking
from tests.gis_portal.pages.reading import Read, page
from tests.layers.coverage import place
from tests.layers.coverage.documents import county, document, evidence, figure, keep, missing, target
from tests.layers.coverage.place import DAY, OPENED, TARGET, A, B, C, D, inside, open_site
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
PLANNING = "/planning/"
ONE = f"{PLANNING}targets/{TARGET}"


@pytest.fixture(autouse=True)
def _alone(db: None) -> Iterator[None]:
    place.clear()
    place.found_prefecture()
    with shared_transaction():
        yield


@pytest.fixture
def planner(db: None) -> Client:
    return signed_in(account("planner", Role.PLANNER))


@pytest.fixture
def auditor(db: None) -> Client:
    return signed_in(account("auditor", Role.AUDITOR))


def rows(read: Read, table: str) -> list[list[str]]:
    """The words of each cell of a table."""
    return cells(read, f"//table[contains(@class, '{table}')]/tbody/tr")


def row_of(read: Read, target_id: str = TARGET) -> list[str]:
    """The words of each cell of a target's row on the dashboard."""
    (found,) = cells(read, f"//tr[@id='target-{target_id}']")
    return found


def cells(read: Read, path: str) -> list[list[str]]:
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th | td")] for row in read.tree.xpath(path)]


def test_the_newest_audit_is_shown_with_value_goal_gap_and_status(planner: Client) -> None:
    keep(document(target(title="旧")))
    kept = keep(document(target(), target("met", **figure(4, 4)), target("open", **figure(None, None))))
    read = page(planner, PLANNING)
    assert read.said("//h1") == ["2022-12-31 的考核目标"]
    assert rows(read, "targets") == [
        [
            "乡镇（街道）节地生态安葬点建有率",
            "75.0%3/4",
            "≥ 100%截至 2022-12-31",
            "还差 1：达到 100% 需 4/4",
            "✗ 未达标",
            "",
        ],
        ["乡镇（街道）节地生态安葬点建有率", "100.0%4/4", "≥ 100%截至 2022-12-31", "–", "✓ 达标", ""],
        ["乡镇（街道）节地生态安葬点建有率", "–", "≥ 100%截至 2022-12-31", "–", "? 无法考核", "–"],
    ]
    assert read.said("//ul[@class='standings']/li") == ["✗ 未达标 1", "✓ 达标 1", "? 无法考核 1", "全部 3"]
    assert f"{ONE}?audit={kept.pk}" in read.links
    assert f"/api/coverage/audits/{kept.pk}?f=json" in read.links


def test_an_audit_is_chosen_by_number_or_day(planner: Client) -> None:
    first = keep(document(target(title="一"), as_of="2021-12-31"))
    keep(document(target(title="二")))
    assert rows(page(planner, PLANNING), "targets")[0][0] == "二"
    assert rows(page(planner, f"{PLANNING}?audit={first.pk}"), "targets")[0][0] == "一"
    assert rows(page(planner, f"{PLANNING}?as-of=2021-12-31"), "targets")[0][0] == "一"


def test_without_a_kept_audit_one_is_computed_and_not_kept(planner: Client) -> None:
    open_site("one", A, inside(A))
    read = page(planner, f"{PLANNING}?as-of=2022-12-31")
    assert row_of(read)[1:3] == ["25.0%1/4", "≥ 100%截至 2022-12-31"]
    assert "刚刚计算，未保存" in read.text
    assert not Audit.objects.exists()
    assert f"{ONE}?as-of=2022-12-31" in read.links
    assert rows(page(planner, f"{ONE}?as-of=2022-12-31"), "missing")[0][0] == "乙镇"


def test_an_audit_is_run_kept_and_shown(planner: Client) -> None:
    open_site("one", A, inside(A))
    response = planner.post(f"{PLANNING}run?lang=en", {"as-of": "2022-12-31"})
    kept = Audit.objects.get()
    assert response.headers["Location"] == f"{PLANNING}?audit={kept.pk}&lang=en"
    assert str(kept.as_of) == "2022-12-31"
    assert row_of(page(planner, response.headers["Location"]))[1] == "25.0%1/4"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        (f"{PLANNING}?audit=7", 404, "没有已保存的考核“7”"),
        (f"{PLANNING}?audit=abc", 404, "没有已保存的考核“abc”"),
        (f"{PLANNING}?audit={'9' * 60}", 404, "没有已保存的考核“999"),
        (f"{PLANNING}?as-of=2022-02-30", 400, "as-of=2022-02-30 无法使用"),
    ],
)
def test_what_cannot_be_shown_is_said(planner: Client, address: str, status: int, said: str) -> None:
    read = page(planner, address, status)
    assert said in read.said("//*[@role='alert']")[0]
    assert PLANNING in read.links


def test_a_day_that_does_not_exist_is_not_run(planner: Client) -> None:
    response = planner.post(f"{PLANNING}run", {"as-of": "2022-02-30"})
    assert (response.status_code, Audit.objects.exists()) == (400, False)
    assert "as-of=2022-02-30 无法使用" in response.content.decode()


def test_frozen_ledgers_are_audited_and_said(planner: Client, auditor: Client) -> None:
    open_site("one", A, inside(A))
    assert "考核快照" not in page(planner, PLANNING).text
    taken = [taking.take(registry.get(name), DAY) for name in ("eco-burial-sites", "counties", "townships")]
    EcoBurialSite.objects.all().delete()
    read = page(planner, PLANNING)
    assert read.said("//select[@name='snapshot']/option") == ["2022-12-31 · 3 个图层"]
    assert not page(auditor, PLANNING).said("//select[@name='snapshot']/option")
    response = planner.post(f"{PLANNING}run", {"snapshot": "2022-12-31"})
    kept = Audit.objects.get()
    assert response.headers["Location"] == f"{PLANNING}?audit={kept.pk}"
    read = page(planner, response.headers["Location"])
    assert row_of(read)[1] == "25.0%1/4"
    numbers = ",".join(str(one.pk) for one in taken)
    assert f"台账快照（编号 {numbers}）" in read.text
    assert read.said("//select[@id='audit']/option") == [f"2022-12-31 · 台账快照 · 未达标 · {kept.pk}"]
    response = planner.post(f"{PLANNING}run", {"snapshot": "2020-12-31"})
    assert (response.status_code, Audit.objects.count()) == (404, 1)
    assert "没有台账快照“2020-12-31”" in response.content.decode()


def test_an_unknown_target_is_not_found(planner: Client) -> None:
    keep(document())
    assert planner.get(f"{PLANNING}targets/nosuch").status_code == 404


def test_an_auditor_reads_and_a_planner_runs(auditor: Client, planner: Client) -> None:
    keep(document())
    assert "运行考核" not in page(auditor, PLANNING).text
    assert "运行考核" in page(planner, PLANNING).text
    assert auditor.post(f"{PLANNING}run", {"as-of": "2022-12-31"}).status_code == 403
    assert Audit.objects.count() == 1


@pytest.mark.parametrize("name", ["county", "nobody"])
def test_who_may_not_see_audits_is_refused_and_has_no_link(name: str) -> None:
    roles = (Role.PLANNER,) if name == "county" else ()
    client = signed_in(account(name, *roles, counties=("999901",) if roles else ()))
    for address in (PLANNING, ONE, f"{ONE}/missing.csv", f"{ONE}/places.geojson", f"{PLANNING}compare"):
        assert client.get(address).status_code == 403
    assert f'href="{PLANNING}"' not in client.get("/account/").content.decode()


def test_targets_are_shown_by_status(planner: Client) -> None:
    keep(document(target(title="缺"), target("met", title="齐", **figure(4, 4))))
    assert [row[0] for row in rows(page(planner, f"{PLANNING}?status=missed"), "targets")] == ["缺"]
    assert [row[0] for row in rows(page(planner, f"{PLANNING}?status=nosuch"), "targets")] == ["缺", "齐"]
    assert "没有这样的目标" in page(planner, f"{PLANNING}?status=not_assessable").text


def test_the_trend_is_drawn_and_said(planner: Client) -> None:
    for day, numerator in (("2020-12-31", 1), ("2021-12-31", 2), ("2022-12-31", 3)):
        keep(document(target(**figure(numerator, 4)), as_of=day))
    read = page(planner, PLANNING)
    assert read.one("//svg/@aria-label") == (
        "趋势 2020-12-31：1/4 = 25.0%，未达标；2021-12-31：2/4 = 50.0%，未达标；2022-12-31：3/4 = 75.0%，未达标"
    )
    assert read.one("//path[@class='trend-line']/@d") == "M5.0 31.0L60.0 22.3L115.0 13.7"
    assert read.one("//path[@class='trend-goal']/@d") == "M0 5.0H120"
    told = rows(page(planner, ONE), "over-time")
    assert told == [
        ["2022-12-31", "75.0% 3/4", "✗ 未达标"],
        ["2021-12-31", "50.0% 2/4", "✗ 未达标"],
        ["2020-12-31", "25.0% 1/4", "✗ 未达标"],
    ]


def reported(**given: Any) -> dict[str, Any]:
    figure = {
        "indicator": "trusts",
        "title": "慈善信托",
        "division": "999902",
        "year": 2022,
        "value": 12,
        "unit": "count",
    }
    return {**figure, "source": "2022年工作总结", "note": "单位：个", **given}


def test_contradictions_and_annual_figures_have_sections_of_their_own(planner: Client) -> None:
    finding = {
        "kind": "contradiction",
        "id": "workers",
        "text": "4,033 ÷ 18.4 = 219.2万人",
        "targets": [TARGET, "gone"],
    }
    unchecked = {"kind": "not_checked", "id": "pay", "text": "没有“标准”的数字", "targets": []}
    keep(document(findings=[finding, unchecked], reported=[reported()]))
    read = page(planner, PLANNING)
    assert read.said("//ul[@class='contradictions']/li") == [
        "4,033 ÷ 18.4 = 219.2万人 乡镇（街道）节地生态安葬点建有率"
    ]
    assert read.said("//ul[@class='unchecked']/li") == ["没有“标准”的数字"]
    assert rows(read, "reported") == [["慈善信托", "西县", "2022", "12", "2022年工作总结单位：个"]]
    keep(document())
    assert page(planner, PLANNING).said("//h2") == ["考核目标"]


def test_demonstration_data_and_approximate_boundaries_are_said(planner: Client) -> None:
    notes = [
        {"kind": "approximate_boundaries", "text": "示意边界", "about": []},
        {"kind": "no_point", "text": "1处没有坐标", "about": []},
    ]
    keep(document(target(notes=notes, evidence=[evidence(1, demonstration=True)]), boundaries="approximate"))
    read = page(planner, PLANNING)
    assert read.said("//ul[@class='cautions']/li")[1] == "演示数据：1 项目标计入了并不存在的设施。"
    assert read.said("//span[@class='badge badge-demo']") == ["示意边界", "演示数据"]
    assert "1处没有坐标" in rows(read, "targets")[0][0]
    assert page(planner, ONE).said("//ul[@class='cautions notes']/li") == ["示意边界", "1处没有坐标"]


def test_a_target_says_what_it_asks_where_it_stands_and_on_what_it_rests(planner: Client) -> None:
    kept = keep(document())
    read = page(planner, ONE)
    assert read.facts == {
        "来源": "2022年工作总结建有率达100%", "责任单位": "殡葬管理处", "级别": "乡镇（街道）", "图层": "节地生态安葬点",
        "条件": "status = 'operating'", "指标算法": "provision_rate",
    }  # fmt: skip
    assert rows(read, "ranking") == [
        ["1", "东县", "100.0% 2/2", "", "–", "✓ 达标"],
        ["2", "西县", "50.0% 1/2", "", "还差 1：达到 100% 需 2/2", "✗ 未达标"],
    ]
    assert rows(read, "missing") == [["丁乡", "西县", "无安葬点", "地图 丁乡"]]
    assert f"/api/collections/townships/items/{D}" in read.links
    assert f"/#layers=counties,townships,eco-burial-sites&feature=townships/{D}" in read.links
    assert read.said("//ul[@class='evidence']/li") == ["1号安葬点"]
    assert "/api/collections/eco-burial-sites/items/site-1" in read.links
    assert f"{ONE}/missing.csv?audit={kept.pk}" in read.links


def test_counties_with_equal_values_share_a_rank(planner: Client) -> None:
    counties = [
        county("1", "甲县", 1, 2),
        county("2", "乙县", 2, 2),
        county("3", "丙县", 3, 6),
        county("4", "丁县", 0, 3),
    ]
    keep(document(target(by_division=[*counties, county("5", "戊县", None, None)])))
    assert [row[:2] for row in rows(page(planner, ONE), "ranking")] == [
        ["1", "乙县"], ["2", "甲县"], ["2", "丙县"], ["4", "丁县"], ["–", "戊县"],
    ]  # fmt: skip


def test_the_figure_that_the_bureau_reported_stands_beside_the_computed_one(planner: Client) -> None:
    keep(document(target(reported=reported(value=100, unit="%", note=""))))
    assert page(planner, ONE).facts["上报数字"] == "100 %2022 · 2022年工作总结"


def test_missing_features_lead_to_their_items(planner: Client) -> None:
    one = missing("", "民政局", reason="3A") | {"adcode": None, "feature": "mr-1", "county": None}
    keep(document(target(level=None, layer="marriage-registries", missing=[one])))
    read = page(planner, ONE)
    assert rows(read, "missing") == [["民政局", "", "3A", "地图 民政局"]]
    assert "/api/collections/marriage-registries/items/mr-1" in read.links
    assert "/#layers=counties,townships,marriage-registries&feature=marriage-registries/mr-1" in read.links


def test_a_target_of_no_layer_and_no_goal_has_its_number(planner: Client) -> None:
    nothing = {
        "level": None,
        "layer": None,
        "filter": None,
        "goal": None,
        "by_division": [],
        "missing": [],
        "evidence": [],
    }
    number = {"unit": "people", "numerator": 627, "denominator": None, "value": 627, "needed": None, "gap": None}
    keep(document(target(**nothing, **number, evidence_total=0, status="met")))
    read = page(planner, ONE)
    assert read.said("//strong[@class='figure']") == ["627 人"]
    assert "目标值 未给出数字" in read.text
    assert "small-map" not in read.text
    assert rows(page(planner, PLANNING), "targets")[0][1:4] == ["627 人", "未给出数字", "–"]


def test_the_list_of_what_is_missing_is_a_table_to_take_along(planner: Client) -> None:
    keep(document(target(missing=[missing(C, "丙街道"), missing(D, "=1+1", reason="“甲”已关闭，无安葬点")])))
    response = planner.get(f"{ONE}/missing.csv")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{TARGET}-missing-2022-12-31.csv"'
    assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == [
        ["adcode", "feature", "name", "county", "reason"],
        [C, "", "丙街道", "西县", "无安葬点"],
        [D, "", "'=1+1", "西县", "“甲”已关闭，无安葬点"],
    ]


def test_the_map_has_divisions_by_status_and_what_counts(planner: Client) -> None:
    keep(document(target(missing=[missing(D, "丁乡")])))
    found = planner.get(f"{ONE}/places.geojson").json()["features"]
    assert [(one["id"], one["geometry"]["type"], one["properties"].get("is_missing")) for one in found] == [
        (A, "MultiPolygon", False), (B, "MultiPolygon", False), (C, "MultiPolygon", False),
        (D, "MultiPolygon", True), ("site-1", "Point", None),
    ]  # fmt: skip
    assert found[3]["properties"] == {"name": "丁乡 · 未计入", "is_missing": True, "collection": "townships"}


def test_the_map_is_of_the_audits_day_and_division(planner: Client) -> None:
    place.found_township("999902003", place.square(4), valid_from=OPENED.replace(year=2023))
    made = keep(document(division="999902"))
    found = planner.get(f"{ONE}/places.geojson?audit={made.pk}").json()["features"]
    assert [one["id"] for one in found] == [C, D, "site-1"]


def test_pages_are_in_english_too(planner: Client) -> None:
    keep(document())
    for address in (f"{PLANNING}?lang=en", f"{ONE}?lang=en"):
        read = page(planner, address)
        assert not re.search("[一-鿿]", "".join(read.said("//h2 | //dt | //button | //label | //thead")))


@pytest.mark.parametrize("many", [1, 3])
def test_pages_take_the_same_queries_however_much_there_is(planner: Client, many: int, django_assert_num_queries: Any) -> None:  # fmt: skip
    made = target(missing=[missing(D, f"丁乡{n}") for n in range(many)], evidence=[evidence(n) for n in range(many)])
    for year in range(many):
        targets = [made | {"id": f"{TARGET}-{n}"} for n in range(many)]
        keep(document(*targets, as_of=f"{2020 + year}-12-31", reported=[reported() for _ in range(many)]))
    planner.get(PLANNING)
    planner.get(f"{ONE}-0")
    with django_assert_num_queries(7):
        planner.get(PLANNING)
    with django_assert_num_queries(5):
        planner.get(f"{ONE}-0")


def test_two_audits_are_compared_down_to_what_changed(planner: Client) -> None:
    before = keep(document(target(), target("same"), target("gone", title="已取消"), as_of="2021-12-31"))
    reached = target(**figure(4, 4), by_division=[county("999901", "东县", 2, 2), county("999902", "西县", 2, 2)])
    reached |= {"missing": [], "evidence": [evidence(1), evidence(2, demonstration=True)], "evidence_total": 2}
    after = keep(document(reached, target("same"), data_version="fedcba9876543210"))
    read = page(planner, f"{PLANNING}compare?a={before.pk}&b={after.pk}")
    assert read.said("//h1") == ["从 2021-12-31 到 2022-12-31"]
    assert rows(read, "compared") == [
        ["乡镇（街道）节地生态安葬点建有率", "75.0% 3/4 ✗ 未达标", "100.0% 4/4 ✓ 达标"],
        ["已取消", "75.0% 3/4 ✗ 未达标", "本次考核没有"],
        ["西县", "50.0% 1/2 ✗ 未达标", "100.0% 2/2 ✓ 达标"],
    ]
    assert read.said("//h3") == ["不再列为未计入 1", "新计入 1"]
    assert read.said("//ul[@class='evidence']/li") == ["丁乡 西县无安葬点", "2号安葬点 演示数据"]
    assert "未变化：1 项目标" in read.text
    assert f"{ONE}?audit={after.pk}" in read.links


def test_what_makes_two_audits_hard_to_compare_is_said(planner: Client) -> None:
    before = keep(document(target(definition="旧", filter=None)))
    after = keep(document(division="999902", division_name="西县", boundaries="approximate"))
    read = page(planner, f"{PLANNING}compare?a={before.pk}&b={after.pk}")
    assert read.said("//ul[@class='cautions']/li") == ["两次考核的区划范围不同。", "两次考核所用边界的精度不同。"]
    assert read.said("//p[@class='caution']") == ["两次的数字口径不同；目标本身有变化：定义、条件。"]
    frozen = keep(document(snapshot={"numbers": "3", "ledgers": []}))
    read = page(planner, f"{PLANNING}compare?a={frozen.pk}&b={keep(document()).pk}")
    assert read.said("//ul[@class='cautions']/li") == ["两次考核的数据来源不同：至少一次读取的是台账快照。"]


def test_an_audit_compared_with_itself_has_not_changed(planner: Client) -> None:
    kept = keep(document())
    read = page(planner, f"{PLANNING}compare?a={kept.pk}&b={kept.pk}")
    assert "没有变化。" in read.text
    assert page(planner, f"{PLANNING}compare?a={kept.pk}&b=0", 404).said("//*[@role='alert']") == [
        "没有已保存的考核“0”。"
    ]
    assert page(planner, f"{PLANNING}compare", 404)
