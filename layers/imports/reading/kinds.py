"""What a file is by its content; its name only says what it should be."""

import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from layers.imports.reading.archives import BROKEN
from layers.imports.reading.encodings import SAMPLE_BYTES, is_text, marked_encoding
from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.sources import Note

EXTENSIONS = {
    "csv": ("csv", "txt", "tsv"),
    "xlsx": ("xlsx", "xlsm"),
    "xls": ("xls", "et"),
    "ods": ("ods",),
    "geojson": ("geojson", "json"),
    "gpkg": ("gpkg",),
    "fgb": ("fgb",),
    "shp": ("zip",),
    "kml": ("kml",),
}
TITLES = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "xls": "XLS",
    "ods": "ODS",
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "fgb": "FlatGeobuf",
    "shp": "Shapefile",
    "kml": "KML",
}
MAGIC = {
    b"fgb\x03": "fgb",
    b"SQLite format 3\x00": "gpkg",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "xls",
}
HEAD_BYTES = 4096  # in which a text says what it is
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"  # OpenDocument 1.3, part 2, 3.3: the file mimetype
SHAPEFILE = b"\x00\x00\x27\x0a"


@dataclass(frozen=True)
class Kind:
    format: str
    notes: tuple[Note, ...] = ()


def kind_of(path: Path, name: str) -> Kind:
    """The format of the file. Raises UnreadableFile for an empty one and for one of no format that is read here."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if not sample:
        raise UnreadableFile("empty")
    if sample.startswith(SHAPEFILE):
        raise UnreadableFile("bare_shapefile", name=name)
    found = _found(path, sample)
    if not found:
        raise UnreadableFile("unknown_format", name=name)
    if Path(name).suffix.lower().lstrip(".") in EXTENSIONS[found]:
        return Kind(found)
    return Kind(found, (Note("extension", {"name": name, "format": TITLES[found]}),))


def _found(path: Path, sample: bytes) -> str:
    for magic, found in MAGIC.items():
        if sample.startswith(magic):
            return found
    if sample.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_archive(path)
    text = sample[:HEAD_BYTES].decode(marked_encoding(sample) or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return "geojson"
    if text.startswith("<"):
        return "kml" if "kml" in text.lower() else ""
    return "csv" if is_text(sample) else ""


def _in_archive(path: Path) -> str:
    """A spreadsheet is a zip too; any other is taken for one of Shapefiles."""
    with suppress(*BROKEN), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "mimetype" in names:
            with archive.open("mimetype") as said:
                return "ods" if said.read(len(OPEN_DOCUMENT)) == OPEN_DOCUMENT else "shp"
    return "shp"
