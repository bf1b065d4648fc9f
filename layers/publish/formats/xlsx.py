"""An Excel workbook: a sheet of the features, and one that says what its columns are and where the rows are from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from layers.errors import FormatLimit
from layers.publish.filters import Kind
from layers.publish.formats import arrow, columns
from layers.publish.formats.about import about
from layers.publish.formats.columns import Column
from layers.publish.formats.reading import Features

MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767  # of a sheet with its heading, and of a cell: units of UTF-16
NOT_IN_XML = ("\ufffe", "\uffff")  # others that XML has none of are written as Excel does: _x0001_
SHEET_NAME_CHARACTERS = 31
WIDTH = 18


def workbook(features: Features, path: Path) -> None:
    """Boundaries are left out: no cell holds them. Raises FormatLimit for what is too long or too much."""
    wanted = columns.properties(features)
    wanted += columns.position(features) if features.layer.has_points else []
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": path.parent}
    with xlsxwriter.Workbook(path, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        _fill(book.add_worksheet(_sheet_name(features)), features, wanted, bold, day)
        _explain(book.add_worksheet(_("About")), features, wanted, bold)


def _sheet_name(features: Features) -> str:
    forbidden = str.maketrans("", "", "[]:*?/\\'")
    return str(features.layer.title).translate(forbidden)[:SHEET_NAME_CHARACTERS]


def _fill(sheet: Any, features: Features, wanted: list[Column], bold: Any, day: Any) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(wanted) - 1, WIDTH)
    for place, column in enumerate(wanted):
        sheet.write_string(0, place, column.name, bold)
    for row, values in enumerate(_rows(features, wanted), 1):
        if row >= MOST_ROWS:
            raise FormatLimit("xlsx", _("a sheet has at most %(most)d rows") % {"most": MOST_ROWS - 1})
        for place, (column, value) in enumerate(zip(wanted, values, strict=True)):
            if value is not None:
                _write(sheet, row, place, column, value, day)


def _rows(features: Features, wanted: list[Column]) -> Iterator[tuple[Any, ...]]:
    for batch in arrow.batches(features, wanted):
        yield from zip(*(column.to_pylist() for column in batch), strict=True)


def _write(sheet: Any, row: int, place: int, column: Column, value: Any, day: Any) -> None:
    match column.kind:
        case Kind.INTEGER | Kind.NUMBER:
            sheet.write_number(row, place, value)
        case Kind.BOOLEAN:
            sheet.write_boolean(row, place, value)
        case Kind.DATE if value.year >= 1900:  # before it Excel has no days
            sheet.write_datetime(row, place, value, day)
        case _:
            text = str(value)
            if any(character in text for character in NOT_IN_XML):
                said = _("“%(name)s” holds a character that its texts cannot")
                raise FormatLimit("xlsx", said % {"name": column.name})
            if len(text.encode("utf-16-le")) > 2 * MOST_CHARACTERS:
                said = _("“%(name)s” holds a text of more than %(most)d characters")
                raise FormatLimit("xlsx", said % {"name": column.name, "most": MOST_CHARACTERS})
            sheet.write_string(row, place, text)


def _explain(sheet: Any, features: Features, wanted: list[Column], bold: Any) -> None:
    """One line for each thing said of the file, then one for each column."""
    sheet.set_column(0, 0, WIDTH)
    sheet.set_column(1, 3, 3 * WIDTH)
    row = 0
    for name, text in about(features).texts.items():
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text)
        row += 1
    if not features.layer.has_points:
        sheet.write_string(row, 1, _("Boundaries are not in this file; GeoPackage and GeoJSON have them."))
        row += 1
    row += 1
    for place, title in enumerate((_("Column"), _("Title"), _("Unit"), _("Values"))):
        sheet.write_string(row, place, title, bold)
    for column in wanted:
        row += 1
        choices = "; ".join(f"{value} = {title}" for value, title in column.choices)
        for place, text in enumerate((column.name, column.title, column.unit, choices)):
            sheet.write_string(row, place, text)
