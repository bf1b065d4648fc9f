"""How the map's page looks for those who want it otherwise: large, dark, still."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, SHAOXING, Visit, Visitor, fits

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

MARRIAGE = "婚姻登记机关"
TO_READ = [
    "/places/ta-shan",
    "/list/",
    "/list/marriage-registries/",
    "/api/collections/marriage-registries/items?f=html",
    "/api/collections/marriage-registries/items/demo-marriage-330602?f=html",
    "/api/collections/marriage-registries/queryables?f=html",
    "/report/marriage-registries/demo-marriage-330602",
    "/notices/",
    "/simple",
]
# Of what can be seen and pressed: those whose type or target is small.
SMALL = """() => [...document.querySelectorAll(".top :is(button, input), #elder-kinds button, #side :is(button, a)")]
  .filter((element) => element.checkVisibility())
  .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 20 || element.getBoundingClientRect().height < 48)
  .map((element) => element.outerHTML)"""
VOICE = """
  const spoken = [];
  Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
    speaking: false,
    getVoices: () => [{ lang: "zh-CN", name: "test" }],
    speak(utterance) { spoken.push(utterance.text); this.speaking = true; },
    cancel() { this.speaking = false; },
  }) });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  window.spoken = spoken;
"""


def colour(visitor: Visitor, part: str, name: str) -> str:
    """A colour as the map draws it."""
    found: str = visitor.page.evaluate(
        """async ([part, name]) => {
          const { map } = await import("/static/portal/js/main.js");
          return map().map.getPaintProperty(part, name);
        }""",
        [part, name],
    )
    return found


def test_old_person_with_a_phone_finds_a_marriage_registry_and_whom_to_call(visit: Visit) -> None:
    visitor = visit(size=PHONE, at=SHAOXING)
    visitor.page.add_init_script(VOICE)
    page = visitor.open().page
    page.get_by_role("button", name="长辈版").click()
    assert "elder=1" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert visitor.violations() == []

    page.get_by_role("button", name="找设施").click()
    expect(page.get_by_role("button", name="居家养老服务中心")).to_be_visible()
    page.get_by_role("button", name=MARRIAGE).click()
    found = page.locator("#side .place")
    expect(found).to_have_count(5, timeout=PATIENCE_MS)
    expect(found.first).to_contain_text(MARRIAGE)
    assert page.evaluate(SMALL) == []
    name = found.first.locator(".place-name").inner_text()
    found.first.click()

    card = visitor.card(name)
    expect(card.locator('a[href^="tel:"]')).to_be_visible()
    assert page.evaluate(SMALL) == []
    card.get_by_role("button", name="朗读").click()
    assert name in page.evaluate("spoken[0]")
    card.get_by_role("button", name="停止朗读").click()
    expect(card.get_by_role("button", name="朗读", exact=True)).to_be_visible()
    assert visitor.violations() == []
    visitor.picture("elder-phone-zh")

    page.reload()
    visitor.card(name)
    page.get_by_role("button", name="标准版").click()
    assert "elder" not in page.url
    expect(page.get_by_role("button", name="工具")).to_be_visible()


def test_elder_mode_is_remembered_and_left_again(visit: Visit) -> None:
    visitor = visit().open()
    page = visitor.page
    page.get_by_role("button", name="长辈版").press("Enter")
    page.goto("about:blank")
    visitor.open()
    expect(page.locator("#elder-kinds")).to_be_visible()
    expect(page.get_by_role("button", name="工具")).to_be_hidden()
    assert page.evaluate(SMALL) == []
    assert visitor.violations() == []
    page.get_by_role("button", name="标准版").press("Enter")
    page.goto("about:blank")
    visitor.open()
    expect(page.locator("#elder-kinds")).to_be_hidden()


def test_large_type_goes_with_the_reader_from_the_map_to_a_page_and_back(visit: Visit) -> None:
    visitor = visit(size=PHONE).open("/#feature=heritage-places/ta-shan")
    page = visitor.page
    page.get_by_role("button", name="长辈版").click()
    visitor.card("塔山").get_by_role("link", name="地名故事页").click()
    meaning = page.get_by_text("古称怪山、飞来山，山上有应天塔。")
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert meaning.evaluate(size) == 20
    page.get_by_role("button", name="标准版").press("Enter")
    assert meaning.evaluate(size) == 16
    page.goto("about:blank")
    visitor.open()
    expect(page.get_by_role("button", name="长辈版")).to_be_visible()


@pytest.mark.parametrize("chosen", ["look=dark", "elder=1", "look=dark&elder=1"])
def test_pages_to_read_look_as_was_chosen_on_the_map(visit: Visit, chosen: str) -> None:
    visitor = visit(size=PHONE)
    page = visitor.page
    page.add_init_script(f"localStorage.setItem('portal.look', '{chosen}')")
    for path in TO_READ:
        page.goto(visitor.address + path)
        ground = "rgb(34, 44, 53)" if "dark" in chosen else "rgb(244, 246, 248)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground, path
        expect(page.get_by_role("button", name="标准版" if "elder" in chosen else "长辈版")).to_be_visible()
        fits(visitor)


def test_paper_stays_white_in_the_dark(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.add_init_script("localStorage.setItem('portal.look', 'look=dark')")
    page.goto(visitor.address + "/places/ta-shan")
    page.emulate_media(media="print", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 42, 53)"
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor") == "rgb(255, 255, 255)"


def test_voice_that_is_not_there_is_not_offered(visit: Visit) -> None:
    visitor = visit().open("/#elder=1")
    assert visitor.page.evaluate("speechSynthesis.getVoices().length") == 0
    visitor.search("会稽山").first.click()
    expect(visitor.card("会稽山").get_by_role("button", name="朗读")).to_be_hidden()


@pytest.mark.parametrize("size", [OFFICE, PHONE])
def test_dark_by_a_link(visit: Visit, size: tuple[int, int]) -> None:
    visitor = visit(size=size, at=SHAOXING).open("/#look=dark")
    page = visitor.page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(34, 44, 53)"
    assert colour(visitor, "background", "background-color") == "#12181e"
    assert visitor.violations() == []
    page.get_by_role("button", name="离我最近").click()
    expect(page.locator("#side .place").first).to_be_visible(timeout=PATIENCE_MS)
    assert visitor.violations() == []
    page.locator("#side .place").first.click()
    expect(page.locator("#card-name")).to_be_visible(timeout=PATIENCE_MS)
    assert visitor.violations() == []
    visitor.picture(f"dark-{size[0]}")


def test_colours_follow_the_device_until_one_is_chosen(visit: Visit) -> None:
    visitor = visit().open()
    page = visitor.page
    light = colour(visitor, "background", "background-color")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(page.locator("html")).to_have_attribute("data-look", "dark")
    assert colour(visitor, "background", "background-color") != light
    page.get_by_role("button", name="工具").click()
    page.get_by_role("button", name="显示与长辈版").click()
    page.get_by_role("radio", name="浅色").check()
    expect(page.locator("html")).to_have_attribute("data-look", "light")
    assert colour(visitor, "background", "background-color") == light
    assert "look=light" in page.url
    assert visitor.violations() == []


def test_nothing_moves_for_those_who_want_it_still(visit: Visit) -> None:
    page = visit().open().page
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return [transitionDuration, animationDuration].some((time) => time.split(",").some((part) => parseFloat(part) > 0.01));
        }).map((element) => element.className)"""
    )
    assert [name for name in moving if not re.match("maplibregl-", str(name))] == []
    page.get_by_role("combobox").fill("会稽山")
    page.get_by_role("option").first.click()
    expect(page.locator("#card-name")).to_be_visible(timeout=PATIENCE_MS)
    assert page.evaluate('import("/static/portal/js/main.js").then(({ map }) => map().map.isMoving())') is False


def test_faint_layer_is_faint_in_all_its_parts_and_stays_so_in_the_link(visit: Visit) -> None:
    visitor = visit().open()
    page = visitor.page
    row = page.locator("[data-layer=counties]")
    row.get_by_role("button", name="关于图层").click()
    row.get_by_role("slider", name="不透明度").press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(row.locator("output")).to_have_text("40%")
    assert visitor.violations() == []
    assert "opacity=counties%3A40" in page.url or "opacity=counties:40" in page.url

    again = visit().open(page.url.removeprefix(visitor.address))
    assert colour(again, "counties.ground", "fill-opacity") == 0.4
    assert colour(again, "counties.line", "line-opacity") == 0.34
    again.page.get_by_role("button", name="恢复默认").click()
    assert "opacity" not in again.page.url


def test_one_layer_alone(visit: Visit) -> None:
    visitor = visit().open()
    row = visitor.page.locator("[data-layer=funeral-homes]")
    row.get_by_role("button", name="关于图层").click()
    row.get_by_role("button", name="只看此图层").click()
    assert visitor.drawn("funeral-homes")
    assert visitor.drawn("counties")
    assert visitor.drawn("care-homes") == []
