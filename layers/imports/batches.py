"""Imports as people start them: a file received, looked at, checked, loaded and undone, each a step that is kept."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOSPC
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from layers import registry
from layers.access import reader_of
from layers.changes import Actor, recorded
from layers.crs.said import SourceCrs, UnknownCrs, said
from layers.divisions import names_of
from layers.edit.errors import OutsideCounties
from layers.edit.writing import require_writer
from layers.errors import BadParameter, DiskFull
from layers.imports import columns, loading, undoing
from layers.imports.columns import Target
from layers.imports.errors import (
    CrsMissing,
    FileGone,
    FileTooLarge,
    HalfPosition,
    ImportNotReady,
    NothingMapped,
    TakenTwice,
    UnknownImport,
)
from layers.imports.faults import Fault
from layers.imports.loading import Outcome
from layers.imports.place_words import explain
from layers.imports.reading import Choices, Source, look, read
from layers.imports.staging import Plan
from layers.jobs import Stopped, Teller, done_for
from layers.models.changes import ORIGIN
from layers.models.imports import KEPT, RUNNING, WAITING, Import, ImportFault, ImportState
from layers.refusals import explain_error
from layers.registry import Layer
from layers.rows import today

TASK = "layers.tasks.run_import"
CHUNK = 1 << 20
FAULTS_AT_ONCE = 5000
STRAY_S = 24 * 3600  # what is nobody's is being written or read no longer
CHECK, LOAD = "check", "load"
STATES = {CHECK: (ImportState.CHECK_QUEUED, ImportState.CHECKING), LOAD: (ImportState.LOAD_QUEUED, ImportState.LOADING)}
OPEN = (
    ImportState.SENT,
    ImportState.CHECKED,
    ImportState.FAILED,
    ImportState.CANCELLED,
)  # what can be checked and loaded


def folder() -> Path:
    """Where files are kept: shared by the processes that serve and those that work."""
    return Path(settings.MEDIA_ROOT) / "imports"


def path_of(batch: Import) -> Path:
    return folder() / f"{batch.pk}{Path(batch.file_name).suffix.lower()[:10]}"


def origin(batch: Import) -> str:
    """What the change log calls the import."""
    return f"{ORIGIN}{batch.pk}"


def receive(layer: Layer, user: User, name: str, chunks: Iterable[bytes]) -> Import:
    """Keeps a file. Raises MayNotWrite, DiskFull, and FileTooLarge as soon as it is."""
    require_writer(layer, reader_of(user))
    folder().mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with transaction.atomic():
        batch = Import._default_manager.create(
            layer_id=layer.id, account=user, actor=user.get_username(), file_name=Path(name).name[-255:], file_bytes=0,
            file_sha256="", on=today(), language=translation.get_language() or settings.LANGUAGE_CODE,
        )  # fmt: skip
        path = path_of(batch)
        try:
            with path.open("wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > settings.IMPORT_MOST_BYTES:
                        raise FileTooLarge(settings.IMPORT_MOST_BYTES)
                    digest.update(chunk)
                    file.write(chunk)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno == ENOSPC:
                raise DiskFull from None
            raise
        batch.file_bytes, batch.file_sha256 = size, digest.hexdigest()
        batch.save(update_fields=["file_bytes", "file_sha256"])
    return batch


def parts(file: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: file.read(CHUNK), b"")


@dataclass(frozen=True)
class Looked:
    """A file as it will be read, with what its columns are taken for. missing: required properties that nothing gives."""

    source: Source
    mapping: dict[str, str]
    crs: str
    missing: list[Target]

    @property
    def needs_crs(self) -> bool:
        """Whether there are places and nothing says what their numbers mean."""
        has_places = bool(self.source.geometry) or any(name in columns.PLACE for name in self.mapping.values())
        return has_places and not self.crs


@contextmanager
def looked(batch: Import) -> Iterator[Looked]:
    """What the file holds, read as the batch says, for as long as it is read. Raises FileGone, UnreadableFile."""
    if not path_of(batch).exists():
        raise FileGone
    with TemporaryDirectory(dir=folder()) as unpacked:
        yield _looked(batch, look(path_of(batch), batch.file_name, Path(unpacked), Choices(**batch.choices)))


def _looked(batch: Import, source: Source) -> Looked:
    layer, reader = registry.get(batch.layer_id), _reader(batch)
    mapping = columns.matched(layer, reader, source.columns)
    mapping = {header: "" if name in batch.constants else name for header, name in mapping.items()}
    mapping |= {header: name for header, name in batch.mapping.items() if header in mapping}
    own = f"EPSG:{source.srid}" if source.srid else ""
    crs = batch.crs or own or columns.remembered_crs(layer, source.columns)
    given = {*mapping.values(), *batch.constants}
    known = columns.targets(layer, reader)
    missing = [target for name, target in known.items() if target.required and name not in given]
    return Looked(source, mapping, crs, missing)


def settle(batch: Import, **values: Any) -> None:
    """Keeps how the file is to be read: choices, crs, mapping, constants, on, keep_going. Raises ImportNotReady when
    the batch is under way or done, and BadParameter."""
    if values.get("crs"):
        crs_of(values["crs"])
    kept = Import._default_manager.filter(pk=batch.pk, state__in=OPEN)
    if not kept.update(**values, state=ImportState.SENT, summary=None, problem=""):
        raise ImportNotReady(batch.pk, _state(batch))
    batch.refresh_from_db()


def crs_of(text: str) -> SourceCrs:
    """The system of coordinates that somebody said. Raises BadParameter."""
    try:
        return said(text)
    except UnknownCrs as error:
        raise BadParameter("crs", text, explain(error)) from None


def queue(batch: Import, what: str) -> None:
    """Queues the check or the load of the batch. Raises ImportNotReady."""
    with transaction.atomic():
        waiting = Import._default_manager.filter(pk=batch.pk, state__in=OPEN)
        language = translation.get_language() or settings.LANGUAGE_CODE
        begun = {"state": STATES[what][0], "done": 0, "total": None, "step": "", "problem": "", "language": language}
        if not waiting.update(**begun):
            raise ImportNotReady(batch.pk, _state(batch))
        register = registry.get(batch.layer_id).model._meta.db_table
        app.configure_task(TASK, lock=f"import {register}").defer(batch_id=batch.pk, what=what)
    batch.refresh_from_db()


def queued_here(batch: Import, what: str) -> None:
    """Marks the batch as running in this process. Raises ImportNotReady."""
    if not Import._default_manager.filter(pk=batch.pk, state__in=OPEN).update(state=STATES[what][1], done=0):
        raise ImportNotReady(batch.pk, _state(batch))


def cancel(batch: Import) -> None:
    """Ends what is waiting or running; nothing of it stays. Raises ImportNotReady when nothing is."""
    found = _under_way(batch)
    if not found.update(state=ImportState.CANCELLED):
        raise ImportNotReady(batch.pk, _state(batch))


def run(batch_id: int, what: str) -> None:
    """Checks or loads the batch, from the beginning when that was killed; one no longer wanted is left alone."""
    found = Import._default_manager.filter(pk=batch_id, state__in=STATES[what])
    if not found.update(state=STATES[what][1], done=0, step="reading"):
        return
    batch = Import._default_manager.get(pk=batch_id)
    teller = Teller(Import._default_manager.filter(pk=batch_id, state=STATES[what][1]), "done")
    with done_for(batch.language, partial(_fail, batch)):
        try:
            carry_out(batch, what, lambda step, rows: teller(rows, **({} if step == "reading" else {"step": step})))
        except DatabaseError as error:
            _fail(batch, explain_error(error))
            raise


def carry_out(batch: Import, what: str, tell: loading.Tell) -> Outcome:
    """Checks the batch, which is rolled back, or loads it. Raises LayerError, Stopped, DatabaseError.

    The batch is marked as loaded in the transaction of its rows: whatever is killed half-way, both or neither are there.
    """
    is_load = what == LOAD
    with looked(batch) as found:
        plan = plan_of(batch, found)
        Import._default_manager.filter(pk=batch.pk).update(total=found.source.rows)
        with recorded(Actor(name=batch.actor, origin=origin(batch))):
            outcome = loading.load(plan, read(found.source), keep_going=batch.keep_going, tell=tell)
            faults = list(loading.faults())
            if is_load and outcome.is_written:
                _mark(batch, outcome, state=ImportState.LOADED, loaded_at=timezone.now())
                _keep(batch, faults)
            else:
                transaction.set_rollback(True)
    if not (is_load and outcome.is_written):
        _mark(batch, outcome, state=ImportState.CHECKED)
        _keep(batch, faults)
    columns.remember(plan.layer, found.mapping, found.crs)
    return outcome


def plan_of(batch: Import, found: Looked) -> Plan:
    """What is done with the file. Raises NothingMapped, TakenTwice, HalfPosition, CrsMissing."""
    layer, reader = registry.get(batch.layer_id), _reader(batch)
    require_writer(layer, reader)
    known = columns.targets(layer, reader)
    mapping = {header: known[name] for header, name in found.mapping.items() if name in known}
    if not any(target.about is not None for target in mapping.values()):
        raise NothingMapped(found.source.columns)
    constants = {known[name]: text for name, text in batch.constants.items() if name in known}
    names = [target.name for target in (*mapping.values(), *constants)]
    if twice := [name for name in names if names.count(name) > 1]:
        raise TakenTwice(known[twice[0]].title)
    if (columns.LON in names) != (columns.LAT in names):
        raise HalfPosition
    if found.needs_crs:
        raise CrsMissing
    return Plan(
        layer=layer, reader=reader, on=batch.on, mapping=mapping, headers=found.source.columns, constants=constants,
        missing=found.missing, crs=crs_of(found.crs) if found.crs else None, has_geometry=bool(found.source.geometry),
    )  # fmt: skip


def undo(batch: Import, user: User) -> None:
    """Takes back what the import wrote. Raises MayNotWrite, ImportNotReady, OutsideCounties for a row that the account
    may not write, and EditedSince with the codes edited since."""
    layer, reader = registry.get(batch.layer_id), reader_of(user)
    require_writer(layer, reader)
    with recorded(Actor(name=user.get_username(), origin=f"undo import {batch.pk}")):
        locked = Import._default_manager.select_for_update().get(pk=batch.pk)
        if locked.state != ImportState.LOADED:
            raise ImportNotReady(batch.pk, _state(locked))
        if code := undoing.elsewhere(origin(batch), layer, reader):
            raise OutsideCounties(code, names_of(reader.counties))
        undoing.undo(origin(batch))
        Import._default_manager.filter(pk=batch.pk).update(state=ImportState.UNDONE)
    batch.refresh_from_db()


def purge() -> None:
    """Deletes the files that were kept for their time, and those that are nobody's."""
    kept = Import._default_manager.filter(sent_at__gt=timezone.now() - KEPT)
    names = {path_of(batch).name for batch in kept}
    for path in folder().iterdir() if folder().exists() else ():
        if path.name not in names and time() - path.stat().st_mtime > STRAY_S:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _reader(batch: Import) -> Any:
    """As whom it is written: the account as it is now. Raises UnknownImport when it is gone."""
    if batch.account is None or not batch.account.is_active:
        raise UnknownImport(batch.pk)
    return reader_of(batch.account)


def _under_way(batch: Import) -> QuerySet[Import]:
    """The batch while it waits or runs."""
    return Import._default_manager.filter(pk=batch.pk, state__in=(*WAITING, *RUNNING))


def _mark(batch: Import, outcome: Outcome, **values: Any) -> None:
    """Raises Stopped when the batch was cancelled meanwhile."""
    found = _under_way(batch)
    if not found.update(summary=outcome.document, step="", done=outcome.rows, total=outcome.rows, **values):
        raise Stopped


def _keep(batch: Import, faults: list[Fault]) -> None:
    ImportFault._default_manager.filter(of=batch).delete()
    ImportFault._default_manager.bulk_create(
        (
            ImportFault(
                of=batch,
                row=fault.row,
                field=fault.field[:200],
                code=fault.code,
                severity=fault.severity,
                value=fault.value,
                params=dict(fault.params),
            )
            for fault in faults
        ),
        batch_size=FAULTS_AT_ONCE,
    )


def _fail(batch: Import, problem: str) -> None:
    _under_way(batch).update(state=ImportState.FAILED, problem=problem)


def _state(batch: Import) -> str:
    batch.refresh_from_db()
    return batch.get_state_display()
