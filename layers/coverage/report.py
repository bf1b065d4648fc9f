"""An audit for programs and people: JSON (schemas/audit-1.json), CSV and a table for the terminal."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from layers.coverage import words
from layers.coverage.audit import AuditResult, CountyRate, Missing, Rate, TargetResult
from layers.coverage.notes import Cause, Note
from layers.coverage.targets import Goal, Target

SCHEMA = "/api/coverage/schemas/audit-1.json"
MARKS = {"met": ("✓", "green"), "missed": ("✗", "red"), "not_assessable": ("?", "yellow")}
CSV_COLUMNS = (
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
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def document(audit: AuditResult, audit_id: int | None = None) -> dict[str, Any]:
    """The audit's JSON, in the reader's language; the id is null until the audit is saved."""
    return {
        "schema": settings.PUBLIC_URL + SCHEMA,
        "id": None if audit_id is None else str(audit_id),
        "as_of": audit.as_of.isoformat(),
        "division": audit.division or None,
        "data_version": audit.data_version,
        "boundaries": audit.boundaries,
        "status": audit.status,
        "targets": [_result(result) for result in audit.targets],
    }


def target_document(target: Target) -> dict[str, Any]:
    """What a target is: definition, goals and source."""
    return {
        "id": target.id,
        "title": str(target.title),
        "definition": str(target.definition),
        "metric": target.metric.id,
        "unit": target.metric.unit,
        "level": target.level,
        "layer": target.layer.id,
        "filter": {name: [_plain(value) for value in values] for name, values in target.filter.items()},
        "goals": [_goal(goal) for goal in target.goals],
        "source": _source(target),
    }


def as_json(audit: AuditResult, audit_id: int | None = None) -> str:
    return json.dumps(document(audit, audit_id), ensure_ascii=False, indent=2) + "\n"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _result(result: TargetResult) -> dict[str, Any]:
    described = target_document(result.target)
    del described["goals"]
    return described | {
        "numerator": result.rate and result.rate.numerator,
        "denominator": result.rate and result.rate.denominator,
        "value": result.rate and result.rate.value,
        "goal": _goal(result.goal),
        "status": result.status,
        "gap": result.rate and result.rate.gap,
        "by_division": [_county(county) for county in result.by_division],
        "missing": [_missing(missing) for missing in result.missing],
        "notes": [_note(note) for note in result.notes],
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {"op": goal.op, "value": float(goal.value), "by": goal.by.isoformat()}


def _source(target: Target) -> dict[str, str]:
    return {"document": str(target.source.document), "clause": str(target.source.clause)}


def _county(county: CountyRate) -> dict[str, Any]:
    rate = county.rate
    return {
        "adcode": county.adcode,
        "name": county.name,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "value": rate.value,
        "status": rate.status,
    }


def _missing(missing: Missing) -> dict[str, Any]:
    return {
        "adcode": missing.adcode,
        "name": missing.name,
        "county": missing.county,
        "reason": words.reason(missing.causes),
        "causes": [_cause(cause) for cause in missing.causes],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {"kind": cause.kind, "feature": cause.feature or None, "on": cause.on and cause.on.isoformat()}


def _note(note: Note) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "text": words.note(note),
        "about": [{"code": named.code, "name": named.name} for named in note.about],
    }


def as_csv(audit: AuditResult) -> str:
    """One line for each target, each county and each missing township; with a byte-order mark, so that spreadsheet
    programs read the Chinese."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for result in audit.targets:
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in _csv_rows(result, audit.division))
    return out.getvalue()


def _csv_rows(result: TargetResult, division: str) -> Iterator[dict[str, object]]:
    goal = f"{result.goal.op} {result.goal.value}"
    notes = " ".join(words.note(note) for note in result.notes) if result.rate is None else ""
    total: dict[str, object] = {
        "row": "target",
        "adcode": division,
        "name": str(result.target.title),
        "goal": goal,
        "reason": notes,
    }
    total |= _rate_cells(result.rate) | {"status": result.status}
    counties = [_county_cells(county) | {"goal": goal} for county in result.by_division]
    missing = [_missing_cells(missing) for missing in result.missing]
    yield from ({"target": result.target.id} | row for row in (total, *counties, *missing))


def _county_cells(county: CountyRate) -> dict[str, object]:
    described = {"row": "county", "adcode": county.adcode, "name": county.name, "status": county.rate.status}
    return described | _rate_cells(county.rate)


def _missing_cells(missing: Missing) -> dict[str, object]:
    reason = words.reason(missing.causes)
    return {
        "row": "missing",
        "adcode": missing.adcode,
        "name": missing.name,
        "county": missing.county,
        "reason": reason,
    }


def _rate_cells(rate: Rate | None) -> dict[str, object]:
    return {"numerator": rate.numerator, "denominator": rate.denominator, "value": rate.value} if rate else {}


def _cell(value: object) -> object:
    """A text that a spreadsheet program would compute is kept a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_table(audit: AuditResult, *, width: int = 100, colour: bool = False) -> str:
    """The audit as a person reads it on a terminal of that many columns."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None)
    console.print(Text(_heading(audit)))
    for result in audit.targets:
        console.print(_section(result))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _heading(audit: AuditResult) -> str:
    values = {
        "day": audit.as_of.isoformat(),
        "version": audit.data_version,
        "boundaries": words.boundaries(audit.boundaries),
    }
    heading = _("Audit as of %(day)s · data version %(version)s · %(boundaries)s") % values
    return heading + (_(" · division %(adcode)s") % {"adcode": audit.division} if audit.division else "")


def _section(result: TargetResult) -> Group:
    parts: list[RenderableType] = [
        "",
        Text(f"{result.target.title}  [{result.target.id}]", style="bold"),
        _figure(result),
    ]
    if result.by_division:
        parts.append(_counties(result))
    if result.missing:
        parts += [Text(_("Missing townships"), style="bold"), _missing_table(result)]
    parts.append(_notes(result))
    source = result.target.source
    parts.append(Text(_("Source: %(document)s, “%(clause)s”") % {"document": source.document, "clause": source.clause}))
    return Group(*parts)


def _notes(result: TargetResult) -> Table:
    listed = Table.grid(padding=(0, 1))
    for note in result.notes:
        listed.add_row("·", Text(words.note(note)))
    return listed


def _status(status: str) -> Text:
    mark, colour = MARKS[status]
    return Text(f"{mark} {words.status(status)}", style=colour)


def _figure(result: TargetResult) -> Text:
    goal = _("goal %(goal)s by %(day)s") % {"goal": words.goal(result.goal), "day": result.goal.by.isoformat()}
    figure = _status(result.status)
    if result.rate is None:
        return figure.append(f"  {goal}")
    return figure.append(f"  {_fraction(result.rate)}  {goal}").append(
        "  " + _("%(gap)d more needed") % {"gap": result.rate.gap} if result.rate.gap else ""
    )


def _fraction(rate: Rate) -> str:
    return f"{rate.numerator}/{rate.denominator} = {words.percent(rate)}"


def _counties(result: TargetResult) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("Division"))
    table.add_column(_("Name"))
    for title in (pgettext("townships", "Counted"), pgettext("townships", "All"), _("Value")):
        table.add_column(title, justify="right")
    table.add_column(_("Status"))
    for county in result.by_division:
        rate = county.rate
        numbers = (str(rate.numerator), str(rate.denominator), words.percent(rate))
        table.add_row(county.adcode, Text(county.name), *numbers, _status(rate.status))
    return table


def _missing_table(result: TargetResult) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in (_("Division"), _("Name"), _("County"), _("Reason")):
        table.add_column(title, overflow="fold")  # Chinese has no spaces to break a line at
    for missing in result.missing:
        reasons = Text("\n".join(map(words.cause, missing.causes)))
        table.add_row(missing.adcode, Text(missing.name), Text(missing.county), reasons)
    return table
