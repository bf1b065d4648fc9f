"""A report of an audit, opened by somebody without a network."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from layers.coverage.reports import page
from layers.models import Division
from tests.browser.portal import AXE, AXE_RUN, OFFICE
from tests.layers.coverage.reports.documents import audit, counted, evidence, missing, target, unknown

DAY = date(2022, 12, 31)
REASON = '境内没有安葬点 <img src="https://example.org/x.png">'


@pytest.fixture(scope="module")
def report(django_db_blocker: DjangoDbBlocker, portal: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an audit over the townships of the reference data, two of which are missing."""
    with django_db_blocker.unblock():
        codes = list(
            Division.objects.filter(level="township", valid_to=None).values_list("code", "name").order_by("code")
        )
        gaps = [missing(code, REASON, name=name) for code, name in codes[:2]]
        sites = [evidence("one", "999901001", place=[120.9, 29.6]), evidence("two", "999901001", demonstration=True, place=[120.3, 29.6])]  # fmt: skip
        first = target(denominator=len(codes), numerator=len(codes) - 2, missing=gaps, evidence=sites, evidence_total=2)
        with translation.override("zh-hans"):
            content = page.as_html(audit(first, counted(), unknown()))
    path = tmp_path_factory.mktemp("report") / "audit.html"
    path.write_bytes(content)
    return path


@pytest.fixture
def opened(chromium: Browser, report: Path) -> Iterator[Page]:
    """The page in a browser without a network; it asked for nothing but itself, and complained of nothing."""
    context = chromium.new_context(viewport={"width": OFFICE[0], "height": OFFICE[1]}, offline=True)
    found = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    found.on("request", lambda request: asked.append(request.url))
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("console", lambda message: complaints.append(message.text))
    found.goto(report.as_uri())
    yield found
    context.close()
    assert [address for address in asked if not address.startswith("data:")] == [report.as_uri()]
    assert complaints == []


def test_the_figures_are_there_without_a_network(opened: Page) -> None:
    expect(opened.get_by_role("heading", level=1)).to_have_text("目标考核报告")
    row = opened.locator("table.targets tbody tr").first
    expect(row).to_contain_text("✗ 未达标")
    expect(opened.get_by_role("img", name="分县（市、区）").first).to_be_visible()
    expect(opened.locator("table.missing").first).to_contain_text(REASON)


def test_the_map_shows_what_is_missing_and_why(opened: Page) -> None:
    gaps = opened.locator('.map path[fill="url(#missing-fill)"]')
    expect(gaps).to_have_count(2)
    expect(opened.locator('.map path[fill="#17507a"]')).to_have_count(1)
    gaps.first.click(force=True)
    expect(opened.locator(".leaflet-popup-content")).to_contain_text(REASON)
    opened.get_by_label("目标", exact=True).select_option(label="社工站覆盖率")
    expect(gaps).to_have_count(0)
    expect(opened.locator('.map path[fill="#17507a"]')).to_have_count(0)


def test_it_has_no_violations(opened: Page) -> None:
    opened.evaluate(AXE.read_text())
    assert opened.evaluate(AXE_RUN) == []


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_it_is_printed_no_wider_than_the_paper(opened: Page, paper: str) -> None:
    opened.emulate_media(media="print")
    width_px = {"A3": 1122, "A4": 794}[paper] - 2 * 53  # at 96 dots an inch, without the margins
    opened.set_viewport_size({"width": width_px, "height": 1000})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width_px
    assert opened.pdf(format=paper).startswith(b"%PDF")
    expect(opened.locator(".leaflet-control-zoom")).to_be_hidden()
