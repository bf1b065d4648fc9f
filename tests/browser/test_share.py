"""A visitor gives a view to others: a link, its QR code, and text for a page of theirs."""

import pytest
from playwright.sync_api import expect

from tests.browser.portal import OFFICE, PHONE, Visit, fits

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

VIEW = "#map=12.50/30.00000/120.58000&layers=home-care-centres,care-homes"


@pytest.mark.parametrize(("size", "locale"), [(OFFICE, "zh-CN"), (PHONE, "en-GB")])
def test_a_view_is_shared(visit: Visit, size: tuple[int, int], locale: str) -> None:
    visitor = visit(size=size, locale=locale)
    page = visitor.open(f"/{VIEW}").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#show-tools").click()
    page.locator("[data-panel=share]").click()
    expect(page.locator("#share-title")).to_be_focused()
    language = "en" if locale.startswith("en") else "zh-Hans"
    address = f"{visitor.address}/?lang={language}{VIEW}"
    expect(page.locator("#share-link")).to_have_value(address)
    page.locator("#share-copy").click()
    expect(visitor.said()).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert page.locator(".share-code").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    fits(visitor)
    page.locator("#embed-size").focus()
    page.locator("#embed-size").select_option("wide")
    frame = page.locator("#embed-code").input_value()
    assert f'src="{visitor.address}/embed?lang={language}{VIEW.replace("&", "&amp;")}"' in frame
    assert 'width="100%" height="480"' in frame
    expect(page.locator("#embed-size")).to_be_focused()


def test_directions_of_a_place_lead_to_other_services(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/#feature=home-care-centres/demo-care-330602001-1")
    card = visitor.card("塔山街道居家养老服务中心（演示）")
    for name, begin in (
        ("高德地图", "https://uri.amap.com/marker?position=120.59"),
        ("百度地图", "https://api.map.baidu.com/"),
    ):
        link = card.get_by_role("link", name=name)
        assert str(link.get_attribute("href")).startswith(begin)
        assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noreferrer noopener")
    expect(card.get_by_role("link", name="本机地图")).to_have_attribute(
        "href",
        "geo:29.987638,120.587414?q=29.987638,120.587414("
        + "%E5%A1%94%E5%B1%B1%E8%A1%97%E9%81%93%E5%B1%85%E5%AE%B6%E5%85%BB%E8%80%81%E6%9C%8D%E5%8A%A1%E4%B8%AD%E5%BF%83%EF%BC%88%E6%BC%94%E7%A4%BA%EF%BC%89)",
    )
