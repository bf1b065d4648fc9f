"""Sheets of a workbook, written from the top down: widths that fit hanzi, texts that no program computes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from rich.cells import cell_len

MOST_CHARACTERS = 32_767  # of a cell, in units of UTF-16
NAME_CHARACTERS = 31  # of a sheet's name, in units of UTF-16
NARROW, WIDE = 10, 48  # columns of text that a cell shows at least and at most
NOT_IN_NAMES = str.maketrans("[]:*?/\\", "       ")
NOT_IN_XML = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")
RESERVED = "history"  # Excel's own
A4 = 9  # Excel's number of the paper
LONG_COLUMNS, LONG_WIDTH = 7, 72  # that a long text lies over: cells, and columns of text they surely show
LINE_HEIGHT, MOST_HEIGHT = 15, 400  # points


@dataclass(frozen=True)
class Formula:
    """value: what a program shows that computes nothing. is_share: whether it is shown in percent."""

    text: str
    value: float
    is_share: bool = False


class Styles:
    """The formats of a workbook's cells."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        line = {"valign": "top", "border": 1, "border_color": "#d9e0e6"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.section = book.add_format({"bold": True, "font_size": 12})
        self.heading = book.add_format({**line, "bold": True, "bg_color": "#e9f1f7", "text_wrap": True})
        self.name = book.add_format({"bold": True, "valign": "top"})
        self.text = book.add_format({"valign": "top", "text_wrap": True})
        self.cell = book.add_format({**line, "text_wrap": True})
        self.link = book.add_format({**line, "text_wrap": True, "font_color": "#17507a", "underline": 1})
        self.share = book.add_format({**line, "num_format": "0.0%"})


class Sheet:
    """row: the next one that is written."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, styles: Styles) -> None:
        self.row = 0
        self._sheet = book.add_worksheet(name)
        self._styles = styles
        self._widths: dict[int, int] = {}
        self._linked = ""

    def title(self, text: str) -> None:
        self._sheet.write_string(self.row, 0, _cut(text), self._styles.title)
        self.row += 2

    def section(self, text: str) -> None:
        self._sheet.write_string(self.row + 1, 0, _cut(text), self._styles.section)
        self.row += 2

    def facts(self, *told: tuple[str, str | None]) -> None:
        """A name and a text on each line; a text that there is none of is left out."""
        for name, text in told:
            if text:
                self._text(0, name, self._styles.name)
                self._long(1, text)
        self.row += 1

    def text(self, text: str) -> None:
        """A text over the whole width."""
        self._long(0, text)

    def _long(self, column: int, text: str) -> None:
        """A text over the columns that are beside each other, on as many lines as it needs."""
        self._sheet.merge_range(self.row, column, self.row, LONG_COLUMNS - 1, "", self._styles.text)
        self._sheet.write_string(self.row, column, _cut(text), self._styles.text)
        lines = sum(1 + cell_len(part) // LONG_WIDTH for part in text.split("\n"))
        if lines > 1:  # no program fits the height of merged cells
            self._sheet.set_row(self.row, min(LINE_HEIGHT * lines, MOST_HEIGHT))
        self.row += 1

    def heading(self, *titles: str) -> None:
        for column, title in enumerate(titles):
            self._text(column, title, self._styles.heading)
        self.row += 1

    def link(self, name: str) -> None:
        """The first cell of the next line leads to the sheet of that name."""
        self._linked = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"

    def line(self, *cells: object) -> None:
        for column, cell in enumerate(cells):
            self._cell(column, cell)
        if self._linked:
            self._sheet.write_url(self.row, 0, self._linked, self._styles.link, string=_cut(str(cells[0])))
            self._linked = ""
        self.row += 1

    def lines(self, rows: Iterable[tuple[object, ...]]) -> None:
        for row in rows:
            self.line(*row)

    def _cell(self, column: int, cell: object) -> None:
        match cell:
            case None:
                self._sheet.write_blank(self.row, column, None, self._styles.cell)
            case Formula():
                style = self._styles.share if cell.is_share else self._styles.cell
                self._sheet.write_formula(self.row, column, cell.text, style, cell.value)
            case int() | float():
                self._sheet.write_number(self.row, column, cell, self._styles.cell)
            case _:
                self._text(column, str(cell), self._styles.cell)

    def _text(self, column: int, text: str, style: Any) -> None:
        self._sheet.write_string(self.row, column, _cut(text), style)
        self._widths[column] = max(self._widths.get(column, NARROW), *map(cell_len, text.split("\n")))

    def finish(self) -> None:
        """Sets the widths, and how the sheet is printed: lying, as wide as the paper."""
        for column, width in self._widths.items():
            self._sheet.set_column(column, column, min(width + 2, WIDE))
        self._sheet.set_landscape()
        self._sheet.set_paper(A4)
        self._sheet.fit_to_pages(1, 0)


def _cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text as a cell can hold it."""
    return text.translate(NOT_IN_XML).encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")


def sheet_names(titles: Iterable[str]) -> list[str]:
    """A name for each title that Excel takes and that no other of them has, whatever the case of letters."""
    found: list[str] = []
    taken = {"", RESERVED}
    for title in titles:
        clean = " ".join(title.translate(NOT_IN_NAMES).split()).strip("' ")
        name, number = _short(clean), 1
        while name.casefold() in taken:
            number += 1
            name = _short(clean, f" ({number})")
        taken.add(name.casefold())
        found.append(name)
    return found


def _short(text: str, ending: str = "") -> str:
    return (_cut(text, NAME_CHARACTERS - len(ending)).rstrip("' ") + ending).strip()
