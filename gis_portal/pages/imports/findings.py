"""What the pages of an import show of its file and of its check: first rows, faults by kind, changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import shapely
from django.utils.translation import gettext as _

from gis_portal.pages import values
from layers.access import Reader
from layers.imports import columns, faults
from layers.imports.loading import Outcome
from layers.imports.reading import Source, read
from layers.imports.staging import GEOMETRY
from layers.models.imports import Import
from layers.publish import schema, summary
from layers.registry import Layer

SHOWN_ROWS, SHOWN_VALUES, SHOWN_CHANGES = 8, 3, 20
SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Preview:
    """The first rows of a file: the number of each and its texts, the geometry last where there is one."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]

    def examples(self, place: int) -> str:
        """The first different values of a column."""
        found = dict.fromkeys(cells[place] for _number, cells in self.rows if cells[place])
        return " · ".join(islice(found, SHOWN_VALUES))


def preview(source: Source) -> Preview:
    """Raises UnreadableFile."""
    headers = [*source.columns, *([_("geometry")] if source.geometry else [])]
    return Preview(headers, list(islice(_rows(source), SHOWN_ROWS)))


def _rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    for piece in read(source):
        first = piece.rows.slice(0, SHOWN_ROWS)
        cells = [[_cut(text or "") for text in column.to_pylist()] for column in first.columns]
        if source.geometry and piece.geometry is not None:
            cells.append([_shape(wkb) for wkb in piece.geometry.slice(0, SHOWN_ROWS).to_pylist()])
        for number, *texts in zip(piece.numbers[:SHOWN_ROWS].tolist(), *cells, strict=True):
            yield number, texts


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _shape(wkb: bytes | None) -> str:
    """A point by its coordinates, another geometry by its kind and size."""
    shape = shapely.from_wkb(wkb, on_invalid="ignore") if wkb else None
    if shape is None:
        return ""
    if shape.geom_type == "Point":
        return shapely.to_wkt(shape, rounding_precision=6)
    return _("%(kind)s of %(count)d vertices") % {"kind": shape.geom_type, "count": shapely.get_num_coordinates(shape)}


@dataclass(frozen=True)
class Group:
    """Faults of one kind in one field. words: what is wrong, empty when it differs from row to row."""

    code: str
    title: str
    count: int
    is_of_file: bool
    words: str
    examples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.examples)


@dataclass(frozen=True)
class Findings:
    """What the last check or load of an import found. changes: row, code, and title, before and after of each field."""

    outcome: Outcome
    errors: list[Group]
    notes: list[Group]
    fields: list[tuple[str, int]]
    changes: list[tuple[int, str, list[tuple[str, str, str]]]]
    keeps_going: bool

    @property
    def may_load(self) -> bool:
        """Whether an import would write something."""
        outcome = self.outcome
        is_refused = outcome.is_blocked or (bool(self.errors) and not self.keeps_going)
        return not is_refused and bool(outcome.added or outcome.changed)

    @property
    def may_skip(self) -> bool:
        """Whether an import would write something if faulty rows were left out."""
        outcome = self.outcome
        return bool(self.errors and (outcome.added or outcome.changed)) and not (self.keeps_going or outcome.is_blocked)


def findings(batch: Import, layer: Layer, reader: Reader) -> Findings | None:
    """What is kept of the last check; None before one."""
    if batch.summary is None:
        return None
    outcome = Outcome(**batch.summary)
    titles = {name: target.title for name, target in columns.targets(layer, reader).items()} | {GEOMETRY: _("Place")}
    groups = [(found["is_note"], _group(found, titles)) for found in outcome.faults]
    return Findings(
        outcome=outcome,
        errors=[group for is_note, group in groups if not is_note],
        notes=[group for is_note, group in groups if is_note],
        fields=[(titles.get(name, name), count) for name, count in outcome.changed_fields.items()],
        changes=[_change(layer, found, titles) for found in outcome.changes[:SHOWN_CHANGES]],
        keeps_going=batch.keep_going,
    )


def _group(found: Mapping[str, Any], titles: Mapping[str, str]) -> Group:
    examples = [
        {"row": one["row"], "value": one["value"], "words": faults.words(found["code"], one["params"])}
        for one in found["examples"]
    ]
    words = {example["words"] for example in examples}
    return Group(
        code=found["code"],
        title=titles.get(found["field"], found["field"]),
        count=found["count"],
        is_of_file=examples[0]["row"] == 0,
        words=words.pop() if len(words) == 1 else "",
        examples=examples,
    )


def _change(
    layer: Layer, found: Mapping[str, Any], titles: Mapping[str, str]
) -> tuple[int, str, list[tuple[str, str, str]]]:
    divisions = summary.division_names()
    fields = [
        (titles.get(name, name), *(_written(layer, name, value, divisions) for value in pair))
        for name, pair in found["fields"].items()
    ]
    return found["row"], found["code"], fields


def _written(layer: Layer, name: str, value: object, divisions: values.Divisions) -> str:
    described = {} if name == GEOMETRY else schema.describe(layer, layer.field(name))
    return _cut(values.text(described, value, divisions)) or "—"
