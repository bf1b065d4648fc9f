"""How long the first set-up took, step by step, and how long a later ``script/serve`` takes to answer.

Every step of ``script/setup`` and ``script/serve`` notes its time in ``var/log/steps.tsv``, so the first
column is of the set-up that made this very tree: for the figures of a bare machine, clone there and run
``script/setup && script/bench setup_time``.
"""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

PROJECT = Path(__file__).resolve().parent.parent
STEPS = PROJECT / "var/log/steps.tsv"
LIMIT_S = 10.0


def seconds_by_step(notes: str) -> dict[str, list[float]]:
    """Seconds of each run of each step, in the order of the first run."""
    found: dict[str, list[float]] = {}
    for line in notes.splitlines():
        name, milliseconds = line.split("\t")
        found.setdefault(name, []).append(int(milliseconds) / 1000)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def is_answering(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def seconds_until_it_answers() -> float:
    """Starts the portal on a free port, and stops it once it has answered.

    Raises TimeoutError if it does not within a minute.
    """
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        ["script/serve"],
        cwd=PROJECT,
        env=os.environ | {"PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not is_answering(port):
            if process.poll() is not None or time.monotonic() - began > 60:
                raise TimeoutError("script/serve did not answer; its logs are in var/log")
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def main() -> None:
    first = {name: max(runs) for name, runs in seconds_by_step(STEPS.read_text()).items()}
    total = sum(first.values())
    later = seconds_until_it_answers()
    print("Set-up of this tree, each step at its longest:")
    for name, took in first.items():
        print(f"  {name:<12} {took:8.1f} s  {took / total:6.1%}")
    print(f"  {'all':<12} {total:8.1f} s")
    print(
        f"A later script/serve answers after {later:.1f} s: {later / total:.2f} of that, {later / LIMIT_S:.2f} of the limit of {LIMIT_S:.0f} s"
    )
