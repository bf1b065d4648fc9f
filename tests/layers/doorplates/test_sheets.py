"""Files of plates: built by a job in parts, fetched by who asked, cancelled, failed, forgotten."""

import os
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from layers import jobs
from layers.doorplates import choosing, fonts, pdf_sheets, sheets
from layers.doorplates.choosing import Chosen
from layers.doorplates.plate_errors import NothingChosen, SheetsNotReady, UnknownSheets
from layers.edit.errors import MayNotWrite
from layers.errors import DiskFull, TooManyDownloads
from layers.models import DigitalDoorplate, Grant, PlateSheets
from layers.models.exports import ExportState
from layers.models.plate_printing import SheetForm
from layers.registry import Role
from tests.people import account
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

STREET = Chosen(township="330681109", stretch="丹枫演示路")
DAY_S = 86_400


@pytest.fixture(autouse=True)
def _alone(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(jobs, "TOLD_EVERY_S", 0)
    with shared_transaction():
        yield


@pytest.fixture
def clerk(db: None) -> User:
    return account("clerk", Role.EDITOR)


def run_jobs() -> int:
    """Runs the jobs that are queued, as the worker does; how many."""
    queued = list(ProcrastinateJob.objects.filter(task_name=sheets.TASK, status="todo"))
    for job in queued:
        app.tasks[job.task_name](**job.args)
    return len(queued)


def built(clerk: User, chosen: Chosen = STREET, form: SheetForm = SheetForm.PDF) -> PlateSheets:
    begun = sheets.begin(chosen, form, clerk)
    run_jobs()
    return sheets.get(begun.pk, clerk)


def street() -> list[DigitalDoorplate]:
    return list(DigitalDoorplate.objects.filter(stretch=STREET.stretch, status="current").order_by("number"))


def leftovers() -> list[str]:
    return sorted(path.name for path in sheets.folder().iterdir())


def test_a_street_on_paper(clerk: User) -> None:
    begun = sheets.begin(STREET, SheetForm.PDF, clerk)
    total = len(street())
    assert (begun.state, begun.total, begun.written) == ("queued", total, 0)
    with pytest.raises(SheetsNotReady, match="排队"):
        sheets.ready_file(begun)
    assert run_jobs() == 1
    done = sheets.get(begun.pk, clerk)
    path = sheets.ready_file(done)
    assert (done.state, done.written, done.extension, done.size) == ("ready", total, "pdf", path.stat().st_size)
    assert len(pypdfium2.PdfDocument(path)) == -(-total // 10)
    assert sheets.file_name(done) == f"枫桥镇_丹枫演示路-{timezone.localdate()}.pdf"
    assert leftovers() == [path.name]


def test_many_plates_come_in_parts_in_a_zip(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "PART", 50)
    done, total = built(clerk), len(street())
    with zipfile.ZipFile(sheets.ready_file(done)) as file:
        names = file.namelist()
        pages = [len(pypdfium2.PdfDocument(file.read(name))) for name in names]
        last = pypdfium2.PdfDocument(file.read(names[-1]))[0].get_textpage().get_text_bounded()
    parts = -(-total // 50)
    assert parts > 1
    assert names == [f"plates-{number:02}.pdf" for number in range(1, parts + 1)]
    assert sum(pages) == (parts - 1) * 5 + -(-(total - (parts - 1) * 50) // 10)
    assert f"{parts}/{parts}" in last
    assert (done.extension, done.written) == ("zip", total)


def test_single_plates_as_svg(clerk: User) -> None:
    codes = tuple(plate.code for plate in street()[:3])
    done = built(clerk, Chosen(codes=codes), SheetForm.SVG)
    with zipfile.ZipFile(sheets.ready_file(done)) as file:
        assert file.namelist() == [f"{code}.svg" for code in codes]
        assert file.read(f"{codes[0]}.svg").startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    assert sheets.file_name(done) == f"{codes[0]}_…-{timezone.localdate()}.zip"


def test_a_file_is_fetched_by_who_asked_alone_and_while_they_may(clerk: User) -> None:
    done = built(clerk, form=SheetForm.SVG)
    other = account("other", Role.EDITOR)
    with pytest.raises(UnknownSheets):
        sheets.get(done.pk, other)
    assert list(sheets.own(other)) == []
    assert list(sheets.own(clerk)) == [done]
    Grant.objects.filter(user=clerk).update(roles=["planner"])
    with pytest.raises(UnknownSheets):
        sheets.get(done.pk, User.objects.get(pk=clerk.pk))


def test_only_who_may_change_doorplates_begins_one(clerk: User) -> None:
    with pytest.raises(MayNotWrite):
        sheets.begin(STREET, SheetForm.PDF, account("planner", Role.PLANNER))
    with pytest.raises(NothingChosen):
        sheets.begin(Chosen(), SheetForm.PDF, clerk)
    assert run_jobs() == 0


def test_a_clerk_of_a_county_prints_its_plates_as_they_are_when_the_job_runs(clerk: User) -> None:
    begun = sheets.begin(STREET, SheetForm.PDF, clerk)
    Grant.objects.filter(user=clerk).update(counties=["330602"])
    run_jobs()
    begun.refresh_from_db()
    assert (begun.state, begun.problem) == ("failed", "没有符合条件的门牌，请改选街路巷、状态或类型。")
    assert leftovers() == []


def test_an_account_that_was_ended_gets_no_file(clerk: User) -> None:
    begun = sheets.begin(STREET, SheetForm.PDF, clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    run_jobs()
    begun.refresh_from_db()
    assert begun.state == "failed"
    assert leftovers() == []


def test_what_is_cancelled_is_not_built(clerk: User) -> None:
    begun = sheets.begin(STREET, SheetForm.PDF, clerk)
    sheets.cancel(begun)
    run_jobs()
    begun.refresh_from_db()
    assert (begun.state, leftovers()) == ("cancelled", [])


def test_what_is_cancelled_meanwhile_stops_and_leaves_nothing(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = sheets.begin(STREET, SheetForm.PDF, clerk)
    drawn: list[int] = []
    add = pdf_sheets.Sheets.add

    def cancelled_at_the_third(self: Any, number: int, plate: Any) -> None:
        drawn.append(number)
        if number == 2:
            PlateSheets.objects.filter(pk=begun.pk).update(state=ExportState.CANCELLED)
        add(self, number, plate)

    monkeypatch.setattr(pdf_sheets.Sheets, "add", cancelled_at_the_third)
    run_jobs()
    begun.refresh_from_db()
    assert (begun.state, drawn, leftovers()) == ("cancelled", [0, 1, 2], [])


def test_deleting_a_file_deletes_it(clerk: User) -> None:
    done = built(clerk, form=SheetForm.SVG)
    sheets.cancel(done)
    assert leftovers() == []
    done.refresh_from_db()
    with pytest.raises(SheetsNotReady):
        sheets.ready_file(done)


def test_a_missing_font_is_said_and_what_is_unexpected_is_logged(
    clerk: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = sheets.begin(STREET, SheetForm.PDF, clerk)
    with monkeypatch.context() as patch:
        patch.setattr(fonts, "FOLDER", tmp_path / "none")
        run_jobs()
    begun.refresh_from_db()
    assert begun.state == "failed"
    assert "fonts-noto-cjk" in begun.problem
    another = sheets.begin(STREET, SheetForm.PDF, clerk)
    monkeypatch.setattr(pdf_sheets, "write", lambda *_given, **_named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        app.tasks[sheets.TASK](sheets_id=str(another.pk))
    another.refresh_from_db()
    assert another.state == "failed"
    assert "zero" not in another.problem
    assert leftovers() == []


def test_a_build_that_was_killed_begins_anew(clerk: User) -> None:
    begun = sheets.begin(STREET, SheetForm.PDF, clerk)
    PlateSheets.objects.filter(pk=begun.pk).update(state=ExportState.RUNNING, written=7)
    (sheets.folder() / f"work-{begun.pk}").mkdir()
    (sheets.folder() / f"work-{begun.pk}" / "plates.pdf").write_bytes(b"half")
    run_jobs()
    done = sheets.get(begun.pk, clerk)
    assert (done.state, done.written) == ("ready", done.total)
    assert leftovers() == [sheets.path_of(done).name]


def test_as_many_as_may_wait_and_no_more(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_WAITING", 1)
    sheets.begin(STREET, SheetForm.PDF, clerk)
    with pytest.raises(TooManyDownloads):
        sheets.begin(STREET, SheetForm.PDF, clerk)


def test_none_is_begun_on_a_full_disk(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "FREE_BYTES", 1 << 60)
    with pytest.raises(DiskFull):
        sheets.begin(STREET, SheetForm.PDF, clerk)


def test_what_was_kept_for_its_time_is_forgotten(clerk: User) -> None:
    old, new = (built(clerk, form=SheetForm.SVG) for _ in range(2))
    PlateSheets.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    stray, fresh = sheets.folder() / "stray.pdf", sheets.folder() / "fresh.pdf"
    for path in (stray, fresh):
        path.touch()
    killed = sheets.folder() / "work-x"
    killed.mkdir()
    for path in (stray, killed):
        os.utime(path, (0, timezone.now().timestamp() - DAY_S - 1))
    app.tasks["layers.tasks.purge_plate_sheets"](timestamp=0)
    assert leftovers() == sorted([sheets.path_of(new).name, "fresh.pdf"])
    assert list(PlateSheets.objects.all()) == [new]


def test_a_street_too_long_for_one_file_is_refused_before_it_is_begun(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "MOST", 5)
    with pytest.raises(choosing.TooManyPlates):
        sheets.begin(STREET, SheetForm.PDF, clerk)
    assert not PlateSheets.objects.exists()
