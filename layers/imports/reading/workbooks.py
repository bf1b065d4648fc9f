"""XLSX, the older XLS and OpenDocument, through a program of its own (workbook_reader.py says why)."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from layers.imports.reading import error_cells, workbook_reader
from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.headers import BLANKS, header_of
from layers.imports.reading.pieces import Tidying
from layers.imports.reading.sources import Choices, File, Note, Piece, Source, chosen_table, table_notes

Line = dict[str, Any]


def look(file: File, choices: Choices) -> Source:
    """The sheet chosen, or else the first that has a table."""
    with closing(_lines(file.path, "look", *filter(None, [choices.table]))) as lines:
        tables = tuple(next(lines)["sheets"])
        if not tables:
            raise UnreadableFile("no_table")
        chosen_table(tables, choices)
        refusal = UnreadableFile("no_table")
        for sheet in lines:
            try:
                return _source(file, tables, sheet, choices)
            except UnreadableFile as error:
                refusal = error
    raise refusal


def _source(file: File, tables: tuple[str, ...], sheet: Line, choices: Choices) -> Source:
    if not sheet["rows"]:
        raise UnreadableFile("no_table")
    header = header_of(sheet["rows"], row=choices.header, first_column=sheet["first_column"])
    errors = error_cells.notes_of(file.path, sheet["sheet"]) if file.format == "xlsx" else ()
    return Source(
        path=file.path,
        format=file.format,
        columns=header.columns,
        tables=tables,
        table=sheet["sheet"],
        header=header.row,
        header_rows=header.rows,
        rows=max(sheet["height"] - header.row - header.rows + 1, 0),
        notes=(*table_notes(tables, sheet["sheet"]), *header.notes, *errors),
    )


def read(source: Source) -> Iterator[Piece]:
    above = source.header - 1 + source.header_rows
    headers: list[tuple[str, ...]] = []
    number = 1
    with closing(_lines(source.path, "read", source.table)) as lines:
        for line in lines:
            rows, notes = line["rows"], _long_numbers(source, line["long"], number)
            named = rows[max(source.header - number, 0) : max(above - number + 1, 0)]
            headers.extend(tuple(cell.strip(BLANKS) for cell in row) for row in named)
            skipped = min(max(above - number + 1, 0), len(rows))
            rows, number = rows[skipped:], number + skipped
            if rows:
                texts = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
                numbers = np.arange(number, number + len(rows))
                yield Tidying(source.columns, tuple(headers)).piece(texts, numbers, *notes)
            number += len(rows)


def _long_numbers(source: Source, places: list[tuple[int, int]], number: int) -> list[Note]:
    """The first in each column. number: of the row that the places count from."""
    first = {column: number + row for row, column in reversed(places)}
    return [
        Note("long_number", {"row": row, "column": source.columns[column]}) for column, row in sorted(first.items())
    ]


def _lines(path: Path, *task: str) -> Generator[Line]:
    """What the program says. Raises UnreadableFile for what it cannot read and when its bounds have ended it."""
    command = [sys.executable, "-I", workbook_reader.__file__, str(path.absolute()), *task]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:  # noqa: S603
        assert program.stdout
        try:
            for text in program.stdout:
                if not text.endswith(b"\n"):
                    break
                line = json.loads(text)
                if "end" in line:
                    return
                if "error" in line:
                    raise UnreadableFile(f"{line['error']}_workbook", **_problem(line))
                yield line
            if program.wait() < 0:
                raise UnreadableFile("large_workbook")
            raise UnreadableFile("broken_workbook", problem=_("its parts do not fit together"))
        finally:
            program.kill()


def _problem(line: Line) -> dict[str, str]:
    return {"problem": line["problem"]} if "problem" in line else {}
