"""Geometries in WKB: two dimensions, finite, of a bounded size."""

import numpy as np
import pyarrow as pa
import shapely

from layers.imports.reading.errors import UnreadableFile

TYPES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
CODES = {0, *range(1, 8)}  # OGC 06-103r4, table 7: the types without curves, by the last digits of their code
MOST_VERTICES = 1_000_000
VERTEX_BYTES = 16
POINT = np.frombuffer(b"\x01\x01\x00\x00\x00", np.uint8)
POINT_BYTES = {21: b"\x01\x01\x00\x00\x00", 29: b"\x01\xe9\x03\x00\x00"}  # of two dimensions, of three


def flat(wkb: pa.Array, number: int) -> pa.Array:
    """The geometries in two dimensions; null for what is empty. number: of the first feature.

    Raises UnreadableFile for one that is a curve, not finite or of too many vertices, naming the feature.
    """
    points = _points(wkb)
    return _any(wkb, number) if points is None else points


def _points(wkb: pa.Array) -> pa.Array | None:
    """The fast way for what most layers are: points alone, all finite. None for anything else."""
    if not len(wkb) or wkb.null_count:
        return None
    _validity, offset_buffer, data = wkb.buffers()
    offsets = np.frombuffer(offset_buffer, np.int32)[wkb.offset : wkb.offset + len(wkb) + 1]
    size = int(offsets[1] - offsets[0])
    if size not in POINT_BYTES or (np.diff(offsets) != size).any():
        return None
    bytes_ = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]].reshape(-1, size)
    if (bytes_[:, :5] != np.frombuffer(POINT_BYTES[size], np.uint8)).any():
        return None
    if not np.isfinite(np.ascontiguousarray(bytes_[:, 5:21]).view("<f8")).all():
        return None
    if size == 21:
        return wkb
    plane = bytes_[:, :21].copy()
    plane[:, :5] = POINT
    ends = np.arange(0, 21 * (len(wkb) + 1), 21, dtype=np.int32)
    return pa.Array.from_buffers(pa.binary(), len(wkb), [None, pa.py_buffer(ends), pa.py_buffer(plane)])


def _any(wkb: pa.Array, number: int) -> pa.Array:
    values = wkb.to_pylist()
    for row, value in enumerate(values, number):
        if value is not None and _code(value) not in CODES:
            raise UnreadableFile("curve", row=row)
    shapes = shapely.from_wkb(values, on_invalid="ignore")
    vertices = shapely.get_num_coordinates(shapes)
    if (many := np.flatnonzero(vertices > MOST_VERTICES)).size:
        raise UnreadableFile("many_vertices", row=number + int(many[0]), most=MOST_VERTICES)
    shapes = shapely.force_2d(shapes)
    positions, owners = shapely.get_coordinates(shapes, return_index=True)
    if (wrong := owners[~np.isfinite(positions).all(axis=1)]).size:
        raise UnreadableFile("not_finite", row=number + int(wrong[0]))
    for row, (value, shape) in enumerate(zip(values, shapes, strict=True), number):
        if value is not None and shape is None:
            raise UnreadableFile("curve", row=row)
    shapes[shapely.is_empty(shapes)] = None
    return pa.array(shapely.to_wkb(shapes, byte_order=1, output_dimension=2), pa.binary())


def _code(wkb: bytes) -> int:
    """The type that WKB begins with, in either order of bytes and either way of saying that there is a Z or M."""
    return (int.from_bytes(wkb[1:5], "little" if wkb[:1] == b"\x01" else "big") & 0x1FFFFFFF) % 1000
