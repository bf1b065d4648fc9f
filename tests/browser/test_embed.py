"""The map in a page of somebody else's: from another origin, with its notices, and no cookie."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.browser.portal import PATIENCE_MS, Visit

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

VIEW = "#map=12.50/29.98764/120.58741&amp;layers=home-care-centres"


@pytest.fixture
def foreign(portal: str) -> Iterator[str]:
    """The address of a page that is not the portal's, with the map in a frame."""
    html = f'<!doctype html><title>Theirs</title><iframe id="theirs" width="640" height="480" src="{portal}/embed?lang=zh-Hans{VIEW}"></iframe>'
    refused = f'<!doctype html><title>Theirs</title><iframe id="theirs" src="{portal}/"></iframe>'

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = {"/": html, "/refused": refused}.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_of_others_shows_the_map(visit: Visit, foreign: str) -> None:
    visitor = visit(fails=True)  # the foreign page is another host, and has no icon
    page = visitor.page
    page.goto(foreign)
    frame = page.frame_locator("#theirs")
    expect(frame.locator("body[data-map=idle]")).to_be_visible(timeout=PATIENCE_MS)
    expect(frame.locator("#approval")).to_contain_text("审图号")
    expect(frame.get_by_text("示意边界")).to_be_visible()
    canvas = frame.locator("#map canvas")
    canvas.click(position={"x": 320, "y": 205})
    expect(frame.locator("#card-name")).to_have_text("塔山街道居家养老服务中心（演示）", timeout=PATIENCE_MS)
    with page.expect_popup() as opened:
        frame.get_by_role("link", name="在平台中打开").click()
    portal = opened.value
    assert portal.url.startswith(f"{visitor.address}/?lang=zh-Hans#map=")
    assert "feature=home-care-centres/demo-care-330602001-1" in portal.url
    assert page.context.cookies() == []


def test_no_other_page_of_the_portal_stands_in_a_frame(visit: Visit, foreign: str) -> None:
    visitor = visit(fails=True)
    visitor.page.goto(f"{foreign}/refused")
    visitor.page.wait_for_timeout(500)
    assert any("frame" in complaint.lower() for complaint in visitor.complaints)


def test_the_embedded_map_can_be_used_by_everybody(visit: Visit) -> None:
    visitor = visit(size=(400, 300))
    visitor.open(f"/embed?lang=en{VIEW.replace('&amp;', '&')}&panel=measure&view=list")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.violations() == []
    visitor.page.locator("#map canvas").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#card-name")).to_be_focused()
    assert visitor.violations() == []
