"""GeoPackage, FlatGeobuf, Shapefile and KML, written by GDAL from Arrow batches. Positions stand x first in all of them."""

import shutil
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from layers.drivers import pyogrio
from layers.errors import FormatLimit
from layers.publish.formats import arrow, columns
from layers.publish.formats.about import about
from layers.publish.formats.reading import Features

REFUSALS = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError)
NAME_BYTES, TEXT_BYTES = 10, 254  # of dBase III, which a Shapefile keeps its properties in
MOST_BYTES = 2**31 - 1  # of each part of a Shapefile
NOT_IN_XML = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"  # https://www.w3.org/TR/xml/#charsets

# Positions in GCJ-02 have none that could be said.
warnings.filterwarnings("ignore", message="'crs' was not provided", category=UserWarning)


def geopackage(features: Features, path: Path) -> None:
    said = about(features).texts
    _write(
        features,
        path,
        "GPKG",
        layer_options={"GEOMETRY_NAME": "geom", "IDENTIFIER": said["name"], "DESCRIPTION": said["description"]},
        layer_metadata=said,
    )


def flatgeobuf(features: Features, path: Path) -> None:
    """Without a spatial index, which cannot hold a feature without a place and is made in memory."""
    said = about(features).texts
    options = {"SPATIAL_INDEX": "NO", "TITLE": said["name"], "DESCRIPTION": " ".join(said.values())}
    _write(features, path, "FlatGeobuf", layer_options=options)


def kml(features: Features, path: Path) -> None:
    """With a description before the features, which GDAL's driver that keeps no file in memory does not write.

    Raises FormatLimit for a text with a character that XML has none of: GDAL would leave it out.
    """
    said = about(features).texts
    batches = arrow.reader(features)
    bare = path.with_name(f"{path.name}.bare")
    _write(
        features,
        bare,
        "KML",
        layer=said["name"],
        batches=pa.RecordBatchReader.from_batches(batches.schema, _in_xml(batches)),
        dataset_options={"NameField": "name" if _has(features, "name") else columns.CODE},
    )
    with bare.open("rb") as written, path.open("wb") as file:
        for line in written:
            file.write(line)
            if line.startswith(b"<Document"):
                file.write(f"<description>{escape(' '.join(said.values()))}</description>\n".encode())
                break
        shutil.copyfileobj(written, file)
    bare.unlink()


def shapefile(features: Features, path: Path) -> None:
    """A ZIP of the Shapefile's parts, and a text that says what the short names of its columns stand for.

    Raises FormatLimit for a text or a file that is too long for it.
    """
    stem = features.layer.id
    batches = arrow.reader(features)
    names = short_names([name for name in batches.schema.names if name != arrow.GEOMETRY])
    renamed = pa.schema([field.with_name(names.get(field.name, field.name)) for field in batches.schema])
    checked = pa.RecordBatchReader.from_batches(renamed, _that_fit(batches, renamed))
    folder = path.parent / f"{path.name}.parts"
    folder.mkdir()
    _write(features, folder / f"{stem}.shp", "ESRI Shapefile", batches=checked, layer_options={"ENCODING": "UTF-8"})
    (folder / f"{stem}.txt").write_text(_said(features, names), encoding="utf-8-sig", newline="\r\n")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for part in sorted(folder.iterdir()):
            if part.stat().st_size > MOST_BYTES:
                raise FormatLimit("shp", _("it would be larger than 2 GB"))
            packed.write(part, part.name)
            part.unlink()
    folder.rmdir()


def short_names(names: list[str]) -> dict[str, str]:
    """A name of at most ten bytes for each, no two of them alike whatever the case."""
    found: dict[str, str] = {}
    for name in names:
        short, number = name[:NAME_BYTES], 1
        while short.lower() in {other.lower() for other in found.values()}:
            number += 1
            short = f"{name[: NAME_BYTES - len(str(number)) - 1]}_{number}"
        found[name] = short
    return found


def _that_fit(batches: pa.RecordBatchReader, renamed: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The batches under the short names. Raises FormatLimit for the first text that would be cut off."""
    for batch in batches:
        for field, values in zip(batch.schema, batch.columns, strict=True):
            if field.type == pa.string() and (pc.max(pc.binary_length(values)).as_py() or 0) > TEXT_BYTES:
                said = _("“%(name)s” holds a text of more than %(most)d bytes")
                raise FormatLimit("shp", said % {"name": field.name, "most": TEXT_BYTES})
        yield batch.rename_columns(renamed.names)


def _in_xml(batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for field, values in zip(batch.schema, batch.columns, strict=True):
            if field.type == pa.string() and pc.any(pc.match_substring_regex(values, NOT_IN_XML)).as_py():
                said = _("“%(name)s” holds a character that its texts cannot")
                raise FormatLimit("kml", said % {"name": field.name})
        yield batch


def _said(features: Features, names: dict[str, str]) -> str:
    titles = {column.name: column.title for column in columns.properties(features)}
    listed = [f"{short} = {name} ({titles[name]})" for name, short in names.items()]
    return "\n".join([*about(features).texts.values(), "", *listed, ""])


def _has(features: Features, name: str) -> bool:
    return any(column.name == name for column in columns.properties(features))


def _write(
    features: Features,
    path: Path,
    driver: str,
    *,
    layer: str | None = None,
    batches: pa.RecordBatchReader | None = None,
    **options: Any,
) -> None:
    """Writes the file. What goes wrong in reading is raised as it is: GDAL would make a failure to write of it."""
    has_geometry, crs = features.writing.has_geometry, features.writing.crs
    points = features.layer.has_points
    reader = batches or arrow.reader(features)
    failed: list[Exception] = []
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(reader.schema, _noting(reader, failed)),
            path,
            layer=layer or features.layer.id,
            driver=driver,
            geometry_name=arrow.GEOMETRY if has_geometry else None,
            geometry_type=("Point" if points else "MultiPolygon") if has_geometry else None,
            crs=f"EPSG:{crs.srid}" if has_geometry and crs.is_defined else None,
            **options,
        )
    except Exception as error:
        if failed:
            raise failed[0] from None
        if isinstance(error, REFUSALS):
            raise FormatLimit(driver, str(error)) from error
        raise


def _noting(batches: pa.RecordBatchReader, failed: list[Exception]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except Exception as error:
        failed.append(error)
        raise
