"""Road files: the lines of a GeoPackage, Shapefile, GeoJSON, FlatGeobuf or KML, with speeds and one-way where a column says them.

The file is read as imports read theirs; ``layers.siting.solving.cleaning`` makes the network.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from numpy.typing import NDArray

from layers.crs.said import SourceCrs, UnknownCrs, said
from layers.errors import BadParameter, LayerError
from layers.imports.columns import plain
from layers.imports.errors import CrsMissing
from layers.imports.place_words import explain
from layers.imports.reading import Choices, Piece, Source, look, read
from layers.siting.solving.cleaning import Lines
from layers.siting.solving.problems import Floats, Ints

MOST_LINES = 1_000_000
MOST_CORNERS = 5_000_000
SHOWN = 80  # characters of a value that a refusal repeats
MILE_KM = 1.609344

SPEED_COLUMNS = (
    *("maxspeed", "max_speed", "speed", "speed_kmh", "kmh", "kph"),
    *("限速", "最高限速", "限速值", "设计速度", "设计时速", "设计车速", "时速", "速度", "车速"),
)  # fmt: skip
WAY_COLUMNS = (
    *("oneway", "one_way", "one-way"),
    *("单行", "单向", "单行道", "单行线", "是否单行", "是否单向", "单向通行", "通行方向"),
)  # fmt: skip
SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph|公里/小时|千米/小时|公里/时|千米/时)?")
# As OpenStreetMap and its extracts, GIS programs and Chinese survey offices write it.
WAYS: Mapping[str, int] = {
    **dict.fromkeys(("yes", "true", "1", "是", "单行", "单向", "正向", "顺向", "forward", "ft", "y"), 1),
    **dict.fromkeys(("-1", "reverse", "backward", "逆向", "反向", "tf"), -1),
    **dict.fromkeys(
        ("no", "false", "0", "否", "双向", "双行", "both", "b", "n", "reversible", "alternating", "可逆"), 0
    ),
}
LETTERS = {"f": 1, "t": -1}  # from, to: beside a B only; alone they may as well be false and true

TEXTS: Mapping[str, str] = {
    "points": gettext_noop("“%(name)s” holds points, and roads are lines. Send the file of the roads themselves."),
    "areas": gettext_noop(
        "“%(name)s” holds areas, and roads are lines. Send the roads' centre lines, not the land that they take."
    ),
    "no_geometry": gettext_noop(
        "“%(name)s” is a table without lines. Send the roads as GeoPackage, GeoJSON, FlatGeobuf, KML or a Shapefile in a zip."
    ),
    "no_lines": gettext_noop("“%(name)s” holds no line. Send the file of the roads themselves."),
    "too_many": gettext_noop(
        "“%(name)s” has more than %(lines)d roads or %(corners)d corners, the most that are taken. Cut it to the area that is planned for, or simplify it."
    ),
    "nowhere": gettext_noop(
        "Feature %(row)d has %(position)s, no place on earth in %(crs)s. Look at the coordinate system, and whether longitude stands before latitude."
    ),
    "unclear_way": gettext_noop(
        "Feature %(row)d has “%(value)s” in the column “%(column)s”. Write yes where the road is driven as it is drawn only, -1 where against that only, and no for both ways."
    ),
}  # fmt: skip


class UnusableRoads(LayerError):
    """A file of which no network can be made. Its code is stable; params are what the text names."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code, self.params = code, params
        super().__init__(_(TEXTS[code]) % params)


@dataclass(frozen=True, kw_only=True)
class Roads:
    """The lines of a file in the stored CRS, an entry for each part of each feature.

    feature: its number, from 1. speed_column, way_column: which columns say these; "" where none does. left_out: features
    that are no lines. unread_speeds: features whose speed is no number, such as “60;80”; unread_speed: the first of them.
    """

    lines: Lines
    feature: Ints
    source: Source
    crs: SourceCrs
    speed_column: str
    way_column: str
    left_out: int
    unread_speeds: int
    unread_speed: str


@dataclass(frozen=True)
class Part:
    """What a piece of a file gives. speed, way: the texts of the columns, of each line."""

    shapes: NDArray[np.object_]
    feature: Ints
    speed: pa.Array
    way: pa.Array
    left_out: int


def read_roads(path: Path, name: str, folder: Path, *, crs: str = "", choices: Choices = Choices()) -> Roads:  # noqa: B008  frozen
    """The roads of the file at the path.

    name, folder: as ``layers.imports.reading.look`` takes them. crs: as a person says it, where the file does not or is
    wrong. Raises UnreadableFile, CrsMissing, BadParameter for an unknown CRS, and UnusableRoads.
    """
    source = look(path, name, folder, choices)
    _refuse_kind(source, name)
    system = crs_of(source, crs)
    speed_column, way_column = _column(source, SPEED_COLUMNS), _column(source, WAY_COLUMNS)
    parts = list(_parts(source, name, system, speed_column, way_column))
    if not any(len(part.shapes) for part in parts):
        raise UnusableRoads("no_lines", name=name)
    feature = np.concatenate([part.feature for part in parts])
    kmh, unread = _speeds(_texts(part.speed for part in parts))
    way = _ways(_texts(part.way for part in parts), way_column, feature)
    return Roads(
        lines=Lines(shapes=np.concatenate([part.shapes for part in parts]), kmh=kmh, way=way),
        feature=feature,
        source=source,
        crs=system,
        speed_column=speed_column,
        way_column=way_column,
        left_out=sum(part.left_out for part in parts),
        unread_speeds=len(np.unique(feature[list(unread)])),
        unread_speed=next(iter(unread.values()), "")[:SHOWN],
    )


def _refuse_kind(source: Source, name: str) -> None:
    """Raises UnusableRoads for a file that says it has no lines."""
    kind = source.geometry.removeprefix("Multi")
    code = {"": "no_geometry", "Point": "points", "Polygon": "areas"}.get(kind)
    if code:
        raise UnusableRoads(code, name=name)


def crs_of(source: Source, text: str) -> SourceCrs:
    """The system of coordinates that a person said, else the file's own. Raises CrsMissing, BadParameter."""
    if not text and source.srid is None:
        raise CrsMissing
    text = text or f"EPSG:{source.srid}"
    try:
        return said(text)
    except UnknownCrs as error:
        raise BadParameter("crs", text, explain(error)) from None


def _column(source: Source, names: tuple[str, ...]) -> str:
    """The column with the first of the names that there is; "" for none."""
    by_word = {plain(column): column for column in reversed(source.columns)}
    return next((by_word[plain(name)] for name in names if plain(name) in by_word), "")


def _parts(source: Source, name: str, crs: SourceCrs, speed_column: str, way_column: str) -> Iterator[Part]:
    lines = corners = 0
    kinds: set[str] = set()
    for piece in read(source):
        part = _part(piece, crs, speed_column, way_column, kinds)
        lines += len(part.shapes)
        corners += int(shapely.get_num_coordinates(part.shapes).sum())
        if lines > MOST_LINES or corners > MOST_CORNERS:
            raise UnusableRoads("too_many", name=name, lines=MOST_LINES, corners=MOST_CORNERS)
        yield part
    if not lines and len(kinds) == 1:
        _refuse_kind(replace(source, geometry=kinds.pop()), name)


def _part(piece: Piece, crs: SourceCrs, speed_column: str, way_column: str, kinds: set[str]) -> Part:
    """kinds: gets the types of the geometries that are no lines."""
    assert piece.geometry is not None  # the source says that there is one
    given = shapely.from_wkb(np.array(piece.geometry.to_pylist(), object))
    names = np.array([shape.geom_type if shape is not None else "" for shape in given], object)
    is_line = np.isin(names, ("LineString", "MultiLineString"))
    kinds |= set(names[~is_line].tolist()) - {""}
    rows = np.flatnonzero(is_line)
    shapes, owner = shapely.get_parts(given[rows], return_index=True)
    row = rows[owner]
    at, line = shapely.get_coordinates(shapes, return_index=True)
    moved = crs.to_stored(at)
    if (is_lost := ~np.isfinite(moved).all(axis=1)).any():
        first = int(is_lost.argmax())
        position = f"{at[first, 0]:.12g}, {at[first, 1]:.12g}"
        number = int(piece.numbers[row[line[first]]])
        raise UnusableRoads("nowhere", row=number, position=position, crs=crs.title)
    speed, way = (
        piece.rows[column].take(pa.array(row)) if column else pa.nulls(len(row), pa.string())
        for column in (speed_column, way_column)
    )
    return Part(shapely.set_coordinates(shapes, moved), piece.numbers[row], speed, way, int((~is_line).sum()))


def _texts(parts: Iterator[pa.Array]) -> pa.DictionaryArray:
    return pa.chunked_array(list(parts), pa.string()).combine_chunks().dictionary_encode()


def _each(
    texts: pa.DictionaryArray, meaning: Callable[[str], float | None], unsaid: float
) -> tuple[Floats, dict[int, str]]:
    """What each text means, ``unsaid`` for none; and those that mean nothing, by where they stand."""
    words = texts.dictionary.to_pylist()
    meant = [meaning(word) for word in words]
    values = np.array([unsaid if value is None else value for value in meant] + [unsaid])
    code = texts.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    is_unclear = np.array([value is None for value in meant] + [False])[code]
    return values[code], {int(row): words[code[row]] for row in np.flatnonzero(is_unclear)}


def _speeds(texts: pa.DictionaryArray) -> tuple[Floats, dict[int, str]]:
    """Kilometres an hour, NaN where none is said, and the texts that are no speed, by line."""

    def kmh(text: str) -> float | None:
        found = SPEED.fullmatch(text.lower())
        if found is None:
            return None
        value = float(found[1]) * (MILE_KM if found[2] == "mph" else 1)
        return value or np.nan  # as extracts of OpenStreetMap write an unknown one

    return _each(texts, kmh, np.nan)


def _ways(texts: pa.DictionaryArray, column: str, feature: Ints) -> Ints:
    """Of each line as ``Lines.way``. Raises UnusableRoads for the first text that says nothing."""
    known = {**WAYS, **(LETTERS if "B" in texts.dictionary.to_pylist() else {})}
    found, unclear = _each(texts, lambda text: known.get(text.lower()), 0)
    for line, value in unclear.items():
        raise UnusableRoads("unclear_way", row=int(feature[line]), value=value[:SHOWN], column=column)
    return found.astype(np.int64)
