"""A visitor reads of a place on a telephone and reports a mistake; a curator answers it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from heritage.models import Place, Ticket
from layers.models.accounts import Role
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, committed, fits, sign_in
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

CODE = "kuaiji-shan"


@pytest.fixture(scope="module")
def curator(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an account that is committed, for the portal has connections of its own."""
    with django_db_blocker.unblock():
        user = account("dm-curator", Role.CURATOR)
    yield user.username
    with django_db_blocker.unblock():
        User.objects.filter(pk=user.pk).delete()
        Ticket.objects.all().delete()
        Session.objects.all().delete()


@pytest.mark.parametrize(
    ("locale", "where", "mistake", "send", "thanks"),
    [
        ("zh-CN", "所在位置", "哪里有误？", "提交反馈", "谢谢您的反馈"),
        ("en-GB", "Where it is", "What is wrong?", "Send the report", "Thank you."),
    ],
)
def test_a_visitor_reads_of_a_place_and_reports_a_mistake(
    visit: Visit, curator: str, locale: str, where: str, mistake: str, send: str, thanks: str
) -> None:
    visitor = visit(size=PHONE, locale=locale)
    page = visitor.page
    page.goto(f"{visitor.address}/places/{CODE}")  # its code leads to its address
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("会稽山")
    assert page.url.endswith(f"/places/{Place.objects.get(code=CODE).handle}")
    assert page.evaluate("document.querySelector('#small-map') !== null")
    page.wait_for_selector("#small-map[data-map=idle]", timeout=PATIENCE_MS)
    fits(visitor)
    visitor.picture(f"place-{locale[:2]}")
    page.get_by_label(mistake).fill("传说的出处应为《史记·夏本纪》。")
    page.get_by_role("button", name=send).click()
    expect(page.locator("#report + .made")).to_contain_text(thanks)
    fits(visitor)
    assert page.context.cookies() == []
    ticket = committed(lambda: Ticket.objects.latest("pk"))
    assert (ticket.text, ticket.state) == ("传说的出处应为《史记·夏本纪》。", "open")


def test_a_visitor_copies_the_address_and_goes_to_a_place_nearby(visit: Visit) -> None:
    visitor = visit(size=OFFICE)
    page = visitor.page
    page.goto(f"{visitor.address}/places/{CODE}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#copy").click()
    expect(page.locator("#copied")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#permanent").input_value()
    fits(visitor)
    page.locator(".near a").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("会稽山")


def test_the_map_leads_to_the_page(visit: Visit) -> None:
    visitor = visit()
    visitor.open(f"/#feature=heritage-places/{CODE}")
    card = visitor.card("会稽山")
    card.get_by_role("link", name="查看专页").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("会稽山")


def test_the_page_says_everything_without_scripts(chromium: Browser, portal: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.goto(f"{portal}/places/{CODE}")
    expect(page.get_by_role("heading", level=1)).to_have_text("会稽山")
    expect(page.locator("#small-map")).to_be_hidden()
    expect(page.locator("#copy")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("size", [PHONE, OFFICE])
def test_a_curator_answers_and_looks_after_signs(visit: Visit, curator: str, size: tuple[int, int]) -> None:
    committed(
        lambda: Ticket.objects.create(
            place=Place.objects.get(code=CODE), text="拼写有误", due="2020-01-01", contact="13800000000"
        )
    )
    visitor = visit(size=size)
    page = visitor.page
    sign_in(visitor, curator, "/curate/tickets/?lang=zh-Hans")
    overdue = page.locator("article", has_text="已逾期").first
    expect(overdue).to_contain_text("13800000000")
    fits(visitor)
    overdue.get_by_label("答复或处理结果").fill("已更正。")
    overdue.get_by_role("button", name="关闭", exact=True).click()
    expect(page.locator("main")).not_to_contain_text("13800000000")
    page.goto(f"{visitor.address}/curate/signs/?lang=zh-Hans")
    page.get_by_text("新增标志").click()
    fits(visitor)
