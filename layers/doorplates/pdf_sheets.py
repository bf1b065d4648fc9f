"""Plates on A4 paper: ten cards a page with name, pinyin, number, QR code and the plate's own code, to be cut out."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.utils.translation import gettext as _
from fpdf import FPDF

from layers.doorplates import fonts
from layers.doorplates.lettering import QUIET_MODULES, Plate, runs
from layers.models.doorplates import PlateKind

# Millimetres.
COLUMNS, ROWS = 2, 5
WIDTH, HEIGHT = 95.0, 54.0
LEFT, TOP = 10.0, 10.0
PADDING = 4.0
QR = 36.0  # with its quiet zone: read by a telephone from half a metre
POINT = 72 / 25.4
GREY, BLACK, RED = 110, 0, (176, 42, 32)


class Sheets(FPDF):
    """The pages of one file. title: at the foot of each."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4", unit="mm")
        self.foot = title
        self.set_auto_page_break(False)
        self.set_title(title)
        for style, name in (("", fonts.REGULAR), ("B", fonts.BOLD)):
            self.add_font("plate", style, fonts.path_of(name), collection_font_number=fonts.SIMPLIFIED)

    def footer(self) -> None:
        self.set_text_color(GREY)
        self.fit(f"{self.foot} · {self.page_no()}", LEFT, 289, COLUMNS * WIDTH, most=8, least=5)

    def add(self, number: int, plate: Plate) -> None:
        """Draws the plate on its place: the number-th of the file, from 0."""
        place = number % (COLUMNS * ROWS)
        if place == 0:
            self.add_page()
        self.card(LEFT + place % COLUMNS * WIDTH, TOP + place // COLUMNS * HEIGHT, plate)

    def card(self, x: float, y: float, plate: Plate) -> None:
        self.set_draw_color(GREY)
        self.set_line_width(0.1)
        self.rect(x, y, WIDTH, HEIGHT)
        self.code(x + WIDTH - PADDING - QR, y + 3, plate)
        left, width = x + PADDING, WIDTH - QR - 2 * PADDING - 1
        self.set_text_color(BLACK)
        self.fit(plate.heading, left, y + 10, width, most=16, least=8, style="B")
        self.fit(plate.roman, left, y + 15.5, width, most=8, least=5)
        self.fit(plate.number, left, y + 31, width, most=40, least=12, style="B")
        self.set_text_color(GREY)
        self.fit(plate.address, left, y + 38.5, width, most=7, least=6)
        self.fit(str(PlateKind(plate.kind).label), left, y + HEIGHT - PADDING - 1, width, most=7, least=5)
        self.fit(plate.code, x + WIDTH - PADDING - QR, y + 43, QR, most=8, least=4.5)
        if plate.is_demonstration:
            self.set_text_color(*RED)
            self.fit(_("Demonstration: not to be put up"), x + WIDTH - PADDING - QR, y + 47.5, QR, most=7, least=4.5)

    def code(self, x: float, y: float, plate: Plate) -> None:
        """The QR code in its square, dark on the paper's own white."""
        modules = plate.modules
        module = QR / (len(modules) + 2 * QUIET_MODULES)
        self.set_fill_color(BLACK)
        for column, row, length in runs(modules):
            self.rect(
                x + (column + QUIET_MODULES) * module, y + (row + QUIET_MODULES) * module, length * module, module, "F"
            )

    def fit(self, text: str, x: float, y: float, width: float, *, most: float, least: float, style: str = "") -> None:
        """Writes a text with its baseline at y, in one line or in two: as large as there is room, in points.

        What is too long for two lines of the least size is made smaller still: nothing is left out.
        """
        if not text:
            return
        self.set_font("plate", style, most)
        wide = self.get_string_width(text)
        size = min(most, most * width / wide)
        lines = [text]
        if size < least and len(text) > 1:
            middle = (len(text) + 1) // 2
            lines = [text[:middle], text[middle:]]
            size = min(least, most * width / max(self.get_string_width(line) for line in lines))
        self.set_font("plate", style, size)
        for number, line in enumerate(lines):
            self.text(x, y + (number - len(lines) + 1 if most > 8 else number) * size / POINT * 1.25, line)


def write(plates: Iterable[Plate], path: Path, *, title: str, tell: Callable[[int], None]) -> None:
    """Writes the plates, in memory of about 30 kB a plate. Raises FontMissing and what ``tell`` raises."""
    sheets = Sheets(title)
    for number, plate in enumerate(plates):
        sheets.add(number, plate)
        tell(1)
    sheets.output(str(path))
