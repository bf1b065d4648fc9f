"""GeoJSON, GeoPackage and FlatGeobuf, and the Shapefiles that shapefiles.py unpacks: read by GDAL in Arrow batches.

GDAL is given a name of our own and only after the first bytes have said which format it is; of its drivers there are
no others (layers/drivers.py).
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
from django.utils.translation import gettext as _
from pyproj.exceptions import CRSError

from layers.drivers import pyogrio
from layers.imports.reading import encodings, geometry
from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.headers import MOST_COLUMNS, unique
from layers.imports.reading.kinds import TITLES
from layers.imports.reading.pieces import batch, trimmed
from layers.imports.reading.sources import ROWS, Choices, File, Note, Piece, Source, chosen_table, table_notes

BATCH_BYTES = 2 * geometry.MOST_VERTICES * geometry.VERTEX_BYTES  # a feature that is larger is not read at all
WRONG = (RuntimeError, ValueError, OSError, pa.ArrowException)  # what pyogrio and Arrow raise for a file
TIME = {b"GDAL:OGR:type": b"DateTime"}
MIDNIGHT = r"T00:00:00(\.0+)?$"
SPATIAL_INDEX = re.compile(r'CREATE VIRTUAL TABLE "?rtree_[^"]*"? USING rtree\s*\([^()]*\)')
TOO_LARGE = "Too large feature"

pyogrio.set_gdal_config_options({"OGR_ARROW_MEM_LIMIT": BATCH_BYTES})


def look(file: File, choices: Choices) -> Source:
    path = file.named(file.format)
    if file.format == "gpkg":
        _refuse_programs(path)
    with _errors_said(file.format, path):
        tables = tuple(str(name) for name, _kind in pyogrio.list_layers(path))
    if not tables:
        raise UnreadableFile("broken_features", format=TITLES[file.format], problem=_("it holds no layer"))
    table = chosen_table(tables, choices)
    found = layer(path, file.format, table)
    return replace(found, tables=tables, notes=(*table_notes(tables, table), *found.notes))


def layer(path: Path, form: str, table: str, encoding: str = "") -> Source:
    """A layer as GDAL describes it. encoding: of its texts, where the format does not say it."""
    with _errors_said(form, path):
        try:
            info = pyogrio.read_info(path, layer=table, encoding=encoding or None)
        except UnicodeDecodeError:
            raise UnreadableFile("undecodable_names", encoding=encodings.TITLES[encoding or "utf-8"]) from None
    fields = [str(name) for name in info["fields"]]
    if len(fields) > MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", found=len(fields), most=MOST_COLUMNS)
    columns = unique(fields)
    kind = _geometry(info["geometry_type"])
    srid, notes = _srid(info["crs"]) if kind else (None, ())
    mixed = (Note("mixed_geometry"),) if kind == "Geometry" else ()
    binary = (
        Note("binary_column", {"column": column})
        for column, type_name in zip(columns, info["ogr_types"], strict=True)
        if type_name == "OFTBinary"
    )
    return Source(
        path=path,
        format=form,
        columns=columns,
        table=table,
        encoding=encoding,
        srid=srid,
        geometry=kind,
        rows=info["features"] if info["features"] >= 0 else None,
        notes=(*notes, *mixed, *binary),
    )


def read(source: Source) -> Iterator[Piece]:
    number = 1
    opened = pyogrio.open_arrow(
        source.path,
        layer=source.table,
        encoding=source.encoding or None,
        batch_size=ROWS,
        use_pyarrow=True,
        datetime_as_string=True,
    )
    with ExitStack() as stack:
        with _errors_said(source.format, source.path):
            _meta, batches = stack.enter_context(opened)
        while (rows := _next(batches, number)) is not None:
            yield _piece(source, rows, number)
            number += rows.num_rows


def _next(batches: pa.RecordBatchReader, number: int) -> pa.RecordBatch | None:
    try:
        return next(batches, None)
    except WRONG as error:
        if TOO_LARGE in str(error):
            raise UnreadableFile("many_vertices", row=number, most=geometry.MOST_VERTICES) from None
        raise UnreadableFile("broken_row", row=number, problem=str(error)) from None


def _piece(source: Source, rows: pa.RecordBatch, number: int) -> Piece:
    fields = zip(rows.schema, rows.columns[: len(source.columns)], strict=False)
    texts = [_texts(column, is_time=TIME.items() <= (field.metadata or {}).items()) for field, column in fields]
    for column in texts:
        _refuse_no_text(column, number)
    numbers = np.arange(number, number + rows.num_rows)
    return Piece(
        rows=batch(map(trimmed, texts), source.columns, numbers),
        numbers=numbers,
        geometry=geometry.flat(rows.columns[-1], number) if source.geometry else None,
    )


def _refuse_no_text(values: pa.Array, number: int) -> None:
    """Raises UnreadableFile for the first value that is not UTF-8. number: of the first feature."""
    try:
        values.validate(full=True)
    except pa.ArrowInvalid:
        for row, value in enumerate(values.cast(pa.binary()).to_pylist(), number):
            try:
                (value or b"").decode()
            except UnicodeDecodeError:
                raise UnreadableFile("undecodable", row=row, encoding=encodings.TITLES["utf-8"]) from None


def _texts(values: pa.Array, *, is_time: bool = False) -> pa.Array:
    """The values as a person writes them: whole numbers without a decimal point, midnight as a day, lists as JSON."""
    kind = values.type
    if is_time:
        return pc.replace_substring_regex(values, MIDNIGHT, "")
    if isinstance(kind, pa.BaseExtensionType):
        return _texts(values.storage)
    if pa.types.is_dictionary(kind):
        return _texts(values.dictionary_decode())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.nulls(len(values), pa.string())
    if pa.types.is_nested(kind):
        return pa.array([_json(value) for value in values.to_pylist()], pa.string())
    texts = values.cast(pa.string())
    return pc.replace_substring_regex(texts, r"\.0$", "") if pa.types.is_floating(kind) else texts


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _geometry(type_name: str | None) -> str:
    """The type without its dimensions; "Geometry" for any; "" for none."""
    if type_name is None:
        return ""
    name = type_name.removeprefix("2.5D ").removesuffix(" ZM").removesuffix(" Z").removesuffix(" M")
    name = name.removeprefix("Measured ").removeprefix("3D ")
    return name if name in geometry.TYPES else "Geometry"


def _srid(crs: str | None) -> tuple[int | None, tuple[Note, ...]]:
    """EPSG's code of the CRS in two dimensions, as nearly as PROJ is sure of it."""
    if not crs:
        return None, ()
    try:
        found = pyproj.CRS.from_user_input(crs)
        srid = found.to_2d().to_epsg()
    except CRSError:
        return None, (Note("unnamed_crs", {"crs": crs[:80]}),)
    return srid, () if srid else (Note("unnamed_crs", {"crs": found.name}),)


def _refuse_programs(path: Path) -> None:
    """Raises UnreadableFile for a table whose rows a module of SQLite makes up, one of GDAL's from other files of ours."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            made = database.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE '%virtual%using%'").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise UnreadableFile("broken_features", format=TITLES["gpkg"], problem=str(error)) from None
    for name, sql in made:
        if not SPATIAL_INDEX.fullmatch(sql):
            raise UnreadableFile("program_in_database", name=str(name))


@contextmanager
def _errors_said(form: str, path: Path) -> Iterator[None]:
    try:
        yield
    except pyogrio.errors.GeometryError:
        raise UnreadableFile("curves") from None
    except WRONG as error:
        problem = str(error).replace(str(path), path.name)
        raise UnreadableFile("broken_features", format=TITLES[form], problem=problem) from error
