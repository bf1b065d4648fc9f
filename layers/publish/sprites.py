"""The markers of the layers as one picture, for map programs that draw a style without the portal's page.

The shapes are those of ``symbols``. The hanzi in them are drawn with a font of the machine, where it has one that
holds them (``FONTS``); without, shape and colour still tell the layers apart.
"""

import io
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from layers.publish import symbols
from layers.publish.styles import is_area
from layers.registry import Layer, Symbol

COLUMNS = 8
FINE = 4  # drawn so many times larger and then made smaller, for smooth edges
DASH, GAP, HALO_WIDTH, EDGE_WIDTH = 3.2, 1.8, 2.0, 1.6  # of a marker of 32
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)


def index(layers: Sequence[Layer], ratio: int) -> dict[str, Any]:
    """Where each marker stands in the picture, by the name that the styles call it."""
    size = symbols.BOX * ratio
    return {
        name: {
            "x": number % COLUMNS * size,
            "y": number // COLUMNS * size,
            "width": size,
            "height": size,
            "pixelRatio": ratio,
        }
        for number, (name, _symbol, _operating) in enumerate(_markers(layers))
    }


def picture(layers: Sequence[Layer], ratio: int) -> bytes:
    """The picture of all markers as PNG; one empty pixel when there are none."""
    markers, size = list(_markers(layers)), symbols.BOX * ratio
    rows = -(-len(markers) // COLUMNS)
    sheet = Image.new("RGBA", (min(len(markers), COLUMNS) * size or 1, rows * size or 1))
    for number, (_name, symbol, operating) in enumerate(markers):
        place = (number % COLUMNS * size, number // COLUMNS * size)
        sheet.paste(_marker(symbol, operating=operating, ratio=ratio), place)
    written = io.BytesIO()
    sheet.save(written, "PNG", optimize=True)
    return written.getvalue()


def _markers(layers: Sequence[Layer]) -> list[tuple[str, Symbol, bool]]:
    pointed = [layer for layer in layers if not is_area(layer)]
    names = [(layer.id, layer.symbol, True) for layer in pointed]
    return names + [(f"{layer.id}.idle", layer.symbol, False) for layer in pointed if layer.states is not None]


def _marker(symbol: Symbol, *, operating: bool, ratio: int) -> Image.Image:
    scale = ratio * FINE
    drawn = Image.new("RGBA", (symbols.BOX * scale, symbols.BOX * scale))
    pen = ImageDraw.Draw(drawn)
    outline = [(x * scale, y * scale) for x, y in symbols.outline(symbol.shape)]
    closed = [*outline, outline[0], outline[1]]
    pen.line(closed, fill=symbols.HALO, width=round(HALO_WIDTH * scale), joint="curve")
    pen.polygon(outline, fill=symbol.colour if operating else symbols.HALO)
    if operating:
        pen.line(closed, fill=symbols.HALO, width=round(HALO_WIDTH * scale), joint="curve")
    else:
        _dashes(pen, closed[:-1], scale)
    _glyph(pen, symbol, symbols.HALO if operating else symbols.IDLE, scale)
    size = symbols.BOX * ratio
    return drawn.resize((size, size), Image.Resampling.LANCZOS)


def _dashes(pen: ImageDraw.ImageDraw, ring: list[tuple[float, float]], scale: int) -> None:
    """The broken edge of what does not operate."""
    along = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        steps = max(1, round(length / scale * 4))
        for step in range(steps):
            here, there = step / steps, (step + 1) / steps
            if (along + length * here) / scale % (DASH + GAP) < DASH:
                line = [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part) for part in (here, there)]
                pen.line(line, fill=symbols.IDLE, width=round(EDGE_WIDTH * scale))
        along += length


def _glyph(pen: ImageDraw.ImageDraw, symbol: Symbol, colour: str, scale: int) -> None:
    font = _font(symbols.GLYPH_SIZE.get(symbol.shape, 14) * scale) if symbol.glyph else None
    if font is not None:
        x, y = symbols.CENTRE * scale, symbols.baseline(symbol.shape) * scale
        pen.text((x, y), symbol.glyph, font=font, fill=colour, anchor="ms")


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | None:
    found = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(found, round(size)) if found else None
