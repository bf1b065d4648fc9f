"""Creating, replacing, changing and deleting an item: each call is one transaction, written whole or not at all.

The day a call names is the one on which a change of a dated fact takes effect; the row itself knows no days.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer

from layers.access import Reader, may_write, writable_rows
from layers.divisions import names_of
from layers.edit import codes, documents, saving
from layers.edit.edits import Edit
from layers.edit.errors import Fault, MayNotWrite, OutsideCounties, StaleVersion, StillNeeded, VersionMissing
from layers.edit.properties import belonging, written_relations
from layers.edit.serializers import features, serializer_for
from layers.errors import UnknownFeature
from layers.publish import freshness
from layers.registry import Layer
from layers.rows import rows, version

Document = Any  # what a client sent, as JSON
Versions = frozenset[str] | None  # those a client names as the item's; None when it names none


@dataclass(frozen=True)
class Written:
    """An item as it was written. version: its new one, empty when it was deleted."""

    code: str
    version: str


@dataclass(frozen=True)
class Held:
    """An item that no other writer can change until the transaction ends. feature: as its reader sees it."""

    row: Any
    feature: Mapping[str, Any]


def etag(edit: Edit, item_version: str) -> str:
    """The entity tag of the item in that version, the same as where it is read."""
    return freshness.etag(item_version, edit.reader, edit.on.isoformat(), get_language() or settings.LANGUAGE_CODE)


def require_writer(layer: Layer, reader: Reader) -> None:
    """Raises MayNotWrite when the reader writes nothing in the layer."""
    if not may_write(layer, reader):
        raise MayNotWrite(layer)


@transaction.atomic
def create(edit: Edit, document: Document) -> Written:
    """The new item; its first state begins on the day. A code that is not given is issued."""
    require_writer(edit.layer, edit.reader)
    code, faults = codes.of_new(edit.layer, document)
    row = edit.layer.model(**edit.layer.only, code=code)
    saving.save(edit, row, document, faults=faults)
    return _written(edit, row)


def replace(edit: Edit, code: str, document: Document, *, versions: Versions) -> Written:
    """The item with every property as sent; what was left out is emptied."""
    with _held(edit, code, versions) as held:
        return _rewrite(edit, held, document)


def update(edit: Edit, code: str, patch: Document, *, versions: Versions) -> Written:
    """The item with a JSON merge patch (RFC 7396) applied to its GeoJSON feature."""
    with _held(edit, code, versions) as held:
        return _rewrite(edit, held, documents.merge(held.feature, patch))


def delete(edit: Edit, code: str, *, versions: Versions) -> Written:
    """Deletes the item with its states and periods; its code is not used again."""
    with _held(edit, code, versions) as held:
        if kept := _kept_elsewhere(edit.layer, held.row):
            raise StillNeeded(code, kept)
        try:
            held.row.delete()
        except ProtectedError as error:
            raise StillNeeded(code, ", ".join(sorted({str(row) for row in error.protected_objects}))) from None
    return Written(code, "")


@contextmanager
def _held(edit: Edit, code: str, versions: Versions) -> Iterator[Held]:
    """The item, locked, when the reader may change it and names its version."""
    layer, reader = edit.layer, edit.reader
    require_writer(layer, reader)
    with transaction.atomic():
        found = rows(layer, reader, edit.on).filter(code=code).values_list("pk", flat=True)
        key = None if "\0" in code else found.first()
        if key is None or not _lock(layer, key):
            raise UnknownFeature(layer.id, code)
        row = features(layer, reader, edit.on).annotate(item_version=version(layer)).filter(pk=key, code=code).first()
        if row is None:  # it was changed while we waited for the lock
            raise UnknownFeature(layer.id, code)
        _require_county(edit, row)
        feature = json.loads(JSONRenderer().render(serializer_for(layer, reader)(row).data))
        if versions is None:
            raise VersionMissing(code)
        if row.item_version not in versions:
            raise StaleVersion(code, etag(edit, row.item_version), feature)
        yield Held(row, feature)


def _lock(layer: Layer, key: int) -> bool:
    """Keeps other writers from the row and from all that belongs to it; false when it is gone."""
    locked = layer.model._default_manager.select_for_update().filter(pk=key).values_list("pk", flat=True)
    if not list(locked):
        return False
    for relation in belonging(layer):
        of = {relation.field.name: key}
        list(relation.related_model._default_manager.select_for_update().filter(**of).order_by("pk").values_list("pk"))
    return True


def _kept_elsewhere(layer: Layer, row: models.Model) -> str:
    """What belongs to the row and is not edited here, in words; empty when there is nothing."""
    found = []
    for relation in belonging(layer):
        if relation.get_accessor_name() not in written_relations(layer):
            count = relation.related_model._default_manager.filter(**{relation.field.name: row}).count()
            found += [f"{relation.related_model._meta.verbose_name_plural} ({count})"] if count else []
    return ", ".join(found)


def _require_county(edit: Edit, row: Any) -> None:
    if not edit.layer.model._default_manager.filter(writable_rows(edit.layer, edit.reader), pk=row.pk).exists():
        raise OutsideCounties(row.code, names_of(edit.reader.counties))


def _rewrite(edit: Edit, held: Held, document: Document) -> Written:
    faults = []
    if isinstance(document, dict) and str(document.get("id", held.row.code)) != held.row.code:
        words = _("it is the item's code, “%(code)s”, and does not change.") % {"code": held.row.code}
        faults.append(Fault("id", document["id"], words))
    saving.save(edit, held.row, document, faults=faults, current=held.feature)
    return _written(edit, held.row)


def _written(edit: Edit, row: Any) -> Written:
    """The item as it was written. Raises OutsideCounties when it is no longer one that the reader may write."""
    _require_county(edit, row)
    found = edit.layer.model._default_manager.filter(pk=row.pk).annotate(item_version=version(edit.layer))
    return Written(row.code, found.values_list("item_version", flat=True).get())
