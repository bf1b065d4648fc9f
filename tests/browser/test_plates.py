"""A neighbour scans a plate at the door; a clerk ends a code that was copied."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.models import DigitalDoorplate, RevokedToken
from layers.models.accounts import Role
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, committed, fits, sign_in
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

CODE = "demo-plate-10-001"


@pytest.fixture(scope="module")
def clerk(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an account that is committed, for the portal has connections of its own."""
    with django_db_blocker.unblock():
        user = account("plate-clerk", Role.EDITOR)
    yield user.username
    with django_db_blocker.unblock():
        User.objects.filter(pk=user.pk).delete()
        RevokedToken.objects.all().delete()
        Session.objects.all().delete()


def token_of(code: str) -> str:
    return DigitalDoorplate.objects.values_list("token", flat=True).get(code=code)


@pytest.mark.parametrize(("locale", "told"), [("zh-CN", "附近的服务"), ("en-GB", "Services nearby")])
def test_a_neighbour_scans_a_plate(visit: Visit, locale: str, told: str) -> None:
    visitor = visit(size=PHONE, locale=locale)
    page = visitor.page
    page.goto(f"{visitor.address}/d/{token_of(CODE)}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("丹枫演示路1号")
    assert heading.bounding_box()["y"] < PHONE[1] / 2  # seen without scrolling
    assert float(heading.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")) >= 24
    expect(page.get_by_role("heading", name=told)).to_be_visible()
    expect(page.locator('a[href="tel:12345"]').first).to_be_visible()
    page.wait_for_selector("#small-map[data-map=idle]", timeout=PATIENCE_MS)
    assert page.evaluate("[...document.images].every((one) => one.complete && one.naturalWidth)")
    fits(visitor)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    visitor.picture(f"plate-{locale[:2]}")
    page.locator(".nearby-name").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.referrer") == ""


def test_the_page_says_everything_without_scripts(chromium: Browser, portal: str, visit: Visit) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.goto(f"{portal}/d/{token_of(CODE)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("丹枫演示路1号")
    expect(page.locator("#small-map")).to_be_hidden()
    assert page.locator('a[href^="geo:"]').count() == 1
    context.close()


def test_a_clerk_ends_a_code_that_was_copied(visit: Visit, clerk: str) -> None:
    visitor = visit(size=OFFICE, fails=True)  # the old code's 410 is an error to the browser's console
    page = visitor.page
    old = token_of(CODE)
    sign_in(visitor, clerk, "/doorplates/plates/?lang=zh-Hans")
    page.get_by_label("台账中的门牌编码").fill(CODE)
    page.get_by_role("button", name="查看门牌").click()
    fits(visitor)
    page.get_by_role("button", name="更换二维码").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("二维码已更换")
    fits(visitor)
    assert page.goto(f"{visitor.address}/d/{old}").status == 410
    expect(page.locator("main")).to_contain_text("请寻找新门牌")
    expect(page.locator("main")).to_contain_text("Look for the new plate")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    fits(visitor)
    assert page.goto(f"{visitor.address}/d/{committed(lambda: token_of(CODE))}").status == 200


def test_the_printing_page_on_a_telephone(visit: Visit, clerk: str) -> None:
    visitor = visit(size=PHONE)
    sign_in(visitor, clerk, "/doorplates/plates/?lang=zh-Hans&township=330681109")
    expect(visitor.page.locator(".plates-count")).to_contain_text("块门牌")
    fits(visitor)
