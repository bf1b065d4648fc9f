"""A planner sees that a target is missed, finds the townships, opens the map there and takes the list along."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it has no types
import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from layers.coverage import audit, saved, targets
from layers.models import Audit, Change, Division, EcoBurialDesignation, EcoBurialSiteState
from layers.registry import Role
from layers.snapshots.records import Record
from tests.browser.portal import PATIENCE_MS, PHONE, Visit, Visitor
from tests.browser.test_account import sign_in
from tests.browser.test_imports import fits
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
PLANNING = "/planning/"
BEFORE, DAY = date(2021, 12, 31), date(2022, 12, 31)
ROW = "#target-eco-burial-township-provision"
LOST = 3  # townships, each of another county


@dataclass(frozen=True)
class Planner:
    """lost: the names of the townships that lost their only site."""

    name: str
    lost: list[str]


@pytest.fixture(scope="module")
def planner(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[Planner]:
    """A planner, when townships have lost the only site that served them; an audit of the year before, when
    fewer had one yet, is kept. All of it is gone at the end."""
    with django_db_blocker.unblock():
        user = account("sun", Role.PLANNER)
        saved.save(audit.run(targets.plan(BEFORE), Record(BEFORE)))
        last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        lonely = lonely_states()
        states = EcoBurialSiteState.objects.filter(pk__in=[state.pk for state in lonely])
        states.update(status="suspended")
        townships = Division.objects.filter(code__in=[state.site.township_claimed for state in lonely])
        yield Planner(user.username, sorted(townships.values_list("name", flat=True)))
        states.update(status="operating")
        Audit.objects.all().delete()
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE layers_change DISABLE TRIGGER USER")  # which nothing else may change
            cursor.execute("DELETE FROM layers_change WHERE id > %s", [last])
            cursor.execute("ALTER TABLE layers_change ENABLE TRIGGER USER")


def lonely_states() -> list[EcoBurialSiteState]:
    """States of sites that alone serve a township, each in another county."""
    operating = EcoBurialSiteState.objects.filter(status="operating", valid_from__lte=BEFORE).exclude(valid_to__lte=DAY)
    served = set(EcoBurialDesignation.objects.values_list("township", flat=True))
    claims = [state.site.township_claimed for state in operating.select_related("site")]
    found: dict[str, EcoBurialSiteState] = {}
    for state in operating.select_related("site").order_by("site__township_claimed"):
        township = state.site.township_claimed
        if claims.count(township) == 1 and township not in served:
            found.setdefault(township[:6], state)
    return list(found.values())[:LOST]


def drawn(visitor: Visitor) -> None:
    """Waits for the small map."""
    expect(visitor.page.locator("#small-map")).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)


def run_audit(visitor: Visitor) -> None:
    """Runs an audit of the day from the dashboard."""
    page = visitor.page
    page.get_by_label("考核日").fill(DAY.isoformat())
    page.get_by_role("button", name="运行考核").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{DAY} 的考核目标")


def test_planner_finds_the_townships_that_miss_the_target(visit: Visit, planner: Planner, tmp_path: Path) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor, planner.name, PLANNING)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{BEFORE} 的考核目标")
    expect(page.locator(ROW)).to_contain_text("92/103")
    run_audit(visitor)
    row = page.locator(ROW)
    expect(row).to_contain_text("97.0%")
    expect(row).to_contain_text("100/103")
    expect(row).to_contain_text("未达标")
    expect(row.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile(r"2021-12-31：92/103 .*2022-12-31：100/103")
    )
    fits(visitor)

    row.get_by_role("link").first.click()
    drawn(visitor)
    fits(visitor)
    listed = page.locator(".missing tbody tr")
    assert sorted(listed.locator("th").all_inner_texts()) == planner.lost
    with page.expect_download() as download:
        page.get_by_role("link", name="下载清单（CSV）").click()
    download.value.save_as(tmp_path / "missing.csv")
    rows = list(csv.DictReader((tmp_path / "missing.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert sorted(row["name"] for row in rows) == planner.lost

    name = listed.first.locator("th").inner_text()
    listed.first.get_by_role("link", name=f"地图 {name}").click()
    page.wait_for_selector("body[data-map=idle]", timeout=PATIENCE_MS)
    visitor.card(name)


def test_a_township_is_opened_from_the_map(visit: Visit, planner: Planner) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor, planner.name, PLANNING)
    expect(page.locator(".targets")).to_be_visible()
    run_audit(visitor)
    page.locator(ROW).get_by_role("link").first.click()
    drawn(visitor)
    page.locator("#small-map").click()
    page.wait_for_selector("body[data-map=idle]", timeout=PATIENCE_MS)
    expect(page.locator("#side").get_by_role("heading", level=2)).not_to_be_empty()


def test_planner_asks_what_lies_within_a_distance(visit: Visit, planner: Planner, tmp_path: Path) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor, planner.name, PLANNING)
    page.get_by_role("link", name="服务半径覆盖").click()
    fits(visitor)
    page.get_by_label("图层").select_option(label="居家养老服务中心")
    page.get_by_label("覆盖对象").select_option(label="村（社区）")
    page.get_by_label("县（市、区）").select_option(label="诸暨市")
    page.get_by_label("半径（米）").fill("2500")
    page.get_by_role("button", name="显示").click()
    drawn(visitor)
    fits(visitor)
    own = share(page)

    page.get_by_role("link", name="1,000 m").click()
    drawn(visitor)
    nearer = share(page)
    assert 0 < nearer[0] < own[0] < own[1] == nearer[1]
    expect(page.locator(".spreads")).to_have_attribute("aria-label", re.compile(r"中位距离从 [\d,]+ 米（.+）到 "))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载清单（CSV）").click()
    download.value.save_as(tmp_path / "uncovered.csv")
    rows = list(csv.DictReader((tmp_path / "uncovered.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == nearer[1] - nearer[0]
    assert {row["county"] for row in rows} == {"诸暨市"}
    assert min(float(row["distance_m"]) for row in rows) >= 1000

    listed = page.locator(".missing tbody tr").first
    name = listed.locator("th").inner_text()
    assert name == rows[0]["name"]
    listed.get_by_role("link", name=f"地图 {name}").click()
    page.wait_for_selector("body[data-map=idle]", timeout=PATIENCE_MS)
    visitor.card(name)


def share(page: Page) -> tuple[int, int]:
    """What is covered, and of how many."""
    covered, every = page.locator(".head-fraction").inner_text().replace(",", "").split("/")
    return int(covered), int(every)


@pytest.mark.parametrize("of", ["townships", "villages", "people", "doorplates"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_page_of_reach_fits_a_telephone(visit: Visit, planner: Planner, locale: str, of: str) -> None:
    visitor = visit(size=PHONE, locale=locale)
    sign_in(visitor, planner.name, f"{PLANNING}reach/?layer=home-care-centres&within=3000&of={of}")
    drawn(visitor)
    fits(visitor)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_pages_fit_a_telephone(visit: Visit, planner: Planner, locale: str) -> None:
    visitor = visit(size=PHONE, locale=locale)
    page = visitor.page
    sign_in(visitor, planner.name, PLANNING)
    expect(page.locator(".targets")).to_be_visible()
    fits(visitor)
    page.locator(ROW).get_by_role("link").first.click()
    drawn(visitor)
    fits(visitor)


def test_the_dashboard_is_printed_on_a_sheet(visit: Visit, planner: Planner, tmp_path: Path) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor, planner.name, PLANNING)
    expect(page.locator(".targets")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".controls")).to_be_hidden()
    expect(page.locator(ROW)).to_be_visible()
    page.pdf(path=tmp_path / "targets.pdf", prefer_css_page_size=True)
    sheet, *_more = pdfium.PdfDocument(tmp_path / "targets.pdf")
    assert [round(side / 72 * 25.4) for side in sheet.get_size()] == [420, 297]
