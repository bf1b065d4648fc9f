"""A planner asks where five home-care centres should go, is told why, asks for six, compares and takes the report along."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from layers.models import SitingFile, SitingProblem
from layers.registry import Role
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, Visitor, committed, fits, sign_in
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader", "jobs"])
SITING = "/planning/siting/"
ZHUJI = "330681"


@pytest.fixture(scope="module")
def planner(chromium: Browser, worker: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a planner; what was asked is gone at the end."""
    with django_db_blocker.unblock():
        user = account("zhou", Role.PLANNER)
        yield user.username
        SitingProblem.objects.all().delete()
        SitingFile.objects.all().delete()
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()


def test_from_the_question_to_the_meeting(visit: Visit, planner: str, tmp_path: Path) -> None:
    visitor = visit(size=OFFICE)
    sign_in(visitor, planner, SITING)
    expect(visitor.page.get_by_role("heading", level=1, name="选址")).to_be_visible()
    fits(visitor)
    ask(visitor.page, "诸暨 2027 养老点", new_sites=5)
    plan = see_the_plan(visitor)
    see_what_zones_took(visitor.page)
    report = take_the_report(visitor.page, tmp_path)
    open_offline(visit(size=OFFICE), report)
    visitor.page.get_by_role("link", name="修改后再问").first.click()
    ask(visitor.page, "诸暨 2027 养老点，六处", new_sites=6)
    assert see_the_plan(visitor) > plan
    compare(visitor)
    on_the_phone = visit(size=PHONE)
    sign_in(on_the_phone, planner, SITING)
    expect(on_the_phone.page.get_by_role("heading", level=1, name="选址")).to_be_visible()
    fits(on_the_phone)
    on_the_phone.page.get_by_role("link", name="诸暨 2027 养老点", exact=True).click()
    expect(on_the_phone.page.locator("#small-map[data-map=idle]")).to_be_visible(timeout=PATIENCE_MS)
    fits(on_the_phone)


def ask(page: Page, name: str, *, new_sites: int) -> None:
    """Villages by their elderly people, candidates outside zones, what exists kept, a radius of 1,500 m."""
    page.get_by_label("方案名称").fill(name)
    page.get_by_label("新建点，最多（处）").fill(str(new_sites))
    page.get_by_label("服务半径（米）").fill("1500")
    page.get_by_label("按什么计").select_option("elderly")
    page.locator("#id_demand").select_option("villages")
    page.locator("#id_candidates").select_option("villages")
    page.locator("#id_division").select_option(ZHUJI)
    page.locator("#id_existing").select_option("home-care-centres")
    expect(page.locator("#id_existing_stay")).to_be_checked()
    page.get_by_role("button", name="开始选址").click()


def see_the_plan(visitor: Visitor) -> float:
    """The share of the elderly who are covered after it, in percent."""
    page = visitor.page
    expect(page.get_by_role("heading", name="方案", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".plan-standing")).to_contain_text("已证明最优")
    expect(page.locator("#small-map[data-map=idle]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("table.sites tbody tr").first).to_contain_text("新建")
    fits(visitor)
    shares = [float(text.removesuffix("%")) for text in page.locator(".before-after .figure").all_inner_texts()]
    assert shares[0] < shares[1]
    return shares[1]


def see_what_zones_took(page: Page) -> None:
    """The one candidate in a zone says which zone it is and which rule it cites."""
    zones = page.locator("section", has=page.get_by_role("heading", name="避让区域"))
    expect(zones).to_contain_text("未核查")
    zones.get_by_text("逐一列出被排除的候选点及原因").click()
    expect(zones.locator(".reasons li").first).to_contain_text("《殡葬管理条例》")


def take_the_report(page: Page, tmp_path: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name="报告（HTML）").click()
    path = tmp_path / "选址报告.html"
    coming.value.save_as(path)
    return path


def open_offline(visitor: Visitor, report: Path) -> None:
    """The file alone, without any network: its text, its tables and its map."""
    page = visitor.page
    page.context.set_offline(True)
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("诸暨 2027 养老点")
    expect(page.locator("body")).to_contain_text("已证明最优")
    expect(page.locator(".leaflet-container")).to_be_visible()
    expect(page.locator(".leaflet-overlay-pane svg path, .leaflet-overlay-pane canvas").first).to_be_attached()
    assert not [host for host in visitor.hosts if host]


def compare(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(visitor.address + SITING)
    for box in page.locator("input[name=problem]").all():
        box.check()
    page.get_by_role("button", name="比较所选").click()
    expect(page.locator("main")).to_contain_text("诸暨 2027 养老点，六处")
    expect(page.locator("#small-map[data-map=idle]")).to_be_visible(timeout=PATIENCE_MS)
    fits(visitor)


def test_a_question_that_cannot_be_taken_loses_nothing(visit: Visit, planner: str, tmp_path: Path) -> None:
    visitor = visit(size=OFFICE, fails=True)  # a form that is not taken has a status that the browser complains of
    page = visitor.page
    sign_in(visitor, planner, SITING)
    path = tmp_path / "点位.csv"
    path.write_bytes("名称,地址\n枫桥,某处\n".encode("gb18030"))
    page.get_by_label("方案名称").fill("错误的文件")
    page.locator("#id_demand_file").set_input_files(path)
    page.locator("#id_crs").select_option("EPSG:4490")
    page.get_by_role("button", name="开始选址").click()
    expect(page.get_by_role("alert").first).to_contain_text("经度")
    expect(page.get_by_label("方案名称")).to_have_value("错误的文件")
    fits(visitor)


def test_an_impossible_target_says_why_and_what_would_do(visit: Visit, planner: str) -> None:
    visitor = visit(size=OFFICE)
    page = visitor.page
    sign_in(visitor, planner, SITING)
    page.get_by_label("方案名称").fill("全覆盖")
    page.locator("#id_problem").select_option("cover_all")
    page.locator("#id_candidates").select_option("townships")
    page.get_by_label("服务半径（米）").fill("800")
    page.locator("#id_division").select_option(ZHUJI)
    page.get_by_role("button", name="开始选址").click()
    expect(page.get_by_role("alert").first).to_contain_text("最小半径", timeout=PATIENCE_MS)
    radius = re.search(r"最小半径为 ([\d,]+)", page.get_by_role("alert").first.inner_text())
    assert radius is not None
    page.get_by_label("服务半径（米）").fill(radius[1].replace(",", ""))
    page.get_by_role("button", name="开始选址").click()
    expect(page.get_by_role("heading", name="方案", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".before-after")).to_contain_text("100%")


def test_a_long_search_is_cancelled(visit: Visit, planner: str) -> None:
    visitor = visit(size=OFFICE)
    page = visitor.page
    sign_in(visitor, planner, SITING)
    page.get_by_label("方案名称").fill("全市")
    page.locator("#id_problem").select_option("least_mean")
    page.get_by_label("新建点，最多（处）").fill("60")
    page.get_by_role("button", name="开始选址").click()
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_role("heading", name="已取消")).to_be_visible(timeout=PATIENCE_MS)
    assert committed(lambda: SitingProblem.objects.get(name="全市").answer) is None
