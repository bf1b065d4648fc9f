"""Reading a file as whoever sends it sees it."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import shapely

from layers.imports.reading import Choices, Source, UnreadableFile, look, read


@dataclass(frozen=True)
class Read:
    """A file read to its end. rows: with their numbers; shapes: as WKT; notes: of looking and of reading, by code."""

    source: Source
    rows: list[tuple[int, dict[str, str | None]]]
    shapes: list[str | None]
    notes: list[tuple[str, dict[str, Any]]]


def read_file(path: Path, name: str = "", **choices: Any) -> Read:
    source = look(path, name or path.name, Path(mkdtemp(dir=path.parent)), Choices(**choices))
    rows: list[tuple[int, dict[str, str | None]]] = []
    shapes: list[str | None] = []
    notes = list(source.notes)
    for piece in read(source):
        assert piece.rows.schema.names == list(source.columns)
        rows += zip(piece.numbers.tolist(), piece.rows.to_pylist(), strict=True)
        if piece.geometry is not None:
            shapes += [None if wkb is None else shapely.from_wkb(wkb).wkt for wkb in piece.geometry.to_pylist()]
        notes += piece.notes
    assert all(str(note) for note in notes)
    return Read(source, rows, shapes, [(note.code, dict(note.params)) for note in notes])


def read_bytes(folder: Path, content: bytes, name: str = "table.csv", **choices: Any) -> Read:
    path = folder / "upload"
    path.write_bytes(content)
    return read_file(path, name, **choices)


def opendocument(*rows: str, **members: bytes) -> bytes:
    """An OpenDocument spreadsheet of one sheet, 地名. rows: its cells as XML; members: further ones of the zip."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    table = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in rows)
    content = (
        f'<office:document-content{spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="地名">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
        archive.writestr("content.xml", content)
        for name, member in members.items():
            archive.writestr(name, member)
    return file.getvalue()


def cell(text: str, kind: str = "string", **value: str) -> str:
    """A cell of such a spreadsheet: cell("1.5", "float", value="1.5")."""
    said = "".join(f' office:{name.replace("_", "-")}="{one}"' for name, one in value.items())
    return f'<table:table-cell office:value-type="{kind}"{said}><text:p>{text}</text:p></table:table-cell>'


def refusal(path: Path, name: str = "", **choices: Any) -> tuple[str, dict[str, Any]]:
    """Why the file is not read."""
    with pytest.raises(UnreadableFile) as refused:
        read_file(path, name, **choices)
    assert str(refused.value)
    return refused.value.code, dict(refused.value.params)


def refusal_of_bytes(
    folder: Path, content: bytes, name: str = "table.csv", **choices: Any
) -> tuple[str, dict[str, Any]]:
    path = folder / "upload"
    path.write_bytes(content)
    return refusal(path, name, **choices)
