"""What a target lacks, as a table to take along."""

import csv
import io
from typing import Any

COLUMNS = ("adcode", "feature", "name", "county", "reason")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def missing_csv(target: dict[str, Any]) -> str:
    """One line for each division or feature that the target lacks; with a byte-order mark, so that spreadsheet programs
    read the Chinese."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(one[column] or "") for column in COLUMNS] for one in target["missing"])
    return out.getvalue()


def _cell(text: str) -> str:
    """The text so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
