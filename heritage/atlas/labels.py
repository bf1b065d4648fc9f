"""Where the numbers beside the points of a map stand, so that none covers another or a point. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

Point = tuple[float, float]

DIRECTIONS = (0, 7, 1, 2, 6, 4, 5, 3)  # eighths of a turn from the right, clockwise, as y runs down: the best first
RINGS = (0.0, 2.5, 5.0, 8.0, 11.0, 14.0, 18.0, 23.0)  # beyond the nearest place
LED_FROM = 2.0  # a label that stands farther from its point than the nearest place is led to it by a line


@dataclass(frozen=True)
class Box:
    """left and top: of its corner; x runs to the right and y down."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> "Box":
        return cls(x - width / 2, y - height / 2, width, height)

    @property
    def middle(self) -> Point:
        return self.left + self.width / 2, self.top + self.height / 2

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.left + other.width <= self.left + self.width
            and other.top + other.height <= self.top + self.height
        )


@dataclass(frozen=True)
class Label:
    """A text beside a point. is_led: whether a line leads to it."""

    text: str
    at: Point
    box: Box
    is_led: bool


class Board:
    """The places of a map that are taken; found through a grid, so that a map of hundreds of points stays quick."""

    CELL = 6.0

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self._cells: dict[tuple[int, int], list[Box]] = {}

    def take(self, box: Box) -> None:
        for cell in self._of(box):
            self._cells.setdefault(cell, []).append(box)

    def is_free(self, box: Box) -> bool:
        return self.frame.holds(box) and not any(
            box.meets(other) for cell in self._of(box) for other in self._cells.get(cell, ())
        )

    def _of(self, box: Box) -> Iterable[tuple[int, int]]:
        columns = range(int(box.left // self.CELL), int((box.left + box.width) // self.CELL) + 1)
        rows = range(int(box.top // self.CELL), int((box.top + box.height) // self.CELL) + 1)
        return ((column, row) for column in columns for row in rows)


def placed(texts: Sequence[tuple[str, Point]], board: Board, *, size: float, radius: float) -> list[Label]:
    """A label for each text, beside its point, as near as there is room. size: the height of the type; radius: of a point.

    The texts of one point stand together. Where there is no room at all a label stands at the nearest place, over others.
    """
    together: dict[Point, list[str]] = {}
    for text, at in texts:
        together.setdefault(at, []).append(text)
    for x, y in together:
        board.take(Box.around(x, y, 2 * radius, 2 * radius))
    found = []
    for at in sorted(together, key=lambda point: _crowding(point, list(together)), reverse=True):
        text = "、".join(together[at])
        label = _beside(text, at, board, size=size, radius=radius)
        board.take(label.box)
        found.append(label)
    return found


def width_of(text: str, size: float) -> float:
    """How wide a text is: digits take little more than half the width of hanzi."""
    return sum(0.58 if one.isascii() else 1.0 for one in text) * size


def _beside(text: str, at: Point, board: Board, *, size: float, radius: float) -> Label:
    width, height = width_of(text, size) + 0.4, size
    nearest: Label | None = None
    for ring in RINGS:
        for direction in DIRECTIONS:
            angle = direction * pi / 4
            reach = radius + 0.5 + ring
            x = at[0] + cos(angle) * (reach + width / 2)
            y = at[1] + sin(angle) * (reach + height / 2)
            label = Label(text, at, Box.around(x, y, width, height), is_led=ring >= LED_FROM)
            nearest = nearest or label
            if board.is_free(label.box):
                return label
    assert nearest is not None
    return nearest


def _crowding(point: Point, points: Sequence[Point]) -> int:
    """How many other points are near: those in the midst of others choose their places first."""
    return sum(hypot(point[0] - x, point[1] - y) < 10 for x, y in points)


def crowded(points: Sequence[Point], *, near: float, least: int) -> list[list[Point]]:
    """The crowds among the points: those that hang together by steps shorter than ``near``, where so many do."""
    left, found = set(points), []
    while left:
        crowd, ahead = [], [left.pop()]
        while ahead:
            one = ahead.pop()
            crowd.append(one)
            close = [other for other in left if hypot(one[0] - other[0], one[1] - other[1]) < near]
            left.difference_update(close)
            ahead += close
        if len(crowd) >= least:
            found.append(sorted(crowd))
    return sorted(found)
