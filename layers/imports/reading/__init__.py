"""The files that people send, read as tables of texts and geometries: in pieces, never a whole file in memory.

``look`` finds out what a file is and says what it found; ``read`` gives its rows. Both raise UnreadableFile, whose text
names the place, the value and the remedy. Nothing here knows a layer or a database.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from layers.imports.reading import delimited, features, kinds, kml, shapefiles, workbooks
from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.sources import Choices, File, Note, Piece, Source

__all__ = ["Choices", "Note", "Piece", "Source", "UnreadableFile", "look", "read"]


class Reader(Protocol):
    """What the module of a format offers."""

    def look(self, file: File, choices: Choices) -> Source: ...

    def read(self, source: Source) -> Iterator[Piece]: ...


READERS: Mapping[str, Reader] = {
    "csv": delimited,
    "xlsx": workbooks,
    "xls": workbooks,
    "ods": workbooks,
    "geojson": features,
    "gpkg": features,
    "fgb": features,
    "shp": shapefiles,
    "kml": kml,
}


def look(path: Path, name: str, folder: Path, choices: Choices = Choices()) -> Source:  # noqa: B008
    """What the file at the path is and how it will be read; its first megabyte decides, a KML is read once.

    name: what its sender calls it; it tells what the file should be and is used for nothing else, never as a path.
    folder: a folder for what has to be unpacked or named anew. Whoever made it removes it once the Source is read.
    """
    kind = kinds.kind_of(path, name)
    file = File(path=path, format=kind.format, folder=folder)
    return READERS[kind.format].look(file, choices).noting(*kind.notes)


def read(source: Source) -> Iterator[Piece]:
    """The rows in their order; what ``look`` could not see yet, such as a byte of another encoding, is raised here."""
    return READERS[source.format].read(source)
