"""An audit as a person reads it on a terminal."""

import io
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from layers.coverage import words
from layers.coverage.reports import figures
from layers.coverage.reports.figures import Document
from layers.coverage.words import number

COLOURS = {"met": "green", "missed": "red", "not_assessable": "yellow"}
ROWS_SHOWN = 110  # of what is missing: every township of a city


def as_table(document: Document, *, width: int = 100, colour: bool = False) -> str:
    """The audit in that many columns."""
    return printed(_audit(document), width=width, colour=colour)


def printed(parts: Iterator[RenderableType], *, width: int, colour: bool) -> str:
    """The parts one below the other, without spaces at the ends of lines."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None)
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def status(found: str) -> Text:
    return Text(f"{figures.MARKS[found]} {words.status(found)}", style=COLOURS[found])


def _audit(document: Document) -> Iterator[RenderableType]:
    yield Text(_heading(document))
    for target in document["targets"]:
        yield from _section(target)
    if document["findings"]:
        yield ""
        yield Text(_("Figures that contradict each other, or could not be checked"), style="bold")
        for finding in document["findings"]:
            yield Text(f"· {finding['text']}")


def _heading(document: Document) -> str:
    values = {
        "day": document["as_of"],
        "version": document["data_version"],
        "boundaries": words.boundaries(document["boundaries"]),
    }
    heading = _("Audit as of %(day)s · data version %(version)s · %(boundaries)s") % values
    heading += f" · {words.records(document['snapshot'])}" if document.get("snapshot") else ""
    return heading + (_(" · division %(adcode)s") % {"adcode": document["division"]} if document["division"] else "")


def _section(target: Document) -> Iterator[RenderableType]:
    yield ""
    yield Text(f"{target['title']}  [{target['id']}]", style="bold")
    yield _value(target)
    if target["by_division"]:
        yield _counties(target)
    if target["missing"]:
        yield Text(_("What is missing"), style="bold")
        yield _missing(target)
    listed = Table.grid(padding=(0, 1))
    for note in target["notes"]:
        listed.add_row("·", Text(note["text"]))
    yield listed
    yield Text(_("Source: %(document)s: %(clause)s") % target["source"])


def _value(target: Document) -> Text:
    values = {"goal": figures.goal(target), "day": figures.due(target)}
    goal = (_("goal %(goal)s by %(day)s") if target["goal"] else _("goal %(goal)s")) % values
    worth = "" if target["value"] is None else figures.figure(target, target["unit"])
    parts = (worth, goal, figures.needed(target, target))
    return status(target["status"]).append("".join(f"  {part}" for part in parts if part), style="none")


def _counties(target: Document) -> Table:
    is_divided = any(county["denominator"] is not None for county in target["by_division"])
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("Division"))
    table.add_column(_("Name"))
    counted = pgettext("townships", "Counted") if is_divided else pgettext("things", "Number")
    for title in (counted, pgettext("townships", "All"), _("Value")) if is_divided else (counted,):
        table.add_column(title, justify="right")
    if figures.is_judged(target):
        table.add_column(_("Status"))
    for county in target["by_division"]:
        row: list[str | Text] = [county["adcode"], Text(county["name"]), number(county["numerator"])]
        if is_divided:
            row += [number(county["denominator"]), figures.value(county, target["unit"])]
        if figures.is_judged(target):
            row.append(status(county["status"]))
        table.add_row(*row)
    return table


def _missing(target: Document) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in (_("Division"), _("Name"), _("County"), _("Reason")):
        table.add_column(title, overflow="fold")  # Chinese has no spaces to break a line at
    for one in target["missing"][:ROWS_SHOWN]:
        table.add_row(one["adcode"], Text(one["name"] or "–"), Text(one["county"]), Text(one["reason"]))
    more = len(target["missing"]) - ROWS_SHOWN
    if more > 0:
        table.add_row("…", Text(_("%(more)d more; JSON and CSV have them all") % {"more": more}), Text(""), Text(""))
    return table
