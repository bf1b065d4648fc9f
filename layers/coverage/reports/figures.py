"""The figures of an audit's document as people read them."""

from fractions import Fraction
from math import floor
from typing import Any

from django.utils.translation import gettext as _

Document = dict[str, Any]
RATIO = "ratio"
MARKS = {"met": "✓", "missed": "✗", "not_assessable": "?"}
SIGNS = {">=": "≥", "<=": "≤", "==": "="}


def value(figure: Document, unit: str) -> str:
    """The value of a target or a county without its unit; "–" when there is none.

    A share is in percent with one decimal, other numbers have two at most; both are rounded down, so that what is not
    complete never reads as 100%.
    """
    exact = _exact(figure, unit)
    if exact is None:
        return "–"
    return f"{_down(exact * 100, 1):.1f}%" if unit == RATIO else number(_down(exact, 2))


def _exact(figure: Document, unit: str) -> Fraction | None:
    if figure["value"] is None:
        return None
    if unit == RATIO and figure["denominator"]:
        return Fraction(str(figure["numerator"])) / Fraction(str(figure["denominator"]))
    return Fraction(str(figure["value"]))


def _down(exact: Fraction, decimals: int) -> float:
    return floor(exact * 10**decimals) / 10**decimals


def number(found: float) -> str:
    """A number as short as it is exact: 12, not 12.0."""
    return str(int(found)) if found == int(found) else str(found)


def fraction(figure: Document) -> str:
    """4/6; empty for what has no denominator."""
    if figure["numerator"] is None or figure["denominator"] is None:
        return ""
    return f"{number(figure['numerator'])}/{number(figure['denominator'])}"


def figure(found: Document, unit: str) -> str:
    """4/6 = 66.6%, or the number and what it counts."""
    parts = fraction(found), " ".join(filter(None, (value(found, unit), unit_name(unit))))
    return " = ".join(filter(None, parts)) if found["value"] is not None else "–"


def unit_name(unit: str) -> str:
    """The unit in words; nothing for a share or a count, whose figures need none."""
    known = {
        RATIO: "",
        "count": "",
        "per_1000": _("per 1,000"),
        "per_10000": _("per 10,000"),
        "people": _("people"),
        "households": _("households"),
        "beds": _("beds"),
        "places": _("places"),
        "yuan": _("yuan"),
        "10k_yuan": _("10,000 yuan"),
        "100m_yuan": _("100 million yuan"),
    }
    return known.get(unit, unit)


def goal(target: Document) -> str:
    """≥ 60%; empty when the plan gives no number."""
    found = target["goal"]
    return "" if found is None else f"{SIGNS[found['op']]} {bound(target)}"


def bound(target: Document) -> str:
    """The number of the goal, as it was set."""
    exact = Fraction(str(target["goal"]["value"]))
    if target["unit"] == RATIO:
        return f"{number(float(exact * 100))}%"
    return " ".join(filter(None, (number(float(exact)), unit_name(target["unit"]))))


def needed(found: Document) -> str:
    """What a goal that is missed asks for: 2 more: 6 of 8. Empty when nothing is."""
    if not found["gap"]:
        return ""
    more = _("%(gap)s more") % {"gap": number(found["gap"])}
    if found["denominator"] is None:
        return more
    values = {"needed": number(found["needed"]), "all": number(found["denominator"])}
    return f"{more}: " + _("%(needed)s of %(all)s") % values


def where(document: Document) -> str:
    """The division that the audit is limited to, by name and code; else that it is of all."""
    if document["division"] is None:
        return _("All divisions")
    return " ".join(filter(None, (document["division_name"], document["division"])))
