"""The real worker, killed outright while it builds a file: the next one builds it from the beginning."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from pytest_django import DjangoDbBlocker

from layers.models import Export
from layers.publish import downloads, exports
from tests.layers.publish.formats.readers import READERS
from tests.script.trees import PROJECT, wait_until

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
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


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

    # As if half a minute without a heartbeat had passed, and the minute in which the clock looks for such workers.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '40 s'")
    start_worker()
    with suppress(AlreadyEnqueued):
        app.tasks["gis_portal.tasks.retry_stalled_jobs"].defer(timestamp=0)
    wait_until(lambda: Export.objects.get().is_ready)
    assert [path.name for path in work.iterdir()] == [f"{export.pk}.xlsx"]
    content = (work / f"{export.pk}.xlsx").read_bytes()
    assert len(content) == Export.objects.get().size
    assert len(READERS["xlsx"](content, tmp_path)) == 2212
    [job] = ProcrastinateJob.objects.filter(task_name=exports.TASK)
    assert job.attempts == 2
