"""The public map in a real Chromium over a city of 2,000,000 doorplates: how soon it is there, how a pan goes, what it keeps.

Each visitor has a fresh browser on this machine, without a graphics card: SwiftShader draws the map on the processor, so
that a machine with one is faster. Measured with the processor as it is, and noted beside it with the processor four times
slower, as an old office computer's. ``BENCH_MAP_VISITS``, ``BENCH_MAP_PANS`` shorten the run.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Request, ViewportSize, sync_playwright

from bench import Row
from bench.doorplates import city
from bench.serving import places, serving

CHROMIUM = "/usr/bin/chromium"  # script/test installs it
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
SCREEN = ViewportSize(width=1366, height=768)
VISITS = int(os.environ.get("BENCH_MAP_VISITS", "5"))
PANS = int(os.environ.get("BENCH_MAP_PANS", "200"))
WARM_PANS = 40  # before memory is looked at for the first time
SLOW = 4  # times
ZOOMS = (11, 13, 15, 16.5)
PATIENCE_MS = 120_000
FIRST_PAINT_MS, TILES_MS, TRANSFER_KB, GROWTH_MB = 1_500, 200, 1_000, 10

# Notes when the map has come and to rest, and what kept the page from answering for longer than 50 ms.
WATCH = """
  window.noted = { long: [] };
  const look = () => {
    const state = document.body?.dataset.map;
    if (state) noted[state] ??= performance.now();
    if (state !== "idle") requestAnimationFrame(look);
  };
  look();
  new PerformanceObserver((list) => noted.long.push(...list.getEntries().map((entry) => [entry.startTime, entry.duration])))
    .observe({ type: "longtask", buffered: true });
"""
NOTED = """async () => {
  while (!noted.idle) await new Promise(requestAnimationFrame);
  return { ...noted, paint: performance.getEntriesByName("first-contentful-paint")[0].startTime };
}"""
# From the pan to the first frame that has all its tiles, in milliseconds.
PAN = """async ([lon, lat, zoom]) => {
  const { map } = await import("/static/portal/js/main.js");
  const drawn = map().map;
  const began = performance.now();
  drawn.jumpTo({ center: [lon, lat], zoom });
  await new Promise((resolve) => {
    const look = () => {
      if (!drawn.areTilesLoaded()) return;
      drawn.off("render", look);
      resolve();
    };
    drawn.on("render", look);
  });
  return performance.now() - began;
}"""

View = tuple[float, float, float]


@dataclass(frozen=True)
class Opened:
    """One first visit, in milliseconds from its beginning; blocked_ms: what long tasks took beyond 50 ms each."""

    paint_ms: float
    ready_ms: float
    idle_ms: float
    blocked_ms: float
    transfer_kb: float


@dataclass(frozen=True)
class Panned:
    """shown_ms: of each pan until all its tiles are drawn; tiles_ms: of each tile. heap_mb, nodes: after warming up and in the end."""

    shown_ms: list[float]
    tiles_ms: list[float]
    heap_mb: tuple[float, float]
    nodes: tuple[int, int]


def run() -> Iterator[Row]:
    with city(), serving() as port:
        looked_at = list(views())  # before a browser is there, beside which Django refuses its database
        yield from _rows_of(f"http://127.0.0.1:{port}/", looked_at)


def views() -> Iterator[View]:
    """Longitude, latitude and zoom of each pan, the same in every run."""
    chance = random.Random(330600)
    for _number, place in zip(range(WARM_PANS + PANS), places(), strict=False):
        yield *place, chance.choice(ZOOMS)


def _rows_of(address: str, looked_at: list[View]) -> Iterator[Row]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        _opened(browser, address, slower=1)  # the server has read its data
        for slower in (1, SLOW):
            visits = [_opened(browser, address, slower=slower) for _visit in range(VISITS)]
            panned = _panned(browser, address, looked_at, slower=slower)
            yield from _rows(visits, panned, slower)
        browser.close()


def _rows(visits: list[Opened], panned: Panned, slower: int) -> Iterator[Row]:
    """Limits hold for the processor as it is; what has none is compared with itself."""
    beside = "" if slower == 1 else f", processor {slower} times slower"

    def row(name: str, value: float, unit: str, limit: float | None = None) -> Row:
        if limit is None or slower > 1:
            return Row(f"{name}{beside}", value, unit, value, "noted", 1.0)
        return Row(f"{name}{beside}", value, unit, limit, "limit", value / limit)

    yield row("first contentful paint", median(one.paint_ms for one in visits), "ms", FIRST_PAINT_MS)
    yield row("map drawn first", median(one.ready_ms for one in visits), "ms", FIRST_PAINT_MS)
    yield row("map idle", median(one.idle_ms for one in visits), "ms")
    yield row("main thread blocked until idle", median(one.blocked_ms for one in visits), "ms")
    yield row("transfer until idle", median(one.transfer_kb for one in visits), "kB", TRANSFER_KB)
    yield row("tiles asked for a pan", len(panned.tiles_ms) / len(panned.shown_ms), "")
    yield row("a tile, 95th percentile", quantiles(panned.tiles_ms, n=20)[18], "ms", TILES_MS)
    yield row("a pan until its tiles are drawn, 95th percentile", quantiles(panned.shown_ms, n=20)[18], "ms")
    growth = panned.heap_mb[1] - panned.heap_mb[0]
    yield row(f"memory of the page after {WARM_PANS} pans", panned.heap_mb[0], "MB")
    yield row(f"memory that {PANS} more pans add", growth, "MB", GROWTH_MB)
    yield row(f"elements of the page that {PANS} more pans add", panned.nodes[1] - panned.nodes[0], "")


@contextmanager
def _visitor(browser: Browser, slower: int) -> Iterator[tuple[Page, CDPSession]]:
    """A page with nothing in its cache."""
    context = browser.new_context(viewport=SCREEN, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(WATCH)
    inspector = context.new_cdp_session(page)
    inspector.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    yield page, inspector
    context.close()


def _opened(browser: Browser, address: str, *, slower: int) -> Opened:
    with _visitor(browser, slower) as (page, _inspector):
        asked = _asked(page)
        _open(page, address)
        noted = page.evaluate(NOTED)
        sizes = [request.sizes() for request in asked]
        received = sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)
        blocked = sum(duration - 50 for began, duration in noted["long"] if began < noted["idle"])
        return Opened(noted["paint"], noted["ready"], noted["idle"], blocked, received / 1000)


def _panned(browser: Browser, address: str, looked_at: list[View], *, slower: int) -> Panned:
    with _visitor(browser, slower) as (page, inspector):
        _open(page, address)
        for place in looked_at[:WARM_PANS]:
            page.evaluate(PAN, place)
        before, asked = _kept(inspector), _asked(page)
        shown_ms = [page.evaluate(PAN, place) for place in looked_at[WARM_PANS:]]
        after = _kept(inspector)
        tiles_ms = [request.timing["responseEnd"] for request in asked if "/tiles/" in request.url]
    return Panned(shown_ms, tiles_ms, (before[0], after[0]), (before[1], after[1]))


def _asked(page: Page) -> list[Request]:
    """What the page and its workers ask for from now on, once it is answered."""
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    return asked


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("body[data-map=idle]")


def _kept(inspector: CDPSession) -> tuple[float, int]:
    """MB of the script's heap and the number of elements, after the rubbish is collected."""
    inspector.send("HeapProfiler.collectGarbage")
    inspector.send("Performance.enable")
    metrics: dict[str, Any] = {one["name"]: one["value"] for one in inspector.send("Performance.getMetrics")["metrics"]}
    return metrics["JSHeapUsedSize"] / 1e6, int(metrics["Nodes"])
