"""A clerk signs in, makes a token, uses it, ends it and signs out; with a keyboard, on a telephone, in both languages."""

import json
import re
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.models.accounts import Role
from tests.browser.portal import PHONE, Visit, sign_in
from tests.people import PASSWORD, account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(scope="module")
def clerk(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an account that is committed, for the portal has connections of its own."""
    with django_db_blocker.unblock():
        user = account("zhang", Role.EDITOR, Role.PLANNER, counties=("330681", "330602"))
    yield user.username
    with django_db_blocker.unblock():
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()


def schema(address: str, token: str) -> set[str]:
    asked = Request(f"{address}/api/collections/eco-burial-sites/schema", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urlopen(asked) as answer:  # noqa: S310
        return set(json.load(answer)["properties"])


def test_clerk_makes_a_token_uses_it_and_ends_it(visit: Visit, clerk: str) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor, clerk)
    expect(page.get_by_role("heading", level=1)).to_have_text(clerk)
    expect(page.locator("main")).to_contain_text("编辑人员：编辑各类台账")
    expect(page.locator("main")).to_contain_text("越城区 · 诸暨市")
    page.get_by_label("名称").fill("QGIS")
    page.get_by_label("有效期").select_option("365 天")
    page.get_by_role("button", name="创建").click()
    token = page.get_by_label("新令牌").input_value()
    assert {"used", "evidence"} <= schema(visitor.address, token)
    assert visitor.violations() == []
    page.goto(visitor.address + "/account/")
    assert token not in page.content()
    row = page.get_by_role("row").filter(has_text="QGIS")
    expect(row).to_contain_text(re.compile(r"portal_\w{8}….*只读"))
    row.get_by_role("button", name="吊销 QGIS").click()
    expect(page.locator("main")).to_contain_text("您还没有令牌。")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile(r"/$|/#"))
    page.goto(visitor.address + "/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_wrong_password_is_said_and_the_page_keeps_the_name(visit: Visit, clerk: str) -> None:
    visitor = visit(locale="en-GB")
    page = visitor.page
    sign_in(visitor, clerk, password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("Please enter a correct username and password")
    expect(page.get_by_label("Username")).to_have_value(clerk)
    assert visitor.violations() == []
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(clerk)


def test_pages_fit_a_telephone(visit: Visit, clerk: str) -> None:
    visitor = visit(size=PHONE)
    page = visitor.page
    page.goto(visitor.address + "/sign-in")
    assert visitor.violations() == []
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    sign_in(visitor, clerk)
    expect(page.get_by_role("heading", level=1)).to_have_text(clerk)
    assert page.evaluate(fits)
    assert visitor.violations() == []


def test_editor_finds_the_registers_of_the_county_in_the_administration(visit: Visit, clerk: str) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor, clerk, "/admin/")
    expect(page.get_by_role("table").filter(has_text="eco-burial-sites")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("heritage-places")
