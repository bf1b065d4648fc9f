"""When something is wrong the map stays up and says what happened."""

import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.portal import PATIENCE_MS, Visit

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

NASTY = "<img src=x onerror=\"document.title='broken'\">" + "长" * 180


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("/#feature=eco-burial-sites/no-such-code", "找不到“no-such-code”"),
        ("/#feature=no-such-layer/1", "链接中的图层不存在：“no-such-layer”"),
    ],
)
def test_link_to_what_is_gone_says_so(visit: Visit, link: str, said: str) -> None:
    visitor = visit(fails=True).open(link)
    expect(visitor.said()).to_contain_text(said)
    expect(visitor.page.locator("#side")).to_be_hidden()
    assert visitor.drawn("counties")


@pytest.mark.parametrize(
    "hash_",
    [
        "#map=nonsense",
        "#map=99/91/500",
        "#map=30/30/120.6",
        "#layers=,,x&feature=/&view=what",
        "#%%%&map=//&feature=%E0",
        "#opacity=x:9,counties:-1&panel=<b>&target=//&year=0&line=1,2;x&area=;&base=../..&look=no&elder=yes",
        "#base=gone&year=-490&panel=time&line=" + "120,30;" * 900,
    ],
)
def test_nonsense_in_a_link_shows_the_usual_map(visit: Visit, hash_: str) -> None:
    visitor = visit().open(f"/{hash_}")
    visitor.settle()
    expect(visitor.page.locator("#map canvas")).to_be_visible()
    assert re.search(r"#map=[\d.]+/[\d.-]+/[\d.-]+", visitor.page.url)


def test_denied_position_offers_the_centre_of_the_map(visit: Visit) -> None:
    visitor = visit().open("/#map=12/30/120.58")
    page = visitor.page
    page.get_by_role("button", name="离我最近").click()
    expect(page.locator("#side")).to_contain_text("浏览器未提供您的位置。", timeout=PATIENCE_MS)
    page.get_by_role("button", name="以地图中心为准").click()
    expect(page.locator("#side .place").first).to_contain_text("直线距离", timeout=PATIENCE_MS)


def test_failing_tiles_are_told_and_the_map_stays(visit: Visit) -> None:
    visitor = visit(fails=True)
    visitor.page.route("**/api/tiles/**", lambda route: route.fulfill(status=503))
    visitor.open()
    expect(visitor.said()).to_contain_text("部分地图未能加载", timeout=PATIENCE_MS)
    expect(visitor.page.locator("#map canvas")).to_be_visible()


def test_lost_connection_is_told_and_so_is_its_return(visit: Visit) -> None:
    visitor = visit(fails=True).open()
    visitor.page.context.set_offline(True)
    expect(visitor.said()).to_contain_text("网络已断开")
    visitor.page.context.set_offline(False)
    expect(visitor.said()).to_contain_text("网络已恢复")


def test_style_that_fails_leaves_the_list(visit: Visit) -> None:
    visitor = visit(fails=True)
    visitor.page.route("**/api/styles/**", lambda route: route.fulfill(status=500))
    visitor.open()
    expect(visitor.page.locator("#list tbody tr").first).to_be_visible(timeout=PATIENCE_MS)


def test_names_are_text_whatever_is_in_them(visit: Visit) -> None:
    visitor = visit()

    def rename(route: Route) -> None:
        feature = route.fetch().json()
        feature["properties"]["name"] = NASTY
        route.fulfill(body=json.dumps(feature), content_type="application/geo+json")

    visitor.page.route("**/items/demo-*", rename)
    visitor.open()
    visitor.search("节地生态安葬点").first.click()
    visitor.card(NASTY)
    expect(visitor.page.locator("#side")).to_contain_text("节地生态安葬点")
    assert visitor.page.title() != "broken"
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
