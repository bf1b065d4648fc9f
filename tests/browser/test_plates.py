"""A neighbour scans a plate at the door; a clerk prints plates, scans the paper, and ends a code that was copied."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoDbBlocker

from layers.doorplates import sheets
from layers.models import DigitalDoorplate, PlateSheets, RevokedToken
from layers.models.accounts import Role
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, Visitor
from tests.browser.test_account import sign_in
from tests.browser.test_imports import committed
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

STREET, CODE = "丹枫演示路", "demo-plate-10-001"
DPI = 200


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


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def token_of(code: str) -> str:
    return DigitalDoorplate.objects.values_list("token", flat=True).get(code=code)


def fits(visitor: Visitor) -> None:
    """Nothing is wider than the screen and nothing stands in anybody's way."""
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert visitor.violations() == []


def work() -> None:
    """Runs the jobs that build plates, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name=sheets.TASK, status="todo"):
        app.tasks[job.task_name](**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).delete()


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


def test_a_clerk_prints_a_street_and_ends_a_code_that_was_copied(visit: Visit, clerk: str, tmp_path: Path) -> None:
    visitor = visit(size=OFFICE, fails=True)  # the old code's 410 is an error to the browser's console
    page = visitor.page
    old = token_of(CODE)
    sign_in(visitor, clerk, "/doorplates/plates/?lang=zh-Hans")
    page.get_by_label("乡镇（街道）").select_option(label="枫桥镇")
    page.get_by_role("button", name="列出街路巷并计数").click()
    page.get_by_label("街路巷或居民点").select_option(label=STREET)
    page.get_by_role("button", name="列出街路巷并计数").click()
    total = DigitalDoorplate.objects.filter(stretch=STREET, status="current").count()
    expect(page.locator(".plates-count")).to_have_text(f"{total} 块门牌")
    fits(visitor)
    page.get_by_role("button", name="生成 PDF 排版页").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(STREET)
    fits(visitor)
    committed(work)
    with page.expect_download(timeout=PATIENCE_MS) as downloaded:
        page.get_by_role("link", name="下载").click()
    path = tmp_path / "plates.pdf"
    downloaded.value.save_as(path)
    assert STREET in downloaded.value.suggested_filename
    fits(visitor)
    first = pypdfium2.PdfDocument(path)[0].render(scale=DPI / 72).to_pil()
    read = [code.text for code in zxingcpp.read_barcodes(first)]
    assert len(read) == 10
    scanned = next(url for url in read if url.endswith(old))
    page.goto(visitor.address + re.sub("^https?://[^/]+", "", scanned))
    expect(page.get_by_role("heading", level=1)).to_contain_text("丹枫演示路1号")

    page.goto(f"{visitor.address}/doorplates/plates/?lang=zh-Hans")
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
    assert committed(lambda: list(PlateSheets.objects.values_list("state", flat=True))) == ["ready"]


def test_the_printing_page_on_a_telephone(visit: Visit, clerk: str) -> None:
    visitor = visit(size=PHONE)
    sign_in(visitor, clerk, "/doorplates/plates/?lang=zh-Hans&township=330681109")
    expect(visitor.page.locator(".plates-count")).to_contain_text("块门牌")
    fits(visitor)
