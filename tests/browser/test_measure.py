"""What people measure on the map, by mouse, by keyboard, and from a link."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.portal import PATIENCE_MS, PHONE, Visit, fits

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

VIEW = "/#map=12.00/30.00000/120.58000"
SQUARE = "120.56,29.98;120.60,29.98;120.60,30.02;120.56,30.02"
DRAWN = """async () => {
  const { map } = await import("/static/portal/js/main.js");
  return map().map.queryRenderedFeatures({ layers: ["drawn.label"] }).map(({ properties }) => properties.label);
}"""
PLACED = """async () => {
  const { map } = await import("/static/portal/js/main.js");
  return map().map.queryRenderedFeatures({ layers: ["drawn.place"] }).length;
}"""


def corners(page: Page, kind: str) -> list[list[float]]:
    found = re.search(rf"[#&]{kind}=([\d.,;-]+)", page.url)
    return [[float(degrees) for degrees in corner.split(",")] for corner in found[1].split(";")] if found else []


def click(page: Page, *offsets: tuple[int, int]) -> None:
    """Clicks beside the map's middle."""
    box = page.locator("#map canvas").bounding_box()
    assert box
    for right, down in offsets:
        page.mouse.click(box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down)


def open_panel(page: Page) -> Locator:
    page.get_by_role("button", name="工具").click()
    page.get_by_role("button", name="量算与坐标").click()
    side = page.locator("#side")
    expect(side.get_by_role("heading", name="量算与坐标")).to_be_focused(timeout=PATIENCE_MS)
    return side


def test_visitor_measures_an_area_with_the_mouse_and_shares_it(visit: Visit) -> None:
    visitor = visit().open(VIEW)
    page = visitor.page
    side = open_panel(page)
    side.get_by_role("button", name="测面积").click()
    click(page, (-120, -90), (120, -90), (150, 100), (-130, 110))
    expect(side.get_by_role("status")).to_contain_text("点数：4")
    page.keyboard.press("Backspace")
    expect(side.get_by_role("status")).to_contain_text("点数：3")
    click(page, (-130, 110), (-130, 110))  # the second at the same place finishes
    expect(side.get_by_role("button", name="完成")).to_be_hidden()
    expect(side.get_by_role("status")).to_contain_text(re.compile(r"面积：[\d.]+\s平方公里（[\d,]+ 亩）"))
    expect(side.get_by_role("status")).to_contain_text(re.compile(r"周长：[\d.]+\s公里"))
    assert len(corners(page, "area")) == 4
    expect(page.locator("#card-name")).to_have_count(0)  # no click opened a card
    said = side.get_by_role("status").inner_text()
    fits(visitor)

    side.get_by_role("button", name="关闭").click()
    visitor.settle()
    (label,) = page.evaluate(DRAWN)  # what was drawn stays, with its size
    assert label.split("（")[0] in said

    again = visit().open(page.url.removeprefix(visitor.address))
    expect(again.page.locator("#side")).to_be_hidden()
    again.settle()
    assert again.page.evaluate(DRAWN) == [label]
    side = open_panel(again.page)
    expect(side.get_by_role("status")).to_have_text(said, use_inner_text=True)
    side.get_by_role("button", name="清除").click()
    assert corners(again.page, "area") == []
    again.settle()
    assert again.page.evaluate(DRAWN) == []


def test_drawing_of_a_link_is_copied_as_geojson_and_well_known_text(visit: Visit) -> None:
    visitor = visit().open(f"{VIEW}&panel=measure&area={SQUARE}")
    side = visitor.page.locator("#side")
    expect(side.get_by_role("status")).to_contain_text("面积：17.113", timeout=PATIENCE_MS)  # km²; PROJ: 17.113184
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    side.get_by_role("button", name="复制：GeoJSON").click()
    expect(visitor.said()).to_contain_text("已复制：GeoJSON")
    ring = [[120.56, 29.98], [120.6, 29.98], [120.6, 30.02], [120.56, 30.02], [120.56, 29.98]]
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert json.loads(copied) == {"type": "Polygon", "coordinates": [ring]}
    side.get_by_role("button", name="复制：WKT").click()
    expect(visitor.said()).to_contain_text("已复制：WKT")
    text = ", ".join(f"{lon:g} {lat:g}" for lon, lat in ring)
    assert visitor.page.evaluate("navigator.clipboard.readText()") == f"POLYGON (({text}))"


def test_sides_that_cross_have_no_area(visit: Visit) -> None:
    visitor = visit().open(f"{VIEW}&panel=measure&area=120.56,29.98;120.60,30.02;120.60,29.98;120.56,30.02")
    status = visitor.page.locator("#side").get_by_role("status")
    expect(status).to_contain_text("边线相交或相接，这样的面积没有意义。", timeout=PATIENCE_MS)
    expect(status).not_to_contain_text("面积：")


def test_distance_is_measured_by_keyboard_alone(visit: Visit) -> None:
    visitor = visit().open(f"{VIEW}&panel=measure")
    page = visitor.page
    side = page.locator("#side")
    side.get_by_role("button", name="测距离").press("Enter")
    expect(page.locator("#map canvas")).to_be_focused()
    expect(page.locator(".crosshair")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    visitor.settle()
    page.keyboard.press("Enter")
    expect(side.get_by_role("status")).to_contain_text(re.compile(r"距离：[\d.]+\s公里"))
    page.keyboard.press("Enter")
    expect(side.get_by_role("button", name="完成")).to_be_hidden()
    (start, end) = corners(page, "line")
    assert start == [120.58, 30.0]
    assert end[0] > start[0]
    page.keyboard.press("Backspace")  # nothing is drawn any more that it could take back
    assert len(corners(page, "line")) == 2


def test_place_is_told_in_degrees_and_in_metres_of_the_grid(visit: Visit) -> None:
    visitor = visit().open(f"{VIEW}&panel=measure")
    page = visitor.page
    side = page.locator("#side")
    side.get_by_role("button", name="以地图中心为准").press("Enter")
    for text in ("30.000000°N, 120.580000°E", "30°00′00.00″N, 120°34′48.00″E", "北 X 3320255.0，东 Y 555962.5"):
        expect(side).to_contain_text(text)
    expect(side).to_contain_text("均不是高德地图、百度地图所用的 GCJ-02、BD-09 坐标")
    visitor.settle()
    assert page.evaluate(PLACED) == 1
    click(page, (100, 0))
    expect(side).not_to_contain_text("120.580000")
    side.get_by_role("button", name="关闭").click()
    click(page, (0, 0))  # clicks are the map's own again
    expect(page.locator("#card-name")).to_be_visible(timeout=PATIENCE_MS)


def test_measuring_with_a_phone(visit: Visit) -> None:
    visitor = visit(size=PHONE).open(f"{VIEW}&panel=measure")
    page = visitor.page
    page.get_by_role("button", name="测距离").click()
    for right, down in ((100, 200), (250, 260)):
        page.mouse.click(right, down)
    expect(page.locator("#side").get_by_role("status")).to_contain_text("距离：")
    fits(visitor)


def test_browser_without_a_map_says_that_it_cannot_measure(visit: Visit) -> None:
    visitor = visit(fails=True)
    visitor.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    visitor.open(f"/#panel=measure&line={SQUARE}")
    side = visitor.page.locator("#side")
    expect(side).to_contain_text("此浏览器无法显示地图，因此不能量算。", timeout=PATIENCE_MS)
    expect(side.get_by_role("status")).to_contain_text("距离：")  # of what the link holds
