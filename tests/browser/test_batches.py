"""A batch under public notice: a visitor objects on a telephone, the bureau answers and publishes, the public reads it."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from heritage import batches, publishing
from heritage.models import Batch, Place
from layers.models.accounts import Role
from tests.browser.portal import OFFICE, PHONE, Visit, committed, fits, sign_in
from tests.heritage.lists import backdated, city_list, finished, forget, reviewed
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(scope="module")
def under_notice(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The code of a committed batch of two names under notice, and a keeper of batches."""
    with django_db_blocker.unblock():
        user = account("batch-keeper", Role.REVIEWER)
        places = [finished(), finished("蕺山", "Jí Shān")]
        batch = batches.give_notice(reviewed(*places, of=city_list(code="browser-list")))
    yield batch.code
    with django_db_blocker.unblock():
        forget(batch.heritage_list, [place.pk for place in places])
        user.delete()
        Session.objects.all().delete()


def test_a_visitor_objects_and_the_bureau_answers_and_publishes(visit: Visit, under_notice: str) -> None:
    phone = visit(size=PHONE, locale="zh-CN")
    page = phone.page
    page.goto(f"{phone.address}/notices/")
    page.get_by_role("link", name="绍兴市地名文化遗产保护名录 第一批").click()
    expect(page.locator(".timer-days")).to_contain_text("7")
    fits(phone)
    page.get_by_label("针对哪个地名").select_option(label="蕺山")
    page.get_by_label("您的异议").fill("蕺字读 jí，请核对。")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("status")).to_contain_text("已收到")
    fits(phone)
    assert page.context.cookies() == []

    office = visit(size=OFFICE, locale="zh-CN")
    page = office.page
    sign_in(office, "batch-keeper", f"/curate/batches/{under_notice}")
    expect(page.get_by_text("蕺字读 jí，请核对。")).to_be_visible()
    expect(page.get_by_role("button", name="固化并公布")).to_be_disabled()
    fits(office)
    page.get_by_label("答复").focus()
    page.keyboard.type("已核对，读 jí。")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="修改答复")).to_be_visible()

    committed(lambda: backdated(batches.find(under_notice), 7))  # a week goes by
    page.reload()
    page.get_by_label("文号").fill("绍市民〔2026〕12号")
    page.get_by_role("button", name="固化并公布").press("Enter")
    expect(page.get_by_role("heading", name="已公布", level=2).or_(page.locator("#state"))).to_be_visible()
    expect(page.locator(".digest")).to_have_text(Batch.objects.get(code=under_notice).sha256)
    fits(office)

    reader = visit(size=PHONE, locale="en-GB")
    page = reader.page
    page.goto(f"{reader.address}/notices/{under_notice}")
    expect(page.get_by_text("绍市民〔2026〕12号")).to_be_visible()
    expect(page.get_by_text("蕺山", exact=True)).to_be_visible()
    fits(reader)
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename == f"{under_notice}.json"
    assert publishing.published_document(batches.find(under_notice)) is not None
    assert Place.objects.get(name="蕺山", source="test").published
