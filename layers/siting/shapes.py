"""How a plan is drawn on a map: each role a shape of its own, so that it is told in grey and on paper too.

The same paths are the legend's, the page's map's and the report's.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

BOX = 24  # of a path
SQUARE, DIAMOND = "M4 4H20V20H4Z", "M12 1L23 12L12 23L1 12Z"
CIRCLE = "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0Z"
CROSS = "M5 5L19 19M19 5L5 19"
LETTERS = "ABCD"


@dataclass(frozen=True)
class Shape:
    """path: in a box of BOX × BOX. fill, line: colours, "" for none. px: how large it is drawn. text, text_size: letters on it.
    rank: what is drawn later lies over what is drawn before. is_many: whether there are so
    many that they are small where the map shows much."""

    path: str
    fill: str
    line: str
    width: float
    px: int
    rank: int
    is_many: bool = False
    text: str = ""
    text_size: float = 13


ROLES = {
    "new": Shape(DIAMOND, "#a8342a", "#ffffff", 2, 24, 6),
    "existing": Shape(SQUARE, "#17507a", "#ffffff", 2, 20, 5),
    "closed": Shape("M4 4H20V20H4ZM4 4L20 20M20 4L4 20", "#ffffff", "#17507a", 2.5, 20, 4),
    "covered": Shape(CIRCLE, "#1f6b41", "#ffffff", 2, 13, 1, is_many=True),
    "uncovered": Shape(CIRCLE, "#ffffff", "#8c1d14", 6, 12, 0, is_many=True),
    "excluded": Shape(CROSS, "", "#1f2a35", 4, 15, 3),
}


def letters(which: Iterable[int]) -> str:
    """The letters of scenarios by their numbers: AC for the first and the third."""
    return "".join(LETTERS[number] for number in sorted(which))


def compared(which: str) -> Shape:
    """A new site that some of the scenarios compared have."""
    fill = {"A": "#a8342a", "B": "#17507a", "C": "#1f6b41", "D": "#694700"}.get(which, "#51606d")
    return Shape(
        CIRCLE,
        fill,
        "#ffffff",
        1.5,
        18 + 5 * len(which),
        6,
        text=which,
        text_size=16 / len(which) if len(which) > 1 else 13,
    )


def documents(shapes: dict[str, Shape]) -> dict[str, dict[str, Any]]:
    """For scripts."""
    return {role: asdict(shape) for role, shape in shapes.items()}
