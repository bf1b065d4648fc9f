"""Single plates as SVG in the proportions of their kind, lettered in outlines, for whoever makes them.

Sizes are what published descriptions of doorplates give for the kinds of GB 17733, not read in the standard itself:
unconfirmed. Colours, reflective film, fixings and the last word on sizes are those of the bureau's order; the files are
black on white.
"""

from collections.abc import Iterator
from html import escape

from django.utils.translation import gettext as _

from layers.doorplates.fonts import BOLD, REGULAR, outlines
from layers.doorplates.lettering import QUIET_MODULES, Plate, runs
from layers.models.doorplates import PlateKind

SIZES_MM: dict[PlateKind, tuple[float, float]] = {
    PlateKind.LARGE: (600, 400),
    PlateKind.MEDIUM: (300, 200),
    PlateKind.SMALL: (150, 90),
    PlateKind.BUILDING: (950, 550),
    PlateKind.UNIT: (360, 150),
    PlateKind.HOUSEHOLD: (120, 80),
}
MARGIN = 0.06  # of the height


def drawn(plate: Plate) -> str:
    """The plate as an SVG document; its unit is a millimetre."""
    width, height = SIZES_MM[plate.kind]
    margin = height * MARGIN
    side = min(height * 0.56, width * 0.4)
    room = width - side - 3 * margin
    bold, regular = outlines(BOLD), outlines(REGULAR)

    def text(words: str, font: str, baseline: float, *, most: float, room: float, x: float = margin) -> str:
        made = bold if font == BOLD else regular
        size = min(most, room / made.width_em(words)) if words else most
        return f'<path d="{made.path(words, x=x, y=baseline, size=size)}"/>' if words else ""

    parts = [
        text(plate.heading, BOLD, height * 0.24, most=height * 0.2, room=width - 2 * margin),
        text(plate.roman, REGULAR, height * 0.35, most=height * 0.08, room=width - 2 * margin),
        text(plate.number, BOLD, height * 0.86, most=height * 0.46, room=room),
        text(_demonstration(plate), REGULAR, height * 0.965, most=height * 0.06, room=room),
        *_code(plate, x=width - side - margin, y=height - side - margin, side=side),
    ]
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
            f'viewBox="0 0 {width:g} {height:g}">\n<title>{escape(f"{plate.code} {plate.address}")}</title>\n',
            f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>\n',
            *(f"{part}\n" for part in parts if part),
            "</svg>\n",
        ]
    )


def _demonstration(plate: Plate) -> str:
    return _("Demonstration: not to be put up") if plate.is_demonstration else ""


def _code(plate: Plate, *, x: float, y: float, side: float) -> Iterator[str]:
    """The QR code in a square with its quiet zone, as one path of bars in units of a module."""
    modules = plate.modules
    count = len(modules) + 2 * QUIET_MODULES
    bars = "".join(
        f"M{column + QUIET_MODULES} {row + QUIET_MODULES}h{length}v1h-{length}z"
        for column, row, length in runs(modules)
    )
    yield f'<path transform="translate({x:.3f} {y:.3f}) scale({side / count:.5f})" d="{bars}"/>'
