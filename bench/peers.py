"""GeoJSON pages and tiles of 2,000,000 doorplates by the portal, by the database alone, and by other servers.

All read the same table on the same machine, one after the other in turns, with eight clients. A page is one of 1,000
features somewhere in the register; deep pages are those of the portal's own ``next`` links.
"""

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from bench import Row, _peer_servers, compared
from bench._peer_servers import make_view, pygeoapi, stock, tipg
from bench.doorplates import city
from bench.serving import CLIENTS, Request, load, pgbench, places, serving, written
from layers import registry
from layers.access import PUBLIC
from layers.publish import asking, items
from layers.publish.matrix import tile_at

PAIRS = 7
PAGE = 1_000
DEEP = 1_000 * PAGE
PEER_S = 6
TILES = 40
Server = Callable[[], AbstractContextManager[int]]


def run() -> Iterator[Row]:
    with city():
        make_view()
        with serving() as port:
            pages = [page_request(after) for after in range(0, DEEP, DEEP // 20)]
            yield against_database("page of 1,000, GeoJSON", port, pages)
            yield deep_pages(port)
            for name, server, path in PAGE_PEERS:
                yield against(name, f"{name}, page of {PAGE:,}", port, [page.path for page in pages], server, path)
            zooms = [tile_at(*place, zoom) for place, zoom in zip(places(), (15, 16, 17) * TILES, strict=False)][:TILES]
            ours = [f"/api/collections/doorplates/tiles/WebMercatorQuad/{t.zoom}/{t.row}/{t.column}" for t in zooms]
            for name, server, template in TILE_PEERS:
                theirs = [template.format(z=t.zoom, x=t.column, y=t.row) for t in zooms]
                yield against(name, f"{name}, tiles z15–17", port, ours, server, theirs)


TABLE = f"public.{_peer_servers.VIEW}"
PAGE_PEERS: tuple[tuple[str, Server, str], ...] = (
    ("tipg", tipg, f"/collections/{TABLE}/items?limit={PAGE}&offset={{offset}}"),
    ("pygeoapi", pygeoapi, f"/collections/doorplates/items?f=json&limit={PAGE}&offset={{offset}}"),
    ("djangorestframework-gis", stock, f"/items?limit={PAGE}&offset={{offset}}"),
)
TILE_PEERS: tuple[tuple[str, Server, str], ...] = (
    ("tipg", tipg, f"/collections/{TABLE}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}"),
    ("stock Django", stock, "/tiles/{z}/{x}/{y}"),
)


def page_request(after: int) -> Request:
    given = {"limit": str(PAGE), **({"cursor": str(after)} if after else {})}
    asked = asking.selection(registry.get("doorplates"), PUBLIC, given)
    statement = items._page_statement(asked.form, items.WHOLE)
    sql = written(statement, **asked.slots, limit=PAGE, one_more=PAGE + 1, offset=0)
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return Request(f"/api/collections/doorplates/items?{query}", sql)


def against_database(name: str, port: int, requests: list[Request]) -> Row:
    pairs = []
    for number in range(PAIRS):
        sides = [lambda: load(port, requests), lambda: pgbench(requests)]
        measured = [sides[side]() for side in ((0, 1) if number % 2 else (1, 0))]
        pairs.append(tuple(measured) if number % 2 else (measured[1], measured[0]))
    return compared(name, "/s", "pgbench, bare SQL", pairs)


def deep_pages(port: int) -> Row:
    first, deep = [page_request(0)], [page_request(DEEP)]
    pairs = [(load(port, deep), load(port, first)) for _number in range(PAIRS)]
    return compared("page 1,000", "/s", "page 1", pairs)


def against(peer: str, name: str, port: int, ours: list[str], server: Server, theirs: str | list[str]) -> Row:
    paths = (
        [theirs.format(offset=offset) for offset in range(0, DEEP, DEEP // 20)] if isinstance(theirs, str) else theirs
    )
    requests = [Request(path, "") for path in ours]
    with server() as other:
        pairs = [(load(port, requests), rate(other, paths)) for _number in range(PAIRS)]
    return compared(name, "/s", peer, pairs)


def rate(port: int, paths: list[str]) -> float:
    """Answers a second to eight clients; the time of the last ones counts too, for some take seconds."""
    counts = [0] * CLIENTS
    began = time.perf_counter()

    def ask(number: int) -> None:
        chance = random.Random(number)
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while time.perf_counter() - began < PEER_S:
            client.request("GET", chance.choice(paths))
            answer = client.getresponse()
            body = answer.read()
            assert answer.status in (200, 204), (answer.status, body[:300])
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)
