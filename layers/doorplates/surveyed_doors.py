"""Doors that somebody surveyed, address points or the footprints of buildings, read from a file for one check."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray

from layers.crs import STORED_SRID
from layers.crs.said import SourceCrs, UnknownCrs, said
from layers.doorplates import check_statements as statements
from layers.doorplates.check_errors import DoorsElsewhere, DoorsNeedCrs, DoorsWithoutGeometry, TooManyDoors
from layers.errors import BadParameter
from layers.imports.place_words import explain
from layers.imports.reading import Source, look, read

MOST_DOORS = 3_000_000
KINDS = ("Point", "MultiPoint", "Polygon", "MultiPolygon")
SURFACES = {shapely.GeometryType[name.upper()] for name in KINDS}


@dataclass(frozen=True)
class Doors:
    """A file of doors as it will be read."""

    source: Source
    crs: SourceCrs


@contextmanager
def opened(path: Path, name: str, crs: str) -> Iterator[Doors]:
    """The file, for as long as it is read. crs: as it was said, empty for what the file itself says.

    Raises UnreadableFile, BadParameter, DoorsNeedCrs, DoorsWithoutGeometry.
    """
    with TemporaryDirectory(dir=path.parent) as folder:
        source = look(path, name, Path(folder))
        if not source.geometry:
            raise DoorsWithoutGeometry
        if source.geometry not in (*KINDS, "Geometry"):
            raise DoorsWithoutGeometry([source.geometry])
        given = crs or (f"EPSG:{source.srid}" if source.srid else "")
        if not given:
            raise DoorsNeedCrs
        yield Doors(source, crs_of(given))


def crs_of(text: str) -> SourceCrs:
    """The system of coordinates that somebody said. Raises BadParameter."""
    try:
        return said(text)
    except UnknownCrs as error:
        raise BadParameter("crs", text, explain(error)) from None


def bring_in(doors: Doors) -> int:
    """Fills the table ``surveyed`` beside ``plate``; how many doors have a place.

    Raises UnreadableFile, TooManyDoors, DoorsWithoutGeometry, DoorsElsewhere.
    """
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(statements.SURVEYED)
        with cursor.copy(statements.COPY_SURVEYED) as copy:
            for piece in read(doors.source):
                assert piece.geometry is not None
                for number, shape in _placed(piece.numbers, piece.geometry.to_pylist(), doors.crs):
                    copy.write_row((number, shape))
                    count += 1
                if count > MOST_DOORS:
                    raise TooManyDoors(MOST_DOORS)
        if not count:
            raise DoorsWithoutGeometry
        cursor.execute(statements.PLACE_SURVEYED)
        cursor.execute(statements.COUNT_SURVEYED)
        _all, near = cursor.fetchone()
    if not near:
        raise DoorsElsewhere(doors.crs.code or doors.crs.title, count)
    return count


def _placed(numbers: NDArray[np.int64], wkb: list[bytes | None], crs: SourceCrs) -> Iterator[tuple[int, str]]:
    """The number of each door and its shape in the stored CRS as EWKB; without those that have no place on earth."""
    shapes = shapely.from_wkb(wkb)
    is_given = ~shapely.is_missing(shapes)
    shapes, numbers = shapes[is_given], numbers[is_given]
    kinds = set(shapely.get_type_id(shapes).tolist())
    if not kinds <= SURFACES:
        raise DoorsWithoutGeometry(sorted(shapely.GeometryType(kind).name.title() for kind in kinds - SURFACES))
    xy, owners = shapely.get_coordinates(shapes, return_index=True)
    moved = crs.to_stored(xy)
    is_placed = np.ones(len(shapes), bool)
    is_placed[owners[np.isnan(moved).any(axis=1)]] = False
    placed = shapely.set_srid(shapely.set_coordinates(shapes, moved), STORED_SRID)
    texts = shapely.to_wkb(placed[is_placed], hex=True, include_srid=True)
    yield from zip(numbers[is_placed].tolist(), texts.tolist(), strict=True)
