"""The file again as a spreadsheet, its faulty cells marked, with a column that says why; to be mended and sent again."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
import xlsxwriter
from django.utils.translation import gettext as _

from layers.imports import batches
from layers.imports.columns import LAT, LON, REPORTED, SHAPES, WKT
from layers.imports.faults import words
from layers.imports.reading import Source, read
from layers.models.imports import Import, ImportFault, Severity

MOST_ROWS = 100_000  # of a file that is written whole; of a larger one only faulty rows are, as many as are kept
MOST_TEXT = 32_767  # characters of a cell
WIDE = 60  # characters of the column that says why
NOTE = {"visible": True, "width": 420, "height": 140, "author": ""}


def write(batch: Import, path: Path) -> None:
    """Raises FileGone, UnreadableFile."""
    with batches.looked(batch) as found:
        _write(batch, found.source, found.mapping, path)


def _write(batch: Import, source: Source, mapping: dict[str, str], path: Path) -> None:
    by_target = {name: header for header, name in mapping.items() if name}
    faults = _faults(batch)
    headers = [*source.columns, *([SHAPES] if source.geometry else [])]
    whole = batch.total is None or batch.total <= MOST_ROWS
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(_("rows"))
        styles = {
            Severity.ERROR: book.add_format({"bg_color": "#f8c9c4"}),
            Severity.NOTE: book.add_format({"bg_color": "#fdf0c2"}),
        }
        head, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(len(headers), len(headers), WIDE, wrapped)
        of_file = faults.get(0, [])
        wrong_head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#f8c9c4"})
        marked_heads = {_header(fault, by_target, headers) for fault in of_file}
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, wrong_head if header in marked_heads else head)
        sheet.write_row(0, len(headers), [_(title) for title in REPORTED], head)
        if of_file:  # beside the header, which stays as it is for the next file
            sheet.write_comment(0, len(headers), "\n".join(_said(of_file, by_target)), NOTE)
        for at, (number, cells) in enumerate(_rows(source, faults, whole=whole), 1):
            own = faults.get(number, [])
            marked = {_header(fault, by_target, headers): styles[Severity(fault.severity)] for fault in reversed(own)}
            for place, (header, text) in enumerate(zip(headers, cells, strict=True)):
                if text or header in marked:
                    sheet.write_string(at, place, (text or "")[:MOST_TEXT], marked.get(header))
            sheet.write_string(at, len(headers), "\n".join(_said(own, by_target))[:MOST_TEXT], wrapped)
            sheet.write_number(at, len(headers) + 1, number)
            if at == MOST_ROWS:
                break


def _said(faults: Iterable[ImportFault], by_target: dict[str, str]) -> list[str]:
    return [f"{_title(fault, by_target)}: {words(fault.code, fault.params)}" for fault in faults]


def _faults(batch: Import) -> dict[int, list[ImportFault]]:
    found: dict[int, list[ImportFault]] = {}
    for fault in batch.faults.order_by("row", "severity", "id"):
        found.setdefault(fault.row, []).append(fault)
    return found


def _rows(source: Any, faults: dict[int, Any], *, whole: bool) -> Iterator[tuple[int, list[str | None]]]:
    for piece in read(source):
        columns = [piece.rows[name].to_pylist() for name in source.columns]
        if piece.geometry is not None:
            shapes = shapely.from_wkb(piece.geometry.to_pylist(), on_invalid="ignore")
            columns.append(shapely.to_wkt(shapes, rounding_precision=9).tolist())
        for number, *cells in zip(piece.numbers.tolist(), *columns, strict=True):
            if whole or number in faults:
                yield number, cells


def _header(fault: ImportFault, by_target: dict[str, str], headers: list[str]) -> str | None:
    """The header of the cell that a fault is about; of a place, the one that gives it."""
    if fault.field in by_target:
        return by_target[fault.field]
    if fault.field == "geometry":
        return next((by_target[name] for name in (LON, WKT, LAT) if name in by_target), SHAPES)
    return fault.field if fault.field in headers else None


def _title(fault: ImportFault, by_target: dict[str, str]) -> str:
    return by_target.get(fault.field) or {"geometry": _("place")}.get(fault.field, fault.field)
