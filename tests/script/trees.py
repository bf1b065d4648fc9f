"""Copies of the scripts in directories of their own, and what runs in them."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

PROJECT = Path(__file__).resolve().parents[2]
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to hand things to")
LIBRARIES = "source script/lib/common.sh; source script/lib/setup.sh; source script/lib/serving.sh; make_var; "
START = LIBRARIES + "hold_database; locate_database; start_database; "


class Tree:
    """A copy of the scripts in a directory of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("script", "deploy"):
            shutil.copytree(PROJECT / folder, root / folder)

    def run(self, command: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.root,
            env=environment() | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def start(self) -> None:
        done = self.run(START)
        assert done.returncode == 0, done.stderr

    def stop(self) -> None:
        self.run(LIBRARIES + "hold_database; locate_database; release_database")

    def env_file(self) -> dict[str, str]:
        lines = (self.root / "var/env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        url = self.env_file()["DATABASE_URL"].replace("postgis://", "postgresql://")
        return psycopg.connect(url, autocommit=True)

    def postmaster_pid(self) -> int:
        return int((self.root / "var/postgres/data/postmaster.pid").read_text().split()[0])

    def with_path(self, *without: str, **programs: str) -> str:
        """A PATH like this machine's, without some programs and with others replaced by shell code."""
        folder = Path(tempfile.mkdtemp(dir=self.root))
        for source in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"):
            for program in Path(source).iterdir():
                link = folder / program.name
                if program.name not in {*without, *programs} and not link.is_symlink():
                    link.symlink_to(program)
        for name, code in programs.items():
            (folder / name).write_text(f"#!/bin/bash\n{code}\n")
            (folder / name).chmod(0o755)
        return str(folder)


def environment() -> dict[str, str]:
    """This process's environment without what would lead the scripts to another database or port."""
    unwanted = {"DATABASE_URL", "PORT", "PUBLIC_URL", "XDG_RUNTIME_DIR", "PORTAL_SKIP_PACKAGES"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Returns once the condition holds; fails when it does not within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Does a process with this id run (a dead one that nobody has collected does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
