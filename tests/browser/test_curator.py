"""A curator drafts a new name with a source and a drawn area and sends it for review; and writes in two windows."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from heritage.models import Changeset, Source
from layers.models.accounts import Role
from tests.browser.portal import Visit, Visitor, fits, sign_in
from tests.people import account
from tests.sharing import clear_changes

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
WORK = "嘉泰会稽志（演示）"
SAVED = re.compile("已于.*保存")


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def curator(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a curator; what was drafted and cited is gone at the end."""
    with django_db_blocker.unblock():
        user = account("wen", Role.CURATOR)
        yield user.username
        Changeset.objects.filter(author=user).delete()
        Source.objects.filter(title=WORK).delete()
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()
        clear_changes(origin="curation")


def begin(visitor: Visitor, curator: str) -> None:
    sign_in(visitor, curator, "/curate/")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("工作清单")
    fits(visitor)
    visitor.page.get_by_role("button", name="新建地名").click()
    expect(visitor.page.locator("#entry[data-ready]")).to_be_visible()


def test_a_new_name_is_drafted_with_a_source_and_a_drawn_area(visit: Visit, curator: str) -> None:
    visitor = visit()
    page = visitor.page
    begin(visitor, curator)
    fits(visitor)
    names = page.locator("#names")
    names.get_by_label("类别", exact=True).select_option("山")
    names.get_by_label("来源", exact=True).fill("demonstration")
    names.get_by_label("名称", exact=True).fill("会稽山")
    expect(names.get_by_label("罗马字母拼写", exact=True)).to_have_value("Kuàijī Shān")
    expect(page.locator(".entry-state")).to_have_text(SAVED)
    names.get_by_label("确定程度").select_option("certain")
    # A citation, with a work that nobody cited before, by the keyboard alone.
    texts = page.locator("#texts")
    texts.get_by_label("含义", exact=True).fill("禹会诸侯于江南，计功而崩，因葬焉，命曰会稽。")
    texts.get_by_role("button", name="引用资料 含义").press("Enter")
    page.keyboard.type(WORK)
    expect(page.get_by_role("option", name="新增资料")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("标题")).to_have_value(WORK)
    dialog.get_by_role("button", name="新增资料").click()
    expect(texts.get_by_role("combobox").first).to_have_value(WORK)
    texts.get_by_label("卷页", exact=True).first.fill("卷九")
    # An area drawn on the map.
    expect(page.locator("#entry-map[data-drawing=ready]")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="画面").click()
    box = page.locator("#entry-map canvas")
    for x, y in ((150, 150), (300, 150), (300, 300), (150, 300), (150, 300)):
        box.click(position={"x": x, "y": y})
        page.wait_for_timeout(400)
    shape = page.locator("#shapes textarea").first
    expect(shape).to_have_value(re.compile(r"^(\d+\.\d+, \d+\.\d+\n){3}\d+\.\d+, \d+\.\d+$"))
    page.locator("#shapes").get_by_label("确定程度").select_option("less-certain")
    expect(page.locator("#mend-count")).to_have_text("没有需要修改之处。")
    fits(visitor)
    page.get_by_label("为何如此修改？").fill("新增地名")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("#s-submitted")).to_contain_text("1")
    fits(visitor)
    sent = Changeset.objects.filter(author__username=curator).latest("pk")
    assert (sent.state, sent.title, sent.reason) == ("submitted", "会稽山", "新增地名")
    [citation] = sent.document["citations"]
    assert (citation["about"], citation["pages"]) == ("meaning", "卷九")
    assert Source.objects.get(code=citation["source"]).title == WORK
    [drawn] = sent.document["shapes"]
    assert (drawn["shape"]["type"], len(drawn["shape"]["coordinates"][0])) == ("Polygon", 5)


def test_two_windows_of_one_draft_are_brought_together(visit: Visit, curator: str) -> None:
    visitor = visit(fails=True)  # a refused save is told in the console
    page = visitor.page
    begin(visitor, curator)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#entry[data-ready]")).to_be_visible()
    other.get_by_label("含义", exact=True).fill("别处所写")
    other.get_by_label("来历", exact=True).fill("只在别处")
    expect(other.locator(".entry-state")).to_have_text(SAVED)
    page.get_by_label("含义", exact=True).fill("此处所写")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("别处所写")
    dialog.get_by_label("此处", exact=False).check()
    dialog.get_by_role("button", name="保留所选").click()
    expect(page.locator(".entry-state")).to_contain_text("已合并")
    expect(page.get_by_label("含义", exact=True)).to_have_value("此处所写")
    expect(page.get_by_label("来历", exact=True)).to_have_value("只在别处")


def test_a_lost_connection_is_told_and_nothing_is_lost(visit: Visit, curator: str) -> None:
    visitor = visit(fails=True)
    page = visitor.page
    begin(visitor, curator)
    page.context.set_offline(True)
    page.get_by_label("含义", exact=True).fill("断线时所写")
    expect(page.locator(".entry-state")).to_contain_text("连接中断")
    page.context.set_offline(False)
    expect(page.locator(".entry-state")).to_have_text(SAVED)
    assert Changeset.objects.filter(author__username=curator).latest("pk").document["meaning"] == "断线时所写"
