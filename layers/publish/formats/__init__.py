"""The formats a collection can be downloaded in: one entry a format, one writer a file of this package."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from layers.crs import CRS84, GCJ02, OFFERED, OFFERED_IN_FILES, Crs
from layers.publish.formats import gdal, parquet, texts, xlsx
from layers.publish.formats.reading import Features
from layers.publish.media_types import GEOJSON

EPSG_4326 = OFFERED["http://www.opengis.net/def/crs/EPSG/0/4326"]
DEGREES = (CRS84, EPSG_4326)  # the same positions; such formats write longitude first, whichever is asked


@dataclass(frozen=True, kw_only=True)
class Format:
    """name: the value of ``f``. title: what people call it.

    Either ``stream`` gives the file's bytes while the features are read, or ``write`` writes it to a path.
    crs: those it can be in; GCJ-02 only where the file can say so. has_wkt: whether points can be written as text.
    broken: what a stream that breaks off ends with, where its end would not show it.
    """

    name: str
    title: str
    media_type: str
    extension: str
    stream: Callable[[Features], Generator[bytes]] | None = None
    write: Callable[[Features, Path], None] | None = None
    crs: tuple[Crs, ...] = tuple(OFFERED_IN_FILES.values())
    has_wkt: bool = False
    broken: bytes = b""


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            name="geojson",
            title="GeoJSON",
            media_type=GEOJSON,
            extension="geojson",
            stream=texts.geojson,
            crs=(*DEGREES, GCJ02),
        ),
        Format(
            name="geojsonseq",
            title="GeoJSON Text Sequence",
            media_type="application/geo+json-seq",
            extension="geojsons",
            stream=texts.geojson_sequence,
            crs=DEGREES,
            broken=b"\x1e{\n",
        ),
        Format(
            name="csv",
            title="CSV",
            media_type="text/csv",
            extension="csv",
            stream=texts.comma_separated,
            has_wkt=True,
            broken='"INCOMPLETE: the download broke off here. 文件不完整，请重新下载。"\r\n'.encode(),
        ),
        Format(
            name="xlsx",
            title="Excel",
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            extension="xlsx",
            write=xlsx.workbook,
        ),
        Format(
            name="gpkg",
            title="GeoPackage",
            media_type="application/geopackage+sqlite3",
            extension="gpkg",
            write=gdal.geopackage,
        ),
        Format(
            name="fgb",
            title="FlatGeobuf",
            media_type="application/vnd.flatgeobuf",
            extension="fgb",
            write=gdal.flatgeobuf,
        ),
        Format(
            name="parquet",
            title="GeoParquet",
            media_type="application/vnd.apache.parquet",
            extension="parquet",
            write=parquet.geoparquet,
        ),
        Format(
            name="shp",
            title="Shapefile",
            media_type="application/zip",
            extension="zip",
            write=gdal.shapefile,
        ),
        Format(
            name="kml",
            title="KML",
            media_type="application/vnd.google-earth.kml+xml",
            extension="kml",
            write=gdal.kml,
            crs=DEGREES,
        ),
    )
}


def preferred(accept: str, *, default: str) -> str:
    """The format of the first media type of an Accept header that is one of ours and not the page's own.

    A page of GeoJSON is what ``application/geo+json`` and anything else means.
    """
    known = {one.media_type: one.name for one in FORMATS.values() if one.name != "geojson"}
    ranked = sorted(map(_weighed, accept.lower().split(",")), key=lambda found: -found[1])
    if not ranked or ranked[0][1] <= 0:
        return default
    return known.get(ranked[0][0], default)


def _weighed(part: str) -> tuple[str, float]:
    """A media type and its weight (RFC 9110, 12.4.2); a weight that is none counts as nothing."""
    media_type, *given = (piece.strip() for piece in part.split(";"))
    weight = next((piece[2:] for piece in given if piece.startswith("q=")), "1")
    return media_type, float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0
