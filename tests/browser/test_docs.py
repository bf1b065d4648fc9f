"""A programmer reads about a collection and tries it."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.portal import PHONE, Visit, Visitor


def read(visitor: Visitor, path: str) -> Visitor:
    visitor.page.goto(visitor.address + path)
    return visitor


def test_a_programmer_tries_a_collection_and_copies_the_command(visit: Visit) -> None:
    visitor = read(visit(locale="en-GB"), "/api/docs?lang=en")
    page = visitor.page
    page.get_by_role("link", name="Eco-burial sites").click()
    form = page.locator("form.try").first
    form.locator("summary").click()
    form.get_by_label("limit").fill("2")
    form.get_by_label("status").select_option("operating")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("200 OK")
    answer = json.loads(form.locator(".result-body").inner_text())
    assert [one["properties"]["status"] for one in answer["features"]] == ["operating", "operating"]
    assert "content-crs: <http://www.opengis.net/def/crs/OGC/1.3/CRS84>" in form.locator(".result-headers").inner_text()
    command = form.locator(".result-curl").inner_text()
    assert command == f"curl '{visitor.address}/api/collections/eco-burial-sites/items?limit=2&status=operating'"
    assert visitor.violations() == []


def test_a_mistake_is_shown_as_the_portal_explains_it(visit: Visit) -> None:
    visitor = read(visit(fails=True), "/api/docs?part=townships")
    form = visitor.page.locator("form.try").first
    form.locator("summary").click()
    form.get_by_label("bbox", exact=True).fill("1,2,3")
    form.get_by_role("button", name="发送").click()
    expect(form.get_by_role("status")).to_contain_text("400 Bad Request")
    expect(form.locator(".result-body")).to_contain_text("bbox=1,2,3")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"cut": 1,'),
        ("application/geo+json; charset=utf-8", '{"cut": 2,'),
        ("text/x-not-json", '{"text":3}'),
    ],
)
def test_an_answer_that_is_no_json_after_all_is_shown_as_it_came(content_type: str, body: str, visit: Visit) -> None:
    visitor = read(visit(locale="en-GB"), "/api/docs?lang=en&part=townships")
    visitor.page.route("**/townships/items*", lambda route: route.fulfill(content_type=content_type, body=body))
    form = visitor.page.locator("form.try").first
    form.locator("summary").click()
    form.get_by_role("button", name="Send").click()
    expect(form.locator(".result-body")).to_have_text(body)
    expect(form.get_by_role("status")).to_contain_text("200")


def test_the_page_is_read_on_a_phone(visit: Visit) -> None:
    visitor = read(visit(size=PHONE), "/api/docs?part=doorplates")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("数字门牌")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert visitor.violations() == []
