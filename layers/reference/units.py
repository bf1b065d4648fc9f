"""Units: a row with all that belongs to it, as it stands in the files and as it stands in the database.

A unit is the rows that share a register's key (a division's periods share its code) and their children. It is
loaded, improved or left alone as a whole: whoever changes a site's dated state has changed the site.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import models
from django.utils.translation import gettext as _

from layers.reference.building import Columns
from layers.reference.errors import BadFixture
from layers.reference.manifest import Register, Table
from layers.reference.reading import Row, read_sheet


@dataclass(frozen=True)
class Line:
    """A row, with the columns of the file it stands in."""

    row: Row
    columns: Columns


@dataclass
class Unit:
    key: str
    main: list[Line] = field(default_factory=list)
    children: dict[Table, list[Line]] = field(default_factory=lambda: defaultdict(list))

    @property
    def digest(self) -> str:
        content = [[line.row.values for line in self.main]]
        content += [[line.row.values for line in lines] for lines in self.children.values()]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_units(directory: Path, register: Register) -> dict[str, Unit]:
    """The register's units by key, in the files' order. Raises BadFixture."""
    units: dict[str, Unit] = {}
    for line in _lines(directory, register.main):
        key = "/".join(_key_part(line.row, column) for column in register.key)
        units.setdefault(key, Unit(key)).main.append(line)
    for table in register.children:
        for line in _lines(directory, table):
            key = _key_part(line.row, table.parent)
            if key not in units:
                raise BadFixture(line.row.at(table.parent), _("No row of this directory has this code."), value=key)
            units[key].children[table].append(line)
    return units


def _lines(directory: Path, table: Table) -> Iterable[Line]:
    for file in table.files:
        sheet = read_sheet(directory, file)
        columns = Columns(table, sheet)
        for row in sheet.rows:
            yield Line(row, columns)


def _key_part(row: Row, column: str) -> str:
    try:
        return row.values[column]
    except KeyError:
        raise BadFixture(row.at(column), _("The row needs a value here: it is known by it.")) from None


def stamps(register: Register, keys: Iterable[str], *, lock: bool = False) -> dict[str, int]:
    """What the database holds of these units: a number for each that is there, another after any change to it."""
    model = register.main.model
    wanted = set(keys)
    found = {f"{register.key[0]}__in": {key.split("/")[0] for key in wanted}}
    rows = model._default_manager.filter(**found).order_by("pk")
    if lock:
        rows = rows.select_for_update()
    parts: dict[str, list[object]] = defaultdict(list)
    owner: dict[int, str] = {}
    for pk, version, *key in rows.values_list("pk", "version", *register.key):
        text = "/".join(map(str, key))
        if text in wanted:
            owner[pk] = text
            parts[text] += [pk, version]
    for table in register.children:
        _add_children(table, owner, parts)
    return {key: _number(part) for key, part in parts.items()}


def _add_children(table: Table, owner: dict[int, str], parts: dict[str, list[object]]) -> None:
    children = table.model._default_manager.filter(**{f"{table.parent}__in": list(owner)}).order_by("pk")
    for parent, pk, version in children.values_list(f"{table.parent}_id", "pk", "version"):
        parts[owner[parent]] += [table.db_table, pk, version]


def _number(part: list[object]) -> int:
    return int.from_bytes(hashlib.sha256(repr(part).encode()).digest()[:7], "big")


def primary_keys(registers: Iterable[Register]) -> dict[type[models.Model], dict[str, int]]:
    """The rows that foreign keys may name, by code."""
    return {
        register.main.model: dict(register.main.model._default_manager.values_list(register.key[0], "pk"))
        for register in registers
    }
