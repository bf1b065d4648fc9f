"""Spreadsheets of imports: a blank one, and the rows of a file with what is wrong with them."""

from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from heritage.imports.columns import NAME, TARGETS
from heritage.models import PlaceImport
from heritage.vocabulary import terms

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDTH, WIDE, LIST_ROWS = 18, 60, 2000
MOST_TEXT = 32_767  # characters of a cell


def annotated(batch: PlaceImport, file: IO[bytes]) -> None:
    """The rows as they were sent, before them the number of each and what is wrong. Of a refused row nothing is kept."""
    headers = [header for header, _target in batch.columns] or [_("name")]
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(_("rows"))
        bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        wrong, noted = book.add_format({"bg_color": "#f8c9c4"}), book.add_format({"bg_color": "#fdf0c2"})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [*headers, _("problems (left aside by an import)"), _("row of the file")], bold)
        sheet.set_column(len(headers), len(headers), WIDE, wrapped)
        places = {target: place for place, (_header, target) in enumerate(batch.columns) if target}
        for at, row in enumerate(batch.rows.iterator(500), 1):
            cells = row.cells or [row.title]
            marked = {places[path]: noted if fault.get("is_note") else wrong
                      for fault in row.faults if (path := _column(fault["path"])) in places}  # fmt: skip
            for place, text in enumerate(cells[: len(headers)]):
                if text or place in marked:
                    sheet.write_string(at, place, str(text)[:MOST_TEXT], marked.get(place))
            said = "\n".join(fault["problem"] for fault in row.faults)
            sheet.write_string(at, len(headers), said[:MOST_TEXT], wrapped)
            sheet.write_number(at, len(headers) + 1, row.line)


def _column(path: str) -> str:
    """The column that a fault's path is about."""
    parts = path.split("/")
    return NAME if parts[0] == "names" and parts[-1] == "name" else parts[-1] if parts[0] == "names" else parts[0]


def blank(file: IO[bytes]) -> None:
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet, about = book.add_worksheet(_("place names")), book.add_worksheet(_("about"))
        bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        about.set_column(0, 1, 40)
        about.write_row(0, 0, [_("column"), _("what it is")], bold)
        known = terms()
        for place, (name, target) in enumerate(TARGETS.items()):
            sheet.set_column(place, place, WIDTH, text)
            sheet.write_string(0, place, f"{target.title}{'*' if name == NAME else ''}", bold)
            about.write_row(place + 1, 0, [str(target.title), str(target.about)])
            if name == "category" and (words := list(known.get("place-categories", {}).values())):
                offer = {"validate": "list", "source": words, "error_type": "information"}
                if sum(map(len, words)) + len(words) < 255:  # what Excel takes
                    sheet.data_validation(1, place, LIST_ROWS, place, offer)
