"""A name from its first draft to the public's map: drawn, returned, mended, approved, under notice, published."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from heritage import batches
from heritage.models import Batch, Changeset, HeritageList, Place, Source
from layers.models.accounts import Role
from tests.browser.portal import PATIENCE_MS, PHONE, Visit, committed, fits, sign_in
from tests.heritage.lists import WEEK, backdated, city_list, forget
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
NAME, WORK, LIST = "试剑岭", "万历绍兴府志（演示）", "绍兴市地名文化遗产保护名录"
MEANING = "相传越王试剑于此。"
MENDED = "相传越王勾践试剑于此，岭以是名。"
SAVED = re.compile("已于.*保存")


@pytest.fixture(scope="module")
def lists(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[HeritageList]:
    """A list without a batch, a curator (ren) and a reviewer (shen); all that they do is gone at the end."""
    with django_db_blocker.unblock():
        people = [account("ren", Role.CURATOR), account("shen", Role.REVIEWER)]
        of = city_list(code="whole-life")
        yield of
        forget(of, list(Place.objects.filter(name=NAME).values_list("pk", flat=True)))
        Changeset.objects.filter(author__in=people).delete()
        Source.objects.filter(title=WORK).delete()
        User.objects.filter(pk__in=[one.pk for one in people]).delete()
        Session.objects.all().delete()


def written(page: Page) -> None:
    """The entry as the curator first writes it: a name, where it is from, a cited work and an area on the map."""
    names, texts = page.locator("#names"), page.locator("#texts")
    names.get_by_label("类别", exact=True).select_option("山")
    names.get_by_label("乡镇（街道）", exact=True).select_option(label="府山街道")
    names.get_by_label("来源", exact=True).fill("demonstration")
    names.get_by_label("名称", exact=True).fill(NAME)
    expect(names.get_by_label("罗马字母拼写", exact=True)).to_have_value("Shìjiàn Lǐng")
    names.get_by_label("拼写状态", exact=True).select_option("confirmed")
    names.get_by_label("确定程度").select_option("certain")
    texts.get_by_label("含义", exact=True).fill(MEANING)
    texts.get_by_role("button", name="引用资料 含义").click()
    page.keyboard.type(WORK)
    page.get_by_role("option", name="新增资料").click()
    page.get_by_role("dialog").get_by_role("button", name="新增资料").click()
    expect(texts.get_by_role("combobox").first).to_have_value(WORK)
    expect(page.locator("#entry-map[data-drawing=ready]")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("#shapes").get_by_role("button", name="添加形状").click()
    page.locator("#shapes").get_by_label("形状类型").select_option("area")
    page.locator("#shapes textarea").first.fill("120.566, 29.996\n120.572, 29.996\n120.571, 30.001")
    page.locator("#shapes").get_by_label("确定程度").select_option("certain")
    expect(page.locator(".entry-state")).to_have_text(SAVED)


def test_a_name_comes_to_the_map(visit: Visit, lists: HeritageList) -> None:
    ren, shen = visit(), visit()
    desk, review = ren.page, shen.page
    waiting, returned = (
        desk.locator("section.todo-section", has=desk.locator(f"#s-{of}")) for of in ("submitted", "returned")
    )
    # Drafted and sent.
    sign_in(ren, "ren", "/curate/")
    desk.get_by_role("button", name="新建地名").click()
    expect(desk.locator("#entry[data-ready]")).to_be_visible()
    written(desk)
    desk.get_by_label("为何如此修改？").fill("普查新增")
    desk.get_by_role("button", name="提交审核").click()
    expect(waiting).to_contain_text(NAME)
    # Returned with a reason.
    sign_in(shen, "shen", "/curate/review/")
    review.get_by_role("link", name=NAME).click()
    review.get_by_label("退回原因和需修改之处").fill("请写明是哪位越王。")
    review.get_by_role("button", name="退回").click()
    expect(review.locator(".import-facts")).to_contain_text("退回")
    # Found on the worklist, mended, sent again.
    desk.goto(f"{ren.address}/curate/")
    returned.get_by_role("link", name=NAME).click()
    expect(desk.get_by_text("请写明是哪位越王。").first).to_be_visible()
    if not desk.locator("#entry").count():
        desk.get_by_role("link", name="编辑").click()
    expect(desk.locator("#entry[data-ready]")).to_be_visible()
    desk.locator("#texts").get_by_label("含义", exact=True).fill(MENDED)
    expect(desk.locator(".entry-state")).to_have_text(SAVED)
    desk.get_by_role("button", name="提交审核").click()
    expect(waiting).to_contain_text(NAME)
    # Approved; it waits for its batch.
    review.reload()
    expect(review.locator("#at-meaning")).to_contain_text(MENDED)
    expect(review.get_by_label("等待随批次公布")).to_be_checked()
    review.get_by_role("button", name="通过").click()
    expect(review.locator(".made")).to_contain_text("shen")
    place = Place.objects.get(name=NAME)
    assert (place.published, place.meaning) == (False, MENDED)
    visitor = visit(size=PHONE, fails=True)
    assert visitor.page.goto(f"{visitor.address}/places/{place.handle}").status == 404  # type: ignore[union-attr]
    # The batch: nominated, reviewed, under notice.
    review.goto(f"{shen.address}/curate/batches/")
    review.get_by_label("保护名录").select_option(label=LIST)
    review.locator("#id_number").fill("第一批")
    review.get_by_role("button", name="新建").click()
    expect(review.get_by_role("heading", level=1)).to_contain_text("第一批")
    review.get_by_role("checkbox", name=NAME).check()
    review.locator("#nominate-category").select_option("山")
    review.get_by_role("button", name="申报所选地名").click()
    expect(review.locator(".entries .complete")).to_have_text("无")
    review.get_by_role("button", name="送专家评审").click()
    review.locator(".entries").get_by_label(re.compile("评分")).fill("92.5")
    review.get_by_role("button", name="保存本页").click()
    review.get_by_role("button", name="开始公示").click()
    expect(review.locator(".timer-days")).to_have_text("7")
    fits(shen)
    code = Batch.objects.get(heritage_list=lists).code
    reader = visit(size=PHONE)
    reader.page.goto(f"{reader.address}/notices/{code}")
    expect(reader.page.locator(".name")).to_have_text(NAME)
    # Published, and on everybody's map.
    committed(lambda: backdated(batches.find(code), WEEK))
    review.reload()
    review.get_by_label("文号").fill("绍市民〔2026〕21号")
    review.get_by_role("button", name="固化并公布").click()
    expect(review.locator(".digest")).to_be_visible()
    place.refresh_from_db()
    assert place.published
    reader.open(f"/#feature=heritage-places/{place.code}")
    reader.card(NAME).get_by_role("link", name="查看专页").click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text(NAME)
    expect(reader.page.get_by_text(MENDED)).to_be_visible()
    fits(reader)
