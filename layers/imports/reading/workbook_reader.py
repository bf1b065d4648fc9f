"""A program that reads one spreadsheet and writes its rows as lines of JSON: ``FILE look [SHEET]`` or ``FILE read SHEET``.

The library that reads spreadsheets holds a whole sheet as a rectangle of cells and ends its process when there is no
memory for it: one cell in the last column and row asks for half a terabyte. So workbooks.py gives it a process of its
own with bounds. It stands alone and imports nothing of the portal, so that it starts in a twentieth of a second.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

SAMPLE_ROWS = 1000  # headers.py's
BLOCK_ROWS = 2000
MEMORY_BYTES = 1536 * 2**20
SECONDS = 300
EXACT = 10**15  # beyond it a spreadsheet's numbers are rounded


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    path, task, *sheet = sys.argv[1:]
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            if task == "look":
                look(workbook, *sheet)
            else:
                read(workbook.get_sheet_by_name(*sheet))
        say({"end": True})
    except MemoryError:
        say({"error": "large"})
    except PasswordError:
        say({"error": "locked"})
    except (CalamineError, OSError, ValueError) as error:
        say({"error": "broken", "problem": str(error)})


def look(workbook: CalamineWorkbook, *chosen: str) -> None:
    """The names of the sheets, then each or the one chosen with where it begins and its first rows."""
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    say({"sheets": names})
    for name in chosen or names:
        sheet = workbook.get_sheet_by_name(name)
        rows, _long = texts(next(blocks(sheet, SAMPLE_ROWS), []))
        first_column = sheet.start[1] if sheet.start else 0
        say({"sheet": name, "first_column": first_column, "height": sheet.total_height + 1, "rows": rows})


def read(sheet: CalamineSheet) -> None:
    for block in blocks(sheet, BLOCK_ROWS):
        rows, long_numbers = texts(block)
        say({"rows": rows, "long": long_numbers})


def blocks(sheet: CalamineSheet, most: int) -> Iterator[list[list[Any]]]:
    """The rows from the sheet's first on, in blocks."""
    block: list[list[Any]] = []
    for row in sheet.iter_rows():
        block.append(row)
        if len(block) == most:
            yield block
            block = []
    if block:
        yield block


def texts(rows: list[list[Any]]) -> tuple[list[list[str]], list[tuple[int, int]]]:
    """The cells as texts, and the places, row and column from 0, of numbers too long to be exact."""
    long_numbers = [
        (number, column)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if isinstance(cell, float | int) and abs(cell) >= EXACT
    ]
    return [[text(cell) for cell in row] for row in rows], long_numbers


def text(cell: Any) -> str:
    """A cell as a person writes it: whole numbers without a decimal point, days and times in ISO 8601."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)


def say(line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
