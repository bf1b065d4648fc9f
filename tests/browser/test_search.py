"""What visitors type into the search box: half an address, initials, a slip, an address elsewhere, two numbers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import PATIENCE_MS, PHONE, Visit, Visitor

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

FENGQIAO_ROAD = "/#map=14/29.806/120.417"


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit().open()


def asked(page: Page) -> list[str]:
    """What the page asks the search from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if "/api/search?" in request.url else None)
    return found


def test_visitor_types_half_an_address_and_stands_before_the_door(visitor: Visitor) -> None:
    [door] = visitor.search("枫桥 青松演示路12").all()
    expect(door.locator(".place-name")).to_have_text("天竺社区青松演示路12号")
    expect(door.locator("mark")).to_have_text("青松演示路12")
    expect(door.locator(".place-where")).to_have_text("数字门牌 · 诸暨市 枫桥镇")
    expect(door.locator(".place-why")).to_have_count(0)  # one sees why
    door.click()
    card = visitor.card("青松演示路12号")
    expect(card).to_contain_text("诸暨市 枫桥镇")
    assert any(part != "doorplates.cell" for part, _name in visitor.drawn("doorplates"))
    zoom = re.search(r"map=([\d.]+)/", visitor.page.url)
    assert zoom
    assert float(zoom[1]) >= 16  # below it doors are but counted
    assert "feature=doorplates/demo-plate-01-012" in visitor.page.url


def test_visitor_finds_a_street_by_its_initials_and_goes_on_with_a_number(visitor: Visitor) -> None:
    street = visitor.search("qsysl").first
    expect(street).to_contain_text("青松演示路")
    expect(street.locator(".place-where")).to_have_text("有门牌的街路巷 · 诸暨市 枫桥镇")
    expect(street.locator(".place-why")).to_have_text("拼音首字母相符")
    street.click()
    page, box = visitor.page, visitor.page.get_by_role("combobox")
    expect(box).to_be_focused()
    expect(box).to_have_value("枫桥镇青松演示路")
    expect(page.locator("#search-note")).to_have_text("接着输入号码，即可查找“青松演示路”的门牌。")
    visitor.settle()
    assert "map=17" in page.url
    page.keyboard.type("12")
    expect(page.get_by_role("option")).to_have_text(re.compile("天竺社区青松演示路12号"), timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    visitor.card("青松演示路12号")


def test_visitor_finds_a_town_by_its_initials(visitor: Visitor) -> None:
    town = visitor.search("fqz").first
    expect(town.locator(".place-name")).to_contain_text("枫桥镇")
    expect(town.locator(".place-why")).to_have_text("拼音首字母相符")
    town.click()
    visitor.card("枫桥镇")


@pytest.mark.parametrize(
    ("typed", "name", "why"),
    [("kuaijishn", "会稽山", "相差一个字（或字母）"), ("兰停", "兰亭", "读音相同")],
    ids=["letter", "character"],
)
def test_a_slip_still_finds_and_says_so(typed: str, name: str, why: str, visitor: Visitor) -> None:
    found = visitor.search(typed).first
    expect(found.locator(".place-name")).to_contain_text(name)
    expect(found.locator(".place-why")).to_have_text(why)


def test_an_address_of_another_city_is_said_to_lie_outside(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("combobox").fill("杭州市西湖区文三路100号")
    said = "“杭州市西湖区”不在本平台覆盖的范围内。"
    expect(page.locator("#search-note")).to_contain_text(said, timeout=PATIENCE_MS)
    expect(page.locator("#search-said")).to_contain_text(said)
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert visitor.violations() == []


def test_a_former_name_leads_to_what_is_in_its_place(visitor: Visitor) -> None:
    options = visitor.search("绍兴县")
    expect(visitor.page.locator("#search-note")).to_contain_text("“绍兴县”是曾用名")
    expect(options.first.locator(".place-why")).to_have_text("名称相符：绍兴县（此地曾用名）")


def test_a_number_that_is_not_known(visitor: Visitor) -> None:
    """Between two known ones it is where it would be; past the last one there is the street."""
    page = visitor.page
    point = visitor.search("青松演示路5号").first
    expect(point.locator(".place-why")).to_have_text("按“青松演示路”前后已知号码推算")
    point.click()
    card = visitor.card("青松演示路5号")
    expect(card).to_contain_text("按“青松演示路”前后已知号码推算")
    expect(card).to_contain_text("诸暨市 枫桥镇")
    expect(visitor.search("青松演示路999").first.locator(".place-why")).to_have_text("未登记此门牌号")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("typed", ["30.0, 120.58", "120.58,30.0", "北纬30.0° 东经120.58°"])
def test_two_numbers_are_a_position_with_its_township(typed: str, visitor: Visitor) -> None:
    page = visitor.page
    position = visitor.search(typed).first
    expect(position).to_contain_text("30.00000°N，120.58000°E")
    expect(position).to_contain_text("越城区 塔山街道")
    position.click()
    card = visitor.card("30.00000°N，120.58000°E")
    expect(card).to_contain_text("越城区 塔山街道")
    expect(card.locator(".places")).to_contain_text("大善塔")
    expect(page.locator("#pin-name")).to_be_focused()
    assert "pin=30/120.58" in page.url
    assert visitor.violations() == []


def test_a_position_is_shared_and_leads_to_what_is_around(visit: Visit) -> None:
    visitor = visit().open("/#map=15/30/120.58&pin=30/120.58")
    card = visitor.card("30.00000°N，120.58000°E")
    card.locator(".place", has_text="大善塔").click()
    visitor.card("大善塔")
    assert "pin=" not in visitor.page.url
    visitor.page.go_back()
    visitor.card("30.00000°N，120.58000°E")
    visitor.page.get_by_role("button", name="关闭").last.click()
    assert "pin=" not in visitor.page.url


def test_what_is_near_the_map_comes_first_and_nobody_is_told_where_one_looks(visit: Visit) -> None:
    visitor = visit(at=(120.123456, 29.654321)).open()
    page = visitor.page
    requests = asked(page)
    visitor.search("枫桥")
    assert "lon=" not in requests[-1]  # the whole city is in view
    visitor.open(FENGQIAO_ROAD)
    page.get_by_role("button", name="离我最近").click()
    page.get_by_role("button", name="关闭").last.click()
    option = visitor.search("枫桥镇").first
    assert re.search(r"lon=(\d+\.\d{1,2})&lat=(\d+\.\d{1,2})&", requests[-1])
    expect(option.locator(".place-where")).to_contain_text(re.compile(r"[\d.]+\s(公里|米)"))


def test_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("fqz")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#search-said")).to_have_text(f"{options.count()} 条建议")

    def chosen() -> int:
        [at] = [at for at, one in enumerate(options.all()) if one.get_attribute("aria-selected") == "true"]
        assert box.get_attribute("aria-activedescendant") == options.nth(at).get_attribute("id")
        return at

    last = options.count() - 1
    walked = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "Home", "End", "ArrowDown"):
        page.keyboard.press(key)
        walked.append(chosen())
    assert walked == [0, 1, 0, last, 0, last, 0]
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("fqz")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    visitor.card("枫桥镇")
    expect(page.locator("#card-name")).to_be_focused()


def test_enter_takes_the_answer_to_what_is_typed_not_to_what_was(visitor: Visitor) -> None:
    visitor.search("兰亭")
    visitor.page.get_by_role("combobox").fill("会稽山")
    visitor.page.keyboard.press("Enter")
    visitor.card("会稽山")


def test_nothing_is_asked_while_pinyin_is_turned_into_hanzi(visitor: Visitor) -> None:
    page = visitor.page
    requests = asked(page)
    box = page.get_by_role("combobox")
    box.focus()
    typing = page.context.new_cdp_session(page)
    for text in ("l", "lan", "lan t", "lan ting"):
        typing.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        page.wait_for_timeout(200)
    assert requests == []
    typing.send("Input.insertText", {"text": "兰亭"})
    expect(page.get_by_role("option").first).to_contain_text("兰亭", timeout=PATIENCE_MS)
    assert len(requests) == 1


def test_an_empty_box_says_what_may_be_typed_and_nothing_found_what_may_help(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("combobox").click()
    expect(page.locator("#search-note")).to_contain_text("可输入地名、门牌地址或设施的汉字")
    page.get_by_role("combobox").fill("没有这个地方")
    nothing = re.compile("没有找到“没有这个地方”。.*改用拼音")
    expect(page.locator("#search-note")).to_have_text(nothing, timeout=PATIENCE_MS)
    page.locator("#map canvas").click(position={"x": 500, "y": 600})
    expect(page.locator("#search-popup")).to_be_hidden()


def test_on_a_phone_suggestions_fit_and_are_sound(visit: Visit) -> None:
    visitor = visit(size=PHONE).open()
    page = visitor.page
    visitor.search("枫桥")
    popup = page.locator("#search-popup").bounding_box()
    assert popup is not None
    assert popup["x"] >= 0
    assert popup["x"] + popup["width"] <= PHONE[0]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert all((box := one.bounding_box()) and box["height"] >= 44 for one in page.get_by_role("option").all())
    assert visitor.violations() == []
    visitor.search("枫桥 青松演示路12").filter(has_text="青松演示路12号").click()
    visitor.card("青松演示路12号")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_suggestions_are_sound_for_assistive_programs(locale: str, visit: Visit) -> None:
    visitor = visit(locale=locale).open()
    visitor.search("qiao")
    visitor.page.keyboard.press("ArrowDown")
    assert visitor.violations() == []
