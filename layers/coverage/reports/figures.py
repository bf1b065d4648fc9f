"""The figures of an audit's document as people read them."""

from fractions import Fraction
from math import floor
from typing import Any

from django.utils.translation import gettext as _

from layers.coverage.words import RATIO, number, unit_name

Document = dict[str, Any]
MARKS = {"met": "✓", "missed": "✗", "not_assessable": "?"}
SIGNS = {">=": "≥", "<=": "≤", "==": "="}


def value(found: Document, unit: str) -> str:
    """The value of a target or a county with its unit; "–" when there is none.

    A share is in percent with one decimal, rounded down: what is not complete never reads as 100%.
    """
    if found["value"] is None:
        return "–"
    if unit != RATIO:
        return f"{number(round(found['value'], 2))} {unit_name(unit)}".rstrip()
    tenths = floor(_exact(found) * 1000)
    return f"{tenths // 10}.{tenths % 10}%"


def _exact(found: Document) -> Fraction:
    if found["denominator"]:
        return Fraction(str(found["numerator"])) / Fraction(str(found["denominator"]))
    return Fraction(str(found["value"]))


def fraction(found: Document) -> str:
    """4/6; empty for what has no denominator."""
    if found["numerator"] is None or found["denominator"] is None:
        return ""
    return f"{number(found['numerator'])}/{number(found['denominator'])}"


def figure(found: Document, unit: str) -> str:
    """4/6 = 66.6%, or the value alone."""
    return " = ".join(filter(None, (fraction(found), value(found, unit)))) if found["value"] is not None else "–"


def goal(target: Document) -> str:
    """≥ 60%; that there is none where the plan gives no number."""
    found = target["goal"]
    if found is None:
        return _("no number is given")
    return f"{SIGNS.get(found['op'], found['op'])} {_bound(target)}"


def _bound(target: Document) -> str:
    """The number of the goal, as it was set."""
    wanted = target["goal"]["value"]
    return f"{float(Fraction(str(wanted)) * 100):g}%" if target["unit"] == RATIO else number(wanted)


def due(target: Document) -> str:
    """The day by which the goal is to be reached; empty without a goal."""
    return "" if target["goal"] is None else str(target["goal"]["by"])


def is_judged(target: Document) -> bool:
    """Whether its counties are held against its goal: a number of the whole is no county's."""
    return target["goal"] is not None and target["denominator"] is not None


def needed(found: Document, target: Document) -> str:
    """What the goal asks of the target or of one of its counties: 2 more: 4 of 6 needed for 60%. Empty when nothing."""
    if not found["gap"]:
        return ""
    gap = number(found["gap"])
    if target["goal"]["op"] == "<=":
        return _("%(gap)s too many") % {"gap": gap}
    if found["denominator"] is None:
        return _("%(gap)s more needed") % {"gap": gap}
    values = {"gap": gap, "needed": number(found["needed"]), "of": number(found["denominator"]), "goal": _bound(target)}
    return _("%(gap)s more: %(needed)s of %(of)s needed for %(goal)s") % values


def reported(target: Document) -> str:
    """The bureau's own figure beside the computed one; empty when there is none."""
    found = target["reported"]
    if found is None or found["value"] is None:
        return ""
    value = f"{number(found['value'])} {unit_name(found['unit'])}".rstrip()
    return f"{value} · {found['title']} · {found['year']} · {found['source']}"


def where(document: Document) -> str:
    """The division that the audit is limited to, by name and code; else that it is of all."""
    if document["division"] is None:
        return _("all divisions")
    return " ".join(filter(None, (document["division_name"], document["division"])))
