"""The figures of a plan as people read them: with their units, and never better than they are."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from layers import registry
from layers.coverage.words import number
from layers.siting.asking import COVER_ALL, COVER_MOST, FILE, LEAST_MEAN, LEAST_WORST
from layers.siting.sentences import Document, counts_sites, places


def units() -> dict[str, str]:
    """What is counted, as it stands after a number."""
    return {
        "people": pgettext("counted", "people"),
        "elderly": pgettext("counted", "people of 60 and more"),
        "places": pgettext("counted", "places"),
        "weight": pgettext("counted", "of weight"),
        "doors": pgettext("counted", "doors"),
    }


def unit(name: str) -> str:
    """What is counted, as it stands alone."""
    return {
        "people": _("people"),
        "elderly": _("people of 60 and more"),
        "places": _("places"),
        "weight": _("weight of the file"),
        "doors": _("doors"),
    }[name]


def unit_of(question: Document) -> str:
    """What is counted, before there is an answer that says so."""
    if question["demand"] == "doorplates":
        return "doors"
    if question["demand"].startswith(FILE):
        return "weight"
    return "places" if question["weight"] == "one" else str(question["weight"])


def standing(plan: Document) -> str:
    """How sure it is that no plan is better, in plain words."""
    if plan["standing"] == "proved":
        return _("Proved optimal: no plan is better")
    if plan["standing"] == "heuristic":
        return _("Heuristic, not proved: a better plan may exist")
    if plan["gap"] is None:
        return _("Bounded, not proved: the gap cannot be told")
    return _("Bounded, not proved: no plan is better by more than %(gap)s") % {"gap": gap(plan["gap"])}


def standing_meaning(plan: Document) -> str:
    """What the standing means for who decides."""
    return {
        "proved": _(
            "Every other choice under the same conditions was ruled out by calculation: none does better by this measure."
        ),
        "bounded": _(
            "The time was not enough to rule out every other choice. A bound was proved that no choice can pass; the gap is how far the plan may still be from it."
        ),
        "heuristic": _(
            "The plan was found by exchanges and nothing was proved of it. Take it as a good proposal, not as the best."
        ),
    }[plan["standing"]]


def standing_word(found: str) -> str:
    return {"proved": _("proved optimal"), "bounded": _("bounded"), "heuristic": _("heuristic, not proved")}[found]


def gap(found: float | None) -> str:
    """As a percentage, rounded up: what is not proved never reads as 0%."""
    if found is None:
        return "–"
    if not found:
        return "0%"
    decimals = 2 if found < 0.01 else 1
    scale = 10 ** (decimals + 2)
    return f"{math.ceil(found * scale - 1e-9) / scale * 100:.{decimals}f}%"


def objective_name(question: Document) -> str:
    if question["problem"] == COVER_ALL:
        return _("New sites") if counts_sites(question) else _("Cost")
    return {
        COVER_MOST: _("Demand covered"),
        LEAST_MEAN: _("Mean distance"),
        LEAST_WORST: _("Greatest distance"),
    }[question["problem"]]


def objective(value: float | None, question: Document, *, unit: str, weight: float | None) -> str:
    """A value of the plan's objective with its unit. weight: all demand; None where it is not known yet: then a mean
    distance is told as the sum that it is made of."""
    if value is None:
        return "–"
    if question["problem"] == COVER_MOST:
        return counted(value, unit)
    if question["problem"] == COVER_ALL:
        return number(round(value, 2))
    if question["problem"] == LEAST_WORST:
        return metres(value)
    if weight:
        return f"{value / weight:,.1f} m"
    return _("%(sum)s m in all") % {"sum": number(round(value))}


def counted(value: float, unit: str) -> str:
    return f"{number(round(value, 1))} {units()[unit]}"


def metres(value: float | None) -> str:
    return "–" if value is None else f"{number(round(value))} m"


def share(found: Document | None) -> str:
    """A share as a percentage, rounded down: what is not complete never reads as 100%."""
    if found is None or found["value"] is None:
        return "–"
    if found["value"] == 1:
        return "100%"
    tenths = min(999, math.floor(found["value"] * 1000 + 1e-9))
    return f"{tenths // 10}.{tenths % 10}%"


def fraction(found: Document | None) -> str:
    if found is None:
        return ""
    return f"{number(round(found['numerator'], 1))}/{number(round(found['denominator'], 1))}"


def role(name: str) -> str:
    """What a place on the map is."""
    return {
        "new": _("new site"),
        "existing": _("existing site that stays"),
        "closed": _("existing site that closes"),
        "covered": _("demand within the radius"),
        "uncovered": _("demand beyond the radius"),
        "excluded": _("candidate that a zone excludes"),
    }[name]


def source(found: Document) -> str:
    """Where a part of the inputs comes from, with its version."""
    if "file" in found:
        told = {"name": found.get("name", ""), "count": number(found["count"])}
        return _("the file “%(name)s”, %(count)s rows") % told
    title = places().get(found["layer"]) or str(registry.get(found["layer"]).title)
    told = {"layer": title, "count": number(found["count"]), "version": found.get("version", "–")}
    return _("%(layer)s, %(count)s; version %(version)s of the register") % told
