"""A planner in the pages of the API: from the list of collections to one feature and its file."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, Visitor

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


def opened(visitor: Visitor, path: str) -> Visitor:
    visitor.page.goto(visitor.address + path)
    return visitor


def drawn(visitor: Visitor) -> None:
    """Waits for the small map."""
    expect(visitor.page.locator("#small-map")).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)


def test_planner_filters_sorts_opens_and_downloads(visit: Visit) -> None:
    visitor = opened(visit(), "/api/collections")
    page = visitor.page
    assert visitor.violations() == []
    page.get_by_role("link", name="节地生态安葬点", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("节地生态安葬点")
    assert visitor.violations() == []
    page.get_by_role("link", name="查看 114 个要素").click()
    expect(page.locator(".found-count")).to_have_text("114 个要素符合条件，本页 100 个")
    drawn(visitor)
    assert visitor.violations() == []

    page.get_by_label("乡镇（街道）").select_option(label="鉴湖街道")
    page.get_by_role("button", name="筛选").click()
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text("鉴湖街道")
    found = rows.count()
    assert 0 < found < 20
    expect(page.get_by_label("乡镇（街道）")).to_have_value(re.compile(r"^330602\d{3}$"))

    page.get_by_role("link", name="清除").click()
    page.get_by_role("link", name="面积").click()
    page.get_by_role("link", name="面积").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("面积")
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("link", name="第一页")).to_be_visible()
    page.get_by_role("link", name="第一页").click()

    name = rows.first.locator("th").inner_text()
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    drawn(visitor)
    assert visitor.violations() == []
    answer = page.request.get(visitor.address + (page.get_by_role("link", name="GeoJSON").get_attribute("href") or ""))
    feature = json.loads(answer.body())
    assert feature["properties"]["name"] == name
    page.get_by_role("link", name="在地图上查看").click()
    page.wait_for_selector("body[data-map=idle]", timeout=PATIENCE_MS)
    visitor.card(name)


@pytest.mark.parametrize("size", [OFFICE, PHONE], ids=["office", "phone"])
def test_pages_fit_the_screen_and_read_well_in_english(visit: Visit, size: tuple[int, int]) -> None:
    visitor = visit(size=size, locale="en-GB")
    for path in (
        "/api/",
        "/api/collections",
        "/api/collections/home-care-centres",
        "/api/collections/home-care-centres/items?limit=10",
        "/api/collections/counties/items/330602",
        "/api/collections/counties/schema",
    ):
        opened(visitor, path)
        if "/items" in path:
            drawn(visitor)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") == size[0], path
        assert visitor.violations() == [], path


def test_a_table_is_printed_whole(visit: Visit, tmp_path: Path) -> None:
    visitor = opened(visit(), "/api/collections/counties/items")
    drawn(visitor)
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator("form.filters")).to_be_hidden()
    expect(visitor.page.locator("tbody tr").last).to_be_visible()
    visitor.page.pdf(path=tmp_path / "counties.pdf", format="A3", landscape=True)
    assert (tmp_path / "counties.pdf").stat().st_size > 20_000


def test_a_refusal_is_read_and_left(visit: Visit) -> None:
    visitor = opened(visit(fails=True), "/api/collections/counties/items?limit=abc")
    expect(visitor.page.get_by_role("alert")).to_have_text("limit=abc 无法使用：应为 1 到 10000 之间的整数。")
    assert visitor.violations() == []
    visitor.page.get_by_role("link", name="显示全部").click()
    expect(visitor.page.locator("tbody tr")).to_have_count(6)


def test_a_reader_without_scripts_has_everything_but_the_map(visit: Visit) -> None:
    visitor = visit()
    visitor.page.route("**/*.js", lambda route: route.abort())
    visitor.page.route("**/*.mjs", lambda route: route.abort())
    opened(visitor, "/api/collections/counties/items")
    expect(visitor.page.locator("tbody tr")).to_have_count(6)
    expect(visitor.page.locator("#small-map")).to_be_hidden()
    visitor.complaints.clear()  # the scripts that were not let through
