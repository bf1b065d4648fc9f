"""A layer's symbol as SVG: the marker on the map and the sample in the legend, drawn in one place.

Shape and hanzi tell layers apart without colour; a site that does not operate is hollow.
"""

from math import cos, pi, radians, sin
from xml.sax.saxutils import quoteattr

from layers.registry import Layer, Shape, Symbol

BOX = 32
CENTRE = BOX / 2
RADIUS, CORNER = 12.5, 3.5  # of a circle, and of a square's corners
HALO = "#ffffff"
IDLE = "#6b7580"  # the outline of what does not operate, whatever its layer
FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"

# Where the hanzi stands in a shape: the baseline's middle and its size, in the box's units.
GLYPH_BASELINE = {Shape.TRIANGLE: 25.2}
GLYPH_SIZE = {
    Shape.CIRCLE: 14.5,
    Shape.SQUARE: 15,
    Shape.DIAMOND: 12.5,
    Shape.TRIANGLE: 11,
    Shape.STAR: 12.5,
}


def marker(symbol: Symbol, *, operating: bool = True) -> str:
    """The marker of a point as an SVG document of 32 × 32."""
    return _document(_filled(symbol) if operating else _hollow(symbol))


def legend(layer: Layer) -> str:
    """The sample of the layer in a legend as an SVG document of 32 × 32."""
    symbol = layer.symbol
    if symbol.shape is Shape.OUTLINE:
        line = f'd="M3 22 11 11l9 6 9-9" fill="none" stroke={_quoted(symbol.colour)} stroke-linejoin="round"'
        drawn = f'<path {line} stroke-width="{symbol.size_px * 4:g}" stroke-opacity=".2"/><path {line} stroke-width="{symbol.size_px + 0.5:g}"/>'
    elif symbol.shape is Shape.AREA:
        drawn = (
            f'<path d="M5 7h22v18H5z" fill={_quoted(symbol.colour)} fill-opacity=".14" stroke={_quoted(symbol.colour)} stroke-width="1.5"/>'
            f'<path d="M5 17 15 7M5 25 23 7M13 25 27 11M21 25l6-6" stroke={_quoted(symbol.colour)} stroke-width="1"/>'
        )
    elif symbol.glyph:
        drawn = _filled(symbol)
    else:
        drawn = f'<g transform="translate(16 16) scale(.45) translate(-16 -16)">{_filled(symbol)}</g>'
    return _document(drawn)


def _filled(symbol: Symbol) -> str:
    edge = f'fill={_quoted(symbol.colour)} stroke="{HALO}" stroke-width="2" stroke-linejoin="round"'
    return f"<{_shape(symbol.shape)} {edge}/>{_glyph(symbol, HALO)}"


def _hollow(symbol: Symbol) -> str:
    shape = _shape(symbol.shape)
    halo = f'fill="{HALO}" stroke="{HALO}" stroke-width="3" stroke-linejoin="round"'
    edge = f'fill="{HALO}" stroke="{IDLE}" stroke-width="1.6" stroke-dasharray="3.2 1.8" stroke-linejoin="round"'
    return f"<{shape} {halo}/><{shape} {edge}/>{_glyph(symbol, IDLE)}"


def _glyph(symbol: Symbol, colour: str) -> str:
    if not symbol.glyph:
        return ""
    size = GLYPH_SIZE[symbol.shape]
    return (
        f'<text x="{CENTRE:g}" y="{baseline(symbol.shape):g}" text-anchor="middle" font-family="{FONTS}" '
        f'font-size="{size:g}" font-weight="600" fill="{colour}">{symbol.glyph}</text>'
    )


def baseline(shape: Shape) -> float:
    """Where the hanzi of a marker stands, from its top."""
    return GLYPH_BASELINE.get(shape, CENTRE + GLYPH_SIZE.get(shape, 14) * 0.37)


def outline(shape: Shape) -> list[tuple[float, float]]:
    """The corners of a marker's outline; of round ones, corners close enough to look round."""
    match shape:
        case Shape.SQUARE:
            middles = [(23.5, 8.5, 0), (23.5, 23.5, 90), (8.5, 23.5, 180), (8.5, 8.5, 270)]
            return [corner for x, y, first in middles for corner in _arc(x, y, CORNER, first, first + 90, steps=6)]
        case Shape.DIAMOND:
            return [(16, 1.8), (30.2, 16), (16, 30.2), (1.8, 16)]
        case Shape.TRIANGLE:
            return [(16, 2), (30.5, 28.5), (1.5, 28.5)]
        case Shape.STAR:
            return _star(points=8, outer=14.6, inner=11.2)
        case _:
            return _arc(CENTRE, CENTRE, RADIUS, 0, 360, steps=64)


def _shape(shape: Shape) -> str:
    """The SVG element of a shape, without its paint."""
    match shape:
        case Shape.SQUARE:
            return f'rect x="5" y="5" width="22" height="22" rx="{CORNER:g}"'
        case Shape.DIAMOND | Shape.TRIANGLE | Shape.STAR:
            return f'path d="{_polygon(outline(shape))}"'
        case _:
            return f'circle cx="16" cy="16" r="{RADIUS:g}"'


def _arc(x: float, y: float, radius: float, first: float, last: float, *, steps: int) -> list[tuple[float, float]]:
    """Points on a circle from one angle to another: degrees from the top, clockwise."""
    angles = [radians(first + (last - first) * step / steps) for step in range(steps + 1)]
    return [(x + radius * sin(angle), y - radius * cos(angle)) for angle in angles]


def _star(*, points: int, outer: float, inner: float) -> list[tuple[float, float]]:
    corners = []
    for step in range(2 * points):
        radius, angle = (inner if step % 2 else outer), pi * step / points
        corners.append((CENTRE + radius * sin(angle), CENTRE - radius * cos(angle)))
    return corners


def _polygon(corners: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.4g} {y:.4g}" for x, y in corners) + "z"


def _quoted(value: str) -> str:
    return quoteattr(value)


def _document(drawn: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{BOX}" height="{BOX}" viewBox="0 0 {BOX} {BOX}">{drawn}</svg>'
    )
