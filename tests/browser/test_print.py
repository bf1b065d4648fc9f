"""Sheets of the map, as they come out of the printer."""

from io import BytesIO

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import PATIENCE_MS, Visit, Visitor, fits

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

MM = 72 / 25.4  # in points
PRINTED = "window.print = () => { window.printed = true; }"
# Where the marks of degrees stand, in millimetres and in degrees.
MARKS = """(marks) => marks.map((mark) => {
  const [degrees, minutes] = mark.textContent.match(/[0-9]+/g).map(Number);
  return [mark.offsetLeft * 25.4 / 96, degrees + (minutes ?? 0) / 60];
})"""
AREA = "120.56,29.98;120.60,29.98;120.60,30.02;120.56,30.02"
CHOSEN = "feature=marriage-registries/demo-marriage-330602&target=eco-burial-township-provision/township"


def draw(visitor: Visitor, paper: str, *, title: str = "") -> None:
    """Draws the sheet and has it printed."""
    page = visitor.page
    page.locator("#print-paper").select_option(paper)
    if title:
        page.locator("#print-name").fill(title)
    page.locator(".print-go").click()
    expect(page.locator(".sheet-map > canvas:not(.maplibregl-canvas)")).to_be_attached(timeout=PATIENCE_MS)
    assert page.evaluate("window.printed") is True


def printed(page: Page) -> pypdfium2.PdfDocument:
    """What the printer gets; the sheet is gone after that."""
    return pypdfium2.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True, print_background=False)))


def ready(visitor: Visitor, path: str) -> Page:
    visitor.page.add_init_script(PRINTED)
    visitor.open(path)
    expect(visitor.page.locator("#print-paper")).to_be_visible(timeout=PATIENCE_MS)
    return visitor.page


def said_by(document: pypdfium2.PdfDocument) -> str:
    return " ".join(document[0].get_textpage().get_text_bounded().split())


def colours_of_the_middle(document: pypdfium2.PdfDocument) -> int:
    """How many colours the middle of the first page has."""
    picture = document[0].render(scale=1).to_pil().convert("RGB")
    width, height = picture.size
    colours = picture.crop((width // 4, height // 4, width // 2, height // 2)).getcolors(1 << 24)
    return len(colours)


def test_sheet_across_an_a3_holds_map_and_all_that_a_printed_map_says(visit: Visit) -> None:
    visitor = visit()
    page = ready(visitor, f"/#map=11.00/30.00000/120.58000&panel=print&look=dark&area={AREA}&{CHOSEN}")
    draw(visitor, "a3-landscape", title="越城区设施图")
    document = printed(page)
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width / MM), round(height / MM)) == (420, 297)
    text = said_by(document)
    for said in (
        "越城区设施图",
        "图例",
        "地名文化遗产",
        "绘制与量算",
        "所选地点",
        "比例尺 1:",
        "审图号未设置，不得对外公开",
        "数据截至",
        "打印日期",
        "CGCS2000",
        "数据来源",
        "演示数据",
        "示意边界",
        "120°30′",
        "lang=zh-Hans#map=11.00/30.00000/120.58000",
    ):
        assert said in text
    assert text.count("103/103 = 100%") == 1
    assert "工具" not in text  # nothing of the page around it
    assert colours_of_the_middle(document) > 100
    assert page.locator("#map canvas").is_visible()


def test_sheet_has_the_scale_that_it_says(visit: Visit) -> None:
    visitor = visit()
    page = ready(visitor, "/?lang=en#map=12.00/30.00000/120.58000&panel=print")
    draw(visitor, "a4-portrait")
    said = page.locator(".sheet-ratio").text_content()
    scale = int(said.removeprefix("Scale 1:").replace(",", ""))
    bar_mm = page.locator(".sheet-bar").evaluate("(bar) => bar.offsetWidth * 25.4 / 96")
    km = float(page.locator(".sheet-bar-marks span").last.text_content().removesuffix("km"))
    assert bar_mm == pytest.approx(km * 1e6 / scale, abs=0.3)
    first, second = page.locator(".sheet-degrees-bottom").evaluate_all(MARKS)[:2]
    apart_m = (second[0] - first[0]) / 1000 * scale
    assert apart_m == pytest.approx((second[1] - first[1]) * 96_486, rel=0.005)  # metres of a degree at 30° N

    document = printed(page)
    width, height = document[0].get_size()
    assert (round(width / MM), round(height / MM)) == (210, 297)
    text = said_by(document)
    assert said in text
    assert "Map approval number not set: not to be published." in text


def test_drawing_is_cancelled(visit: Visit) -> None:
    visitor = visit()
    page = ready(visitor, "/#map=11.00/30.00000/120.58000&panel=print")
    page.route("**/api/tiles/**", lambda _route: None)  # its tiles do not come
    page.locator(".print-go").click()
    page.get_by_role("button", name="取消").click()
    expect(page.locator(".print-progress")).to_have_text("已取消。")
    expect(page.locator(".map-sheet")).to_have_count(0)
    assert page.evaluate("window.printed") is None
    fits(visitor)


def test_sheet_whose_tiles_are_lost_is_not_printed(visit: Visit) -> None:
    visitor = visit(fails=True)
    page = ready(visitor, "/#map=11.00/30.00000/120.58000&panel=print")
    page.route("**/api/tiles/**", lambda route: route.fulfill(status=503))
    page.locator("#print-paper").select_option("a3-landscape")
    page.locator(".print-go").click()
    expect(page.locator(".print-progress")).to_have_text("制图失败，请重试。", timeout=PATIENCE_MS)
    assert page.evaluate("window.printed") is None
    expect(page.locator("#map canvas")).to_be_visible()


def test_browser_without_a_map_prints_the_list(visit: Visit) -> None:
    visitor = visit(fails=True)
    visitor.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    visitor.page.add_init_script(PRINTED)
    visitor.open("/#panel=print")
    expect(visitor.page.locator("#list tbody tr").first).to_be_visible(timeout=PATIENCE_MS)
    visitor.page.get_by_role("button", name="打印列表").click(timeout=PATIENCE_MS)
    assert visitor.page.evaluate("window.printed") is True
    document = pypdfium2.PdfDocument(BytesIO(visitor.page.pdf()))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "审图号未设置" in text
    assert text.count("（演示）") > 10
