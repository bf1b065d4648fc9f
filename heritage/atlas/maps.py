"""A county's map as SVG, in millimetres of paper: the county among its neighbours, its townships, places as numbered points.

Drawn of the portal's own layers alone. Pure: whoever asks for a map gives it the shapes, in metres.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import shapely
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from heritage.atlas.labels import Board, Box, Label, Point, crowded, placed, width_of

WIDTH, HEIGHT, LEAST_HEIGHT = 170.0, 196.0, 90.0  # of a frame
MARGIN = 8.0  # between what is shown and the frame
DETAIL = (WIDTH, 108.0)  # two a page
FONT = "Noto Sans CJK SC"
NUMBER_SIZE, NAME_SIZE, COUNTY_SIZE = 2.7, 2.5, 3.6
RADIUS = 0.85  # of a point
CROWDED, LEAST_CROWD, WIDEST = 7.0, 7, 0.3  # millimetres; points; the part of the frame that a window may take
CLOSEST = 0.03  # millimetres a metre: no map is larger than about 1:30,000, for points are not more exact
EDGE = 1.8  # millimetres between the spots of a window and its edge
COARSEST = 0.12  # millimetres: what a line is simplified by
BAR_MOST = 0.3  # of the frame's width
STEPS = (1, 2, 5)

PAPER, LAND, OUTSIDE = "#ffffff", "#fdfaf2", "#eceae4"
INK, GREY, LIGHT, RED = "#222222", "#7c7c7c", "#b4b0a6", "#9c2f22"


@dataclass(frozen=True)
class Spot:
    """A place on the map. number: that of its entry; square: of a place that is only told roughly, where it lies in."""

    number: int
    at: Point
    square: BaseGeometry | None = None


@dataclass(frozen=True)
class Ground:
    """What lies under the spots. shown: what the map is about; outlined: its parts, and around: its neighbours, by name."""

    shown: BaseGeometry
    outlined: Sequence[tuple[str, BaseGeometry]] = ()
    around: Sequence[tuple[str, BaseGeometry]] = ()


@dataclass(frozen=True)
class Words:
    north: str
    kilometres: str
    metres: str
    detail: str  # what a window is called, with %d for its number


@dataclass(frozen=True)
class Drawing:
    """width and height: in millimetres. detail: the number of the window that it shows, 0 for the whole."""

    svg: str
    width: float
    height: float
    detail: int = 0


@dataclass(frozen=True)
class _Window:
    """A part of the map that is drawn once more, larger; in metres, and in the millimetres of the whole map."""

    number: int
    extent: tuple[float, float, float, float]
    box: Box


def of_county(ground: Ground, spots: Sequence[Spot], words: Words) -> list[Drawing]:
    """The map, and one of each part of it where the spots stand too close to be numbered."""
    reach = shapely.unary_union([ground.shown, *(shapely.Point(spot.at) for spot in spots)])
    whole = _Sheet(reach.bounds, (WIDTH, HEIGHT))
    windows = whole.windows(spots)
    within = {spot for window in windows for spot in spots if _holds(window.extent, spot.at)}
    drawings = [
        whole.drawn(ground, [spot for spot in spots if spot not in within], words, within=within, windows=windows)
    ]
    for window in windows:
        sheet = _Sheet(window.extent, DETAIL, is_filled=True)
        inside = [spot for spot in spots if _holds(window.extent, spot.at)]
        drawings.append(sheet.drawn(ground, inside, words, number=window.number))
    return drawings


def of_city(counties: Sequence[tuple[str, BaseGeometry]], words: Words) -> Drawing:
    """The counties with their names, each of which may have lines."""
    shown = shapely.unary_union([shape for _name, shape in counties])
    return _Sheet(shown.bounds, (WIDTH, HEIGHT)).drawn(Ground(shown, counties), [], words, size=COUNTY_SIZE)


def _holds(extent: tuple[float, float, float, float], at: Point) -> bool:
    west, south, east, north = extent
    return west <= at[0] <= east and south <= at[1] <= north


@dataclass
class _Sheet:
    """A frame over an extent in metres. is_filled: whether it is as large as may be rather than as high as the extent asks."""

    extent: tuple[float, float, float, float]
    most: tuple[float, float]
    is_filled: bool = False
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        west, south, east, north = self.extent
        across, up = max(east - west, 1.0), max(north - south, 1.0)
        self.scale = min((self.most[0] - 2 * MARGIN) / across, (self.most[1] - 2 * MARGIN) / up, CLOSEST)
        self.width = self.most[0]
        self.height = max(LEAST_HEIGHT, min(self.most[1], up * self.scale + 2 * MARGIN))
        self.left = (west + east) / 2 - self.width / 2 / self.scale
        self.top = (south + north) / 2 + self.height / 2 / self.scale

    @property
    def frame(self) -> Box:
        return Box(0, 0, self.width, self.height)

    def at(self, point: Point) -> Point:
        return (point[0] - self.left) * self.scale, (self.top - point[1]) * self.scale

    def on_paper(self, shape: BaseGeometry) -> BaseGeometry:
        """The part of the shape within the frame, in millimetres."""
        moved = affine_transform(shape, [self.scale, 0, 0, -self.scale, -self.left * self.scale, self.top * self.scale])
        return shapely.clip_by_rect(moved, -1, -1, self.width + 1, self.height + 1)

    def windows(self, spots: Sequence[Spot]) -> list[_Window]:
        """The parts that are drawn larger: where spots crowd, and where that takes but a part of the frame."""
        places: dict[Point, Point] = {self.at(spot.at): spot.at for spot in spots}
        found: list[_Window] = []
        if self.scale >= CLOSEST / 1.5:
            return found
        for crowd in crowded(list(places), near=CROWDED, least=LEAST_CROWD):
            for box in self._boxes(crowd):
                west, north = self.left + box.left / self.scale, self.top - box.top / self.scale
                east, south = west + box.width / self.scale, north - box.height / self.scale
                found.append(_Window(len(found) + 1, (west, south, east, north), box))
        return found

    def _boxes(self, crowd: Sequence[Point]) -> list[Box]:
        """The boxes around a crowd, halved until none takes more than a part of the frame."""
        (left, top), (right, bottom) = map(min, zip(*crowd, strict=True)), map(max, zip(*crowd, strict=True))
        box = Box(left - EDGE, top - EDGE, right - left + 2 * EDGE, bottom - top + 2 * EDGE)
        if box.width <= WIDEST * self.width and box.height <= WIDEST * self.height:
            return [box]
        axis = 0 if box.width > box.height else 1
        ordered = sorted(crowd, key=lambda point: (point[axis], point))
        half = len(ordered) // 2
        return [*self._boxes(ordered[:half]), *self._boxes(ordered[half:])]

    def drawn(
        self, ground: Ground, spots: Sequence[Spot], words: Words, *, within: Iterable[Spot] = (),
        windows: Sequence[_Window] = (), number: int = 0, size: float = NAME_SIZE,
    ) -> Drawing:  # fmt: skip
        """The map. within: spots that a window shows with their numbers. size: of the names of what is outlined."""
        board = Board(Box(1, 1, self.width - 2, self.height - 2))
        self._ground(ground)
        self._north(ground, words, board)
        bar = self._scale_bar(words, board)
        for window in windows:
            self._window(window, words, board)
        for spot in spots:
            if spot.square is not None:
                self._add_shape(spot.square, f'fill="none" stroke="{RED}" stroke-width=".3" stroke-dasharray="1.2 .8"')
        labels = placed(
            [(str(spot.number), self.at(spot.at)) for spot in spots], board, size=NUMBER_SIZE, radius=RADIUS
        )
        for spot in within:
            self._dot(self.at(spot.at), small=True)
        self._names(ground, board, size)
        for label in labels:
            self._lead(label)
        for spot in spots:
            self._dot(self.at(spot.at), small=False, hollow=spot.square is not None)
        for label in labels:
            x, y = label.box.middle
            self._text(label.text, x, y, NUMBER_SIZE, RED, weight=700)
        self.parts.append(bar)
        return Drawing(self._document(), self.width, self.height, number)

    def _ground(self, ground: Ground) -> None:
        self.parts.append(f'<rect width="{self.width:g}" height="{self.height:g}" fill="{OUTSIDE}"/>')
        for _name, shape in ground.around:
            self._add_shape(shape, f'fill="{OUTSIDE}" stroke="{LIGHT}" stroke-width=".35"')
        self._add_shape(ground.shown, f'fill="{LAND}" stroke="none"')
        for _name, shape in ground.outlined:
            self._add_shape(shape, f'fill="none" stroke="{LIGHT}" stroke-width=".25" stroke-dasharray="1.4 .6 .3 .6"')
        self._add_shape(ground.shown, f'fill="none" stroke="{GREY}" stroke-width=".6"')

    def _add_shape(self, shape: BaseGeometry, paint: str) -> None:
        path = _path(self.on_paper(shape))
        if path:
            self.parts.append(f'<path d="{path}" stroke-linejoin="round" {paint}/>')

    def _north(self, ground: Ground, words: Words, board: Board) -> None:
        """The arrow, in the upper corner that covers less of what is shown."""
        shown = self.on_paper(ground.shown)
        corners = [Box(self.width - 13, 3, 8, 16), Box(5, 3, 8, 16)]
        place = min(corners, key=lambda box: shown.intersection(_shape(box)).area)
        x, y = place.middle[0], place.top + 2
        self.parts.append(f'<path d="M{x:g} {y:g}l2.2 8-2.2-1.6-2.2 1.6z" fill="{INK}"/>')
        self._text(words.north, x, y + 10.6, 3, INK)
        board.take(place)

    def _scale_bar(self, words: Words, board: Board) -> str:
        """The bar of the scale, which is drawn over everything; its place is taken."""
        metres = _round_length(BAR_MOST * self.width / self.scale)
        length, left, top = metres * self.scale, 6.0, self.height - 7.0
        said = f"{metres // 1000:g} {words.kilometres}" if metres >= 1000 else f"{metres:g} {words.metres}"
        board.take(Box(left - 3, top - 5, length + 10, 11))
        halves = "".join(
            f'<rect x="{left + half * length / 2:.2f}" y="{top:.2f}" width="{length / 2:.2f}" height="1.2" '
            f'fill="{fill}" stroke="{INK}" stroke-width=".2"/>'
            for half, fill in enumerate((INK, PAPER))
        )
        zero = _text("0", left, top - 1.9, 2.5, INK)
        return f"<g>{halves}{zero}{_text(said, left + length, top - 1.9, 2.5, INK)}</g>"

    def _window(self, window: _Window, words: Words, board: Board) -> None:
        box = window.box
        self.parts.append(
            f'<rect x="{box.left:.2f}" y="{box.top:.2f}" width="{box.width:.2f}" height="{box.height:.2f}" '
            f'fill="{PAPER}" fill-opacity=".6" stroke="{RED}" stroke-width=".4"/>'
        )
        board.take(box)
        said = words.detail % window.number
        width = width_of(said, NUMBER_SIZE)
        title = Box.around(box.left + box.width / 2, box.top - 2.2, width, NUMBER_SIZE)
        board.take(title)
        self._text(said, *title.middle, NUMBER_SIZE, RED)

    def _names(self, ground: Ground, board: Board, size: float) -> None:
        """The names of what is outlined and of the neighbours, where there is room for them."""
        for names, height, colour in ((ground.outlined, size, GREY), (ground.around, COUNTY_SIZE, LIGHT)):
            for name, shape in names:
                part = self.on_paper(shape)
                if part.is_empty or part.area < 20:
                    continue
                lines = name.split("\n")
                middle = part.representative_point()
                width = max(width_of(line, height) for line in lines)
                for down in (0.0, -3.0, 3.0, -6.0, 6.0):
                    box = Box.around(middle.x, middle.y + down, width, height * 1.3 * len(lines))
                    if board.is_free(box):
                        board.take(box)
                        for nth, line in enumerate(lines):
                            self._text(line, middle.x, box.top + height * 1.3 * (nth + 0.5), height, colour)
                        break

    def _lead(self, label: Label) -> None:
        if label.is_led:
            (x, y), (to_x, to_y) = label.at, _edge(label)
            self.parts.append(
                f'<path d="M{x:.2f} {y:.2f}L{to_x:.2f} {to_y:.2f}" stroke="{RED}" stroke-width=".2" fill="none"/>'
            )

    def _dot(self, at: Point, *, small: bool, hollow: bool = False) -> None:
        fill = PAPER if hollow else RED
        self.parts.append(
            f'<circle cx="{at[0]:.2f}" cy="{at[1]:.2f}" r="{RADIUS * (0.7 if small else 1):.2f}" fill="{fill}" '
            f'stroke="{RED if hollow else PAPER}" stroke-width=".25"/>'
        )

    def _text(self, text: str, x: float, y: float, size: float, colour: str, weight: int = 400) -> None:
        self.parts.append(_text(text, x, y, size, colour, weight))

    def _document(self) -> str:
        frame = f'<rect width="{self.width:g}" height="{self.height:g}" fill="none" stroke="{INK}" stroke-width=".5"/>'
        clip = f"frame{self.left:.0f}-{self.top:.0f}"  # a name of its own among the maps of a page
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}mm" height="{self.height:.2f}mm" '
            f'viewBox="0 0 {self.width:g} {self.height:.2f}"><clipPath id="{clip}"><rect width="{self.width:g}" '
            f'height="{self.height:.2f}"/></clipPath><g clip-path="url(#{clip})">{"".join(self.parts)}</g>{frame}</svg>'
        )


def _text(text: str, x: float, y: float, size: float, colour: str, weight: int = 400) -> str:
    """The text around its middle, over a halo of its own: WeasyPrint knows no paint-order."""
    place = (
        f'x="{x:.2f}" y="{y + size * 0.36:.2f}" font-size="{size:g}" font-family="{FONT}" font-weight="{weight}" '
        'text-anchor="middle"'
    )
    said = escape(text)
    halo = f'<text {place} fill="{PAPER}" stroke="{PAPER}" stroke-width=".7" stroke-linejoin="round">{said}</text>'
    return f'{halo}<text {place} fill="{colour}">{said}</text>'


def _shape(box: Box) -> BaseGeometry:
    return shapely.box(box.left, box.top, box.left + box.width, box.top + box.height)


def _edge(label: Label) -> Point:
    """Where a line from the point reaches the label."""
    box, (x, y) = label.box, label.at
    return min(max(x, box.left), box.left + box.width), min(max(y, box.top), box.top + box.height)


def _round_length(most: float) -> float:
    """The longest of 1, 2, 5, 10, … metres that is no longer than the length."""
    power = 10.0 ** (len(str(int(most))) - 1)
    return max(step * power for step in STEPS if step * power <= most)


def _path(shape: BaseGeometry) -> str:
    """The shape as an SVG path, without what is too fine to be printed."""
    simple = shapely.simplify(shape, COARSEST)
    rings: list[BaseGeometry] = []
    for part in shapely.get_parts(simple):
        if isinstance(part, shapely.Polygon):
            rings += [part.exterior, *part.interiors]
    return "".join(
        "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "z" for ring in rings
    )


def outline(shapes: Sequence[BaseGeometry]) -> str:
    """The shapes as thin lines on 120 × 120 millimetres, for a cover."""
    whole = shapely.unary_union(shapes)
    sheet = _Sheet(whole.bounds, (120, 120))
    paths = "".join(f'<path d="{_path(sheet.on_paper(shape))}"/>' for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="120mm" height="{sheet.height:.2f}mm" '
        f'viewBox="0 0 120 {sheet.height:.2f}" fill="none" stroke="{RED}" stroke-width=".3">{paths}</svg>'
    )
