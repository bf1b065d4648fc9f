"""The real worker, killed outright at its work: the next one does it from the beginning, and nothing is left half done."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from pytest_django import DjangoDbBlocker

from layers import registry
from layers.imports import batches
from layers.models import EcoBurialSite, Export, Import
from layers.publish import downloads, exports
from tests.layers.publish.formats.readers import READERS
from tests.script.trees import PROJECT, wait_until
from tests.sharing import clear_imports

SETTINGS = """
from tests.settings import *
MEDIA_ROOT = {folder!r}
for database in DATABASES.values():
    database["NAME"] = {name!r}
"""
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database as other processes see it; the export and the jobs go when the test ends."""
    with django_db_blocker.unblock():
        yield
        Export.objects.all().delete()
        clear_imports("killed-")
        User.objects.all().delete()


@pytest.fixture
def start_worker(committed: None, tmp_path: Path) -> Iterator[Start]:
    """Starts the worker as script/serve does, on the test database."""
    name = connection.settings_dict["NAME"]
    (tmp_path / "worker_settings.py").write_text(SETTINGS.format(folder=str(tmp_path), name=name))
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "worker_settings", "PYTHONPATH": str(tmp_path)}
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            started.append(
                subprocess.Popen(["script/lib/run-process", "worker"], cwd=PROJECT, env=env, stdout=log, stderr=log)
            )
        return started[-1]

    yield start
    for worker in started:
        worker.terminate()
        worker.wait(timeout=30)


def start_the_next(start_worker: Start) -> None:
    """As if half a minute without a heartbeat had passed, and the minute in which the clock looks for such workers."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '40 s'")
    start_worker()
    with suppress(AlreadyEnqueued):
        app.tasks["gis_portal.tasks.retry_stalled_jobs"].defer(timestamp=0)


def test_export_of_a_killed_worker_is_built_by_the_next(
    start_worker: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "exports"
    monkeypatch.setattr(downloads, "AT_ONCE", 1000)
    for module in (downloads, exports):
        monkeypatch.setattr(module, "WORK", work)
    Client().get("/api/collections/doorplates/items", {"f": "xlsx"})
    [export] = Export.objects.all()
    worker = start_worker()
    wait_until(lambda: any(work.glob("work-*/*")))
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    export.refresh_from_db()
    assert (export.state, [path.is_dir() for path in work.iterdir()]) == ("running", [True])

    start_the_next(start_worker)
    wait_until(lambda: Export.objects.get().is_ready)
    assert [path.name for path in work.iterdir()] == [f"{export.pk}.xlsx"]
    content = (work / f"{export.pk}.xlsx").read_bytes()
    assert len(content) == Export.objects.get().size
    assert len(READERS["xlsx"](content, tmp_path)) == 2212
    [job] = ProcrastinateJob.objects.filter(task_name=exports.TASK)
    assert job.attempts == 2


def test_import_of_a_killed_worker_is_loaded_by_the_next(
    start_worker: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "folder", lambda: tmp_path / "imports")
    head = "编码,名称,状态,级别,乡镇,来源,经度,纬度\n"
    rows = (f"killed-{n},园{n},运行中,village,塔山街道,demonstration,120.584,29.99{n % 10}\n" for n in range(4000))
    user = User.objects.create_superuser("clerk")
    batch = batches.receive(registry.get("eco-burial-sites"), user, "many.csv", [(head + "".join(rows)).encode()])
    batches.settle(batch, crs="EPSG:4490")
    batches.queue(batch, batches.LOAD)
    written = EcoBurialSite.objects.filter(code__startswith="killed-")
    worker = start_worker()
    wait_until(lambda: Import.objects.get().step in ("rules", "places", "names", "writing"))
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert (Import.objects.get().state, written.count()) == ("loading", 0)

    start_the_next(start_worker)
    wait_until(lambda: Import.objects.get().state == "loaded")
    assert written.count() == 4000
    batch.refresh_from_db()
    batches.undo(batch, user)
    assert written.count() == 0
