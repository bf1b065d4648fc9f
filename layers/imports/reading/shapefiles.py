"""Shapefiles in a zip: their parts unpacked, the encoding of their texts found, then read as any layer."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from layers.drivers import pyogrio
from layers.imports.reading import archives, dbf, encodings, features
from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.sources import Choices, File, Note, Piece, Source, chosen_table, table_notes

RESTORE = "SHAPE_RESTORE_SHX"
PARTS = ("shp", "dbf", "shx", "prj", "cpg")
CODE_PAGES = {"936": "gb18030", "ansi 936": "gb18030", "65001": "utf-8", "950": "big5"}

Members = dict[str, archives.Member]


def look(file: File, choices: Choices) -> Source:
    """The Shapefile chosen, or else the first, unpacked into the folder. Its name is that of its .shp, with its folder."""
    path = Path(mkdtemp(dir=file.folder)) / "data.shp"
    with archives.opened(file.path) as archive:
        parts = _parts(archives.members(archive))
        tables = tuple(sorted(table for table, found in parts.items() if "shp" in found))
        if not tables:
            raise UnreadableFile("no_shapefile")
        table = chosen_table(tables, choices)
        if "dbf" not in parts[table]:
            raise UnreadableFile("missing_part", name=f"{table}.shp", missing=".dbf")
        archives.unpack(archive, {path.with_suffix(f".{part}"): parts[table][part] for part in parts[table]})
    encoding, notes = _encoding(path, choices)
    if "shx" not in parts[table]:
        notes = (*notes, Note("index_restored"))
        _restore_index(path)
    found = features.layer(path, file.format, path.stem, encoding)
    return replace(found, tables=tables, table=table, notes=(*table_notes(tables, table), *notes, *found.notes))


def read(source: Source) -> Iterator[Piece]:
    for block in dbf.blocks(source.path.with_suffix(".dbf")):
        if (row := block.first_not_of(source.encoding)) is not None:
            raise UnreadableFile("undecodable", row=row, encoding=encodings.TITLES[source.encoding])
    yield from features.read(replace(source, table=source.path.stem))


def _restore_index(path: Path) -> None:
    """GDAL makes the .shx anew when it opens the file, and opens every Shapefile to write while the option is on.

    What is wrong with the file besides is told when it is read.
    """
    pyogrio.set_gdal_config_options({RESTORE: True})
    try:
        with suppress(*features.WRONG):
            pyogrio.read_info(path)
    finally:
        pyogrio.set_gdal_config_options({RESTORE: None})


def _parts(members: Members) -> dict[str, Members]:
    """The parts of each Shapefile by their endings. A name's case is as it may be."""
    found: dict[str, Members] = {}
    for name, member in members.items():
        path = PurePosixPath(name)
        part = path.suffix.lower().lstrip(".")
        if part in PARTS:
            found.setdefault(str(path.with_suffix("")), {})[part] = member
    return found


def _encoding(path: Path, choices: Choices) -> tuple[str, tuple[Note, ...]]:
    """Of the texts: the one chosen, or that of the .cpg unless they are not of it, or that found by them."""
    if choices.encoding:
        return encodings.known_encoding(choices.encoding), ()
    said = _said(path.with_suffix(".cpg"))
    sample = dbf.sample(path.with_suffix(".dbf"))
    likely = filter(None, (said, "utf-8", "gb18030"))
    found = next((name for name in likely if sample.first_not_of(name) is None), said or "utf-8")
    if found == (said or "utf-8") or sample.is_ascii:
        return found, ()
    if said:
        params = {"said": encodings.TITLES[said], "encoding": encodings.TITLES[found]}
        return found, (Note("wrong_encoding", params),)
    return found, (Note("encoding", {"encoding": encodings.TITLES[found]}),)


def _said(path: Path) -> str:
    """The encoding that a .cpg names, "" without one or for a name that is not known."""
    if not path.exists():
        return ""
    name = path.read_bytes()[:40].decode("ascii", "replace").strip().lower()
    try:
        return encodings.known_encoding(CODE_PAGES.get(name, name))
    except UnreadableFile:
        return ""
