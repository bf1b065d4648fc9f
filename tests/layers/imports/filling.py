"""Rows as a reader of files gives them, and a plan to load them, for tests of what comes after reading."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from layers import registry
from layers.access import BUREAU, Reader
from layers.crs.said import said
from layers.imports import columns, loading
from layers.imports.loading import Outcome
from layers.imports.reading import Piece
from layers.imports.staging import Plan
from layers.rows import today

Rows = Sequence[Mapping[str, str | None]]


def piece(rows: Rows, first: int = 2) -> Piece:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    arrays = [pa.array([row.get(header) or None for row in rows], pa.string()) for header in headers]
    numbers = np.arange(first, first + len(rows))
    return Piece(rows=pa.RecordBatch.from_arrays(arrays, headers), numbers=numbers, geometry=None)


def plan(
    layer_id: str,
    rows: Rows,
    *,
    crs: str = "EPSG:4490",
    on: date | None = None,
    reader: Reader = BUREAU,
    **constants: str,
) -> Plan:
    layer = registry.get(layer_id)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    known = columns.targets(layer, reader)
    names = {header: name for header, name in columns.matched(layer, reader, headers).items() if name}
    given = {*names.values(), *constants}
    return Plan(
        layer=layer,
        reader=reader,
        on=on or today(),
        mapping={header: known[name] for header, name in names.items()},
        headers=headers,
        constants={known[name]: text for name, text in constants.items()},
        missing=[target for name, target in known.items() if target.required and name not in given],
        crs=said(crs),
    )


def load(layer_id: str, rows: Rows, *, keep_going: bool = False, **about: Any) -> Outcome:
    """Loads the rows in the test's own transaction."""
    return loading.load(plan(layer_id, rows, **about), [piece(rows)], keep_going=keep_going, tell=lambda *_told: None)


def found(outcome: Outcome) -> list[tuple[str, str, int, list[int]]]:
    """The faults: code, field, number and first rows."""
    return [
        (one["code"], one["field"], one["count"], [example["row"] for example in one["examples"]])
        for one in outcome.faults
    ]
