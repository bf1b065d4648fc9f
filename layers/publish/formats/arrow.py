"""The features of a file as Arrow batches: columns of typed values with the geometry as WKB, a piece at a time."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from layers.publish.filters import Kind
from layers.publish.formats import columns
from layers.publish.formats.columns import Column
from layers.publish.formats.reading import Features

GEOMETRY = "geometry"
TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.TEXT_ARRAY: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("ms", "UTC"),
}
POINT_WKB = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
LITTLE_ENDIAN, POINT = 1, 1
PARSED = pyarrow.csv.ParseOptions(newlines_in_values=True)


def reader(features: Features) -> pa.RecordBatchReader:
    """The batches, each made when it is asked for."""
    wanted = columns.properties(features)
    fields = [pa.field(column.name, TYPES[column.kind]) for column in wanted]
    if features.writing.has_geometry:
        fields.append(pa.field(GEOMETRY, pa.binary()))
    schema = pa.schema(fields)
    return pa.RecordBatchReader.from_batches(schema, _with_geometry(features, wanted, schema))


def batches(features: Features, read: list[Column]) -> Iterator[list[pa.Array]]:
    """The values of the columns, an array for each, a piece of the features at a time."""
    names = [column.name for column in read]
    typed = pyarrow.csv.ConvertOptions(
        column_types={column.name: TYPES[column.kind] for column in read},
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,  # an empty text is one, and no text is none
    )
    for piece in features.pieces(columns.line(read), "\n"):
        # One block: a boundary of many corners is longer than those that the reader would cut.
        whole = pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(piece.text) + 1)
        table = pyarrow.csv.read_csv(
            pa.BufferReader(piece.text), read_options=whole, parse_options=PARSED, convert_options=typed
        )
        yield [column.combine_chunks() for column in table.columns]


def _with_geometry(features: Features, wanted: list[Column], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    shapes = columns.shapes(features)
    for values in batches(features, [*wanted, *shapes]):
        given, places = values[: len(wanted)], values[len(wanted) :]
        yield pa.RecordBatch.from_arrays([*given, *([_wkb(places)] if places else [])], schema=schema)


def _wkb(places: list[Any]) -> pa.Array:
    """The geometry column from two columns of numbers, or from one of hexadecimal WKB."""
    if len(places) == 1:
        return pa.array([text and bytes.fromhex(text) for text in places[0].to_pylist()], pa.binary())
    x, y = places
    points = np.empty(len(x), POINT_WKB)
    points["order"], points["kind"] = LITTLE_ENDIAN, POINT
    points["x"], points["y"] = x.to_numpy(zero_copy_only=False), y.to_numpy(zero_copy_only=False)
    ends = np.arange(len(x) + 1, dtype=np.int32) * POINT_WKB.itemsize
    given = x.is_valid()
    buffers = [given.buffers()[1], pa.py_buffer(ends), pa.py_buffer(points.tobytes())]
    return pa.Array.from_buffers(pa.binary(), len(x), buffers)
