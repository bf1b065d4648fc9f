"""The steps of an import: which one its state asks for, what its page shows, and what is done when it is sent."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from gis_portal.pages.imports.findings import findings, preview
from gis_portal.pages.imports.forms import ColumnsForm, ReadingForm
from layers import registry
from layers.access import reader_of
from layers.errors import LayerError
from layers.imports import batches, columns
from layers.imports.batches import CHECK, LOAD, Looked
from layers.imports.errors import CrsMissing, ImportNotReady
from layers.models.imports import RUNNING, WAITING, Import, ImportState

Context = dict[str, Any]
Sent = Mapping[str, Any]
Act = Callable[[Import, User, Sent], str | Context]

READING, COLUMNS, UNDERWAY, RESULT, DONE, UNDO = "reading", "columns", "underway", "result", "done", "undo"
AT = {READING: 1, COLUMNS: 2, UNDERWAY: 3, RESULT: 3, DONE: 4, UNDO: 4}  # among the titles
ENDED = (ImportState.LOADED, ImportState.UNDONE)
LOADED_IN = (ImportState.LOAD_QUEUED, ImportState.LOADING)


def step(batch: Import, asked: str, *, is_own: bool) -> str:
    """The page that the import's state asks for; of one that is open, the step that is asked for."""
    if batch.state in (*WAITING, *RUNNING):
        return UNDERWAY
    if batch.state in ENDED:
        return UNDO if asked == UNDO and batch.state == ImportState.LOADED else DONE
    if not is_own or (batch.state == ImportState.CHECKED and asked not in (READING, COLUMNS)):
        return RESULT
    return COLUMNS if asked == COLUMNS else READING


def context(batch: Import, shown: str, user: User) -> Context:
    """What the page of a step shows."""
    found: Context = {
        "batch": batch,
        "layer": registry.get(batch.layer_id),
        "titles": [_("File"), _("Reading"), _("Columns"), _("Check"), _("Importing")],
        "at": AT[DONE if batch.state in LOADED_IN else shown],
        "has_file": batches.path_of(batch).exists(),
        "is_own": batch.account == user,
        "is_open": batch.state in batches.OPEN and batch.account == user,
    }
    match shown:
        case "reading":
            return found | _reading(batch)
        case "columns":
            return found | _columns(batch, user)
        case "underway":
            return found | {"progress": progress(batch)}
    return found | {"found": findings(batch, found["layer"], reader_of(user))}


def progress(batch: Import) -> Context:
    words = {
        "reading": _("Reading the rows"),
        "codes": _("Comparing with what is registered"),
        "rules": _("Checking every row"),
        "places": _("Checking the places"),
        "names": _("Looking for the same names nearby"),
        "writing": _("Writing what changes"),
    }
    is_waiting = batch.state in WAITING
    return {
        "state": batch.state,
        "running": batch.state in (*WAITING, *RUNNING),
        "words": batch.get_state_display() if is_waiting else words.get(batch.step or "reading", batch.step),
        "done": batch.done,
        "total": batch.total,
    }


def _reading(batch: Import) -> Context:
    """The form is offered even when the file cannot be read as it was said, so that something else can be."""
    try:
        with batches.looked(batch) as found:
            about = {"source": found.source, "form": ReadingForm(batch, found), "needs_crs": found.needs_crs}
            return about | {"preview": preview(found.source)}
    except LayerError as error:
        return {"form": ReadingForm(batch, None), "unreadable": str(error)}


def _columns(batch: Import, user: User) -> Context:
    try:
        with batches.looked(batch) as found:
            return _with_examples(_columns_form(batch, user, found), found)
    except LayerError as error:
        return {"unreadable": str(error)}


def _columns_form(batch: Import, user: User, found: Looked, sent: Sent | None = None) -> ColumnsForm:
    known = columns.targets(registry.get(batch.layer_id), reader_of(user))
    return ColumnsForm(batch, found, known, sent)


def _with_examples(form: ColumnsForm, found: Looked) -> Context:
    first = preview(found.source)
    return {
        "form": form,
        "columns": [(field, first.examples(place)) for place, field in enumerate(form.columns())],
        "has_geometry": bool(found.source.geometry),
    }


# What is done. Each says the step to go on with, empty for what the state asks for, or shows the form again.


def read(batch: Import, _user: User, sent: Sent) -> str | Context:
    try:
        with batches.looked(batch) as found:
            form = ReadingForm(batch, found, sent)
    except LayerError:
        form = ReadingForm(batch, None, sent)
    if not form.is_valid():
        return _reading(batch) | {"form": form}
    form.settle(batch)
    if "again" in sent:
        return READING
    with batches.looked(batch) as found:
        if found.needs_crs:
            raise CrsMissing
    return COLUMNS


def check(batch: Import, user: User, sent: Sent) -> str | Context:
    with batches.looked(batch) as found:
        form = _columns_form(batch, user, found, sent)
        if not form.is_valid():
            return _with_examples(form, found)
        form.settle(batch)
    with batches.looked(batch) as found:
        if found.needs_crs:
            raise CrsMissing
    batches.queue(batch, CHECK)
    return ""


def skip(batch: Import, _user: User, _sent: Sent) -> str:
    """Checks again, with the faulty rows left out."""
    batches.settle(batch, keep_going=True)
    batches.queue(batch, CHECK)
    return ""


def load(batch: Import, _user: User, _sent: Sent) -> str:
    if batch.state != ImportState.CHECKED:
        raise ImportNotReady(batch.pk, batch.get_state_display())
    batches.queue(batch, LOAD)
    return ""


def cancel(batch: Import, _user: User, _sent: Sent) -> str:
    batches.cancel(batch)
    return ""


def undo(batch: Import, user: User, _sent: Sent) -> str:
    batches.undo(batch, user)
    return ""


OF_ITS_SENDER: Mapping[str, Act] = {"read": read, "check": check, "skip": skip, "load": load}
ACTS: Mapping[str, Act] = {**OF_ITS_SENDER, "cancel": cancel, "undo": undo}
