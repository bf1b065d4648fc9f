"""200 people look at the map for five minutes: errors, times of answers, and what the server keeps of memory and
connections.

Each person loads a view of twelve tiles, six at once as a browser does, looks at it for a while, then moves on, opens a
feature, searches, or asks what is near; nothing is kept by a cache in front. ``BENCH_SESSION_S`` shortens the time.
"""

import asyncio
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from django.db import connections

from bench.doorplates import city
from bench.serving import places, serving
from layers.publish.matrix import tile_at

PEOPLE = 200
SECONDS = int(os.environ.get("BENCH_SESSION_S", "300"))
LOOKS_S = (4.0, 12.0)  # at a view, before the next
AT_ONCE = 6  # connections of a browser to one server
SEARCHES = ("山", "fengqiao", "解放路", "养老", "kuaiji", "越城")
SITES = ("eco-burial-sites", "home-care-centres", "funeral-homes", "marriage-registries")
LIMIT_MS = 500
Place = tuple[float, float]


@dataclass
class Seen:
    """times_ms by what was asked; statuses of answers."""

    times_ms: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def note(self, kind: str, status: int, began: float) -> None:
        self.times_ms.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
        self.statuses[status] += 1


def main() -> None:
    with city(), serving() as port:
        looked_at = [place for _number, place in zip(range(500), places(), strict=False)]
        asyncio.run(sessions(port, looked_at))


async def sessions(port: int, looked_at: list[Place]) -> None:
    seen, over = Seen(), asyncio.Event()
    people = [
        asyncio.create_task(person(port, random.Random(number), looked_at, seen, over)) for number in range(PEOPLE)
    ]
    await asyncio.sleep(min(60, SECONDS / 5))  # until every worker has met every kind of request
    before, later = await kept(port), []
    began = time.perf_counter()
    seen.times_ms.clear()
    while time.perf_counter() - began < SECONDS:
        await asyncio.sleep(min(30, SECONDS / 5))
        later.append(await kept(port))
    over.set()
    await asyncio.gather(*people)
    report(seen, before, later, time.perf_counter() - began)


def report(seen: Seen, before: tuple[int, int], later: list[tuple[int, int]], took_s: float) -> None:
    print("| Asked | Number | p50 ms | p99 ms |\n|---|---|---|---|")
    everything = [time_ms for times in seen.times_ms.values() for time_ms in times]
    for kind, times in [*sorted(seen.times_ms.items()), ("all", everything)]:
        centiles = quantiles(times, n=100)
        print(f"| {kind} | {len(times):,} | {centiles[49]:.1f} | {centiles[98]:.1f} |")
    print(
        f"\n{len(everything) / took_s:.0f} answers a second to {PEOPLE} people for {took_s:.0f} s; by status: {dict(seen.statuses)}"
    )
    print(
        f"server's memory {before[0]} MB at first, {later[-1][0]} MB at the end, {max(one[0] for one in later)} MB at most"
    )
    print(
        f"connections to the database {before[1]} at first, {later[-1][1]} at the end, {max(one[1] for one in later)} at most"
    )
    assert set(seen.statuses) <= {200, 204}, seen.statuses
    assert quantiles(everything, n=100)[98] < LIMIT_MS


async def person(port: int, chance: random.Random, looked_at: list[Place], seen: Seen, over: asyncio.Event) -> None:
    lines = [Line(port) for _line in range(AT_ONCE)]
    await asyncio.sleep(chance.uniform(0, LOOKS_S[1]))
    while not over.is_set():
        asked = list(view(chance, chance.choice(looked_at)))
        for start in range(0, len(asked), AT_ONCE):
            part = asked[start : start + AT_ONCE]
            await asyncio.gather(*(line.ask(kind, path, seen) for line, (kind, path) in zip(lines, part, strict=False)))
        await asyncio.sleep(chance.uniform(*LOOKS_S))
    for line in lines:
        line.close()


def view(chance: random.Random, place: Place) -> Iterator[tuple[str, str]]:
    """What a browser asks for to show a place: twelve tiles, and one thing besides."""
    lon, lat = place
    tile = tile_at(lon, lat, chance.choice((9, 11, 12, 13, 14, 15, 16, 17)))
    for across in range(4):
        for down in range(3):
            yield "tile", f"/api/tiles/{tile.zoom}/{tile.column + across}/{tile.row + down}.pbf"
    layer = chance.choice(SITES)
    match chance.randrange(4):
        case 0:
            yield "search", f"/api/search?q={quote(chance.choice(SEARCHES))}"
        case 1:
            box = f"{lon - 0.05:.1f},{lat - 0.05:.1f},{lon + 0.1:.1f},{lat + 0.1:.1f}"
            yield "items in a box", f"/api/collections/{layer}/items?bbox={box}"
        case 2:
            yield "page of a layer", f"/api/collections/{layer}/items?limit=20"
        case 3:
            yield "collection", f"/api/collections/{layer}"


class Line:
    """One connection of a browser, kept between requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, kind: str, path: str, seen: Seen) -> None:
        """Asks again on a new connection when the server has ended the kept one meanwhile, as browsers do."""
        began = time.perf_counter()
        was_kept = self.writer is not None
        try:
            status = await self._status(path)
        except (asyncio.IncompleteReadError, ConnectionError):
            if not was_kept:
                raise
            self.close()
            self.writer = None
            status = await self._status(path)
        seen.note(kind, status, began)

    async def _status(self, path: str) -> int:
        """The status of an answer that was read to its end."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head[9:12])
        length = head.partition("content-length: ")[2].partition("\r\n")[0]
        if length:
            await self.reader.readexactly(int(length))
        return status

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


async def kept(port: int) -> tuple[int, int]:
    """The server's memory in MB, and how many connections the database has."""
    return memory_mb(port), await asyncio.to_thread(connected)


def memory_mb(port: int) -> int:
    """Of the server and its workers, what each has for itself."""
    parents, kilobytes, own = {}, {}, set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parents[process.name] = process.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            kilobytes[process.name] = int(re.search(r"RssAnon:\s+(\d+)", process.joinpath("status").read_text())[1])
            if f"--port\0{port}\0".encode() in process.joinpath("cmdline").read_bytes():
                own.add(process.name)
        except (FileNotFoundError, ProcessLookupError, TypeError):
            continue  # it ended while we looked, or is one of the kernel's
    return sum(size for name, size in kilobytes.items() if name in own or parents[name] in own) // 1024


def connected() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        number: int = cursor.fetchone()[0]
    connections["default"].close()
    return number
