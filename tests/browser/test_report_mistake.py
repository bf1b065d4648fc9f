"""A visitor reports a mistake of a facility from its card; an editor of its county answers it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.models import MistakeReport
from layers.models.accounts import Role
from tests.browser.portal import OFFICE, PHONE, Visit, committed, fits, sign_in
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

NAME = "塔山街道居家养老服务中心（演示）"


@pytest.fixture(scope="module")
def editor(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an account that is committed, for the portal has connections of its own."""
    with django_db_blocker.unblock():
        user = account("yc-editor", Role.EDITOR, counties=("330602",))
    yield user.username
    with django_db_blocker.unblock():
        User.objects.filter(pk=user.pk).delete()
        MistakeReport.objects.all().delete()
        Session.objects.all().delete()


def test_a_mistake_is_reported_and_answered(visit: Visit, editor: str) -> None:
    visitor = visit(size=PHONE)
    page = visitor.open("/#feature=home-care-centres/demo-care-330602001-1").page
    visitor.card(NAME).get_by_role("link", name="反馈错误").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("反馈错误")
    fits(visitor)
    page.get_by_label("哪里有误？").fill("床位应为 52 张。")
    page.get_by_role("button", name="提交反馈").click()
    expect(page.get_by_role("status")).to_contain_text("感谢您的反馈")
    fits(visitor)
    assert page.context.cookies() == []

    keeper = visit(size=OFFICE)
    sign_in(keeper, editor, "/admin/layers/mistakereport/")
    keeper.page.get_by_role("link", name=NAME).click()
    expect(keeper.page.get_by_text("床位应为 52 张。", exact=True)).to_be_visible()
    keeper.page.locator("#id_state").select_option("answered")
    keeper.page.locator("#id_answer").fill("已改正。")
    keeper.page.locator("input[name=_save]").click()
    keeper.page.wait_for_url("**/admin/layers/mistakereport/")
    kept = committed(lambda: MistakeReport.objects.latest("pk"))
    assert (kept.state, kept.answer, kept.code) == ("answered", "已改正。", "demo-care-330602001-1")
