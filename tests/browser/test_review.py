"""Two curators edit the same place: the second sees what the first did, chooses, is reviewed, returned, mended and approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from heritage import changesets, documents, merging
from heritage.models import Changeset, ChangesetComment, Place, PlaceVersion
from layers.models.accounts import Role
from tests.browser.portal import PATIENCE_MS, PHONE, Visit, committed, fits, sign_in
from tests.people import account
from tests.sharing import clear_changes

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
AREA = {
    "type": "Polygon",
    "coordinates": [[[120.566, 29.996], [120.572, 29.996], [120.571, 30.001], [120.566, 29.996]]],
}
FIRST = "种山因越大夫文种葬于此得名，后称卧龙山，今名府山。"
SECOND = "越国大夫文种葬于此，故名种山；后因府治所在，称府山。"


@dataclass(frozen=True)
class Story:
    """Three people and the place that two of them edit."""

    li: User
    zhao: User
    wang: User
    place: Place


@pytest.fixture(scope="module")
def story(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """All that they did is gone at the end."""
    with django_db_blocker.unblock():
        place = Place.objects.get(code="fu-shan")
        before = documents.proposed(PlaceVersion.objects.get(place=place).document or {})
        found = Story(account("li", Role.CURATOR), account("zhao", Role.CURATOR), account("wang", Role.REVIEWER), place)
        yield found
        committed(lambda: documents.write(place, before))
        ChangesetComment.objects.all().delete()
        Changeset.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE heritage_placeversion DISABLE TRIGGER USER")  # which nothing may change
            PlaceVersion.objects.filter(place=place, number__gt=1).delete()
            cursor.execute("ALTER TABLE heritage_placeversion ENABLE TRIGGER USER")
        User.objects.filter(pk__in=[found.li.pk, found.zhao.pk, found.wang.pk]).delete()
        Session.objects.all().delete()
        clear_changes(origin="curation")


def drafted(author: User, place: Place, **said: Any) -> Changeset:
    """What the author typed into the editor and has saved."""

    def save() -> Changeset:
        changeset = changesets.begin(author, place)
        return changesets.save(changeset, {**changeset.document, **said}, opened=changeset.version)

    found: Changeset = committed(save)
    return found


def published(changeset: Changeset, by: User) -> None:
    committed(lambda: changesets.approve(changesets.submit(changeset, reason="据《嘉泰会稽志》"), by, publish=True))


def test_two_curators_edit_the_same_place(visit: Visit, story: Story) -> None:
    second = drafted(story.zhao, story.place, meaning=SECOND, shapes=[
        documents.blank_part("shapes", shape=AREA, certainty="certain"),
    ])  # fmt: skip
    published(drafted(story.li, story.place, meaning=FIRST, evolution="历代沿称。"), story.wang)
    url = f"/curate/changes/{second.pk}"

    zhao = visit(fails=True)  # a page that says what is in the way has a status that the browser complains of
    page = zhao.page
    sign_in(zhao, "zhao", url)
    expect(page.get_by_text("有 1 个字段在此期间被他人改成了不同的内容")).to_be_visible()
    page.get_by_label("修改理由").fill("补绘范围，订正含义")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="比较并选择").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("府山")
    fits(zhao)
    zhao.picture("curate-conflicts")
    page.get_by_label("保留我的").check()
    page.get_by_role("button", name="确定取舍").click()
    expect(page.locator("#at-meaning")).to_contain_text("越国大夫文种")
    page.get_by_label("修改理由").fill("补绘范围，订正含义")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("button", name="撤回")).to_be_visible()
    expect(page.get_by_role("button", name="通过")).to_have_count(0)

    wang = visit()
    read = wang.page
    sign_in(wang, "wang", "/curate/review/")
    expect(read.locator("table.queue")).to_be_visible()
    fits(wang)
    wang.picture("curate-review")
    read.get_by_role("link", name="府山").click()
    expect(read.locator("#small-map")).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)
    fits(wang)
    wang.picture("curate-change")
    row = read.locator("#at-meaning")
    row.get_by_text("意见", exact=False).first.click()
    row.get_by_role("textbox").fill("“故名”二字须有出处。")
    row.get_by_role("button", name="提交意见").click()
    expect(row.locator(".remark")).to_contain_text("须有出处")
    read.get_by_label("退回原因和需修改之处").fill("请补含义的出处。")
    read.get_by_role("button", name="退回").click()
    expect(read.locator(".import-facts")).to_contain_text("退回")

    page.reload()
    expect(page.locator(".caution").first).to_contain_text("请补含义的出处。")
    page.locator("#at-meaning").get_by_role("button", name="标为已处理").click()
    expect(page.locator("#at-meaning .remark-done")).to_be_visible()
    fits(zhao)
    mended = Changeset.objects.get(pk=second.pk)
    committed(
        lambda: changesets.save(
            mended,
            {**mended.document, "meaning": SECOND.replace("故名", "《嘉泰会稽志》云故名")},
            opened=mended.version,
        )
    )
    page.reload()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("button", name="撤回")).to_be_visible()

    read.reload()
    expect(read.locator("#at-meaning")).to_contain_text("《嘉泰会稽志》云")
    read.get_by_role("button", name="通过").click()
    expect(read.locator(".made")).to_contain_text("wang")
    story.place.refresh_from_db()
    assert (story.place.meaning, story.place.evolution) == (
        SECOND.replace("故名", "《嘉泰会稽志》云故名"),
        "历代沿称。",
    )

    read.get_by_role("link", name="府山的历史").click()
    expect(read.locator(".versions tbody tr")).to_have_count(3)
    read.get_by_role("button", name="比较所选两版").click()
    expect(read.get_by_role("heading", name="从版本 2 到版本 3")).to_be_visible()
    expect(read.locator("#small-map")).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)
    fits(wang)
    wang.picture("curate-history")


def test_two_places_are_made_one_with_the_keyboard(visit: Visit, story: Story) -> None:
    other = Place.objects.get(code="ji-shan")
    visitor = visit()
    page = visitor.page
    sign_in(visitor, "li", f"/curate/places/{story.place.handle}/merge?with={other.handle}")
    expect(page.locator("#small-map")).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)
    fits(visitor)
    visitor.picture("curate-merge")
    field = page.locator(".merge-field").first
    field.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    expect(field.get_by_role("radio").nth(1)).to_be_checked()
    expect(field.locator("output")).to_have_text(field.locator(".prose").nth(1).inner_text())
    part = page.locator(".merge-part input[type=checkbox]").last
    result = page.locator("li[data-part]").last
    expect(result).to_be_visible()
    part.focus()
    page.keyboard.press("Space")
    expect(result).to_be_hidden()
    page.get_by_role("button", name="生成合并草稿").click()
    expect(page.locator(".import-facts")).to_contain_text("合并")
    expect(page.get_by_role("button", name="提交审核")).to_be_visible()
    fits(visitor)
    page.get_by_role("button", name="放弃草稿").click()
    expect(page.locator(".import-facts")).to_contain_text("已放弃")


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_pages_fit_a_telephone(visit: Visit, story: Story, lang: str) -> None:
    other = Place.objects.get(code="ji-shan")
    changeset = committed(lambda: changesets.submit(merging.propose(story.li, other, story.place), reason="同地"))
    visitor = visit(size=PHONE)
    sign_in(visitor, "wang", f"/curate/review/?lang={lang}")
    expect(visitor.page.locator("table.queue")).to_be_visible()
    fits(visitor)
    for path in (
        f"/curate/changes/{changeset.pk}?lang={lang}",
        f"/curate/places/{story.place.handle}/history?version=1&lang={lang}",
    ):
        visitor.page.goto(visitor.address + path)
        fits(visitor)
    committed(lambda: changesets.abandon(changesets.take_back(changeset)))
