"""Files of plates to print, built by a job: begun, built in parts, fetched by who asked for them, cancelled, forgotten."""

import re
import shutil
import time
import uuid
import zipfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from layers import registry
from layers.access import may_write, reader_of
from layers.divisions import names_of
from layers.doorplates import choosing, pdf_sheets, svg_plates
from layers.doorplates.choosing import Chosen
from layers.doorplates.lettering import Plate, lettered
from layers.doorplates.plate_errors import SheetsNotReady, UnknownSheets
from layers.edit.writing import require_writer
from layers.errors import DiskFull, TooManyDownloads
from layers.jobs import Teller, done_for
from layers.models import PlateSheets
from layers.models.exports import ALIVE, ExportState, end_of_keeping
from layers.models.plate_printing import SheetForm
from layers.rows import today

TASK = "layers.tasks.build_plate_sheets"
PART = 1_000  # plates in one PDF: a hundred pages, which a printer takes and which fit into memory
MOST_WAITING = 20
WAIT_S = 60
FREE_BYTES = 1 << 30  # left on the disk, or none is begun
STRAY_S = 86_400  # after which a folder of a build is one that was killed
UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')  # in the name of a file


def folder() -> Path:
    """Where files are kept: shared by the processes that serve and those that work."""
    return Path(settings.MEDIA_ROOT) / "plates"


def path_of(sheets: PlateSheets) -> Path:
    return folder() / f"{sheets.pk}.{sheets.extension or 'part'}"


def begin(chosen: Chosen, form: SheetForm, user: User) -> PlateSheets:
    """New sheets, whose job is queued.

    Raises MayNotWrite, what ``choosing.count`` raises, TooManyDownloads and DiskFull.
    """
    reader = reader_of(user)
    require_writer(registry.get("doorplates"), reader)
    total = choosing.count(chosen, reader)
    waiting = PlateSheets._default_manager.filter(state__in=(ExportState.QUEUED, ExportState.RUNNING))
    if waiting.count() >= MOST_WAITING:
        raise TooManyDownloads(WAIT_S)
    folder().mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder()).free < FREE_BYTES:
        raise DiskFull
    language = translation.get_language() or settings.LANGUAGE_CODE
    with transaction.atomic():
        sheets = PlateSheets._default_manager.create(
            account=user, chosen=chosen.document, form=form, language=language, total=total
        )
        app.configure_task(TASK).defer(sheets_id=str(sheets.pk))
    return sheets


def own(user: User) -> QuerySet[PlateSheets]:
    """The account's sheets that are kept, the latest first."""
    return PlateSheets._default_manager.filter(account=user, expires_at__gt=timezone.now())


def get(sheets_id: uuid.UUID, user: User) -> PlateSheets:
    """The account's sheets. Raises UnknownSheets, also when it may print plates no longer."""
    found = own(user).filter(pk=sheets_id).first()
    if found is None or not may_write(registry.get("doorplates"), reader_of(user)):
        raise UnknownSheets
    return found


def ready_file(sheets: PlateSheets) -> Path:
    """Raises SheetsNotReady."""
    if not (sheets.is_ready and path_of(sheets).exists()):
        raise SheetsNotReady(sheets.get_state_display())
    return path_of(sheets)


def title(sheets: PlateSheets) -> str:
    """What was chosen, in words: the township and the street, or the first of the codes."""
    chosen = Chosen.of(sheets.chosen)
    if chosen.codes:
        return chosen.codes[0] if len(chosen.codes) == 1 else f"{chosen.codes[0]} …"
    return " ".join(filter(None, [*names_of([chosen.township]), chosen.stretch]))


def file_name(sheets: PlateSheets) -> str:
    words = UNSAFE.sub("_", title(sheets))
    return f"{words}-{timezone.localdate(sheets.asked_at)}.{sheets.extension}"


def build(sheets_id: str) -> None:
    """Builds the file, from the beginning when a build was killed; one that is no longer wanted is left alone."""
    wanted = PlateSheets._default_manager.filter(pk=sheets_id, state__in=(ExportState.QUEUED, ExportState.RUNNING))
    if not wanted.update(state=ExportState.RUNNING, written=0):
        return
    sheets = PlateSheets._default_manager.get(pk=sheets_id)
    with done_for(sheets.language, lambda why: _change(sheets, state=ExportState.FAILED, problem=why)):
        sheets.extension = _build(sheets)
        size = path_of(sheets).stat().st_size
        done = {"written": sheets.total, "size": size, "extension": sheets.extension, "expires_at": end_of_keeping()}
        if not _change(sheets, state=ExportState.READY, **done):
            path_of(sheets).unlink(missing_ok=True)


def _build(sheets: PlateSheets) -> str:
    """Writes the file beside its place, then puts it there; its extension."""
    user = sheets.account
    reader = reader_of(user)
    if not may_write(registry.get("doorplates"), reader):  # the account was ended, or lost its role
        raise UnknownSheets
    chosen = Chosen.of(sheets.chosen)
    sheets.total = choosing.count(chosen, reader)
    _change(sheets, total=sheets.total)
    tell = Teller(PlateSheets._default_manager.filter(pk=sheets.pk, state=ExportState.RUNNING), "written")
    work = folder() / f"work-{sheets.pk}"
    shutil.rmtree(work, ignore_errors=True)  # of a build that was killed
    work.mkdir(parents=True)
    try:
        plates = lettered(choosing.plates(chosen, reader))
        write = _pdf if sheets.form == SheetForm.PDF else _svg
        path = write(plates, work, sheets, tell)
        extension = path.suffix.removeprefix(".")
        path.replace(folder() / f"{sheets.pk}.{extension}")
        return extension
    finally:
        shutil.rmtree(work)


def _pdf(plates: Iterator[Plate], work: Path, sheets: PlateSheets, tell: Teller) -> Path:
    """One PDF, or a zip of parts: what is written of a part is gone from memory when the next begins."""
    said = f"{title(sheets)} · {today()}"
    parts = -(-sheets.total // PART)
    if parts <= 1:
        path = work / "plates.pdf"
        pdf_sheets.write(plates, path, title=said, tell=tell)
        return path
    archive = work / "plates.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for number, part in enumerate(_parts(plates), 1):
            path = work / f"plates-{number:02}.pdf"
            pdf_sheets.write(part, path, title=f"{said} · {number}/{parts}", tell=tell)
            file.write(path, path.name)
            path.unlink()
    return archive


def _parts(plates: Iterator[Plate]) -> Iterator[Iterator[Plate]]:
    for first in plates:
        yield chain([first], islice(plates, PART - 1))


def _svg(plates: Iterator[Plate], work: Path, _sheets: PlateSheets, tell: Teller) -> Path:
    """A zip of single plates by their codes."""
    archive = work / "plates.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for plate in plates:
            file.writestr(f"{plate.code}.svg", svg_plates.drawn(plate))
            tell(1)
    return archive


def _change(sheets: PlateSheets, **values: object) -> bool:
    """Changes sheets that are being built; False when that has ended meanwhile."""
    running = PlateSheets._default_manager.filter(pk=sheets.pk, state=ExportState.RUNNING)
    return bool(running.update(**values))


def cancel(sheets: PlateSheets) -> None:
    """Ends them: what is queued is not begun, what is being built stops, and a file is deleted."""
    PlateSheets._default_manager.filter(pk=sheets.pk, state__in=ALIVE).update(state=ExportState.CANCELLED)
    path_of(sheets).unlink(missing_ok=True)


def purge() -> None:
    """Forgets the sheets that have been kept for their time, and deletes files and folders that are nobody's."""
    for sheets in PlateSheets._default_manager.filter(expires_at__lte=timezone.now()):
        cancel(sheets)
        sheets.delete()
    kept = {path_of(sheets).name for sheets in PlateSheets._default_manager.filter(state__in=ALIVE)}
    for path in folder().iterdir() if folder().exists() else ():
        if path.name not in kept and time.time() - path.stat().st_mtime > STRAY_S:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
