"""The texts of a .dbf, the table of a Shapefile, as bytes: they must be of one encoding, and GDAL does not say if not.

dBASE III: a header of 32 bytes, 32 for each field, then records of a fixed length that begin with a mark of deletion.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

BLOCK_BYTES = 2**20
HEADER_BYTES = FIELD_BYTES = 32
NAME_BYTES = 10
END_OF_FIELDS = 0x0D


@dataclass(frozen=True)
class Block:
    """Some records. first: the number of the first, from 1; texts: of each field, uint8, shape (records, bytes)."""

    first: int
    texts: tuple[np.ndarray, ...]

    @property
    def is_ascii(self) -> bool:
        return all(not (text & 0x80).any() for text in self.texts)

    def first_not_of(self, encoding: str) -> int | None:
        """The number of the first record that is not of the encoding."""
        rows = [row for text in self.texts if (row := _first_not_of(text, encoding)) is not None]
        return self.first + min(rows) if rows else None


def _first_not_of(text: np.ndarray, encoding: str) -> int | None:
    """A character that the field's length cuts off is none against its encoding."""
    lines = np.pad(text, ((0, 0), (0, 1)), constant_values=ord("\n"))
    if _is_of(lines.tobytes(), encoding):
        return None
    return next((row for row, value in enumerate(text) if not _is_of(value.tobytes(), encoding)), None)


def _is_of(value: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(value)
    except UnicodeDecodeError:
        return False
    return True


def blocks(path: Path) -> Iterator[Block]:
    """The records in blocks, and one for a file that has none."""
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
        begin, size = int.from_bytes(header[8:10], "little"), int.from_bytes(header[10:12], "little")
        places = list(_text_places(file.read(max(begin - HEADER_BYTES, 0)), size))
        file.seek(begin)
        first = 1
        while True:
            data = file.read(max(BLOCK_BYTES // max(size, 1), 1) * size)
            records = np.frombuffer(data, np.uint8, len(data) // size * size if size else 0).reshape(-1, max(size, 1))
            if first == 1 or len(records):
                yield Block(first, tuple(records[:, place] for place in places))
            if not len(records):
                return
            first += len(records)


def sample(path: Path) -> Block:
    """The first records, with the names of the fields as one more text."""
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
        fields = file.read(max(int.from_bytes(header[8:10], "little") - HEADER_BYTES, 0))
    whole = np.frombuffer(fields, np.uint8, len(fields) // FIELD_BYTES * FIELD_BYTES).reshape(-1, FIELD_BYTES)
    first = next(blocks(path))
    return replace(first, texts=(*first.texts, whole[:, :NAME_BYTES]))


def _text_places(described: bytes, size: int) -> Iterator[slice]:
    """Where the texts stand in a record of the size."""
    begin = 1
    for at in range(0, len(described) - FIELD_BYTES + 1, FIELD_BYTES):
        field = described[at : at + FIELD_BYTES]
        if field[0] == END_OF_FIELDS:
            return
        is_text = field[11:12] == b"C"
        length = field[16] + (field[17] << 8 if is_text else 0)  # a long text's length takes the byte of the decimals
        if is_text and begin + length <= size:
            yield slice(begin, begin + length)
        begin += length
