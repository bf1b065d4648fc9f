"""A visitor with an old office machine: no WebGL, or no script at all."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from tests.browser.conftest import CHROMIUM
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visitor, fits

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

YUECHENG_TOWN = "map=12.50/30.00000/120.58000"
HOME = "demo-care-330602001-1"


@pytest.fixture(scope="module")
def old_browser(chromium: Browser) -> Iterator[Browser]:
    """A browser that draws nothing in three dimensions."""
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"])
    yield browser
    browser.close()


@pytest.fixture
def visitor(old_browser: Browser, portal: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Visitor]:
    context = old_browser.new_context(
        viewport={"width": OFFICE[0], "height": OFFICE[1]}, locale="zh-CN", reduced_motion="reduce"
    )
    with django_db_blocker.unblock():
        found = Visitor(context.new_page(), portal)
        yield found
        context.close()
    assert found.complaints == []
    assert found.hosts <= {portal.removeprefix("http://"), ""}


def test_who_cannot_see_the_map_is_led_to_the_simple_one_with_the_same_view(visitor: Visitor) -> None:
    page = visitor.open(f"/?lang=zh-Hans#{YUECHENG_TOWN}&layers=home-care-centres,care-homes").page
    expect(visitor.said()).to_contain_text("不支持 WebGL")
    visitor.said().get_by_role("link", name="简易地图").click()
    page.wait_for_selector("body[data-map=idle]", timeout=PATIENCE_MS)
    assert page.url.startswith(f"{visitor.address}/simple?lang=zh-Hans#{YUECHENG_TOWN}")
    assert page.locator("#layer-groups input:checked").count() == 2
    expect(page.locator("#shown")).to_contain_text("个要素已全部显示")
    markers = page.locator("#map img.leaflet-marker-icon")
    assert markers.count() > 0
    assert markers.first.get_attribute("src", timeout=PATIENCE_MS).startswith("data:image/svg+xml")  # type: ignore[union-attr]
    back = page.get_by_role("link", name="完整地图").get_attribute("href")
    assert back == f"{visitor.address}/?lang=zh-Hans#{YUECHENG_TOWN}&layers=home-care-centres,care-homes"


def test_the_simple_map_is_used_with_a_mouse(visitor: Visitor) -> None:
    page = visitor.open(f"/simple#{YUECHENG_TOWN}").page
    fits(visitor)
    expect(page.get_by_text("演示数据", exact=True).first).to_be_visible()
    expect(page.locator("#approval")).to_contain_text("审图号")
    page.get_by_alt_text(re.compile("塔山街道居家养老服务中心")).click()
    card = visitor.card("塔山街道居家养老服务中心（演示）")
    expect(card.get_by_role("link", name="高德地图")).to_have_attribute("rel", "noreferrer noopener")
    assert f"feature=home-care-centres/{HOME}" in page.url
    fits(visitor)
    page.get_by_role("checkbox", name=re.compile("^居家养老服务中心")).uncheck()
    expect(page.get_by_alt_text(re.compile("居家养老服务中心"))).to_have_count(0)
    assert "home-care-centres," not in page.url.partition("layers=")[2]
    visitor.search("会稽山").first.click()
    expect(visitor.card("会稽山")).to_be_visible()
    page.go_back()
    visitor.card("塔山街道居家养老服务中心（演示）")


def test_the_simple_map_is_used_with_a_keyboard(visitor: Visitor) -> None:
    page = visitor.open(f"/simple#{YUECHENG_TOWN}&layers=townships").page
    map_ = page.locator("#map")
    map_.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card-name")).to_be_focused()
    page.get_by_role("button", name="关闭").first.click()
    expect(map_).to_be_focused()
    before = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != before)


def test_the_simple_map_fits_a_telephone(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    visitor.open("/simple?lang=en")
    expect(visitor.page.locator("#shown")).to_contain_text("features in view are shown")
    fits(visitor)


def test_lists_are_read_without_a_script(old_browser: Browser, portal: str, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        context = old_browser.new_context(java_script_enabled=False, locale="zh-CN")
        page = context.new_page()
        page.goto(portal)
        page.locator("noscript, .status-static").get_by_role("link", name="全部地点列表").click()
        page.get_by_role("link", name="居家养老服务中心").click()
        page.get_by_role("link", name="诸暨市").click()
        page.get_by_role("link", name="枫桥镇", exact=True).click()
        page.locator(".plain-name").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("居家养老服务中心")
        expect(page.get_by_text("演示数据：此地点并非真实存在。")).to_be_visible()
        expect(page.get_by_role("link", name="百度地图")).to_be_visible()
        assert context.cookies() == []
        context.close()


@pytest.mark.parametrize("size", [OFFICE, PHONE])
def test_lists_fit_and_can_be_read_aloud(visitor: Visitor, size: tuple[int, int]) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in ("/list/", "/list/home-care-centres/?lang=en", "/list/villages/?county=330681&page=2"):
        visitor.page.goto(visitor.address + path)
        fits(visitor)
