"""What visitors of the public map do, from start to finish."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect
from pytest_django import DjangoDbBlocker

from layers.models import Change, MarriageRegistry
from tests.browser.portal import PATIENCE_MS, PHONE, SHAOXING, Visit, committed, fits
from tests.sharing import clear_changes

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

ECO_BURIAL = "节地生态安葬点"


def test_visitor_finds_the_nearest_eco_burial_site_and_shares_it(visit: Visit) -> None:
    visitor = visit(at=SHAOXING).open()
    page = visitor.page
    visitor.picture("map-zh")

    asked: list[str] = []
    page.on("request", lambda request: asked.extend(re.findall(r"[?&]bbox=([^&]+)", request.url)))
    page.get_by_role("button", name="离我最近").click()
    nearest = page.locator("#side .place", has_text=ECO_BURIAL)
    expect(nearest).to_have_count(1, timeout=PATIENCE_MS)
    expect(nearest).to_contain_text(re.compile(r"直线距离 [\d.]+\s(公里|米)"))
    edges = [float(edge) for box in asked for edge in unquote(box).split(",")]
    assert edges  # on a grid of tenths of a degree, so that no request tells where the visitor is
    assert [round(edge, 1) for edge in edges] == edges
    name = nearest.locator(".place-name").inner_text()
    distance = nearest.locator(".place-distance").inner_text()
    nearest.click()

    card = visitor.card(name)
    expect(card).to_contain_text(distance)
    expect(card).to_contain_text("运行中")
    expect(card).to_contain_text("演示数据：此地点并非真实存在。")
    for fact in ("乡镇（街道）", "安葬方式", "坐标", "CGCS2000"):
        expect(card).to_contain_text(fact)
    expect(page.locator("#card-name")).to_be_focused()
    assert "&feature=eco-burial-sites/" in page.url
    visitor.settle()
    visitor.picture("card-zh")

    again = visit().open(page.url.removeprefix(visitor.address))
    again.card(name)
    view, there = (re.search(r"map=([\d./-]+)", seen.page.url) for seen in (visitor, again))
    assert view
    assert there
    assert view[1] == there[1]


def test_places_are_found_by_hanzi_and_by_pinyin_with_and_without_tones(visit: Visit) -> None:
    visitor = visit().open()
    for text in ("会稽山", "kuaijishan", "Kuàijī Shān"):
        suggestion = visitor.search(text).filter(has_text="地名文化遗产").first
        expect(suggestion).to_contain_text("会稽山")
        expect(suggestion).to_contain_text("Kuàijī Shān")
    suggestion.click()
    expect(visitor.card("会稽山")).to_contain_text("Kuàijī Shān")
    assert ("heritage-places.marker", "会稽山") in visitor.drawn("heritage-places")


def test_search_says_when_nothing_is_found(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.get_by_role("combobox").fill("没有这个地方")
    expect(visitor.page.locator("#search-note")).to_contain_text("没有找到“没有这个地方”。", timeout=PATIENCE_MS)


def test_layers_are_switched_and_the_address_keeps_them(visit: Visit) -> None:
    visitor = visit().open()
    page = visitor.page
    assert visitor.drawn("eco-burial-sites")
    page.get_by_role("checkbox", name=ECO_BURIAL).uncheck()
    assert visitor.drawn("eco-burial-sites") == []
    assert "layers=" in page.url

    again = visit().open(page.url.removeprefix(visitor.address))
    expect(again.page.get_by_role("checkbox", name=ECO_BURIAL)).not_to_be_checked()
    assert again.drawn("eco-burial-sites") == []
    again.page.get_by_role("button", name="恢复默认").click()
    assert again.drawn("eco-burial-sites")
    assert "layers=" not in again.page.url


def test_layer_panel_tells_what_a_layer_is_and_how_much_it_holds(visit: Visit) -> None:
    visitor = visit().open()
    row = visitor.page.locator("[data-layer=townships]")
    expect(row.locator(".layer-count")).to_have_text("103")
    row.get_by_role("button", name="关于图层“乡镇（街道）”").click()
    expect(row).to_contain_text("现行乡、镇、街道及其界线。")
    expect(row).to_contain_text("数据来源")


def test_counties_are_named_at_the_start_and_townships_nearer(visit: Visit) -> None:
    visitor = visit().open()
    counties = {name for part, name in visitor.drawn("counties") if part == "counties.name"}
    assert counties == {"越城区", "柯桥区", "上虞区", "新昌县", "诸暨市", "嵊州市"}
    assert "townships.name" not in {part for part, _ in visitor.drawn("townships")}
    nearer = visit().open("/#map=11/29.99/120.58")
    assert "townships.name" in {part for part, _ in nearer.drawn("townships")}


def test_list_mirrors_the_map_and_opens_cards(visit: Visit) -> None:
    visitor = visit().open("/#map=12/30/120.58&layers=eco-burial-sites,funeral-homes,marriage-registries")
    page = visitor.page
    page.get_by_role("button", name="列表").click()
    rows = page.locator("#list tbody tr")
    expect(rows.first).to_be_visible(timeout=PATIENCE_MS)
    drawn = {
        name
        for layer in ("eco-burial-sites", "funeral-homes", "marriage-registries")
        for _, name in visitor.drawn(layer)
    }
    listed = rows.locator("button").all_inner_texts()
    assert set(listed) == drawn

    page.get_by_role("button", name="名称").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("名称")
    ascending = rows.locator("button").all_inner_texts()
    page.get_by_role("button", name="名称").click()
    assert rows.locator("button").all_inner_texts() == ascending[::-1]

    rows.locator("button").first.click()
    visitor.card(ascending[-1])
    assert "view=list" in page.url
    page.get_by_role("button", name="在地图上查看").click()
    expect(page.locator("#list")).to_be_hidden()


@pytest.fixture
def telephone(portal: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The number of every marriage registry, until the end: those of the demonstration have none."""
    with django_db_blocker.unblock():
        last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        committed(lambda: MarriageRegistry.objects.update(phone="0575-12345678"))
        yield "0575-12345678"
        committed(lambda: MarriageRegistry.objects.update(phone=""))
        clear_changes(pk__gt=str(last))


def test_visitor_with_a_phone_finds_and_calls_a_marriage_registry(visit: Visit, telephone: str) -> None:
    visitor = visit(size=PHONE, at=SHAOXING).open()
    page = visitor.page
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    page.get_by_role("button", name="图层").click()
    expect(page.get_by_role("checkbox", name="婚姻登记机关")).to_be_visible()
    page.locator("#hide-layers").click()
    page.get_by_role("button", name="离我最近").click()
    page.locator("#side .place", has_text="婚姻登记机关").click()
    side = page.locator("#side")
    expect(side.locator("#card-name")).to_be_visible(timeout=PATIENCE_MS)
    visitor.settle()
    box = side.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, PHONE[0])
    assert box["y"] > PHONE[1] * 0.3  # the map above the sheet is still there
    call = side.get_by_role("link", name=telephone)
    expect(call).to_be_in_viewport()
    expect(call).to_have_attribute("href", "tel:057512345678")
    fits(visitor)
    visitor.picture("phone-zh")


def test_visitor_who_reads_english(visit: Visit) -> None:
    visitor = visit(locale="en-GB").open()
    page = visitor.page
    expect(page).to_have_title("Shaoxing place names and civil-affairs facilities")
    for text in ("Demonstration data", "Approximate boundaries", "Map approval number not set", "Eco-burial sites"):
        expect(page.get_by_text(text, exact=False).first).to_be_visible()
    page.get_by_role("button", name="List").click()
    expect(page.locator("#list tbody tr").first).to_be_visible(timeout=PATIENCE_MS)
    visitor.picture("list-en")
    visitor.search("jian hu").filter(has_text="Place-name heritage").first.click()
    expect(visitor.card("鉴湖")).to_contain_text("Jiàn Hú")
    page.locator("#side").get_by_role("button", name="Close").click()
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert "view=list" in page.url  # what was on the screen is still there


def test_no_word_of_the_page_is_left_in_english_for_chinese_readers(visit: Visit) -> None:
    visitor = visit().open("/#view=list")
    expect(visitor.page.locator("#list tbody tr").first).to_be_visible(timeout=PATIENCE_MS)
    words = visitor.page.evaluate("JSON.parse(document.getElementById('portal-config').textContent).words")
    same = {name for name, text in words.items() if re.search(r"[a-z]{3}", text.replace("WebGL", "").replace("{", "<"))}
    kept = {name for name in same if re.search(r"[a-z]{3}", re.sub(r"\{\w+\}|WebGL", "", words[name]))}
    assert kept == set()


def test_keyboard_alone_reaches_search_card_list_and_map(visit: Visit) -> None:
    visitor = visit().open()
    page = visitor.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到搜索")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("lanting")
    expect(page.get_by_role("option").first).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    active = page.get_by_role("combobox").get_attribute("aria-activedescendant")
    assert active == page.get_by_role("option").first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator("#card-name")).to_be_focused(timeout=PATIENCE_MS)
    visitor.settle()

    page.locator("#side").get_by_role("button", name="关闭").press("Enter")
    expect(page.locator("#map canvas")).to_be_focused()
    page.keyboard.press("Enter")  # opens what lies under the cross at the centre
    expect(page.locator("#card-name")).to_be_focused(timeout=PATIENCE_MS)
    page.get_by_role("button", name="列表").press("Enter")
    expect(page.locator("#list tbody tr").first).to_be_visible(timeout=PATIENCE_MS)


def test_keyboard_alone_reaches_a_story_from_the_search(visit: Visit) -> None:
    visitor = visit().open()
    page = visitor.page
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type("lanting")
    expect(page.get_by_role("option", name="兰亭").first).to_be_visible(timeout=PATIENCE_MS)
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#card-name")).to_be_focused(timeout=PATIENCE_MS)
    link = visitor.card("兰亭").get_by_role("link", name="地名故事页")
    for _step in range(20):
        page.keyboard.press("Tab")
        if link.evaluate("(element) => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("兰亭", timeout=PATIENCE_MS)
    expect(page.get_by_role("main")).to_contain_text("兰亭集序")
    fits(visitor)


def test_browsers_back_button_closes_the_card(visit: Visit) -> None:
    visitor = visit().open()
    visitor.search("兰亭").first.click()
    expect(visitor.page.locator("#card-name")).to_be_visible(timeout=PATIENCE_MS)
    visitor.settle()
    visitor.page.go_back()
    expect(visitor.page.locator("#side")).to_be_hidden()
