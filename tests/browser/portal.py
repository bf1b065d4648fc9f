"""A person at the portal: a page of a real browser, with what it asked for and what it complained about."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from playwright.sync_api import Locator, Page, expect

from tests.people import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "docs/screenshots"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
PATIENCE_MS = 60_000  # the map is drawn by software here

OFFICE = (1366, 768)
PHONE = (360, 740)
SHAOXING = (120.58, 30.0)

SETTLED = """async () => {
  const { map } = await import("/static/portal/js/main.js");
  const drawn = map()?.map;
  if (drawn && (!drawn.loaded() || drawn.isMoving() || !drawn.areTilesLoaded())) await drawn.once("idle");
}"""
DRAWN = """async (layer) => {
  const { map } = await import("/static/portal/js/main.js");
  const drawn = map().map;
  const parts = drawn.getStyle().layers.filter((part) => part.metadata?.layer === layer).map((part) => part.id);
  const inView = ({ geometry }) => geometry.type !== "Point" || drawn.getBounds().contains(geometry.coordinates);
  const found = drawn.queryRenderedFeatures({ layers: parts }).filter(inView);
  return found.map(({ layer, properties }) => [layer.id, properties.name]);
}"""
AXE_RUN = """async () => {
  const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  return violations.map(({ id, impact, nodes }) => [impact, id, nodes.map((node) => node.html).slice(0, 5)]);
}"""


@dataclass
class Visitor:
    page: Page
    address: str
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    def open(self, path: str = "/") -> "Visitor":
        self.page.goto(self.address + path)
        self.page.wait_for_selector("body[data-map=idle], body[data-map=none]", timeout=PATIENCE_MS)
        return self

    def settle(self) -> "Visitor":
        """Waits until the map stands still and is drawn."""
        self.page.evaluate(SETTLED)
        return self

    def drawn(self, layer: str) -> list[tuple[str, str]]:
        """What the map shows of a layer: the part of the style and the feature's name."""
        self.settle()
        return [(part, name) for part, name in self.page.evaluate(DRAWN, layer)]

    def search(self, text: str) -> Locator:
        """Types into the search box; the suggestions."""
        self.page.get_by_role("combobox").fill(text)
        options = self.page.get_by_role("option")
        expect(options.first).to_be_visible(timeout=PATIENCE_MS)
        return options

    def card(self, name: str) -> Locator:
        """The card, once it shows the feature of that name."""
        side = self.page.locator("#side")
        expect(side.get_by_role("heading", level=2)).to_have_text(name, timeout=PATIENCE_MS)
        return side

    def said(self) -> Locator:
        return self.page.locator("#status")

    def picture(self, name: str) -> None:
        """Takes a screenshot for the documentation when UPDATE_SCREENSHOTS=1; else leaves the tree as it is."""
        if os.environ.get("UPDATE_SCREENSHOTS") == "1":
            self.settle()
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def violations(self) -> list[object]:
        """What axe-core finds wrong with the page as it is now."""
        self.page.evaluate(AXE.read_text())
        found: list[object] = self.page.evaluate(AXE_RUN)
        return found


Visit = Callable[..., Visitor]


def sign_in(visitor: Visitor, name: str, path: str = "/account/", password: str = PASSWORD) -> None:
    """As one does with a keyboard alone: the name is where the cursor stands."""
    page = visitor.page
    page.goto(visitor.address + path)
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def fits(visitor: Visitor) -> None:
    """The page is no wider than the screen, and axe-core finds nothing wrong with it."""
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = visitor.violations()
    assert found == [], found


def committed(do: Callable[[], Any]) -> Any:
    """What is done, on a connection of its own, so that the portal sees it."""

    def done() -> Any:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(done).result()
