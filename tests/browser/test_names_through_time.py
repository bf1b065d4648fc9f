"""A visitor goes back in time: the map and the list have the names of the year, and lead to the place and its story."""

from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import expect
from pytest_django import DjangoDbBlocker

from heritage.models import Place, PlaceName, PlaceVersion
from layers.models import Change
from tests.browser.portal import PATIENCE_MS, PHONE, Visit, Visitor, committed, fits
from tests.browser.test_targets_on_map import tab_to
from tests.sharing import clear_changes

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
HERITAGE = "heritage-places"
VIEW = "map=13/29.991/120.577"
THEN = """async () => {
  const { map } = await import("/static/portal/js/main.js");
  const drawn = map().map;
  if (!drawn.getLayer("then.dot")) return [];
  return drawn.queryRenderedFeatures({ layers: ["then.dot"] }).map(({ properties }) => [properties.name, properties.kind]);
}"""


@pytest.fixture(scope="module", autouse=True)
def ta_shan(portal: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    """A hill that was called otherwise, until the end: 怪山 from 490 before Christ to the 5th or 6th century, 飞来山 from
    about 350, for nobody knows how long."""
    with django_db_blocker.unblock():
        last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        place = Place.objects.get(code="ta-shan")
        bounds = ("start_earliest", "start_latest", "end_earliest", "end_latest")
        names = [("怪山", (-490, -490, 420, 589)), ("飞来山", (300, 400, None, None))]
        made = [
            PlaceName(
                place=place, role="former", name=name, certainty="certain", **dict(zip(bounds, years, strict=True))
            )
            for name, years in names
        ]
        committed(lambda: PlaceName.objects.bulk_create(made))
        yield place
        committed(lambda: PlaceName.objects.filter(place=place, role="former").delete())
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE heritage_placeversion DISABLE TRIGGER USER")  # which nothing may change
            PlaceVersion.objects.filter(place=place, number__gt=1).delete()
            cursor.execute("ALTER TABLE heritage_placeversion ENABLE TRIGGER USER")
        clear_changes(pk__gt=str(last))


def names_of(visitor: Visitor) -> list[list[str]]:
    """The names of the year that the map shows, and how sure they are."""
    visitor.settle()
    found: list[list[str]] = visitor.page.evaluate(THEN)
    return found


def test_with_the_keyboard_to_an_old_name_its_card_and_its_story(visit: Visit) -> None:
    visitor = visit().open(f"/#{VIEW}")
    page, side = visitor.page, visitor.page.locator("#side")
    assert any(name == "塔山" for _part, name in visitor.drawn(HERITAGE))
    tab_to(page, "show-tools")
    for key in ("Enter", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(side).to_contain_text("1 处有年代已知的名称", timeout=PATIENCE_MS)
    expect(side).to_contain_text("视野内的地名故事", timeout=PATIENCE_MS)
    expect(page.locator("#year-play")).to_be_hidden()  # for who wants less motion
    tab_to(page, "year-range")
    page.keyboard.press("Home")
    for _step in range(20):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#year-range")).to_be_focused()
    expect(page.locator("#year-range")).to_have_attribute("aria-valuetext", "公元前480年 · 春秋战国 · 越国")
    assert "year=-480" in page.url
    assert names_of(visitor) == [["怪山", "certain"]]
    assert visitor.drawn(HERITAGE) == []
    fits(visitor)
    visitor.picture("names-zh")

    tab_to(page, "names-timeless")
    page.keyboard.press("Space")
    assert {kind for _name, kind in names_of(visitor)} == {"certain", "timeless"}
    tab_to(page, "then-ta-shan")
    expect(page.locator("#then-ta-shan")).to_have_text("怪山今塔山")
    page.keyboard.press("Enter")
    card = visitor.card("塔山")
    expect(card.locator(".card-names li")).to_have_text(
        [
            "怪山公元前490年 – 公元420年至公元589年之间",
            "飞来山自公元300年至公元400年之间起",
            "塔山今名年代不详",
        ]
    )
    fits(visitor)
    card.get_by_role("link", name="地名故事页").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("塔山")


def test_a_link_opens_the_year_and_the_chip_closes_it(visit: Visit) -> None:
    visitor = visit(size=PHONE).open(f"/#{VIEW}&year=500")
    page = visitor.page
    chip = page.get_by_role("region", name="地名沿革")
    expect(chip).to_contain_text("公元500年 · 南朝", timeout=PATIENCE_MS)
    expect(chip).to_contain_text("其中 1 处年代不确定")
    assert names_of(visitor) == [["约·飞来山", "perhaps"]]
    fits(visitor)
    chip.get_by_role("button", name="返回今天的地名").click()
    expect(chip).to_have_count(0)
    assert "year=" not in page.url
    assert names_of(visitor) == []
    assert any(name == "塔山" for _part, name in visitor.drawn(HERITAGE))


@pytest.mark.parametrize("year", ["abc", "0", "99999"])
def test_a_year_that_is_none_is_ignored(visit: Visit, year: str) -> None:
    visitor = visit(locale="en-GB").open(f"/#{VIEW}&year={year}&panel=time")
    expect(visitor.page.locator("#side")).to_contain_text("Now the map shows those of today", timeout=PATIENCE_MS)
    assert "year=" not in visitor.page.url
    assert names_of(visitor) == []
    assert any(name == "塔山" for _part, name in visitor.drawn(HERITAGE))
    if year == "abc":
        fits(visitor)
