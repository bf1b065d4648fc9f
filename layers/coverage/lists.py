"""What is missing, as a table to take along."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from layers.formulas import kept_text

COLUMNS = ("adcode", "feature", "name", "county", "reason")


def missing_csv(target: dict[str, Any]) -> str:
    """One line for each division or feature that the target lacks, as CSV."""
    return written(COLUMNS, ([one[column] for column in COLUMNS] for one in target["missing"]))


def written(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV, what is None left empty; with a byte-order mark, so that spreadsheet programs read the Chinese."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([kept_text("" if one is None else str(one)) for one in row] for row in rows)
    return out.getvalue()
