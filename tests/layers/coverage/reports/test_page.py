"""An audit as a page: read back, and nothing in it that is not of it. tests/browser/test_report.py opens it."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import LazySettings
from django.utils import translation

from layers.coverage.reports import page
from tests.layers.coverage.place import A, D
from tests.layers.coverage.reports.documents import FORMULA, audit, counted, county, evidence, missing, target

pytestmark = pytest.mark.usefixtures("prefecture", "english")


class Tables(HTMLParser):
    """The texts of the cells of every table, by its class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.rows = self.found.setdefault(dict(attrs)["class"] or "", [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] = f"{self.rows[-1][-1]}{data}".strip()


class Addresses(HTMLParser):
    """Every address that an element names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "data", "srcset", "action")]


def html(*targets: dict, **given: object) -> str:
    return page.as_html(audit(*targets, **given)).decode()


def test_every_figure_is_in_the_summary() -> None:
    assert Tables(html()).found["targets"][1:] == [
        ["乡镇（街道）节地生态安葬点建有率", "3/4 = 75.0%", "≥ 100%", "2022-12-31", "1 more: 4 of 4 needed for 100%", "✗ missed"],
        [f"{FORMULA} 养老机构", "80", "≥ 100", "2022-12-31", "20 more needed", "✗ missed"],
        ["社工站覆盖率", "–", "no number is given", "", "", "? not assessable"],
        ["每万人床位", "130/3,000 = 433.33 per 10,000 people", "≥ 400", "2022-12-31", "", "✓ met"],
    ]  # fmt: skip


def test_counties_missing_evidence_and_annual_figures_are_tables() -> None:
    found = Tables(html()).found
    assert found["counties"][1:] == [
        ["999901", "东县", "2/2 = 100.0%", "", "✓ met"],
        ["999902", "西县", "1/2 = 50.0%", "1 more: 2 of 2 needed for 100%", "✗ missed"],
    ]
    assert found["missing"][1:] == [[D, "", "丁乡", "西县", f'“{FORMULA}” 已停用 <script>alert("x")</script>']]
    assert [row[0] for row in found["evidence"][1:]] == ["one", "two", "three"]
    assert found["reported"][1:] == [["低保户数", "9999", "2022", "15 people", "统计公报", ""]]


def test_counties_without_a_goal_of_their_own_are_not_judged() -> None:
    east = county("999901", "东县", 30, 40) | {"denominator": None, "value": 30}
    assert Tables(html(counted(by_division=[east]))).found["counties"] == [
        ["Division", "Name", "Value"],
        ["999901", "东县", "30"],
    ]


def test_notes_contradictions_and_the_boundaries_are_said(settings: LazySettings) -> None:
    settings.MAP_APPROVAL_NO = ""
    text = html()
    for said in (
        "80 + 21 ≠ 100",
        "1 个乡镇仅由演示数据支撑。",
        "approximate boundaries",
        "Map approval number not set",
    ):
        assert said in text
    settings.MAP_APPROVAL_NO = "浙S（2026）00号"
    assert "Map approval number: 浙S（2026）00号" in html()


def test_a_contradiction_leads_to_the_targets_that_are_there() -> None:
    finding = {"kind": "contradiction", "text": "80 + 21 ≠ 100", "targets": ["elsewhere", "care-homes"]}
    text = html(counted(title="养老机构"), findings=[finding])
    assert '<a href="#target-care-homes">养老机构</a>' in text.split("80 + 21 ≠ 100")[1].split("</li>")[0]
    assert "elsewhere" not in text


def test_texts_are_texts() -> None:
    text = html()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_it_asks_nobody_for_anything() -> None:
    text = html()
    found = Addresses(text).found
    assert len(found) > 3
    assert {address[:1] for address in found} == {"#"}
    assert not re.search(r"@import|url\((?!data:|#)", text)
    assert "default-src 'none'" in text


def test_the_same_document_gives_the_same_page() -> None:
    assert html() == html()


def test_the_map_shows_a_target_first_that_is_missed_and_drawn() -> None:
    met = target("met", title="已达到", status="met")
    assert "<option selected>乡镇" in html(counted(), met, target())
    assert "<option selected>已达到" in html(counted(), met)
    assert "<option selected>" not in html(counted())


def test_a_long_list_of_what_is_missing_is_cut_and_counted() -> None:
    text = html(target(missing=[missing(f"9999010010{number:02}") for number in range(100)] * 3))
    assert len(Tables(text).found["missing"]) == 201
    assert "100 more; the workbook, CSV and GeoJSON have them all" in text


def test_long_evidence_is_cut_and_counted() -> None:
    many = [evidence(f"site-{number}", A) for number in range(250)]
    text = html(target(evidence=many, evidence_total=3000))
    assert len(Tables(text).found["evidence"]) == 201
    assert "Evidence: 200 of 3000 features that count" in text


def test_chinese() -> None:
    with translation.override("zh-hans"):
        text = html()
    assert '<html lang="zh-Hans">' in text
    assert "还差 1：达到 100% 需 4/4" in text
    assert "审图号未设置" in text


def test_an_audit_without_targets_is_a_page() -> None:
    assert Tables(html(target(), targets=[])).found["targets"][1:] == []
