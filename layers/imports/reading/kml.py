"""KML: placemarks with their names, data and shapes, read as a stream (OGC 12-007r2).

Of GDAL's two readers one leaves out the data and the other takes seven times the file in memory.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from layers.imports.reading import geometry
from layers.imports.reading.encodings import known_encoding, marked_encoding, utf8_blocks
from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.headers import MOST_COLUMNS
from layers.imports.reading.kinds import TITLES
from layers.imports.reading.pieces import batch, trimmed
from layers.imports.reading.sources import ROWS, Choices, File, Note, Piece, Source

SRID = 4326
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']""")
DEEPEST = 100
MOST_CHARACTERS = 64 * geometry.MOST_VERTICES  # of a placemark
TEXTS = ("name", "description", "address", "phoneNumber")  # children of a placemark that are read
MULTIPLE: dict[str, Callable[[list[Any]], BaseGeometry]] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}


@dataclass
class Placemark:
    values: dict[str, str] = field(default_factory=dict)
    shape: BaseGeometry | None = None


def look(file: File, choices: Choices) -> Source:
    """What it holds; all of it is read, for any placemark may have data that others have not."""
    encoding = _encoding(file.path, choices)
    names: dict[str, None] = {}
    types: set[str] = set()
    rows = 0
    for placemark in _placemarks(file.path, encoding):
        rows += 1
        names.update(dict.fromkeys(placemark.values))
        if placemark.shape is not None:
            types.add(placemark.shape.geom_type)
        if len(names) > MOST_COLUMNS:
            raise UnreadableFile("too_many_columns", found=len(names), most=MOST_COLUMNS)
    return Source(
        path=file.path,
        format=file.format,
        columns=tuple(names),
        encoding=encoding,
        srid=SRID,
        geometry=next(iter(types), "") if len(types) < 2 else "Geometry",
        rows=rows,
        notes=(Note("mixed_geometry"),) if len(types) > 1 else (),
    )


def read(source: Source) -> Iterator[Piece]:
    placemarks = _placemarks(source.path, source.encoding)
    number = 1
    while some := list(islice(placemarks, ROWS)):
        columns = ([placemark.values.get(name) for placemark in some] for name in source.columns)
        numbers = np.arange(number, number + len(some))
        shapes = pa.array(shapely.to_wkb([placemark.shape for placemark in some], byte_order=1), pa.binary())
        yield Piece(
            rows=batch((trimmed(pa.array(column, pa.string())) for column in columns), source.columns, numbers),
            numbers=numbers,
            geometry=geometry.flat(shapes, number) if source.geometry else None,
        )
        number += len(some)


def _encoding(path: Path, choices: Choices) -> str:
    """The one chosen, marked or declared; XML is UTF-8 without a declaration."""
    with path.open("rb") as file:
        head = file.read(200)
    declared = DECLARED.search(head)
    said = choices.encoding or marked_encoding(head) or (declared[1].decode() if declared else "utf-8")
    return known_encoding(said)


def _placemarks(path: Path, encoding: str) -> Iterator[Placemark]:
    """expat knows few encodings, so that it is given UTF-8 whatever the file is."""
    reader = _Reader()
    try:
        for block in utf8_blocks(path, encoding):
            reader.parser.Parse(block, False)
            yield from reader.taken()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableFile("broken_features", format=TITLES["kml"], problem=str(error)) from None


class _Reader:
    """What has been read of the file: the elements that are open, and the placemark among them."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add
        self.parser.EntityDeclHandler = self._refuse_entity
        self._open: list[str] = []
        self._text: list[str] = []
        self._done: list[Placemark] = []
        self._number = 0
        self._placemark: Placemark | None = None

    def taken(self) -> list[Placemark]:
        done, self._done = self._done, []
        return done

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self._open.append(name)
        if len(self._open) > DEEPEST:
            raise UnreadableFile("broken_features", format=TITLES["kml"], problem=f"{name} > {DEEPEST}")
        if name == "Placemark":
            self._number += 1
            self._placemark = Placemark()
            self._data = ""
            self._vertices = self._characters = 0
            self._collections: list[list[BaseGeometry]] = [[]]
        elif name == "MultiGeometry" and self._placemark:
            self._collections.append([])
        elif name == "Polygon":
            self._rings: list[np.ndarray] = []
        elif name in ("Data", "SimpleData"):
            self._data = attributes.get("name", "")
        self._text.clear()

    def _add(self, text: str) -> None:
        if self._placemark:
            self._characters += len(text)
            if self._characters > MOST_CHARACTERS:
                raise UnreadableFile("many_vertices", row=self._number, most=geometry.MOST_VERTICES)
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = self._open.pop()
        placemark = self._placemark
        if placemark is None:
            return
        parent = self._open[-1]
        if name == "Placemark":
            placemark.shape = _collected(self._collections[0])
            self._done.append(placemark)
            self._placemark = None
        elif parent == "Placemark" and name in TEXTS:
            placemark.values[name] = "".join(self._text)
        elif name == "SimpleData" or (name == "value" and parent == "Data"):
            placemark.values[self._data] = "".join(self._text)
        else:
            self._end_shape(name)
        self._text.clear()

    def _end_shape(self, name: str) -> None:
        shapes = self._collections[-1]
        try:
            if name == "coordinates":
                self._positions = self._read_positions()
            elif name == "Point":
                shapes.append(shapely.Point(self._positions[0]))
            elif name == "LineString":
                shapes.append(shapely.LineString(self._positions))
            elif name == "LinearRing" and "Polygon" in self._open:
                self._rings.append(self._positions)
            elif name == "LinearRing":
                shapes.append(shapely.LineString(self._positions))
            elif name == "Polygon":
                shapes.append(shapely.Polygon(self._rings[0], self._rings[1:]))
            elif name == "MultiGeometry":
                parts = _collected(self._collections.pop())
                if parts is not None:
                    self._collections[-1].append(parts)
        except (ValueError, IndexError, ShapelyError, AttributeError) as error:
            raise UnreadableFile("broken_row", row=self._number, problem=f"{name}: {error}") from None

    def _read_positions(self) -> np.ndarray:
        """East and north of each position, shape (positions, 2)."""
        positions = np.array([position.split(",")[:2] for position in "".join(self._text).split()], float)
        self._vertices += len(positions)
        if self._vertices > geometry.MOST_VERTICES:
            raise UnreadableFile("many_vertices", row=self._number, most=geometry.MOST_VERTICES)
        if not np.isfinite(positions).all():
            raise UnreadableFile("not_finite", row=self._number)
        return positions

    def _refuse_entity(self, name: str, *_declaration: object) -> None:
        raise UnreadableFile("broken_features", format=TITLES["kml"], problem=f"<!ENTITY {name}>")


def _collected(shapes: list[BaseGeometry]) -> BaseGeometry | None:
    """One shape of them: itself, several of one type, or a collection."""
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    types = {shape.geom_type for shape in shapes}
    return MULTIPLE.get(types.pop() if len(types) == 1 else "", shapely.GeometryCollection)(shapes)
