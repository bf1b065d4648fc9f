"""A table of addresses written with where each row is, in a file that is gone on with where it was broken off."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from layers.search import tables
from layers.search.batch import Batch
from layers.search.errors import OtherRun
from layers.search.tables import Table

Tell = Callable[[int], None]  # is told how many rows have been written since it was told last


@dataclass(frozen=True)
class Begun:
    """How far a run has come. identity: what it is made from. length: bytes that are written whole. found: how many rows
    by what they were found as.
    """

    identity: str
    rows: int = 0
    length: int = 0
    found: Counter[str] = field(default_factory=Counter)


def write(table: Table, batch: Batch, path: Path, *, tell: Tell) -> Counter[str]:
    """Writes the file; how many rows by what they were found as.

    Until it is whole it stands beside the path as ``.part``, with what is known of it; who is killed and called again
    goes on after the last whole piece. Raises UnreadableFile, and OtherRun where what stands there is of another table.
    """
    part, state = parts(path)
    begun = _begun(state, _identity(table, batch))
    tell(begun.rows)
    with part.open("r+b" if begun.length else "wb") as file:
        file.truncate(begun.length)
        file.seek(begun.length)
        if not begun.length:
            file.write(tables.heading(table))
        for rows in tables.pieces(table, after=begun.rows):
            located = batch.located([table.address(row) for row in rows])
            file.write(tables.lines(rows, located))
            file.flush()
            os.fsync(file.fileno())
            found = begun.found + Counter(each.way.value for each in located)
            begun = replace(begun, rows=begun.rows + len(rows), length=file.tell(), found=found)
            _keep(state, begun)
            tell(len(rows))
    part.replace(path)
    state.unlink(missing_ok=True)
    return begun.found


def parts(path: Path) -> tuple[Path, Path]:
    """The file in the making, and what is known of it."""
    return path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.json")


def forget(path: Path) -> None:
    """Leaves what was begun."""
    for each in parts(path):
        each.unlink(missing_ok=True)


def _identity(table: Table, batch: Batch) -> str:
    """What the output is made from: the input's bytes, how they are read, and for whom."""
    source = table.source
    with source.path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    read = (source.table, source.encoding, source.delimiter, source.header, table.places, batch.reader.audience)
    return hashlib.sha256(repr((content, read)).encode()).hexdigest()


def _begun(state: Path, identity: str) -> Begun:
    try:
        known = json.loads(state.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Begun(identity)
    if known["identity"] != identity:
        raise OtherRun(state)
    return Begun(**{**known, "found": Counter(known["found"])})


def _keep(state: Path, begun: Begun) -> None:
    made = state.with_name(f"{state.name}.new")
    made.write_text(json.dumps(vars(begun)), encoding="utf-8")
    made.replace(state)
