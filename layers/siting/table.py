"""A plan as a person reads it on a terminal."""

import io
from typing import Any

from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.table import Table

from layers.siting import figures, words


def as_table(answer: dict[str, Any], *, width: int = 100) -> str:
    """The plan and how sure it is, what it does, its sites, and what has to be known of it."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False)
    plan, coverage = answer["plan"], answer["coverage"]
    console.print(figures.standing(plan))
    bound = "–" if plan["bound"] is None else f"{plan['bound']:,.6g}"
    console.print(
        _("Objective %(objective)s, bound %(bound)s.") % {"objective": f"{plan['objective']:,.6g}", "bound": bound}
    )
    shares = {name: _fraction(coverage[name]) for name in ("before", "after")}
    told = {"radius": f"{coverage['radius_m']:g}", **shares}
    console.print(_("Within %(radius)s m: before %(before)s, after %(after)s.") % told)
    console.print(_sites(answer))
    zones = answer["zones"]
    console.print(_("Exclusion zones took %(excluded)d of %(candidates)d candidates.") % zones)
    for note in answer["notes"]:
        console.print(f"· {note['text']}")
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _sites(answer: dict[str, Any]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in (_("Code"), _("Name"), _("County"), ""):
        table.add_column(title, overflow="fold")
    for title in (_("Serves"), _("Only it"), _("Loss without it")):
        table.add_column(title, justify="right")
    for site in answer["sites"]:
        loss = "–" if site["loss"] is None else f"{site['loss']:,.6g}"
        kind = _("existing") if site["is_existing"] else _("new")
        figures = (f"{site['serves']:,.6g}", f"{site['only']:,.6g}", loss)
        table.add_row(site["code"], site["name"], site["county_name"], kind, *figures)
    return table


def _fraction(share: dict[str, Any]) -> str:
    return f"{words.percent(share['value'])} ({share['numerator']:,.6g}/{share['denominator']:,.6g})"
