"""Rows out of UTF-8 CSV and GeoJSON files, each with the line it stands on. Values stay text."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from layers.reference.errors import BadFixture, Spot

GEOMETRY = "geometry"  # the column that holds a feature's geometry, as GeoJSON text


@dataclass(frozen=True)
class Row:
    """``values`` leaves out what is empty."""

    file: str
    line: int
    values: dict[str, str]

    def at(self, column: str = "") -> Spot:
        return Spot(self.file, self.line, column)


@dataclass(frozen=True)
class Sheet:
    """One file: the columns it has and its rows."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(directory: Path, file: str) -> Sheet:
    """Raises BadFixture for a file that is missing, not UTF-8 or not of its form."""
    text = _text(directory, file)
    if file.endswith(".geojson"):
        return _geojson(file, text)
    return _csv(file, text)


def _text(directory: Path, file: str) -> str:
    try:
        data = (directory / file).read_bytes()
    except OSError as error:
        raise BadFixture(Spot(file, 1), _("The file cannot be read: %(error)s.") % {"error": error.strerror}) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFixture(
            Spot(file, line),
            _("These bytes are not UTF-8 (is the file GB18030?): save it as UTF-8."),
            value=data[error.start : error.start + 4].hex(" "),
        ) from None


def _csv(file: str, text: str) -> Sheet:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    columns: tuple[str, ...] = ()
    rows = []
    begin = 1
    try:
        for cells in reader:
            if not columns:
                columns = _header(file, cells)
            elif cells:
                rows.append(_csv_row(Spot(file, begin), columns, cells))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise BadFixture(Spot(file, begin), _("This is not CSV: %(error)s.") % {"error": error}) from None
    if not columns:
        raise BadFixture(Spot(file, 1), _("The file is empty; its first line must name the columns."))
    return Sheet(file, columns, tuple(rows))


def _header(file: str, cells: list[str]) -> tuple[str, ...]:
    for name in cells:
        if cells.count(name) > 1:
            raise BadFixture(Spot(file, 1, name), _("The column stands twice; keep one."), value=name)
    return tuple(cells)


def _csv_row(spot: Spot, columns: tuple[str, ...], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        raise BadFixture(
            spot,
            _("The row has %(found)d cells, the header %(expected)d: look for a missing or an unquoted comma.")
            % {"found": len(cells), "expected": len(columns)},
        )
    return Row(spot.file, spot.line, {name: cell for name, cell in zip(columns, cells, strict=True) if cell != ""})


def _geojson(file: str, text: str) -> Sheet:
    rows = tuple(_feature_row(Spot(file, line), feature) for line, feature in _features(file, text))
    columns = tuple(dict.fromkeys(name for row in rows for name in row.values))
    return Sheet(file, columns, rows)


def _features(file: str, text: str) -> Iterator[tuple[int, Any]]:
    """Each feature with its line, which no JSON reader tells: the array is read element by element."""
    start = re.search(r'"features"\s*:\s*\[', text)
    if not start:
        raise BadFixture(Spot(file, 1), _("This is not a GeoJSON FeatureCollection."))
    decoder = json.JSONDecoder()
    position = start.end()
    line, counted = 1, 0
    while True:
        while text[position : position + 1] in {" ", "\t", "\r", "\n", ","}:
            position += 1
        line += text.count("\n", counted, position)
        counted = position
        if text.startswith("]", position):
            return
        try:
            feature, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise BadFixture(
                Spot(file, error.lineno), _("This is not JSON: %(error)s.") % {"error": error.msg}
            ) from None
        yield line, feature


def _feature_row(spot: Spot, feature: Any) -> Row:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise BadFixture(spot, _("This is not a GeoJSON feature with properties."))
    values = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in feature["properties"].items()
        if value not in (None, "")
    }
    if feature.get("geometry"):
        values[GEOMETRY] = json.dumps(feature["geometry"])
    return Row(spot.file, spot.line, values)
