"""Columns of texts made into the rows of a piece: trimmed, empty cells null, blank rows and repeated headers left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.imports.reading.errors import UnreadableFile
from layers.imports.reading.headers import BLANKS
from layers.imports.reading.sources import Note, Piece


@dataclass(frozen=True)
class Tidying:
    """columns: their names; headers: the rows that name them, as they stand in the file."""

    columns: tuple[str, ...]
    headers: tuple[tuple[str, ...], ...]

    def piece(self, texts: Sequence[pa.Array], numbers: np.ndarray, *notes: Note) -> Piece:
        """The rows of a table. texts: a column each; numbers: the number of each row."""
        rows = batch(map(trimmed, texts), self.columns, numbers)
        kept = self._filled(rows)
        repeated = [number for header in self.headers for number in numbers[_equal(rows, header)]]
        if repeated:
            kept &= ~np.isin(numbers, repeated)
        if not kept.all():
            rows, numbers = rows.filter(pa.array(kept)), numbers[kept]
        found = (Note("repeated_header", {"row": int(number)}) for number in repeated)
        return Piece(rows=rows, numbers=numbers, notes=(*notes, *found))

    def _filled(self, rows: pa.RecordBatch) -> np.ndarray:
        filled = np.zeros(rows.num_rows, bool)
        for column in rows.columns:
            if not column.null_count:
                return np.ones(rows.num_rows, bool)
            filled |= column.is_valid().to_numpy(zero_copy_only=False)
        return filled


def batch(texts: Iterable[pa.Array], columns: Sequence[str], numbers: np.ndarray) -> pa.RecordBatch:
    """The columns as a batch, which has its rows even without a column. numbers: of the rows.

    Raises UnreadableFile for the first row of a column with a NUL, which no text of the database can hold.
    """
    if not columns:
        return pa.RecordBatch.from_struct_array(pa.array([{}] * len(numbers), pa.struct([])))
    rows = pa.RecordBatch.from_arrays(list(texts), names=list(columns))
    for column in rows.columns:
        if (first := pc.index(pc.match_substring(column, "\0"), True).as_py()) >= 0:
            raise UnreadableFile("control_character", row=int(numbers[first]))
    return rows


def trimmed(texts: pa.Array) -> pa.Array:
    """The texts without blanks at their ends, the ideographic space and the no-break one too; null for what is empty."""
    texts = pc.utf8_trim(texts, characters=BLANKS)
    empty = pc.equal(texts, "")
    return pc.if_else(empty, None, texts) if pc.any(empty).as_py() else texts


def _equal(rows: pa.RecordBatch, header: Sequence[str]) -> np.ndarray:
    """Which of the rows are the header once more."""
    same = np.ones(rows.num_rows, bool)
    for column, name in zip(rows.columns, header, strict=True):
        cells = pc.equal(column, name) if name else column.is_null()
        same &= pc.fill_null(cells, False).to_numpy(zero_copy_only=False)
        if not same.any():
            break
    return same
