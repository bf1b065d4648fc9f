"""A visitor sees on the map how a target stands, township by township, and opens what is missing; with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from layers.models import Change, Division, EcoBurialSiteState
from tests.browser.portal import PATIENCE_MS, PHONE, Visit, fits
from tests.browser.test_planning import lonely_states
from tests.sharing import clear_changes

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
TARGET = "eco-burial-township-provision"
TITLE = "乡镇（街道）节地生态安葬点建有率"
FIGURE = "100/103 = 97%"
COLOURS = """async () => {
  const { map } = await import("/static/portal/js/main.js");
  const drawn = map().map;
  const found = (id) => new Set(drawn.queryRenderedFeatures({ layers: [id] }).map(({ properties }) => properties.code));
  return [found("target.ground").size, [...found("target.missed")].sort()];
}"""


@pytest.fixture(scope="module")
def lost(portal: str, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """The townships that have lost their only site, by code and name, until the end."""
    with django_db_blocker.unblock():
        last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        lonely = lonely_states()
        states = EcoBurialSiteState.objects.filter(pk__in=[state.pk for state in lonely])
        states.update(status="suspended")
        codes = [state.site.township_claimed for state in lonely]
        yield dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
        states.update(status="operating")
        clear_changes(pk__gt=str(last))


def tab_to(page: Page, name: str) -> None:
    """Tabs until what is called so has the focus."""
    for _step in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"The keyboard does not reach #{name}.")


def test_visitor_sees_a_target_by_township_and_opens_what_is_missing(visit: Visit, lost: dict[str, str]) -> None:
    visitor = visit().open()
    page, side = visitor.page, visitor.page.locator("#side")
    tab_to(page, "show-tools")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#target-choice")).to_be_visible(timeout=PATIENCE_MS)
    tab_to(page, "target-choice")
    choice = page.locator("#target-choice")
    for _step in range(40):
        page.keyboard.press("ArrowDown")
        if choice.input_value() == TARGET:
            break
    legend = page.get_by_role("region", name="指标上图")
    expect(legend.get_by_role("heading")).to_have_text(TITLE, timeout=PATIENCE_MS)
    expect(legend).to_contain_text(FIGURE)
    for said in ("未达标", "边界示意", "演示", "已具备", "未具备", "未达目标"):
        expect(legend).to_contain_text(said)
    assert f"target={TARGET}/township" in page.url
    visitor.settle()
    assert page.evaluate(COLOURS) == [103, sorted(lost)]
    visitor.picture("targets-zh")
    fits(visitor)

    rows = side.locator(".target-table tbody tr")
    expect(rows).to_have_count(103)
    assert set(rows.locator("th button").all_inner_texts()[:3]) == set(lost.values())
    expect(side.locator(".target-missing-list li")).to_have_count(3)
    tab_to(page, "target-sort-name")
    page.keyboard.press("Enter")
    expect(side.locator("th[aria-sort=ascending]")).to_contain_text("乡镇")
    expect(page.locator("#target-sort-name")).to_be_focused()
    tab_to(page, "target-sort-value")
    page.keyboard.press("Enter")
    first = rows.first.get_attribute("data-code") or ""
    tab_to(page, f"target-at-{first}")
    expect(legend).to_contain_text(f"{lost[first]}：0/1 · 0% · 未达标")
    page.keyboard.press("Enter")
    visitor.card(lost[first])
    assert f"feature=townships/{first}" in page.url

    expect(legend).to_contain_text(FIGURE)
    page.locator("#target-show").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(103)
    page.locator("#target-close").focus()
    page.keyboard.press("Enter")
    expect(legend).to_have_count(0)
    assert "target=" not in page.url


def test_a_link_shows_the_target_and_a_click_opens_the_township(visit: Visit, lost: dict[str, str]) -> None:
    visitor = visit(size=PHONE).open(f"/#target={TARGET}/township")
    page = visitor.page
    legend = page.get_by_role("region", name="指标上图")
    expect(legend).to_contain_text(FIGURE, timeout=PATIENCE_MS)
    visitor.settle()
    found, missed = page.evaluate(COLOURS)
    assert found > 50
    assert set(missed) <= set(lost)
    fits(visitor)
    legend.get_by_role("button", name="查看表格与缺项").click()
    expect(page.locator(".target-missing-list li")).to_have_count(3, timeout=PATIENCE_MS)
    fits(visitor)
    page.locator(".target-missing-list button").first.click()
    expect(page.locator("#card-name")).to_be_focused(timeout=PATIENCE_MS)


def test_a_target_of_counties_says_why_townships_have_no_figure(visit: Visit) -> None:
    visitor = visit(locale="en-GB").open("/#target=assistance-hub-counties/township&panel=coverage")
    side = visitor.page.locator("#side")
    expect(side).to_contain_text("This target counts counties", timeout=PATIENCE_MS)
    expect(side.locator(".target-table tbody tr")).to_have_count(6)
    expect(side.get_by_role("radio", name="Township")).to_be_disabled()
    fits(visitor)


def test_a_target_that_is_gone_is_said(visit: Visit) -> None:
    visitor = visit(fails=True).open("/#target=long-gone/township")
    expect(visitor.said()).to_contain_text("现行计划中没有指标“long-gone”。", timeout=PATIENCE_MS)
    assert "target=" not in visitor.page.url
