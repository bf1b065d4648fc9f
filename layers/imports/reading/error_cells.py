"""The cells of an XLSX sheet that hold an error, such as #N/A, which the library that reads it takes for empty ones.

ECMA-376-1, 18.3.1.4: ``<c r="B7" t="e">``. Parts are found through workbook.xml and its relationships (18.2.19).
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from layers.imports.reading.archives import BROKEN
from layers.imports.reading.sources import Note

BLOCK_BYTES = 2**20
PART_BYTES = 2**20  # of the parts that name the sheets
TAG = re.compile(r"<(?:\w+:)?(\w+)\s([^<>]*)>")
CELL = re.compile(rb"""<(?:\w+:)?c\s([^<>]*\bt=["']e["'][^<>]*)>""")
ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def notes_of(path: Path, sheet: str) -> tuple[Note, ...]:
    """How many there are in the sheet and the first of them; nothing where the workbook is not built as usual."""
    count = 0
    first = ""
    try:
        with zipfile.ZipFile(path) as workbook, workbook.open(_part(workbook, sheet)) as part:
            for cell in _cells(iter(lambda: part.read(BLOCK_BYTES), b"")):
                first = first or _attributes(cell).get("r", "?")
                count += 1
    except (*BROKEN, KeyError):
        return ()
    return (Note("error_cells", {"count": count, "cell": first}),) if count else ()


def _cells(blocks: Iterator[bytes]) -> Iterator[str]:
    """The attributes of each cell with an error. A tag may be divided between two blocks."""
    rest = b""
    for block in blocks:
        data = rest + block
        begun = data.rfind(b"<")
        whole = len(data) if begun < data.rfind(b">") or len(data) - begun > BLOCK_BYTES else begun
        for cell in CELL.finditer(data, 0, whole):
            yield cell[1].decode(errors="replace")
        rest = data[whole:]


def _part(workbook: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds the sheet. Raises KeyError when it is not found."""
    sheets = {tag["name"]: tag for tag in _tags(workbook, "xl/workbook.xml", "sheet") if "name" in tag}
    targets = {tag["Id"]: tag["Target"] for tag in _tags(workbook, "xl/_rels/workbook.xml.rels", "Relationship")}
    number = next(value for name, value in sheets[sheet].items() if name.endswith(":id"))
    target = targets[number]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tags(workbook: zipfile.ZipFile, part: str, name: str) -> Iterator[dict[str, str]]:
    with workbook.open(part) as file:
        text = file.read(PART_BYTES).decode(errors="replace")
    return (_attributes(tag[2]) for tag in TAG.finditer(text) if tag[1] == name)


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(first or second) for name, first, second in ATTRIBUTE.findall(tag)}
