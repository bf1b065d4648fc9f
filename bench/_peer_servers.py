"""Starts the servers the portal is compared with, each as its makers describe, on the bench's city."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import yaml
from django.conf import settings
from django.db import connection, connections

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / "var/bench-venv"
LOCK = PROJECT / "requirements-bench.txt"
WORKERS, THREADS = "2", "4"  # as many as the portal has
# What the portal's own items hold, so that all serve the same.
VIEW = "bench_doorplates"
HIDDEN = ("token", "photo", "location_3857", "location_4549", "version", "changed_at", "retired_on", "published")


def peer_python() -> str:
    """The interpreter of the peers' own environment, made when it is missing."""
    python = ENVIRONMENT / "bin/python"
    done = ENVIRONMENT / "made-from"
    if not done.exists() or done.read_bytes() != LOCK.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        install = ["-m", "pip", "install", "-q", "--require-hashes", "--no-deps", "--disable-pip-version-check", "-r"]
        subprocess.run([python, *install, LOCK], check=True)
        done.write_bytes(LOCK.read_bytes())
    return str(python)


@contextmanager
def running(command: list[str], port: int, path: str, more: Mapping[str, str]) -> Iterator[int]:
    """The port of a server, once it answers."""
    log = PROJECT / "var/log/bench-peer.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **more}, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        for _try in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60):
                    break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, f"{command[0]} ended; see {log}"
                time.sleep(0.1)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def make_view() -> None:
    """The columns of the portal's doorplates, for peers that publish a whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = 'layers_digitaldoorplate'::regclass"
                       " AND attnum > 0 AND NOT attisdropped")  # fmt: skip
        names = [name for (name,) in cursor.fetchall() if name not in HIDDEN]
        cursor.execute(f"CREATE OR REPLACE VIEW {VIEW} AS SELECT {', '.join(names)} FROM layers_digitaldoorplate")


def database() -> dict[str, str]:
    about = settings.DATABASES["default"]
    return {
        "host": str(about["HOST"]),
        "user": str(about["USER"]),
        "name": connections["default"].settings_dict["NAME"],
    }


@contextmanager
def tipg() -> Iterator[int]:
    about, port = database(), free_port()
    url = f"postgresql://{about['user']}@{quote(about['host'], safe='')}/{about['name']}"
    more = {
        "DATABASE_URL": url,
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": f'["public.{VIEW}"]',
        "TIPG_DB_EXCLUDE_FUNCTION_SCHEMAS": '["public"]',
        f"TIPG_TABLE_CONFIG__public_{VIEW}__pk": "id",
        "TIPG_TABLE_CONFIG__public_layers_digitaldoorplate__pk": "id",
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
    }
    command = [peer_python(), "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--workers", WORKERS]
    with running(command, port, "/collections", more):
        yield port


@contextmanager
def pygeoapi() -> Iterator[int]:
    about, port = database(), free_port()
    folder = PROJECT / "var/bench-pygeoapi"
    folder.mkdir(exist_ok=True)
    (folder / "config.yml").write_text(yaml.safe_dump(_pygeoapi_config(about, port)), encoding="utf-8")
    more = {"PYGEOAPI_CONFIG": str(folder / "config.yml"), "PYGEOAPI_OPENAPI": str(folder / "openapi.yml")}
    python = peer_python()
    make = [f"{ENVIRONMENT}/bin/pygeoapi", "openapi", "generate", str(folder / "config.yml"), "--output-file"]
    subprocess.run([*make, str(folder / "openapi.yml")], env={**os.environ, **more}, check=True, capture_output=True)
    # Its own image runs it under gunicorn.
    command = [python, "-m", "gunicorn", "-w", WORKERS, "--threads", THREADS, "-b", f"127.0.0.1:{port}"]
    with running([*command, "pygeoapi.flask_app:APP"], port, "/", more):
        yield port


def _pygeoapi_config(about: dict[str, str], port: int) -> dict[str, object]:
    resource = {
        "type": "collection",
        "title": "doorplates",
        "description": "doorplates",
        "keywords": ["doorplates"],
        "extents": {"spatial": {"bbox": [119, 29, 122, 31], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "providers": [
            {
                "type": "feature",
                "name": "PostgreSQL",
                "data": {"host": about["host"], "port": 5432, "dbname": about["name"], "user": about["user"],
                         "password": "unused", "search_path": ["public"]},
                "id_field": "id",
                "table": VIEW,
                "geom_field": "location",
            }
        ],
    }  # fmt: skip
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 100, "max_items": 10000},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}.png", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "bench", "description": "bench", "keywords": ["bench"],
                               "keywords_type": "theme", "terms_of_service": "", "url": "http://127.0.0.1"},
            "license": {"name": "", "url": "http://127.0.0.1"},
            "provider": {"name": "", "url": "http://127.0.0.1"},
            "contact": {"name": ""},
        },
        "resources": {"doorplates": resource},
    }  # fmt: skip


@contextmanager
def stock() -> Iterator[int]:
    port = free_port()
    more = {"DJANGO_SETTINGS_MODULE": "bench._stock"}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-w",
        WORKERS,
        "-b",
        f"127.0.0.1:{port}",
        "django.core.wsgi:get_wsgi_application()",
    ]
    with running(command, port, "/items?limit=1", more):
        yield port
