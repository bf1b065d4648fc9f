"""The list of a batch to print: A4, Chinese, with the names, their spelling, category, county and meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import WrapMode

from heritage.differences import Document
from heritage.freezing import standard_name
from layers.doorplates import fonts

# Millimetres.
LEFT, TOP, BOTTOM, FOOT = 15.0, 18.0, 275.0, 285.0
LINE, PADDING = 4.6, 1.4
SIZE, SMALL = 9.0, 7.5
GREY, BLACK, LIGHT = 110, 0, 240


NEVER_FIRST = "，。、；：！？）》〉」』】〕”’…"


@dataclass(frozen=True)
class Column:
    """width: in millimetres. has_words: whether its lines break between words; those of hanzi break anywhere."""

    width: float
    has_words: bool = False


COLUMNS = (Column(10), Column(27), Column(36, has_words=True), Column(24), Column(22), Column(61))
WIDTH = sum(column.width for column in COLUMNS)


@dataclass(frozen=True)
class Row:
    name: str
    roman: str
    category: str
    county: str
    meaning: str


@dataclass(frozen=True)
class Sheet:
    """title and lines: above the table. foot: on each page. day: when it was made."""

    title: str
    lines: Sequence[str]
    rows: Sequence[Row]
    foot: str
    day: date


def pdf(document: Document, sha256: str) -> bytes:
    """The announcement's list, of what was frozen; each page says the SHA-256 of the JSON. Raises FontMissing."""
    batch, heritage_list = document["batch"], document["list"]
    with translation.override("zh-hans"):
        lines = [
            _("Issued by: %(issuer)s") % {"issuer": heritage_list["issuer"]},
            _("Document number: %(number)s") % {"number": batch["document"]},
            _("Announced on %(day)s") % {"day": batch["announced_on"]},
            _("Entries: %(count)d") % {"count": len(document["entries"])},
        ]
        return drawn(
            Sheet(
                title=_title(heritage_list["name"], batch["number"]),
                lines=lines,
                rows=[_row(entry) for entry in document["entries"]],
                foot=f"SHA-256 {sha256}",
                day=date.fromisoformat(batch["announced_on"]),
            )
        )


def drawn(sheet: Sheet) -> bytes:
    """The sheet as PDF; the same bytes for the same sheet. Raises FontMissing."""
    pages = _Pages(sheet)
    pages.add_page()
    pages.head()
    pages.entries()
    return bytes(pages.output())


def _title(name: str, number: str) -> str:
    return f"{name}（{number}）"


def _row(entry: Document) -> Row:
    name = standard_name(entry)
    return Row(name["name"], name["roman"], entry["category_name"], entry["county_name"], entry["place"]["meaning"])


class _Pages(FPDF):
    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4", unit="mm")
        self.sheet = sheet
        self.set_auto_page_break(False)
        self.set_margins(LEFT, TOP)
        self.c_margin = 0
        self.set_title(sheet.title)
        self.set_creation_date(
            datetime(sheet.day.year, sheet.day.month, sheet.day.day, tzinfo=ZoneInfo(settings.TIME_ZONE))
        )
        for style, name in (("", fonts.REGULAR), ("B", fonts.BOLD)):
            self.add_font("list", style, fonts.path_of(name), collection_font_number=fonts.SIMPLIFIED)
        self.alias_nb_pages("{pages}")
        self.widths: dict[str, float] = {}

    def footer(self) -> None:
        self.set_font("list", "", SMALL)
        self.set_text_color(GREY)
        self.text(LEFT, FOOT, self.sheet.foot)
        self.set_xy(LEFT, FOOT - 3)
        self.cell(WIDTH, 4, f"{self.page_no()} / {{pages}}", align="R")

    def head(self) -> None:
        self.set_text_color(BLACK)
        self.set_font("list", "B", 16)
        self.multi_cell(WIDTH, 8, self.sheet.title, align="C", new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR)
        self.set_font("list", "", SIZE)
        self.ln(2)
        for line in self.sheet.lines:
            self.multi_cell(WIDTH, LINE + 0.4, line, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR)
        self.ln(3)

    def entries(self) -> None:
        self.titles()
        for number, row in enumerate(self.sheet.rows, 1):
            cells = [str(number), row.name, row.roman, row.category, row.county, row.meaning]
            self.row(cells)

    def titles(self) -> None:
        titles = ["", _("Name"), _("Roman spelling"), _("Category"), _("County"), _("Meaning")]
        self.set_font("list", "B", SIZE)
        self.set_fill_color(LIGHT)
        self.rect(LEFT, self.get_y(), WIDTH, LINE + 2 * PADDING, "F")
        self.draw([[title] for title in titles], LINE + 2 * PADDING)
        self.set_font("list", "", SIZE)

    def row(self, cells: Sequence[str]) -> None:
        """A row with its lines; one that is longer than what is left of the page goes on on the next."""
        lines = [self.lines(text, column) for text, column in zip(cells, COLUMNS, strict=True)]
        height = max(map(len, lines)) * LINE + 2 * PADDING
        while height > BOTTOM - self.get_y():
            room = int((BOTTOM - self.get_y() - 2 * PADDING) // LINE)
            if height > BOTTOM - TOP - 2 * LINE and room > 2:  # longer than a page
                self.draw([of[:room] for of in lines], BOTTOM - self.get_y())
                lines = [of[room:] for of in lines]
                height = max(map(len, lines)) * LINE + 2 * PADDING
            self.add_page()
            self.set_text_color(BLACK)
            self.titles()
        self.draw(lines, height)

    def lines(self, text: str, column: Column) -> list[str]:
        """The text in lines of the column's width. fpdf's own breaking takes ten times as long over a whole list."""
        room = column.width - 2 * PADDING
        found: list[str] = []
        for paragraph in text.splitlines():
            line = ""
            words = re.findall(r"\S+\s*", paragraph) if column.has_words else []
            fit = words and all(self.width_of(word.rstrip()) <= room for word in words)
            for piece in words if fit else paragraph:
                if line and self.width_of(line + piece.rstrip()) > room:
                    carried = line[-1] if piece in NEVER_FIRST and len(line) > 1 else ""
                    found.append(line.removesuffix(carried))
                    line = carried
                line += piece
            found.append(line)
        return found

    def width_of(self, text: str) -> float:
        """How wide the text is in the table's type."""
        for letter in text:
            if letter not in self.widths:
                self.widths[letter] = self.get_string_width(letter)
        return sum(self.widths[letter] for letter in text)

    def draw(self, lines: Sequence[Sequence[str]], height: float) -> None:
        x, y = LEFT, self.get_y()
        self.set_draw_color(GREY)
        self.set_line_width(0.1)
        for column, texts in zip(COLUMNS, lines, strict=True):
            self.rect(x, y, column.width, height)
            for number, text in enumerate(texts):
                self.text(x + PADDING, y + PADDING + (number + 0.75) * LINE, text)
            x += column.width
        self.set_xy(LEFT, y + height)
