"""The colours of the portal's map, and what each becomes in its dark theme."""

from collections.abc import Sequence

from layers.registry import Layer, Shape

SURROUNDINGS = "#e4e9ed"  # what lies around the counties
# The land of a county; neighbours seldom share one, for their codes follow each other.
LAND = ("#fcf9f2", "#f6f8f0", "#f1f7f4", "#f2f6fa", "#f7f5fa", "#fbf5f5", "#faf8f0")
BAND = "#9b7fa6"  # along the boundaries of counties
INK, SOFT_INK, COUNTY_INK, HALO = "#22303c", "#43505c", "#4c3b5c", "#ffffff"

DARK_LAND = ("#232a30", "#222b2c", "#202b2e", "#202933", "#262833", "#2a272e", "#29292b")
LIGHTER = 0.45  # the way of a layer's own colour to white, on dark ground


def dark(layers: Sequence[Layer]) -> dict[str, str]:
    """What each colour of the layers' style becomes in the dark theme. Boundaries keep theirs."""
    own = [layer.symbol.colour for layer in layers if layer.symbol.shape is not Shape.OUTLINE]
    return {
        **{colour: _lightened(colour) for colour in own},
        **dict(zip(LAND, DARK_LAND, strict=True)),
        SURROUNDINGS: "#12181e",
        BAND: "#b89cc8",
        INK: "#e6ecf1",
        SOFT_INK: "#b9c5cf",
        COUNTY_INK: "#dccdec",
        HALO: "#161d24",
    }


def _lightened(colour: str) -> str:
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * LIGHTER):02x}" for part in parts)
