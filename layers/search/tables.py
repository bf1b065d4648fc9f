"""Tables of addresses: read in pieces, and written as CSV with where each row is."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from layers.imports.reading import Choices, Source, look, read
from layers.imports.reading.headers import unique
from layers.publish.formats.columns import COMPUTED_SIGNS
from layers.publish.formats.texts import BYTE_ORDER_MARK
from layers.search.batch import PIECE, Located
from layers.search.errors import ColumnMissing, NotATable, UnknownColumn

FORMATS = ("csv", "xlsx", "xls")
CALLED = ("地址", "标准地址", "详细地址", "address")  # columns that are taken where none is chosen, the first there is
ADDED = ("match_address", "match_way", "confidence", "lon", "lat", "code", "division", "note")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

Row = Sequence[str]


@dataclass(frozen=True)
class Table:
    """places: of the columns whose texts, joined in this order, are the address."""

    source: Source
    places: tuple[int, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of those that make the address."""
        return tuple(self.source.columns[place] for place in self.places)

    def address(self, row: Row) -> str:
        return "".join(row[place] for place in self.places)


def table(path: Path, name: str, folder: Path, *, columns: str = "", encoding: str = "") -> Table:
    """The table in a file. columns: names with commas between them, of those that make the address, large to small.

    The rest is ``look``'s. Raises UnreadableFile, NotATable, UnknownColumn, ColumnMissing.
    """
    source = look(path, name, folder, Choices(encoding=encoding))
    if source.format not in FORMATS:
        raise NotATable(name)
    return Table(source, tuple(map(source.columns.index, _chosen(source.columns, columns))))


def _chosen(known: Sequence[str], said: str) -> list[str]:
    if not said.strip():
        called = next((name for name in CALLED if name in known), known[0] if len(known) == 1 else "")
        if not called:
            raise ColumnMissing(known)
        return [called]
    if said in known:  # with a comma in its name
        return [said]
    names = [" ".join(name.split()) for name in said.split(",")]
    for name in names:
        if name not in known:
            raise UnknownColumn(name, known)
    return names


def pieces(table: Table, *, after: int = 0) -> Iterator[list[Row]]:
    """The rows after so many, in pieces of ``PIECE``; blank ones are left out. Raises UnreadableFile."""
    rows = islice(_rows(table.source), after, None)
    while some := list(islice(rows, PIECE)):
        yield some


def _rows(source: Source) -> Iterator[Row]:
    for piece in read(source):
        columns = [["" if cell is None else cell for cell in column.to_pylist()] for column in piece.rows.columns]
        yield from zip(*columns, strict=True)


def heading(table: Table) -> bytes:
    """The first line: the table's columns and those that are added."""
    names = unique([*table.source.columns, *ADDED])
    return (BYTE_ORDER_MARK + _lines([[_shown(name) for name in names]])).encode()


def lines(rows: Iterable[Row], located: Iterable[Located]) -> bytes:
    """The rows with where each of them is."""
    return _lines([*map(_shown, row), *_added(found)] for row, found in zip(rows, located, strict=True)).encode()


def _added(found: Located) -> list[object]:
    lon, lat = found.place or ("", "")
    texts = _shown(found.address), found.way, found.confidence, lon, lat, found.code, found.division
    return [*texts, _shown(found.note)]


def _shown(text: str) -> str:
    """The text, of which a spreadsheet makes no formula."""
    return f"'{text}" if text[:1] and text[0] in COMPUTED_SIGNS and not NUMBER.fullmatch(text) else text


def _lines(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
