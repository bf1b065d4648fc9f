"""An editor issues a number on a street, reserves it, puts the plate up and retires it, on a telephone."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.models import DigitalDoorplate
from layers.models.accounts import Role
from tests.browser.portal import PHONE, Visit, fits, sign_in
from tests.people import account
from tests.sharing import clear_changes

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
STREET = "青松演示路"


@pytest.fixture(scope="module")
def editor(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an editor of Zhuji; what was issued is gone at the end."""
    with django_db_blocker.unblock():
        user = account("qian", Role.EDITOR, counties=("330681",))
        codes = set(DigitalDoorplate.objects.values_list("code", flat=True))
        yield user.username
        DigitalDoorplate.objects.exclude(code__in=codes).delete()
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()
        clear_changes(origin="doorplates")


def test_a_number_is_issued_put_up_and_retired(visit: Visit, editor: str) -> None:
    last = DigitalDoorplate.objects.filter(street=STREET, plate_kind="small").order_by("number").last()
    assert last is not None
    assert last.location is not None
    visitor = visit(size=PHONE)
    page = visitor.page
    sign_in(visitor, editor, "/doorplates/")
    expect(page.get_by_role("heading", name="已预留、待安装")).to_be_visible()
    fits(visitor)
    page.get_by_role("link", name="编制门牌号").click()
    fits(visitor)
    page.get_by_label("乡镇").select_option(label="枫桥镇")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("街路巷或居民点").fill(STREET)
    # A step beyond the last door, on its own side.
    page.get_by_label("经度").fill(str(last.location.x))
    page.get_by_label("纬度").fill(str(last.location.y))
    fits(visitor)
    page.get_by_role("button", name="查找下一个号码").click()
    proposed = page.locator(".proposed strong")
    expect(proposed).to_have_text(re.compile(r"^\d+(-\d+)?号$"))
    expect(page.locator(".reasons")).to_contain_text("个门牌显示")
    number = proposed.inner_text()
    fits(visitor)
    page.get_by_role("button", name="预留此号").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STREET + number)
    expect(page.locator(".import-facts")).to_contain_text("预留")
    fits(visitor)
    page.get_by_label("安装日期").fill("2026-01-05")
    page.get_by_role("button", name="确认已安装").click()
    expect(page.locator(".import-facts")).to_contain_text("现行")
    page.get_by_label("废弃日期").fill("2026-03-01")
    page.get_by_label("原因").fill("房屋拆除")
    fits(visitor)
    page.get_by_role("button", name="确认废弃").click()
    expect(page.locator(".import-facts")).to_contain_text("废弃")
    expect(page.locator("main")).to_contain_text("2031-03-01")
    page.get_by_role("link", name="编号", exact=True).click()
    page.get_by_label("名称或编码").fill(STREET + number)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("table").first).to_contain_text("废弃")
    fits(visitor)


def test_a_click_on_the_map_gives_the_place(visit: Visit, editor: str) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor, editor, "/doorplates/issue?township=330681109")
    preview = page.locator(".map-preview")
    expect(preview.locator("canvas")).to_be_visible()
    for _again in range(60):  # a click counts once the map is drawn, which takes its time here
        preview.click(position={"x": 200, "y": 150})
        if page.get_by_label("经度").input_value():
            break
        page.wait_for_timeout(1000)
    expect(page.get_by_label("经度")).to_have_value(re.compile(r"^120\.\d{5,7}$"))
    expect(page.get_by_label("纬度")).to_have_value(re.compile(r"^29\.\d{5,7}$"))
