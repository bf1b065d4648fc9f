"""Files that a job builds: asked for, built, fetched, shared, cancelled, forgotten, and nobody else's."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from layers import jobs
from layers.models import Export
from layers.models.exports import ExportState
from layers.publish import downloads, exports
from tests.asking import get, problem
from tests.layers.publish.formats.readers import READERS

VILLAGES = "/api/collections/villages/items"


@pytest.fixture(autouse=True)
def _villages_are_many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 1000)
    monkeypatch.setattr(jobs, "TOLD_EVERY_S", 0)
    for module in (downloads, exports):
        monkeypatch.setattr(module, "WORK", tmp_path / "exports")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "exports"


def ask(client: Client, **params: str) -> Any:
    return client.get(VILLAGES, {"f": "gpkg", **params})


def run_jobs() -> int:
    """Runs the export jobs that are queued, as the worker does; how many."""
    jobs = list(ProcrastinateJob.objects.filter(task_name=exports.TASK, status="todo").order_by("id"))
    for job in jobs:
        app.tasks[job.task_name](**job.args)
    return len(jobs)


def path_of(response: Any) -> str:
    return str(response.headers["Location"]).removeprefix("http://127.0.0.1:8000")


def test_large_file_is_built_by_a_job_and_fetched(public: Client, work: Path, tmp_path: Path) -> None:
    accepted = ask(public, properties="name,kind")
    status = path_of(accepted)
    assert (accepted.status_code, accepted.headers["Cache-Control"]) == (202, "no-store")
    assert get(public, status) == accepted.json()
    assert {key: accepted.json()[key] for key in ("collection", "format", "state", "features", "progress")} == {
        "collection": "villages", "format": "gpkg", "state": "queued", "features": 0, "progress": None,
    }  # fmt: skip
    assert problem(public, f"{status}/file")[0] == 409
    assert run_jobs() == 1
    ready = get(public, status)
    assert (ready["state"], ready["progress"], ready["problem"]) == ("ready", 1.0, None)
    [link] = [link for link in ready["links"] if link["rel"] == "enclosure"]
    file = public.get(link["href"].removeprefix("http://127.0.0.1:8000"))
    content = b"".join(file.streaming_content)
    assert (file.headers["Content-Type"], int(file.headers["Content-Length"]), len(content)) == (
        "application/geopackage+sqlite3", link["length"], link["length"],
    )  # fmt: skip
    assert "filename*=UTF-8''" in file.headers["Content-Disposition"]
    found = READERS["gpkg"](content, tmp_path)
    expected = {
        feature["id"]: feature["properties"]
        for feature in get(public, VILLAGES, limit="10000", properties="name,kind")["features"]
    }
    assert {code: properties for code, properties, _place in found} == expected
    assert [path.name for path in work.iterdir()] == [f"{ready['id']}.gpkg"]


def test_same_question_is_given_the_same_export(public: Client) -> None:
    first, again = ask(public), ask(public)
    assert first.headers["Location"] == again.headers["Location"]
    assert ask(public, properties="name").headers["Location"] != first.headers["Location"]
    assert run_jobs() == 2
    found = ask(public)
    assert (found.status_code, found.headers["Location"]) == (303, f"{first.headers['Location']}/file")
    assert ask(public, f="parquet").status_code == 202


def test_head_begins_no_job(public: Client) -> None:
    head = public.head(VILLAGES, {"f": "gpkg"})
    assert (head.status_code, "Location" in head.headers, Export.objects.count()) == (202, False, 0)


@pytest.mark.parametrize("form", ["xlsx", "fgb", "parquet", "shp", "kml"])
def test_every_built_format_can_be_large(form: str, public: Client, tmp_path: Path) -> None:
    status = path_of(ask(public, f=form))
    run_jobs()
    found = get(public, status)
    assert found["problem"] is None
    content = b"".join(public.get(f"{status}/file").streaming_content)
    assert len(READERS[form](content, tmp_path)) > 2000


def test_day_is_the_one_it_was_asked_on(public: Client) -> None:
    ask(public)
    [export] = Export.objects.all()
    assert export.params == {"datetime": get(public, VILLAGES, limit="1")["asOf"]}


# Whose it is


def test_an_accounts_export_is_found_by_that_account_alone(public: Client, staff: Client) -> None:
    status = path_of(ask(staff))
    other = Client()
    other.force_login(User.objects.create_user("other", is_staff=True))
    run_jobs()
    assert get(staff, status)["state"] == "ready"
    for client in (public, other):
        for address in (status, f"{status}/file"):
            assert problem(client, address)[0] == 404
        assert client.delete(status).status_code == 404
    assert path_of(ask(public)) != status


def test_an_account_that_may_see_less_now_is_given_nothing(staff: Client) -> None:
    status = path_of(ask(staff))
    run_jobs()
    User.objects.filter(username="clerk").update(is_staff=False, is_superuser=False)
    assert problem(staff, f"{status}/file")[0] == 404


def test_nothing_is_built_for_an_account_that_has_left(staff: Client) -> None:
    ask(staff)
    User.objects.filter(username="clerk").update(is_active=False)
    run_jobs()
    assert [export.state for export in Export.objects.all()] == ["failed"]


@pytest.mark.parametrize("export_id", ["nothing", "00000000-0000-4000-8000-000000000000", "1"])
def test_unknown_export_is_none(export_id: str, public: Client) -> None:
    assert problem(public, f"/api/exports/{export_id}") == (404, f"There is no export “{export_id}”, or no longer.")


# How it ends


def test_cancelled_export_is_not_built(staff: Client, work: Path) -> None:
    status = path_of(ask(staff))
    assert staff.delete(status).status_code == 204
    run_jobs()
    assert get(staff, status)["state"] == "cancelled"
    assert list(work.iterdir()) == []
    assert ask(staff).headers["Location"] != f"http://127.0.0.1:8000{status}"


def test_the_publics_export_is_cancelled_by_nobody(public: Client, staff: Client) -> None:
    """Others may be waiting for it: the same question is given the same export."""
    status = path_of(ask(public))
    assert (public.delete(status).status_code, staff.delete(status).status_code) == (403, 403)
    run_jobs()
    assert get(public, status)["state"] == "ready"


def test_export_cancelled_while_it_is_built_stops(staff: Client, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = path_of(ask(staff))
    told: list[int] = []

    def cancel_then_tell(teller: Any, rows: int) -> None:
        told.append(rows)
        staff.delete(status)
        told_before(teller, rows)

    told_before = jobs.Teller.__call__
    monkeypatch.setattr(jobs.Teller, "__call__", cancel_then_tell)
    run_jobs()
    assert len(told) < 5
    assert get(staff, status)["state"] == "cancelled"
    assert list(work.iterdir()) == []


def test_ready_export_that_is_cancelled_has_no_file(staff: Client, work: Path) -> None:
    status = path_of(ask(staff))
    run_jobs()
    staff.delete(status)
    assert list(work.iterdir()) == []
    assert problem(staff, f"{status}/file")[0] == 409


def test_what_does_not_fit_fails_and_says_so(public: Client, monkeypatch: pytest.MonkeyPatch, work: Path) -> None:
    monkeypatch.setattr("layers.publish.formats.xlsx.MOST_ROWS", 1500)
    status = path_of(ask(public, f="xlsx", lang="en"))
    run_jobs()
    found = get(public, status)
    assert (found["state"], found["problem"]) == (
        "failed",
        "This does not fit into the format “xlsx”: a sheet has at most 1499 rows. Choose another, for example gpkg.",
    )
    assert list(work.iterdir()) == []
    assert ask(public, f="xlsx", lang="en").headers["Location"] != f"http://127.0.0.1:8000{status}"


def test_unexpected_failure_says_nothing_about_itself(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    status = path_of(ask(public, lang="en"))
    monkeypatch.setattr(downloads, "write", lambda *_args, **_kwargs: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        run_jobs()
    found = get(public, status)
    assert (found["state"], found["problem"]) == (
        "failed",
        "Something went wrong on our side. It has been logged.",
    )


def test_build_that_was_killed_begins_again(public: Client, work: Path) -> None:
    status = path_of(ask(public))
    Export.objects.update(state=ExportState.RUNNING, written=700)
    run_jobs()
    assert get(public, status)["state"] == "ready"
    assert len(list(work.iterdir())) == 1


def test_too_many_exports_at_once_are_asked_to_wait(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_WAITING", 1)
    assert ask(public).status_code == 202
    refused = ask(public, f="fgb")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert ask(public).status_code == 202  # the one that is queued is still found


def test_full_disk_refuses_the_export(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "FREE_BYTES", 1 << 62)
    status, told = problem(public, f"{VILLAGES}?f=gpkg&lang=en")
    assert (status, told.startswith("The portal has no room"), Export.objects.count()) == (507, True, 0)


def test_oldest_files_give_way(public: Client, monkeypatch: pytest.MonkeyPatch, work: Path) -> None:
    first = path_of(ask(public))
    run_jobs()
    monkeypatch.setattr(exports, "MOST_BYTES", 1000)
    ask(public, f="fgb")
    assert (get(public, first)["state"], list(work.iterdir())) == ("cancelled", [])


def test_files_are_kept_for_a_day_and_no_longer(public: Client, work: Path) -> None:
    status = path_of(ask(public))
    run_jobs()
    app.tasks["layers.tasks.purge_exports"](timestamp=0)
    assert len(list(work.iterdir())) == 1
    expires = get(public, status)["expiresAt"]
    assert timedelta(hours=23) < timezone.datetime.fromisoformat(expires) - timezone.now() < timedelta(hours=25)
    Export.objects.update(expires_at=timezone.now())
    assert problem(public, status)[0] == 404
    app.tasks["layers.tasks.purge_exports"](timestamp=0)
    assert (list(work.iterdir()), Export.objects.count()) == ([], 0)


def test_what_a_killed_worker_left_is_swept_away(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "work-old").mkdir(parents=True)
    (work / "work-old" / "half.gpkg").write_text("half")
    exports.purge()
    assert (work / "work-old").exists()
    monkeypatch.setattr(exports, "STRAY_S", -1)
    exports.purge()
    assert list(work.iterdir()) == []
