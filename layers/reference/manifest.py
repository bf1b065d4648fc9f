"""A directory of reference data describes itself: ``manifest.yaml`` names its files and the tables they fill."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from layers.reference.errors import BadFixture, Spot

MANIFEST = "manifest.yaml"


@dataclass(frozen=True)
class Table:
    """A model and the files of its rows. ``parent`` is a child's foreign key to the row it belongs to."""

    model: type[models.Model]
    files: tuple[str, ...]
    geometry: str = ""  # the field that takes a GeoJSON feature's geometry
    parent: str = ""

    @property
    def db_table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Register:
    """A table with what belongs to its rows. Rows that share a key, and all their children, are one unit."""

    main: Table
    key: tuple[str, ...]
    children: tuple[Table, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.main, *self.children)


def read_manifest(directory: Path) -> list[Register]:
    """The registers in the order in which they are loaded. Raises BadFixture."""
    spot = Spot(MANIFEST, 1)
    try:
        entries = yaml.safe_load((directory / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadFixture(
            spot, _("There is no such file in %(directory)s; give a directory that has one.") % {"directory": directory}
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadFixture(spot, _("This is not YAML: %(error)s.") % {"error": error}) from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadFixture(spot, _("The manifest must be a list of tables, each with “model” and “files”."))
    return [_register(entry) for entry in entries]


def _register(entry: dict[str, Any]) -> Register:
    children = tuple(_table(child) for child in entry.pop("children", []))
    key = tuple(entry.pop("key", ["code"]))
    main = _table(entry)
    _refuse_unknown(main, key)
    for child in children:
        _refuse_unknown(child, [child.parent])
    return Register(main, key, children)


def _table(entry: dict[str, Any]) -> Table:
    spot = Spot(MANIFEST, 1)
    label = str(entry.pop("model", ""))
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise BadFixture(spot, _("There is no such model; write app.Model."), value=label) from None
    files = entry.pop("files", None)
    unknown = set(entry) - {"geometry", "parent"}
    if not isinstance(files, list) or unknown:
        raise BadFixture(
            spot,
            _("A table needs a list of “files” and may have “key”, “geometry”, “parent” and “children”."),
            value=label,
        )
    return Table(model, tuple(map(str, files)), **entry)


def _refuse_unknown(table: Table, names: Iterator[str] | tuple[str, ...] | list[str]) -> None:
    known = {field.name for field in table.model._meta.concrete_fields}
    for name in names:
        if name not in known:
            raise BadFixture(
                Spot(MANIFEST, 1), _("%(model)s has no such field.") % {"model": table.model._meta.label}, value=name
            )
