"""Downloads through the real web server: they stream, they are few, and whoever hangs up leaves nothing behind."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from django.db import connection

from tests.layers.publish.test_export_command import committed_url

PROJECT = Path(__file__).parents[2]
VILLAGES = "/api/collections/villages/items?f=csv&lang=en"
TILE = "/api/collections/counties/tiles/WebMercatorQuad/8/105/213"
STATES = """
    SELECT state FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()
"""
READERS = 2

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[int]:
    """The port of one web process with four threads, as run-process starts them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--workers", "1"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            *options,
            "--blocking-threads",
            "4",
            "tests.gis_portal.wide_downloads:application",
        ],
        cwd=PROJECT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": committed_url()},
    )
    try:
        wait_for(lambda: is_up(port))
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_up(port: int) -> bool:
    try:
        return fetch(port, "/healthz")[0] == 200
    except (URLError, ConnectionError):
        return False


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "did not come about in a minute"
        time.sleep(0.1)


def fetch(port: int, path: str) -> tuple[int, Any, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        return error.code, error.headers, error.read()


def begin(port: int) -> socket.socket:
    """A client that reads the beginning of a download and then no more."""
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(f"GET {VILLAGES} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert client.recv(15) == b"HTTP/1.1 200 OK"
    return client


def states() -> list[str]:
    """What the other connections of this database are doing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(STATES)
        return [state for (state,) in cursor.fetchall()]


def in_transactions() -> int:
    return sum(state != "idle" for state in states())


def test_downloads_stream_and_leave_threads_to_others(server: int) -> None:
    status, headers, body = fetch(server, VILLAGES)
    assert (status, headers["Transfer-Encoding"], headers["Content-Length"]) == (200, "chunked", None)
    assert body.count(b"\r\n") > 2000
    assert len(body) > 20 << 20
    wait_for(lambda: in_transactions() == 0)
    stalled = [begin(server), begin(server)]
    wait_for(lambda: in_transactions() == 2 * READERS)
    refused, headers, said = fetch(server, VILLAGES)
    assert (refused, headers["Retry-After"], headers["Content-Type"]) == (503, "10", "application/problem+json")
    assert b"As many downloads are under way" in said
    for _time in range(8):
        assert fetch(server, TILE)[0] == 200
    for client in stalled:
        client.close()
    wait_for(lambda: in_transactions() == 0)
    again = fetch(server, VILLAGES)[2]
    assert sorted(again.split()) == sorted(body.split())


def test_many_clients_that_hang_up_cost_neither_worker_nor_connection(server: int) -> None:
    fetch(server, TILE)
    before = len(states())
    for _time in range(6):
        begin(server).close()
        wait_for(lambda: in_transactions() == 0)
    wait_for(lambda: len(states()) <= before + 4)  # one for each thread, at most
    assert fetch(server, VILLAGES)[0] == 200
