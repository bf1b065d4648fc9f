"""The two sides of a comparison: the web server that script/serve starts, and pgbench on the bare SQL.

Both are asked the same with eight clients on the same machine, in turns. pgbench sends the endpoint's own statement
with its values written in, prepared, without the look at the version that a request makes besides.
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
from statistics import quantiles
from urllib.error import URLError

import psycopg
from django.conf import settings
from django.db import connections

from layers import registry
from layers.access import PUBLIC
from layers.publish.extents import of as extent_of
from layers.publish.statements import DATABASE, Slot, Statement
from layers.rows import today

PROJECT = Path(__file__).resolve().parent.parent
CLIENTS = 8
WARM_S, MEASURED_S = 3, 4


@dataclass(frozen=True)
class Request:
    """The same question to the server and to the database."""

    path: str
    sql: str


@dataclass(frozen=True)
class Load:
    """What the server bore: answers a second, and how long the slowest in a hundred took."""

    rate: float
    p99_ms: float


def written(statement: Statement, **values: object) -> str:
    """The statement with its values in it."""
    values["on"] = today()
    filled = [values[param.name] if isinstance(param, Slot) else param for param in statement.params]
    connections[DATABASE].ensure_connection()
    return psycopg.ClientCursor(connections[DATABASE].connection).mogrify(statement.sql, filled)


def places() -> Iterator[tuple[float, float]]:
    """Random places of the reference city, the same in every run."""
    chance = random.Random(330600)
    west, south, east, north = extent_of(registry.get("counties"), PUBLIC) or (119.8, 29.2, 121.3, 30.4)
    while True:
        yield chance.uniform(west, east), chance.uniform(south, north)


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


def load(port: int, requests: Sequence[Request], *, headers: str = "") -> Load:
    """What the server bears of eight clients that ask the next as soon as they have an answer.

    One thread without a library: on a shared machine the load must cost little, as pgbench's does.
    headers: lines that end each in a line feed, sent with every request.
    """
    more = headers.replace("\n", "\r\n")
    asked = [f"GET {request.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode() for request in requests]
    chance = random.Random(1)
    waiting = selectors.DefaultSelector()
    for _client in range(CLIENTS):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(chance.choice(asked))
        waiting.register(client, selectors.EVENT_READ, (bytearray(), [time.monotonic()]))
    begin, took = time.monotonic() + WARM_S, []
    end = begin + MEASURED_S
    while (now := time.monotonic()) < end:
        for key, _events in waiting.select(timeout=1):
            client, (received, since) = key.fileobj, key.data
            assert isinstance(client, socket.socket)
            received += client.recv(1 << 20)
            if is_whole(received):
                received.clear()
                if now >= begin:
                    took.append(time.monotonic() - since[0])
                since[0] = time.monotonic()
                client.sendall(chance.choice(asked))
    for key in list(waiting.get_map().values()):
        assert isinstance(key.fileobj, socket.socket)
        key.fileobj.close()
    return Load(len(took) / MEASURED_S, quantiles(took, n=100)[-1] * 1e3)


def rate(port: int, requests: Sequence[Request], *, headers: str = "") -> float:
    """Answers a second."""
    return load(port, requests, headers=headers).rate


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


def is_whole(received: bytearray) -> bool:
    """Whether the answer is complete. Raises AssertionError when it is a refusal."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return False
    status = received[9:12]
    assert status in (b"200", b"204", b"304"), bytes(received[:200])
    if status != b"200":
        return True
    length = re.search(rb"\r\ncontent-length: (\d+)", received[:head], re.IGNORECASE)
    assert length is not None, "an answer without a length"
    return len(received) >= head + 4 + int(length.group(1))


def compare_answers(port: int, request: Request) -> None:
    """Both sides are asked the same: the statement's answer is the server's, or part of it."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(request.sql.partition(";\n")[0].replace("%", "%%"), [])
        expected = bytes(cursor.fetchone()[0])
    body = ask(port, request.path)
    assert expected in body, request.path
