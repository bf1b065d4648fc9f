"""An audit as CSV."""

import csv
import io
from collections.abc import Iterator

from layers.coverage.reports.figures import Document
from layers.formulas import kept_text

COLUMNS = (
    "target",
    "row",
    "adcode",
    "name",
    "county",
    "numerator",
    "denominator",
    "value",
    "goal",
    "status",
    "reason",
    "unit",
    "by",
    "needed",
    "gap",
    "feature",
)
FIGURES = ("numerator", "denominator", "value", "needed", "gap", "status")


def as_csv(document: Document) -> bytes:
    """One line for each target, each county, each division or feature that is missing, each contradiction and each annual
    figure; with a byte-order mark, so that spreadsheet programs read the Chinese."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: kept_text(value) for key, value in row.items()} for row in _rows(document))
    return out.getvalue().encode()


def _rows(document: Document) -> Iterator[Document]:
    for target in document["targets"]:
        yield from ({"target": target["id"]} | row for row in _of_target(target, document["division"]))
    for finding in document["findings"]:
        yield {
            "target": " ".join(finding["targets"]),
            "row": "finding",
            "name": finding["kind"],
            "reason": finding["text"],
        }
    for figure in document["reported"]:
        said = {"row": "reported", "adcode": figure["division"], "name": figure["title"], "by": figure["year"]}
        yield said | {"value": figure["value"], "unit": figure["unit"], "reason": _source(figure)}


def _of_target(target: Document, division: str | None) -> Iterator[Document]:
    goal = target["goal"]
    aim = {"unit": target["unit"]}
    if goal is not None:
        aim |= {"goal": f"{goal['op']} {goal['value']}", "by": goal["by"]}
    notes = " ".join(note["text"] for note in target["notes"]) if target["status"] == "not_assessable" else ""
    yield {"row": "target", "adcode": division, "name": target["title"], "reason": notes} | aim | _figures(target)
    for county in target["by_division"]:
        yield {"row": "county", "adcode": county["adcode"], "name": county["name"]} | aim | _figures(county)
    for missing in target["missing"]:
        yield {"row": "missing"} | {key: missing[key] for key in ("adcode", "feature", "name", "county", "reason")}


def _figures(found: Document) -> Document:
    return {key: found[key] for key in FIGURES}


def _source(figure: Document) -> str:
    return " ".join(filter(None, (figure["source"], figure["note"])))
