"""What is missing, as a table to take along."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

COLUMNS = ("adcode", "feature", "name", "county", "reason")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def missing_csv(target: dict[str, Any]) -> str:
    """One line for each division or feature that the target lacks, as CSV."""
    return written(COLUMNS, ([one[column] for column in COLUMNS] for one in target["missing"]))


def written(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV, what is None left empty; with a byte-order mark, so that spreadsheet programs read the Chinese."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell("" if one is None else str(one)) for one in row] for row in rows)
    return out.getvalue()


def _cell(text: str) -> str:
    """The text so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
