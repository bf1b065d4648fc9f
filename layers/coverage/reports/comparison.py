"""A comparison of two audits as a person reads it on a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from layers.coverage import words
from layers.coverage.reports import figures
from layers.coverage.reports.figures import Document
from layers.coverage.reports.table import printed, status


def as_table(comparison: Document, *, width: int = 100, colour: bool = False) -> str:
    """What changed, target by target, in that many columns; what stayed as it was is counted."""
    return printed(_comparison(comparison), width=width, colour=colour)


def _comparison(comparison: Document) -> Iterator[RenderableType]:
    yield Text(_heading(comparison))
    for caution in _cautions(comparison):
        yield Text(f"· {caution}")
    changed = [target for target in comparison["targets"] if target["change"] != "same"]
    for target in changed:
        yield from _section(target)
    same = len(comparison["targets"]) - len(changed)
    yield Text("\n" + _("Unchanged targets: %(count)d") % {"count": same})


def _heading(comparison: Document) -> str:
    sides = {
        f"{name}_{key}": comparison[name][key]
        for name in ("before", "after")
        for key in ("id", "as_of", "data_version")
    }
    return (
        _(
            "Audit %(before_id)s as of %(before_as_of)s (data version %(before_data_version)s) → "
            "audit %(after_id)s as of %(after_as_of)s (data version %(after_data_version)s)"
        )
        % sides
    )


def _cautions(comparison: Document) -> Iterator[str]:
    before, after = comparison["before"], comparison["after"]
    if "division" in comparison["differs"]:
        said = {"before": figures.where(before), "after": figures.where(after)}
        yield _("They are of different divisions: %(before)s → %(after)s.") % said
    if "boundaries" in comparison["differs"]:
        said = {name: words.boundaries(side["boundaries"]) for name, side in (("before", before), ("after", after))}
        yield _("They rest on different boundaries: %(before)s → %(after)s.") % said
    if "snapshot" in comparison["differs"]:
        said = {name: words.records(side["snapshot"]) for name, side in (("before", before), ("after", after))}
        yield _("They were read from different records: %(before)s → %(after)s.") % said


def _section(target: Document) -> Iterator[RenderableType]:
    yield ""
    yield Text(f"{target['title']}  [{target['id']}]", style="bold")
    if target["before"] is None or target["after"] is None:
        only = _("only in the second audit") if target["before"] is None else _("only in the first audit")
        yield _figure(target["before"] or target["after"], target["unit"]).append(f"  {only}")
        return
    yield Text("  →  ").join(_figure(target[side], target["unit"]) for side in ("before", "after"))
    if target["meaning"]:
        yield Text(
            _("Its definition is another: %(parts)s; the figures are not of the same thing.")
            % {"parts": words.meaning(target["meaning"])}
        )
    if target["before"]["goal"] != target["after"]["goal"]:
        goals = {
            side: figures.goal({"goal": target[side]["goal"], "unit": target["unit"]}) for side in ("before", "after")
        }
        yield Text(_("Goal: %(before)s → %(after)s") % goals)
    if target["by_division"]:
        yield _counties(target)
    yield from _missing(target["missing"])
    yield from _evidence(target["evidence"])


def _figure(found: Document, unit: str) -> Text:
    return status(found["status"]).append(f"  {figures.figure(found, unit)}", style="none")


def _counties(target: Document) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in (_("Division"), _("Name"), _("Before"), _("After")):
        table.add_column(title)
    for county in target["by_division"]:
        sides = (_figure(side, target["unit"]) if side else Text("–") for side in (county["before"], county["after"]))
        table.add_row(county["adcode"], Text(county["name"]), *sides)
    return table


def _missing(found: Document) -> Iterator[RenderableType]:
    for side, title in (
        ("came", _("Now missing")),
        ("gone", _("No longer missing: covered since, or no longer counted")),
    ):
        if found[side]:
            yield Text(title, style="bold")
            yield _table(
                [(one["adcode"] or one["feature"], one["name"], one["county"], one["reason"]) for one in found[side]]
            )


def _evidence(found: Document) -> Iterator[RenderableType]:
    for side, title in (("came", _("Features that came to count")), ("gone", _("Features that no longer count"))):
        if found[side]:
            yield Text(title, style="bold")
            yield _table([(one["feature"], one["name"], one["adcode"] or "") for one in found[side]])
    if not found["is_whole"]:
        yield Text(_("The audits list only some of the features that count; there may be more changes."))


def _table(lines: list[tuple[str, ...]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for _column in lines[0]:
        table.add_column(overflow="fold")  # Chinese has no spaces to break a line at
    for line in lines:
        table.add_row("  " + line[0], *map(Text, line[1:]))
    return table
