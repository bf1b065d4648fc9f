"""Files built by a job: beginning one, building it, saying how far it is, ending it, and forgetting it.

An export belongs to whoever asked: its id cannot be guessed, and one of an account's is found by that account alone,
as long as it may still read the same. The same question about the same data is given the same export.
"""

import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from procrastinate.contrib.django import app

from layers import registry
from layers.access import Reader
from layers.errors import DiskFull, ExportNotReady, SharedExport, TooManyDownloads, UnknownExport
from layers.jobs import Teller, done_for
from layers.models.exports import ALIVE, Export, ExportState, end_of_keeping
from layers.publish import downloads, freshness, items
from layers.publish.downloads import WORK, Download
from layers.publish.formats import FORMATS
from layers.publish.media_types import JSON
from layers.registry import Audience

TASK = "layers.tasks.build_export"
MOST_WAITING = 20
WAIT_S = 60
MOST_BYTES = 8 << 30  # of all files that are kept: the oldest gives way
FREE_BYTES = 1 << 30  # left on the disk, or none is begun
STRAY_S = 86_400  # after which a folder of a build is one that was killed


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A download, and what it takes to describe it again in the job: parameters, reader, account and language."""

    download: Download
    params: Mapping[str, str]
    reader: Reader
    account: int | None
    language: str

    @property
    def key(self) -> str:
        layer = self.download.layer
        parts = [layer.id, self.download.format.name, self.language, self.reader.key, self.account, self.dated]
        parts.append(freshness.version([layer]))
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def dated(self) -> dict[str, str]:
        """The parameters with the day, or the snapshot, that they meant when they were sent."""
        asked = self.download.selection
        if asked.snapshot is not None:
            return {**self.params, "snapshot": str(asked.snapshot)}
        return {**self.params, "datetime": asked.period.said}


def find(asked: Asked) -> Export | None:
    """The export of the same question about the same data, unless it failed, was cancelled or is forgotten."""
    _look_after_connection()
    found = Export._default_manager.filter(key=asked.key, state__in=ALIVE, expires_at__gt=timezone.now())
    return found.first()


def _look_after_connection() -> None:
    """Outside of Django's own requests nobody else closes a connection that was lost."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def begin(asked: Asked) -> Export:
    """A new export, whose job is queued. Raises TooManyDownloads when as many are waiting as may, and DiskFull."""
    waiting = Export._default_manager.filter(state__in=(ExportState.QUEUED, ExportState.RUNNING))
    if waiting.count() >= MOST_WAITING:
        raise TooManyDownloads(WAIT_S)
    _make_room()
    download = asked.download
    try:
        with transaction.atomic():
            export = Export._default_manager.create(
                key=asked.key,
                layer_id=download.layer.id,
                format=download.format.name,
                params=asked.dated,
                reader={"audience": int(asked.reader.audience), "counties": list(asked.reader.counties)},
                account_id=asked.account,
                language=asked.language,
                disposition=download.disposition,
            )
            app.configure_task(TASK).defer(export_id=str(export.pk))
            return export
    except IntegrityError:  # somebody asked the same a moment ago, or what was kept has just gone out of date
        return find(asked) or _begin_after(asked)


def _begin_after(asked: Asked) -> Export:
    """A new export in the place of one that is out of date."""
    for export in Export._default_manager.filter(key=asked.key, state__in=ALIVE):
        cancel(export)
    return begin(asked)


def get(export_id: str, reader: Reader, account: int | None) -> Export:
    """The reader's export. Raises UnknownExport, also when it is somebody else's or the reader may now see less."""
    _look_after_connection()
    try:
        export = Export._default_manager.get(pk=uuid.UUID(export_id), expires_at__gt=timezone.now())
    except (ValueError, Export.DoesNotExist):
        raise UnknownExport(export_id) from None
    if export.account_id is not None and (export.account_id, _reader(export).key) != (account, reader.key):
        raise UnknownExport(export_id)
    return export


def ready_file(export: Export) -> Path:
    """Its file. Raises ExportNotReady."""
    path = _path(export)
    if not (export.is_ready and path.exists()):
        raise ExportNotReady(export.pk, export.get_state_display())
    return path


def url(export: Export, base: str) -> str:
    return f"{base}/api/exports/{export.pk}"


def file_url(export: Export, base: str) -> str:
    return f"{url(export, base)}/file"


def document(export: Export, base: str) -> dict[str, Any]:
    """How far it is. progress: from 0 to 1, null until the job has counted; features: those written so far."""
    links: list[dict[str, Any]] = [{"rel": "self", "type": JSON, "href": url(export, base)}]
    if export.is_ready:
        media_type = FORMATS[export.format].media_type
        links.append({"rel": "enclosure", "type": media_type, "href": file_url(export, base), "length": export.size})
    return {
        "id": str(export.pk),
        "collection": export.layer_id,
        "format": export.format,
        "state": export.state,
        "features": export.written,
        "progress": 1.0 if export.is_ready else round(export.written / export.total, 3) if export.total else None,
        "problem": export.problem or None,
        "askedAt": timezone.localtime(export.asked_at).isoformat(),
        "expiresAt": timezone.localtime(export.expires_at).isoformat(),
        "links": links,
    }


def build(export_id: str) -> None:
    """Builds the file, from the beginning when a build was killed; one that is no longer wanted is left alone."""
    wanted = Export._default_manager.filter(pk=export_id, state__in=(ExportState.QUEUED, ExportState.RUNNING))
    if not wanted.update(state=ExportState.RUNNING, written=0):
        return
    export = Export._default_manager.get(pk=export_id)
    with done_for(export.language, lambda why: _change(export, state=ExportState.FAILED, problem=why)):
        size = _build(export)
        if not _change(export, state=ExportState.READY, size=size, expires_at=end_of_keeping()):
            _path(export).unlink(missing_ok=True)


def _build(export: Export) -> int:
    """Writes the file beside its place, then puts it there; its size in bytes."""
    if export.account is not None and not export.account.is_active:
        raise UnknownExport(export.pk)
    reader, form = _reader(export), FORMATS[export.format]
    download = downloads.wanted(registry.get(export.layer_id), form, reader, export.params)
    total = items.count_all(download.selection)
    _change(export, total=min((number for number in (total, download.most) if number is not None), default=None))
    own = f"work-{export.pk}-"
    with downloads.work_folder(own) as folder:
        path = folder / f"{export.layer_id}.{form.extension}"
        running = Export._default_manager.filter(pk=export.pk, state=ExportState.RUNNING)
        downloads.write(download, path, is_large=True, tell=Teller(running, "written"))
        path.replace(_path(export))
    for left in WORK.glob(f"{own}*"):  # by a build that was killed
        shutil.rmtree(left)
    return _path(export).stat().st_size


def _change(export: Export, **values: Any) -> bool:
    """Changes an export that is being built; False when it has ended meanwhile."""
    return bool(Export._default_manager.filter(pk=export.pk, state=ExportState.RUNNING).update(**values))


def _reader(export: Export) -> Reader:
    return Reader(Audience(export.reader["audience"]), counties=tuple(export.reader["counties"]))


def _path(export: Export) -> Path:
    return WORK / f"{export.pk}.{FORMATS[export.format].extension}"


def end(export_id: str, reader: Reader, account: int | None) -> None:
    """Cancels the account's export. Raises UnknownExport; and SharedExport for one of the public's, which others may be
    waiting for, since the same question is given the same export."""
    export = get(export_id, reader, account)
    if export.account_id is None:
        raise SharedExport
    cancel(export)


def cancel(export: Export) -> None:
    """Ends it: what is queued is not begun, what is being built stops, and a file is deleted."""
    Export._default_manager.filter(pk=export.pk, state__in=ALIVE).update(state=ExportState.CANCELLED)
    _path(export).unlink(missing_ok=True)


def _make_room() -> None:
    """Lets the oldest files go while there are too many bytes. Raises DiskFull."""
    WORK.mkdir(parents=True, exist_ok=True)
    ready = Export._default_manager.filter(state=ExportState.READY).order_by("asked_at")
    while (ready.aggregate(bytes=Sum("size"))["bytes"] or 0) > MOST_BYTES and (oldest := ready.first()):
        cancel(oldest)
    if shutil.disk_usage(WORK).free < FREE_BYTES:
        raise DiskFull


def purge() -> None:
    """Forgets the exports that have been kept for their time, and deletes files and folders that are nobody's."""
    for export in Export._default_manager.filter(expires_at__lte=timezone.now()):
        cancel(export)
        export.delete()
    kept = {_path(export).name for export in Export._default_manager.filter(state__in=ALIVE)}
    for path in WORK.iterdir() if WORK.exists() else ():
        if path.name not in kept and time.time() - path.stat().st_mtime > STRAY_S:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
