"""The rows of a table that name its columns, among titles above them and rows below."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.sources import Note

SAMPLE_ROWS = 1000  # in which the header is looked for
COMPARED_ROWS = 20  # below a row, that tell how wide the table is
MOST_COLUMNS = 1024
LONGEST_NAME = 250
NUMBER = re.compile(r"[\d\s.,:/%°+-]+")  # dates and telephone numbers too: none of them names a column
BLANKS = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"

Row = Sequence[str]


@dataclass(frozen=True)
class Header:
    """row: the number of its first row, from 1; rows: how many it takes; columns: the names, each once."""

    row: int
    rows: int
    columns: tuple[str, ...]
    notes: tuple[Note, ...]


def header_of(sample: Sequence[Row], *, row: int | None, first_column: int = 0) -> Header:
    """The header of a table, at the row given or found among the rows that the table begins with.

    sample: texts, "" for an empty cell. first_column: how many columns of the sheet stand left of the sample's.
    Raises UnreadableFile when there is none, it has too many columns or a name has a NUL.
    """
    cells = [[cell.strip(BLANKS) for cell in line] for line in sample]
    begin = _found(cells) if row is None else row - 1
    if not 0 <= begin < len(cells) or not any(cells[begin]):
        raise UnreadableFile("no_header") if row is None else UnreadableFile("blank_header", row=row, most=SAMPLE_ROWS)
    rows = 2 if _is_joined(cells, begin) else 1
    width = max(len(line) for line in cells[begin : begin + rows])
    if width > MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", found=width, most=MOST_COLUMNS)
    if max(map(len, cells[begin])) > LONGEST_NAME:  # a quotation mark that is not closed makes one of many rows
        raise UnreadableFile("no_header")
    names = _joined(cells[begin], cells[begin + 1]) if rows == 2 else cells[begin]
    if any("\0" in name for name in names):
        raise UnreadableFile("control_character", row=begin + 1)
    return Header(begin + 1, rows, unique(names, first_column), tuple(_notes(cells, begin, rows)))


def _notes(cells: Sequence[Row], begin: int, rows: int) -> list[Note]:
    notes = []
    if any(map(any, cells[:begin])):
        notes.append(Note("rows_above_header", {"row": begin + 1}))
    if rows == 2:
        notes.append(Note("joined_header", {"first": begin + 1, "last": begin + 2}))
    return notes


def _found(cells: Sequence[Row]) -> int:
    """The first row that names most of the columns below it; where none has mostly names, the first with one."""
    for least_share in (0.5, 0.0):
        for begin, line in enumerate(cells):
            if _is_joined(cells, begin) or _names_columns(line, cells[begin : begin + COMPARED_ROWS], least_share):
                return begin
    return -1


def _names_columns(line: Row, table: Sequence[Row], least_share: float) -> bool:
    filled = [cell for cell in line if cell]
    width = max(sum(map(bool, row)) for row in table)
    names = {cell for cell in filled if _is_name(cell)}
    return bool(names) and 2 * len(filled) > width and len(names) > least_share * len(filled)


def _is_name(cell: str) -> bool:
    return 0 < len(cell) <= LONGEST_NAME and not NUMBER.fullmatch(cell)


def _is_joined(cells: Sequence[Row], begin: int) -> bool:
    """Whether the row and the next are one header of merged cells: names with empty cells to their right stand over
    names of their own, every other name over an empty cell, as in 名称 | 位置 | (empty) over (empty) | 经度 | 纬度.
    """
    if begin + 2 > len(cells) or not cells[begin] or not cells[begin][0]:
        return False
    pairs = list(zip_longest(cells[begin], cells[begin + 1], fillvalue=""))
    while pairs and pairs[-1] == ("", ""):
        pairs.pop()
    upper = [pair[0] for pair in pairs] + ["end"]
    covers = [not upper[column + 1] for column in range(len(pairs))]  # the name's cell goes on to the right
    below = [not above or goes_on for (above, _name), goes_on in zip(pairs, covers, strict=True)]
    fits = all(_is_name(name) if has_name else not name for (_above, name), has_name in zip(pairs, below, strict=True))
    alone = [column for column, has_name in enumerate(below) if not has_name]
    rows = cells[begin + 2 : begin + 3]
    return (
        fits and any(below) and bool(alone) and all(any(row[column : column + 1] for column in alone) for row in rows)
    )


def _joined(upper: Row, lower: Row) -> list[str]:
    names, above = [], ""
    for top, below in zip_longest(upper, lower, fillvalue=""):
        above = top or (above if below else "")
        names.append(f"{above} {below}".strip())
    return names


def unique(names: Sequence[str], first_column: int = 0) -> tuple[str, ...]:
    """The names, each once: a second 名称 becomes 名称 (2), an empty one the letter of its column."""
    texts = [" ".join(name.split()) or letters(first_column + column) for column, name in enumerate(names)]
    taken, seen, found = set(texts), Counter[str](), []
    for text in texts:
        seen[text] += 1
        name, number = text, seen[text]
        while number > 1 and (name := f"{text} ({number})") in taken:
            number += 1
        seen[text] = number
        taken.add(name)
        found.append(name)
    return tuple(found)


def letters(column: int) -> str:
    """The letters that a spreadsheet gives the column, from 0: A, Z, AA."""
    left, letter = divmod(column, 26)
    return (letters(left - 1) if left else "") + chr(ord("A") + letter)
