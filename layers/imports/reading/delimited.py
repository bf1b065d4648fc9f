"""CSV: texts between delimiters. Whole records are cut from the text a block at a time and read by Arrow's parser; a
block that it finds uneven is read record by record, which also says which record is wrong and why.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from layers.imports.reading import encodings
from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.headers import BLANKS, SAMPLE_ROWS, header_of
from layers.imports.reading.pieces import Tidying
from layers.imports.reading.sources import ROWS, Choices, File, Note, Piece, Source

DELIMITERS = (",", "\t", ";")
LONGEST_ROW_BYTES = 8 * 2**20
QUOTE = ord('"')

csv.field_size_limit(LONGEST_ROW_BYTES)  # the outline of a township is longer than the default of 128 kB

Record = list[str]


def look(file: File, choices: Choices) -> Source:
    encoding, notes = _encoding(file.path, choices)
    text = encodings.sample_text(file.path, encoding)
    delimiter = choices.delimiter or _delimiter(text)
    if delimiter not in DELIMITERS:
        raise UnreadableFile("unknown_delimiter", delimiter=delimiter)
    header = header_of(_sample(text, delimiter), row=choices.header)
    return Source(
        path=file.path,
        format=file.format,
        columns=header.columns,
        encoding=encoding,
        delimiter=delimiter,
        header=header.row,
        header_rows=header.rows,
        notes=(*notes, *header.notes),
    )


def _encoding(path: Path, choices: Choices) -> tuple[str, tuple[Note, ...]]:
    if choices.encoding:
        return encodings.known_encoding(choices.encoding), ()
    with path.open("rb") as file:
        sample = file.read(encodings.SAMPLE_BYTES)
    found = encodings.encoding_of(sample)
    if found == "utf-8" or encodings.marked_encoding(sample):
        return found, ()
    return found, (Note("encoding", {"encoding": encodings.TITLES[found]}),)


def _delimiter(text: str) -> str:
    """The one that gives the most rows one and the same number of cells; a comma where none divides them."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(_sample(text, delimiter)))


def _evenness(records: Iterable[Record]) -> tuple[int, int]:
    widths = [len(record) for record in records if len(record) > 1]
    return max(((widths.count(width), width) for width in set(widths)), default=(0, 0))


def _sample(text: str, delimiter: str) -> list[Record]:
    records: list[Record] = []
    with suppress(csv.Error):  # said with its row when the file is read
        records.extend(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE_ROWS))
    return records


def read(source: Source) -> Iterator[Piece]:
    """The pieces. Raises UnreadableFile for the first record that is not as it should be."""
    above = source.header - 1 + source.header_rows
    blocks = encodings.utf8_blocks(source.path, source.encoding)
    begin = next(blocks)
    headers, length = _headers(begin, source, above)
    tidying = Tidying(source.columns, headers)
    number = above + 1
    for texts in _Parser(source.delimiter, len(source.columns), source.encoding).tables(
        chain([begin[length:]], blocks), number
    ):
        rows = len(texts[0])
        yield tidying.piece(texts, np.arange(number, number + rows))
        number += rows


def _headers(begin: bytes, source: Source, above: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    """The rows of the header as they stand in the text, and the bytes up to the row after them."""
    text = io.StringIO(begin.decode("latin-1"), newline="")  # of which a character is a byte
    records = list(islice(csv.reader(iter(text.readline, ""), delimiter=source.delimiter), above))
    width = len(source.columns)
    headers = [
        tuple(([cell.strip(BLANKS) for cell in _decoded(record, source, row)] + [""] * width)[:width])
        for row, record in enumerate(records, 1)
    ][source.header - 1 :]
    return tuple(headers), text.tell()


def _decoded(record: Record, source: Source, row: int) -> Record:
    try:
        cells = [cell.encode("latin-1").decode() for cell in record]
    except UnicodeDecodeError:
        raise UnreadableFile("undecodable", row=row, encoding=encodings.TITLES[source.encoding]) from None
    if any("\0" in cell for cell in cells):
        raise UnreadableFile("control_character", row=row)
    return cells


@dataclass(frozen=True)
class _Parser:
    """width: how many cells a record has."""

    delimiter: str
    width: int
    encoding: str

    def tables(self, blocks: Iterator[bytes], number: int) -> Iterator[list[pa.Array]]:
        """Some records at a time, as a column of texts for each cell. number: of the first record."""
        rest = b""
        for block in blocks:
            data = rest + block
            end = self._end_of_records(data)
            if end is None:
                yield from self._one_by_one(chain([data], blocks), number)
                return
            if not end and len(data) > LONGEST_ROW_BYTES:
                raise UnreadableFile("long_row", row=number, most_mb=LONGEST_ROW_BYTES // 2**20)
            if end:
                texts = self._table(data[:end], number)
                number += len(texts[0])
                yield texts
            rest = data[end:]
        if rest:
            yield from self._one_by_one([rest], number)

    def _end_of_records(self, data: bytes) -> int | None:
        """Where the last record ends that is whole; None where quotation marks stand inside cells that have none around
        them, so that counting them does not tell.
        """
        newline = b"\n" if b"\n" in data else b"\r"
        last = data.rfind(newline, 0, len(data) - (newline == b"\r"))
        if b'"' not in data:
            return last + 1
        quotes = np.flatnonzero(np.frombuffer(data, np.uint8) == QUOTE)
        if not self._stand_around_cells(data, quotes):
            return None
        while last >= 0 and (before := int(np.searchsorted(quotes, last))) % 2:
            last = data.rfind(newline, 0, int(quotes[before - 1]))
        return last + 1

    def _stand_around_cells(self, data: bytes, quotes: np.ndarray) -> bool:
        """Whether every first mark of a pair stands behind what ends a cell or another mark, every second before it."""
        beside = np.zeros(256, bool)
        beside[[QUOTE, ord(self.delimiter), ord("\n"), ord("\r")]] = True
        padded = np.frombuffer(b"\n" + data + b"\n", np.uint8)
        return bool(beside[padded[quotes[::2]]].all() and beside[padded[quotes[1::2] + 2]].all())

    def _table(self, data: bytes, number: int) -> list[pa.Array]:
        names = list(map(str, range(self.width)))
        if b"\0" not in data:
            try:
                table = arrow_csv.read_csv(
                    pa.BufferReader(data),
                    read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
                    parse_options=arrow_csv.ParseOptions(
                        delimiter=self.delimiter, newlines_in_values=True, ignore_empty_lines=False
                    ),
                    convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
                )
                return [column.combine_chunks() for column in table.columns]
            except pa.ArrowInvalid:  # some record is uneven or not UTF-8
                pass
        return next(self._one_by_one([data], number, rows=None))

    def _one_by_one(self, blocks: Iterable[bytes], number: int, rows: int | None = ROWS) -> Iterator[list[pa.Array]]:
        records = self._records(blocks, number)
        while some := list(islice(records, rows)):
            yield [pa.array(column, pa.string()) for column in zip(*some, strict=True)]

    def _records(self, blocks: Iterable[bytes], begin: int) -> Iterator[Record]:
        reader = csv.reader(_lines(blocks), delimiter=self.delimiter, strict=True)
        for number in count(begin):
            try:
                record = next(reader, None)
            except UnicodeDecodeError:
                raise UnreadableFile("undecodable", row=number, encoding=encodings.TITLES[self.encoding]) from None
            except csv.Error as error:
                if "field larger" in str(error):
                    raise UnreadableFile("long_row", row=number, most_mb=LONGEST_ROW_BYTES // 2**20) from None
                raise UnreadableFile("bad_quotes", row=number) from None
            if record is None:
                return
            yield self._even(record, number)

    def _even(self, record: Record, number: int) -> Record:
        """The record with as many cells as the header: empty ones added, or left out at its end."""
        if any("\0" in cell for cell in record):
            raise UnreadableFile("control_character", row=number)
        while len(record) > self.width and not record[-1].strip(BLANKS):
            record.pop()
        if len(record) > self.width:
            raise UnreadableFile("too_many_cells", row=number, found=len(record), expected=self.width)
        return record + [""] * (self.width - len(record))


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """The lines of UTF-8 text with their ends; all that are whole before the UnicodeDecodeError for what is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest = ""
    for block in chain(blocks, [b""]):
        wrong = None
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            wrong, text = error, error.object[: error.start].decode()
        *lines, rest = io.StringIO(rest + text, newline="") if rest + text else [""]
        yield from lines
        if wrong and rest.endswith(("\n", "\r")):
            yield rest
        if wrong:
            raise wrong
        if len(rest) > LONGEST_ROW_BYTES:
            raise csv.Error("field larger")
    if rest:
        yield rest
