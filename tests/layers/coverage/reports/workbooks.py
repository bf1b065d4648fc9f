"""Workbooks read back: what a program shows, and the formulas behind it."""

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The rows of every sheet by its name."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def formulas(content: bytes) -> list[dict[str, tuple[str, float]]]:
    """Of every sheet: formula and kept value by cell."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = sorted(filter(re.compile(r"xl/worksheets/sheet\d+\.xml").fullmatch, book.namelist()), key=_number)
        return [_formulas(ElementTree.fromstring(book.read(name))) for name in names]  # noqa: S314  our own file


def _number(name: str) -> int:
    return int(re.findall(r"\d+", name)[0])


def _formulas(sheet: ElementTree.Element) -> dict[str, tuple[str, float]]:
    cells = [cell for cell in sheet.iter(f"{MAIN}c") if cell.find(f"{MAIN}f") is not None]
    return {cell.attrib["r"]: (cell.findtext(f"{MAIN}f", ""), float(cell.findtext(f"{MAIN}v", ""))) for cell in cells}


def table(rows: list[list[Any]], first: str) -> list[dict[str, Any]]:
    """The lines below the heading that begins with a text, up to an empty one, by the heading's words."""
    start = next(place for place, row in enumerate(rows) if row and row[0] == first)
    found = []
    for row in rows[start + 1 :]:
        if not any(cell != "" for cell in row):
            break
        found.append(dict(zip((name for name in rows[start] if name != ""), row, strict=False)))
    return found
