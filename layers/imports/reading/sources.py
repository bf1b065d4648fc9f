"""What is known of a file before it is read, and the pieces it is read in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from layers.imports.reading.errors import UnreadableFile

ROWS = 4096  # of a piece

NOTES: Mapping[str, str] = {
    "extension": gettext_noop("“%(name)s” is a %(format)s file by its content and was read as one."),
    "encoding": gettext_noop(
        "The file does not say its encoding; %(encoding)s was found by its content. Choose another if the texts look wrong."
    ),
    "wrong_encoding": gettext_noop(
        "The file says that it is %(said)s, and its content is %(encoding)s; it was read as that."
    ),
    "rows_above_header": gettext_noop("The header is row %(row)d; what stands above it was left out."),
    "joined_header": gettext_noop("The header stands in rows %(first)d and %(last)d; their names were joined."),
    "repeated_header": gettext_noop("Row %(row)d repeats the header and was left out."),
    "several_tables": gettext_noop("The file has several tables: %(tables)s. “%(table)s” was read."),
    "error_cells": gettext_noop(
        "Cells with an error of a formula, such as #N/A, count as empty: %(count)d, the first in %(cell)s."
    ),
    "long_number": gettext_noop(
        "Row %(row)d, column “%(column)s”: the spreadsheet holds this number to 15 digits only. A code this long must be stored as text."
    ),
    "unnamed_crs": gettext_noop(
        "The file's coordinate reference system “%(crs)s” has no EPSG code. Choose the one it is."
    ),
    "mixed_geometry": gettext_noop("The file says of no type that all its geometries have it; they may be mixed."),
    "binary_column": gettext_noop("Column “%(column)s” holds bytes, not texts, and was left empty."),
    "index_restored": gettext_noop("The .shx file was missing and was made anew from the .shp file."),
}


@dataclass(frozen=True)
class Note:
    """Something that was found out or left out. Its code is stable; ``str()`` says it in the language in force."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(NOTES[self.code]) % self.params


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a person says of a file; what is empty or None is found out.

    table: a sheet or a layer. encoding: "utf-8", "gb18030", "utf-16-le", "utf-16-be" or "big5". delimiter: ",", ";" or
    "\\t". header: the number of the row that names the columns, from 1.
    """

    table: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file as it will be read.

    path: of what is read, which may lie in the folder given to ``look``. format: csv, xlsx, xls, ods, geojson, gpkg, shp,
    kml or fgb. tables: the sheets or layers there are; table: the one that is read, "" where there is only one without
    a name. encoding, delimiter: "" where the format leaves no choice. header: number of the header's first row, 0 where
    the format names its columns; header_rows: how many rows it takes. columns: their names, each once. srid: the EPSG
    code that the file itself says. geometry: "Point", "MultiPolygon" …, "Geometry" where it may be of any type, "" for
    a table without. rows: None when only reading tells.
    """

    path: Path
    format: str
    columns: tuple[str, ...]
    tables: tuple[str, ...] = ()
    table: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int = 0
    header_rows: int = 0
    srid: int | None = None
    geometry: str = ""
    rows: int | None = None
    notes: tuple[Note, ...] = ()

    def noting(self, *notes: Note) -> Self:
        return replace(self, notes=(*notes, *self.notes))


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some rows of a file.

    rows: a column of texts for each of the source's, trimmed; null where a cell is empty. numbers: int64, shape (rows,),
    the number of each row as its person sees it: the row of the spreadsheet, the record of the CSV with its header, the
    feature from 1. geometry: WKB in two dimensions in the file's CRS, x east first; null where there is none, and None
    for a table without geometry. notes: what was found in these rows.
    """

    rows: pa.RecordBatch
    numbers: np.ndarray
    geometry: pa.Array | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class File:
    """What is looked at. path: where its bytes are; format: what they are; folder: where new files may be made."""

    path: Path
    format: str
    folder: Path

    def named(self, suffix: str) -> Path:
        """Its path under a name that says nothing but what it is, for GDAL makes much of names."""
        path = Path(mkdtemp(dir=self.folder)) / f"data.{suffix}"
        path.symlink_to(self.path.absolute())
        return path


def chosen_table(tables: Sequence[str], choices: Choices) -> str:
    """The table that is read: the one chosen or the first. Raises UnreadableFile for one that is not there."""
    if choices.table and choices.table not in tables:
        raise UnreadableFile("unknown_table", table=choices.table, known=", ".join(tables))
    return choices.table or tables[0]


def table_notes(tables: Sequence[str], table: str) -> tuple[Note, ...]:
    return (Note("several_tables", {"tables": ", ".join(tables), "table": table}),) if len(tables) > 1 else ()
