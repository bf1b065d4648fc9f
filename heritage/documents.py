"""A heritage place as one document: its fields, and lists of its parts, as the database writes it (``heritage_document``).

A column is a field of the document under its own name; a part carries its ``key``. Read and written as JSON: a shape is
GeoJSON, a day a text, another place its handle, a cited work its code.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db import models, transaction

from heritage.differences import Document
from heritage.models import Place
from heritage.models.parts import Part, parts
from heritage.models.vocabularies import STANDARD
from layers.models.base import SRID

# Columns that no draft says: the database makes them, or an approval, a batch or a merge decides.
KEPT = ("id", "version", "changed_at", "place", "position", "handle", "published", "merged_into", "name", "name_roman",
        "location", "position_quality", "precision_m")  # fmt: skip


DECIMALS = 8  # of a degree


@cache
def columns(model: type[models.Model]) -> dict[str, models.Field]:
    """The columns of a place, or of a part, that a document says, by name; of a part with its key."""
    kept = set(KEPT) - {"name", "precision_m"} if issubclass(model, Part) else set(KEPT)
    return {
        str(field.column): field
        for field in model._meta.local_concrete_fields
        if kept.isdisjoint({field.name, field.column})
    }


def blank() -> Document:
    """An entry with nothing said yet: one standard name without a word in it."""
    document: Document = {name: _empty(field) for name, field in columns(Place).items()}
    document |= {kind: [] for kind in parts()}
    document["names"] = [blank_part("names", role=STANDARD)]
    return document


def blank_part(kind: str, /, **values: Any) -> Document:
    """A part with nothing said yet, under a key of its own."""
    model = parts()[kind]
    return {name: _empty(field) for name, field in columns(model).items()} | {"key": str(uuid4())} | values


def proposed(document: Document) -> Document:
    """A version's document without the columns that no draft says, and with those that it lacks, in the models' order."""
    whole: Document = {name: document.get(name, _empty(field)) for name, field in columns(Place).items()}
    for kind, model in parts().items():
        whole[kind] = [
            {
                name: _rounded(part.get(name)) if isinstance(field, GeometryField) else part.get(name, _empty(field))
                for name, field in columns(model).items()
            }
            for part in document.get(kind) or ()
        ]
    return whole


def _rounded(shape: Any) -> Any:
    """The GeoJSON with coordinates of a millimetre: more digits are nobody's, and may look like an identity number."""
    if isinstance(shape, dict):
        return {name: _rounded(value) for name, value in shape.items()}
    if isinstance(shape, list):
        return [_rounded(value) for value in shape]
    return round(shape, DECIMALS) if isinstance(shape, float) else shape


def standard_name(document: Document) -> Document:
    """The standard name's part, or an empty one."""
    return next((name for name in document["names"] if name.get("role") == STANDARD), {})


def instance(model: type[models.Model], said: Mapping[str, Any]) -> models.Model:
    """The unsaved row of a place or part, its values as they were said."""
    row = model()
    for name, field in columns(model).items():
        setattr(row, field.attname, value_of(field, said.get(name)))
    return row


def value_of(field: models.Field, said: Any) -> Any:
    """The column's value of what a document says. Raises GDALException, ValueError or ValidationError where it is none."""
    if isinstance(field, GeometryField):
        return geometry(said)
    if isinstance(field, models.UUIDField):
        return UUID(str(said))
    if said is None and isinstance(field, models.CharField | models.TextField) and not field.null:
        return ""
    return said


def geometry(said: Any) -> GEOSGeometry | None:
    """The shape of a GeoJSON geometry in the stored system. Raises ValueError, TypeError or GDALException."""
    if said is None:
        return None
    shape = GEOSGeometry(json.dumps(said))
    shape.srid = SRID
    return shape


@transaction.atomic
def write(place: Place, document: Document) -> None:
    """Makes the saved place and its parts what the document says; parts with a known key stay the same rows."""
    root = instance(Place, document)
    for field in columns(Place).values():
        setattr(place, field.attname, getattr(root, field.attname))
    place.save(update_fields=[field.name for field in columns(Place).values()])
    for kind, model in parts().items():
        _write_parts(place, model, document[kind])


def _write_parts(place: Place, model: type[Part], said: list[Document]) -> None:
    rows: models.Manager[Any] = model._default_manager
    there = {str(row.key): row for row in rows.filter(place=place)}
    wanted = {str(part["key"]) for part in said}
    rows.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
    # The standard name last: another may still be one until it is written.
    for position, part in sorted(enumerate(said), key=lambda numbered: numbered[1].get("role") == STANDARD):
        row: Any = instance(model, part)
        row.place, row.position = place, position
        known = there.get(str(part["key"]))
        written = [model._meta.get_field("position"), *columns(model).values()]
        if known is None:
            row.save(force_insert=True)
        elif any(getattr(known, field.attname) != getattr(row, field.attname) for field in written):
            row.pk = known.pk
            row.save(force_update=True, update_fields=[field.name for field in written])


def _empty(field: models.Field) -> Any:
    """What a column that nothing was said of has."""
    if field.has_default() and not isinstance(field, models.UUIDField):
        return field.get_default()
    return "" if isinstance(field, models.CharField | models.TextField) and not field.null else None
