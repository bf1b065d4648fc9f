"""The font that plates are lettered in: Noto Sans CJK, as Debian's fonts-noto-cjk installs it."""

from functools import cache
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from layers.doorplates.plate_errors import FontMissing

FOLDER = Path("/usr/share/fonts/opentype/noto")
REGULAR, BOLD = "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"
SIMPLIFIED = 2  # of the fonts in a collection, the one with the forms of mainland China


def path_of(name: str) -> Path:
    """The file of a font. Raises FontMissing."""
    path = FOLDER / name
    if not path.exists():
        raise FontMissing(str(path))
    return path


class Outlines:
    """Texts as outlines, so that whoever prints a plate needs no font."""

    def __init__(self, name: str) -> None:
        self.font = TTFont(path_of(name), fontNumber=SIMPLIFIED, lazy=True)
        self.glyphs, self.names = self.font.getGlyphSet(), self.font.getBestCmap()
        self.em = self.font["head"].unitsPerEm

    def width_em(self, text: str) -> float:
        """How wide the text is, in heights of the font."""
        return float(sum(self.glyphs[self._glyph(letter)].width for letter in text) / self.em)

    def path(self, text: str, *, x: float, y: float, size: float) -> str:
        """The text as an SVG path with its baseline's beginning at x, y. size: height of the font, in the units of x."""
        scale, parts = size / self.em, []
        for letter in text:
            glyph = self.glyphs[self._glyph(letter)]
            pen = SVGPathPen(self.glyphs, ntos=_short)
            glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
            parts.append(pen.getCommands())
            x += glyph.width * scale
        return "".join(parts)

    def _glyph(self, letter: str) -> str:
        return str(self.names.get(ord(letter), ".notdef"))


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


@cache
def outlines(name: str) -> Outlines:
    """The outlines of a font, opened once. Raises FontMissing."""
    return Outlines(name)
