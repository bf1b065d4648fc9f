"""What everyone must be able to see, and what axe-core and readers without a map find."""

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, SHAOXING, Visit

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

NO_WEBGL = """
  const ask = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : ask.call(this, kind, ...rest);
  };
"""


def test_map_says_that_its_approval_number_is_not_set(visit: Visit) -> None:
    visitor = visit().open()
    expect(visitor.page.locator("#approval")).to_have_text("审图号未设置")
    expect(visitor.page.locator("#approval")).to_be_in_viewport()


def test_map_shows_its_approval_number(visit: Visit, settings: Settings) -> None:
    settings.MAP_APPROVAL_NO = "浙S（2026）00号"
    expect(visit().open().page.locator("#approval")).to_have_text("审图号：浙S（2026）00号")


@pytest.mark.parametrize("size", [OFFICE, PHONE])
@pytest.mark.parametrize("path", ["/", "/#view=list"])
def test_demonstration_data_and_approximate_boundaries_are_always_said(
    visit: Visit, size: tuple[int, int], path: str
) -> None:
    page = visit(size=size).open(path).page
    for notice in ("演示数据", "示意边界"):
        expect(page.locator(".notices").get_by_text(notice)).to_be_in_viewport()


@pytest.mark.parametrize("size", [OFFICE, PHONE])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_axe_finds_nothing_wrong(visit: Visit, size: tuple[int, int], locale: str) -> None:
    visitor = visit(size=size, locale=locale, at=SHAOXING).open()
    page = visitor.page
    assert visitor.violations() == []
    page.locator("#show-nearest").click()
    expect(page.locator("#side .place").first).to_be_visible(timeout=PATIENCE_MS)
    assert visitor.violations() == []
    page.locator("#side .place").first.click()
    expect(page.locator("#card-name")).to_be_visible(timeout=PATIENCE_MS)
    assert visitor.violations() == []
    page.locator("#show-list").click()
    expect(page.locator("#list tbody tr").first).to_be_visible(timeout=PATIENCE_MS)
    assert visitor.violations() == []
    if size == PHONE:
        page.locator("#show-layers").click()
        assert visitor.violations() == []


def test_axe_finds_nothing_wrong_with_open_suggestions(visit: Visit) -> None:
    visitor = visit().open()
    visitor.search("山")
    assert visitor.violations() == []


def test_without_webgl_the_list_takes_the_place_of_the_map(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script(NO_WEBGL)
    visitor.open()
    expect(visitor.said()).to_contain_text("此浏览器无法绘制地图")
    expect(visitor.page.locator("#list tbody tr").first).to_be_visible(timeout=PATIENCE_MS)
    visitor.search("兰亭").first.click()
    expect(visitor.page.locator("#card-name")).to_be_visible(timeout=PATIENCE_MS)
