"""A visitor goes back in time: the map and the list have the names of the year, and lead to the place and its story."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.portal import PATIENCE_MS, PHONE, Visit, Visitor, fits
from tests.browser.test_targets_on_map import tab_to

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
HERITAGE = "heritage-places"
VIEW = "map=13/29.991/120.577"
THEN = """async () => {
  const { map } = await import("/static/portal/js/main.js");
  const drawn = map().map;
  if (!drawn.getLayer("then.dot")) return [];
  return drawn.queryRenderedFeatures({ layers: ["then.dot"] }).map(({ properties }) => [properties.name, properties.kind]);
}"""


def names_of(visitor: Visitor) -> list[list[str]]:
    """The names of the year that the map shows, and how sure they are."""
    visitor.settle()
    found: list[list[str]] = visitor.page.evaluate(THEN)
    return found


def test_with_the_keyboard_to_an_old_name_its_card_and_its_story(visit: Visit) -> None:
    visitor = visit().open(f"/#{VIEW}")
    page, side = visitor.page, visitor.page.locator("#side")
    assert any(name == "府山" for _part, name in visitor.drawn(HERITAGE))
    tab_to(page, "show-tools")
    for key in ("Enter", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(side).to_contain_text("61 处有年代已知的名称", timeout=PATIENCE_MS)
    expect(side).to_contain_text("视野内的地名故事", timeout=PATIENCE_MS)
    expect(page.locator("#year-play")).to_be_hidden()  # for who wants less motion
    tab_to(page, "year-range")
    for key in ("Home", "PageUp", "PageUp", "PageUp", *["ArrowRight"] * 5):
        page.keyboard.press(key)
    expect(page.locator("#year-range")).to_be_focused()
    year = int(page.locator("#year-range").input_value())
    assert 220 < year < 300
    expect(page.locator("#year-range")).to_have_attribute("aria-valuetext", re.compile(rf"^公元{year}年 · "))
    assert f"year={year}" in page.url
    assert sorted(names_of(visitor)) == [["种山", "certain"], ["龟山", "certain"]]
    assert visitor.drawn(HERITAGE) == []
    fits(visitor)
    visitor.picture("names-zh")

    tab_to(page, "names-timeless")
    page.keyboard.press("Space")
    assert {kind for _name, kind in names_of(visitor)} == {"certain", "timeless"}
    tab_to(page, "then-ta-shan")
    expect(page.locator("#then-ta-shan")).to_have_text("龟山今塔山")
    page.keyboard.press("Enter")
    card = visitor.card("塔山")
    expect(card.locator(".card-names li")).to_have_text(
        [
            "龟山东汉建武二十八年 · 公元52年或之前—1201年或之后",
            "怪山东汉建武二十八年 · 公元52年或之前—1201年或之后",
            "飞来山南宋嘉泰元年 · 1201年或之前—1201年或之后",
            "宝林山南宋嘉泰元年 · 1201年或之前—1201年或之后",
            "塔山今名年代不详",
        ]
    )
    fits(visitor)
    card.get_by_role("link", name="地名故事页").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("塔山")
    expect(page.get_by_role("main")).to_contain_text("越绝书")  # the work that says so


def test_a_link_opens_the_year_and_the_chip_closes_it(visit: Visit) -> None:
    visitor = visit(size=PHONE).open("/#map=13/30.04/120.55&year=1300")
    page = visitor.page
    chip = page.get_by_role("region", name="地名沿革")
    expect(chip).to_contain_text("1300年 · 元", timeout=PATIENCE_MS)
    expect(chip).to_contain_text("其中 7 处待考")
    assert names_of(visitor) == [["运河（待考）", "perhaps"]]
    fits(visitor)
    chip.get_by_role("button", name="返回今天的地名").click()
    expect(chip).to_have_count(0)
    assert "year=" not in page.url
    assert names_of(visitor) == []
    assert any(name == "浙东运河" for _part, name in visitor.drawn(HERITAGE))


@pytest.mark.parametrize("year", ["abc", "0", "99999"])
def test_a_year_that_is_none_is_ignored(visit: Visit, year: str) -> None:
    visitor = visit(locale="en-GB").open(f"/#{VIEW}&year={year}&panel=time")
    expect(visitor.page.locator("#side")).to_contain_text("Now the map shows those of today", timeout=PATIENCE_MS)
    assert "year=" not in visitor.page.url
    assert names_of(visitor) == []
    assert any(name == "府山" for _part, name in visitor.drawn(HERITAGE))
    if year == "abc":
        fits(visitor)
