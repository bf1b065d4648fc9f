"""Tiles and items a second through the web server, against pgbench running the same bare SQL.

Both sides ask for the same random places of the reference data with eight clients on the same machine, in turns.
The server is the one script/serve starts; pgbench sends the endpoint's own statement with its values written in,
prepared, without the look at the version that each request makes first.
"""

import os
import random
import re
import selectors
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import psycopg
from django.conf import settings
from django.db import connections

from bench import Row, compared
from layers import registry
from layers.access import PUBLIC
from layers.publish import asking, items, tiles
from layers.publish.extents import of as extent_of
from layers.publish.matrix import MATRIX, Tile, tile_at
from layers.publish.statements import DATABASE, Slot, Statement
from layers.rows import today

PROJECT = Path(__file__).resolve().parent.parent
CLIENTS = 8
PLACES = 40  # each is a script of pgbench's, which takes at most 128
PAIRS = 7
WARM_S, MEASURED_S = 3, 3
LARGEST_ANSWER = 4 << 20  # bytes
ZOOMS = (9, 11, 12, 13, 14, 15, 16)


@dataclass(frozen=True)
class Request:
    """The same question to the server and to the database."""

    path: str
    sql: str


def run() -> Iterator[Row]:
    kinds = {
        "tile of all layers": list(tile_requests()),
        "tile of the townships": list(township_tile_requests()),
        "page of 100 villages": list(page_requests("villages", reach_deg=2.0)),
        "items of a small box": list(page_requests("eco-burial-sites", reach_deg=0.1)),
    }
    with serving() as port:
        for name, requests in kinds.items():
            compare_answers(port, requests[0])
            pairs = []
            for number in range(PAIRS):
                if number % 2:  # in turns, so that neither side always has the warmer machine
                    peer = pgbench(requests)
                    pairs.append((load(port, requests), peer))
                else:
                    pairs.append((load(port, requests), pgbench(requests)))
            yield compared(name, "/s", "pgbench, bare SQL", pairs)


# What is asked


def places() -> Iterator[tuple[float, float]]:
    """Random places of the reference city, the same in every run."""
    chance = random.Random(330600)
    west, south, east, north = extent_of(registry.get("counties"), PUBLIC) or (119.8, 29.2, 121.3, 30.4)
    while True:
        yield chance.uniform(west, east), chance.uniform(south, north)


def tile_requests() -> Iterator[Request]:
    for number, place in zip(range(PLACES), places(), strict=False):
        tile = tile_at(*place, ZOOMS[number % len(ZOOMS)])
        yield Request(f"/api/tiles/{tile.zoom}/{tile.column}/{tile.row}.pbf", tile_sql(tiles.published_ids(), tile))


def township_tile_requests() -> Iterator[Request]:
    for number, place in zip(range(PLACES), places(), strict=False):
        tile = tile_at(*place, ZOOMS[number % len(ZOOMS)])
        path = f"/api/collections/townships/tiles/{MATRIX}/{tile.zoom}/{tile.row}/{tile.column}"
        yield Request(path, tile_sql(("townships",), tile))


def tile_sql(layer_ids: tuple[str, ...], tile: Tile) -> str:
    """The tile alone, without the version that the server reads with it."""
    return f"SELECT tile FROM ({written(tiles.statement(layer_ids, PUBLIC, tile.zoom), **tile.slots())}) AS drawn"


def page_requests(layer_id: str, *, reach_deg: float) -> Iterator[Request]:
    layer = registry.get(layer_id)
    for _number, (lon, lat) in zip(range(PLACES), places(), strict=False):
        edges = (lon - reach_deg, lat - reach_deg, lon + reach_deg, lat + reach_deg)
        bbox = ",".join(f"{edge:.4f}" for edge in edges)
        asked = asking.selection(layer, PUBLIC, {"bbox": bbox})
        statement = items._page_statement(asked.form, items.WHOLE)
        page = written(statement, **asked.slots, limit=100, one_more=101, offset=0)
        yield Request(f"/api/collections/{layer_id}/items?bbox={bbox}", page)


def written(statement: Statement, **values: object) -> str:
    """The statement with its values in it."""
    values.setdefault("on", today())
    filled = [values[param.name] if isinstance(param, Slot) else param for param in statement.params]
    connections[DATABASE].ensure_connection()
    return psycopg.ClientCursor(connections[DATABASE].connection).mogrify(statement.sql, filled)


# The database's side


def pgbench(requests: Iterable[Request]) -> float:
    """Questions answered a second."""
    about = settings.DATABASES[DATABASE]
    words = {"HOST": "-h", "PORT": "-p", "USER": "-U"}
    address = [part for key, option in words.items() if about[key] for part in (option, str(about[key]))]
    with tempfile.TemporaryDirectory() as folder:
        scripts = []
        for number, request in enumerate(requests):
            script = Path(folder) / f"{number}.sql"
            script.write_text(f"{request.sql};\n", encoding="utf-8")
            scripts += ["-f", str(script)]
        seconds = str(WARM_S + MEASURED_S)
        done = subprocess.run(
            [
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                str(CLIENTS),
                "-j",
                "2",
                "-T",
                seconds,
                "-P",
                "1",
                *address,
                *scripts,
                str(about["NAME"]),
            ],
            env=os.environ | {"PGPASSWORD": str(about["PASSWORD"]), "PGOPTIONS": str(about["OPTIONS"]["options"])},
            capture_output=True,
            text=True,
            check=True,
        )
    # The first seconds go into plans: each client makes one for every script.
    by_second = re.findall(r"^progress: ([\d.]+) s, ([\d.]+) tps", done.stderr, re.MULTILINE)
    steady = [float(rate) for second, rate in by_second if float(second) > WARM_S + 0.5]
    return sum(steady) / len(steady)


# The server's side


@contextmanager
def serving() -> Iterator[int]:
    """The port of the web server, started as script/serve starts it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["script/lib/run-process", "web", "127.0.0.1", str(port)],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _try in range(300):
            try:
                ask(port, "/healthz")
                break
            except (URLError, ConnectionError):
                time.sleep(0.1)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def ask(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        body: bytes = answer.read()
        return body


def load(port: int, requests: Sequence[Request], *, headers: str = "") -> float:
    """Questions answered a second by the server to eight clients that ask the next as soon as they have an answer."""
    return len(taken(port, requests, headers=headers)) / MEASURED_S


def taken(port: int, requests: Sequence[Request], *, headers: str = "") -> list[float]:
    """The seconds that each answer took.

    One thread without a library: on a shared machine the load must cost little, as pgbench's does.
    headers: lines sent with every request, each with a line feed at its end.
    """
    more = headers.replace("\n", "\r\n")
    asked = [f"GET {request.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode() for request in requests]
    chance = random.Random(1)
    waiting = selectors.DefaultSelector()
    for _client in range(CLIENTS):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(chance.choice(asked))
        waiting.register(client, selectors.EVENT_READ, Received())
    begin, took = time.monotonic() + WARM_S, []
    end = begin + MEASURED_S
    while (now := time.monotonic()) < end:
        for key, _events in waiting.select(timeout=1):
            client, received = key.fileobj, key.data
            assert isinstance(client, socket.socket)
            if received.is_whole(client):
                if now >= begin:
                    took.append(time.monotonic() - received.since)
                received.since = time.monotonic()
                client.sendall(chance.choice(asked))
    for key in list(waiting.get_map().values()):
        assert isinstance(key.fileobj, socket.socket)
        key.fileobj.close()
    return took


def in_turns(times: int, ours: Callable[[], float], theirs: Callable[[], float]) -> list[tuple[float, float]]:
    """Pairs of both measured one after the other, in turns, so that neither always has the warmer machine."""
    pairs = []
    for number in range(times):
        if number % 2:
            peer = theirs()
            pairs.append((ours(), peer))
        else:
            value = ours()
            pairs.append((value, theirs()))
    return pairs


class Received:
    """What one client has received of its answer, in memory that is used again."""

    def __init__(self) -> None:
        self.memory = bytearray(LARGEST_ANSWER)
        self.length, self.expected = 0, 0
        self.since = time.monotonic()

    def is_whole(self, client: socket.socket) -> bool:
        """Whether the answer is complete with what has come in. Raises AssertionError when it is a refusal."""
        self.length += client.recv_into(memoryview(self.memory)[self.length :])
        if not self.expected:
            self.expected = self._expected()
        if not self.expected or self.length < self.expected:
            return False
        self.length, self.expected = 0, 0
        return True

    def _expected(self) -> int:
        """The length of the whole answer, 0 while its head is not there."""
        head = self.memory.find(b"\r\n\r\n", 0, self.length)
        if head < 0:
            return 0
        status = self.memory[9:12]
        assert status in (b"200", b"204", b"304"), bytes(self.memory[:200])
        if status != b"200":
            return head + 4
        length = re.search(rb"\r\ncontent-length: (\d+)", self.memory[:head], re.IGNORECASE)
        assert length is not None, "an answer without a length"
        return head + 4 + int(length.group(1))


def compare_answers(port: int, request: Request) -> None:
    """Both sides are asked the same: the statement's answer is the server's, or part of it."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(request.sql.partition(";\n")[0].replace("%", "%%"), [])
        expected = bytes(cursor.fetchone()[0])
    body = ask(port, request.path)
    assert expected in body, request.path
