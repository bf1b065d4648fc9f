"""An entry as a form has it: every value a text under its path, ``meaning`` or ``names/KEY/roman``; and read back."""

import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models import GeometryField
from django.db import models

from heritage import coordinates, documents
from heritage.coordinates import BadCoordinates, Form, System
from heritage.differences import Document
from heritage.models import Place
from heritage.models.parts import parts

# What a form says of a shape besides its columns: whether its positions are a point, a line or an area, and their system.
FORM, SYSTEM = "form", "system"
LONGEST = 1_000_000  # characters of one text


def texts(document: Document) -> dict[str, str]:
    """Every value of the entry by its path, in the order of the columns and the parts."""
    found = {name: _text(field, document[name]) for name, field in documents.columns(Place).items()}
    for kind, model in parts().items():
        for part in document[kind]:
            found |= part_texts(kind, model, part)
    return found


def part_texts(kind: str, model: type[models.Model], part: Document) -> dict[str, str]:
    found = {
        f"{kind}/{part['key']}/{name}": _text(field, part[name]) for name, field in documents.columns(model).items()
    }
    if kind == "shapes":
        found[f"{kind}/{part['key']}/{FORM}"] = coordinates.form_of(part["shape"])
        found[f"{kind}/{part['key']}/{SYSTEM}"] = System.DEGREES
    return found


def read(said: Mapping[str, str], was: Document) -> Document:
    """The entry that the texts say. was: the draft before, whose values stand for fields that nobody said.

    Parts are those that the texts have, in their order. A text that is no value of its column stays as it is written, for the
    author to mend: ``checking.faults`` finds it.
    """
    document: Document = {
        name: _value(field, said[name]) if name in said else was[name]
        for name, field in documents.columns(Place).items()
    }
    given = _by_part(said)
    for kind, model in parts().items():
        had = {part["key"]: part for part in was[kind]}
        document[kind] = [_part(model, key, values, had.get(key)) for (of, key), values in given.items() if of == kind]
    return document


def _by_part(said: Mapping[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """What is said of each part, by its kind and key; keys that are none are nobody's."""
    given: dict[tuple[str, str], dict[str, str]] = {}
    for path, text in said.items():
        match path.split("/"):
            case [kind, key, name] if kind in parts() and _is_key(key):
                given.setdefault((kind, key), {})[name] = text
    return given


def _part(model: type[models.Model], key: str, said: Mapping[str, str], had: Document | None) -> Document:
    part = had or documents.blank_part(_kind(model), key=key)
    return {
        name: _shape(said, part[name]) if isinstance(field, GeometryField) and name in said
        else _value(field, said[name]) if name in said and name != "key"
        else part[name]
        for name, field in documents.columns(model).items()
    }  # fmt: skip


def _kind(model: type[models.Model]) -> str:
    return next(kind for kind, known in parts().items() if known is model)


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _shape(said: Mapping[str, str], had: Any) -> Any:
    """The shape that the text says; the one before where it is written as that one is, whose decimals are more."""
    text, form, system = clean(said["shape"]), said.get(FORM, ""), said.get(SYSTEM, "")
    if text == coordinates.written(had) and form == coordinates.form_of(had):
        return had
    try:
        return coordinates.read(
            text,
            Form(form) if form in set(Form) else Form.POINT,
            System(system) if system in set(System) else System.DEGREES,
        )
    except BadCoordinates:
        return text


def _text(field: models.Field, value: Any) -> str:
    if isinstance(field, GeometryField):
        return coordinates.written(value)
    return "" if value is None else str(value)


def _value(field: models.Field, text: str) -> Any:
    text = clean(text)
    if isinstance(field, models.IntegerField):
        digits = text.replace("−", "-")
        try:
            return int(digits) if digits else None
        except ValueError:
            return text
    return None if field.null and not text else text


def clean(text: str) -> str:
    """The text without what nobody can see and no database holds, its lines ended in one way."""
    shown = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(one for one in shown if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
