"""A siting problem in words, in the reader's language: what was asked, how sure its plan is, its figures with their units."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from layers import registry
from layers.coverage.words import listed, number
from layers.divisions import names_of
from layers.models import SitingFile
from layers.models.zones import ZoneKind
from layers.siting.asking import COVER_ALL, COVER_MOST, FILE, LEAST_MEAN, LEAST_WORST, STRAIGHT

Document = dict[str, Any]  # a question, an answer, or a part of one


def problems() -> dict[str, str]:
    """What may be wanted of a plan."""
    return {
        COVER_MOST: _("Cover the most within the radius"),
        COVER_ALL: _("Cover all within the radius at the least cost"),
        LEAST_MEAN: _("Least mean distance"),
        LEAST_WORST: _("Least greatest distance"),
    }


def places() -> dict[str, str]:
    """The kinds of place that demand and candidates may be."""
    return {
        "villages": _("villages and communities"),
        "townships": _("townships"),
        "doorplates": _("doorplates"),
        "grid": _("points of a grid"),
    }


def weights() -> dict[str, str]:
    return {"people": _("people"), "elderly": _("people of 60 and more"), "one": _("each place the same")}


def units() -> dict[str, str]:
    """What is counted, as it stands after a number."""
    return {
        "people": pgettext("counted", "people"),
        "elderly": pgettext("counted", "people of 60 and more"),
        "places": pgettext("counted", "places"),
        "weight": pgettext("counted", "of weight"),
        "doors": pgettext("counted", "doors"),
    }


@dataclass(frozen=True)
class Names:
    """What questions call by a code: divisions, and files by their ids."""

    divisions: Mapping[str, str]
    files: Mapping[str, str]


def names(questions: Iterable[Document]) -> Names:
    """Of all that the questions speak of, in two queries."""
    asked_of = list(questions)
    codes = sorted({question["division"] for question in asked_of} - {""})
    said = {question[name] for question in asked_of for name in ("demand", "candidates", "measure")}
    ids = [text.removeprefix(FILE) for text in said if text.startswith(FILE)]
    files = SitingFile._default_manager.filter(pk__in=ids).values_list("pk", "name") if ids else ()
    divisions = dict(zip(codes, names_of(codes), strict=True)) if codes else {}
    return Names(divisions, {str(file_id): name for file_id, name in files})


def place(said: str, known: Names) -> str:
    """A kind of place, or a file by its name."""
    if not said.startswith(FILE):
        return places()[said]
    name = known.files.get(said.removeprefix(FILE))
    return _("“%(name)s”") % {"name": name} if name else _("a file that was sent")


def zone_kind(kind: str) -> str:
    return str(ZoneKind(kind).label)


def asked(question: Document, known: Names) -> str:
    """The question in a sentence."""
    told = {
        "demand": demand(question, known),
        "radius": number(question["radius_m"]),
        "where": known.divisions[question["division"]] if question["division"] else _("The whole city"),
        "within": _limited(question),
    }
    if question["problem"] == COVER_ALL and counts_sites(question):
        return _("%(where)s: cover all of %(demand)s within %(radius)s m, with the fewest sites") % told
    return {
        COVER_MOST: _("%(where)s: cover the most of %(demand)s within %(radius)s m, with %(within)s"),
        COVER_ALL: _("%(where)s: cover all of %(demand)s within %(radius)s m, at the least cost"),
        LEAST_MEAN: _("%(where)s: the least mean distance of %(demand)s, with %(within)s"),
        LEAST_WORST: _("%(where)s: the least greatest distance of %(demand)s, with %(within)s"),
    }[question["problem"]] % told


def demand(question: Document, known: Names) -> str:
    """Whom the plan is to serve."""
    said, weight = question["demand"], question["weight"]
    if said.startswith(FILE) or said == "doorplates" or weight == "one":
        return place(said, known)
    return _("%(places)s by %(weight)s") % {"places": places()[said], "weight": weights()[weight]}


def _limited(question: Document) -> str:
    limits = []
    if question["new_sites"] is not None:
        limits.append(
            ngettext("at most %(count)s new site", "at most %(count)s new sites", question["new_sites"])
            % {"count": question["new_sites"]}
        )
    if question["budget"] is not None:
        limits.append(_("a budget of %(budget)s") % {"budget": number(question["budget"])})
    return listed(limits)


def conditions(question: Document, known: Names) -> list[tuple[str, str]]:
    """Everything that was asked and is not in the sentence, each with what it is of."""
    told = [(_("Candidates"), _candidates(question, known)), (_("What exists"), _existing(question))]
    zones = [zone_kind(kind) for kind in question["zones"]]
    told.append((_("Exclusion zones"), listed(zones) if zones else _("none")))
    measure = _("straight lines on the ellipsoid")
    if question["measure"] != STRAIGHT:
        measure = _("along the roads of %(file)s") % {"file": place(question["measure"], known)}
    told += [(_("Distances"), measure), (_("As of"), question["as_of"])]
    told += [(name, text) for name, text in _numbers(question) if text]
    return told


def _candidates(question: Document, known: Names) -> str:
    said = place(question["candidates"], known)
    return (
        _("%(places)s, one each %(side)s m") % {"places": said, "side": number(question["grid_m"])}
        if question["candidates"] == "grid"
        else said
    )


def _existing(question: Document) -> str:
    if not question["existing"]:
        return _("nothing is counted")
    told = {"layer": registry.get(question["existing"]).title, "filter": question["existing_filter"]}
    if question["existing_stay"]:
        said = _("“%(layer)s”, all of them stay") % told
    else:
        said = _("“%(layer)s”, the plan may close them") % told
    return said if not question["existing_filter"] else f"{said} ({question['existing_filter']})"


def _numbers(question: Document) -> list[tuple[str, str]]:
    def said(name: str, unsaid: float | None) -> str:
        return "" if question[name] in (None, unsaid) else number(question[name])

    return [
        (_("Cost of a new site"), said("cost", 1)),
        (_("Cost of keeping a site"), said("existing_cost", 0)),
        (_("Cost of closing a site"), said("closing_cost", 0)),
        (_("Budget"), said("budget", None)),
        (_("Capacity of a new site"), said("capacity", None)),
        (_("Sites that have to cover a place"), said("times", 1)),
        (_("Sites in each county, at least"), said("county_least", 0)),
        (_("Sites in each county, at most"), said("county_most", None)),
        (_("Seconds for the solver"), said("limit_s", None)),
        (_("Seed"), said("seed", None)),
    ]


# The plan


def standing(plan: Document) -> str:
    """How sure it is that no plan is better, in plain words."""
    if plan["standing"] == "proved":
        return _("Proved optimal: no plan is better")
    if plan["standing"] == "heuristic":
        return _("Heuristic, not proved: a better plan may exist")
    if plan["gap"] is None:
        return _("Bounded, not proved: the gap cannot be told")
    return _("Bounded, not proved: no plan is better by more than %(gap)s") % {"gap": gap(plan["gap"])}


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
        return metres(value / weight)
    return _("%(sum)s m in all") % {"sum": number(round(value))}


def unit_of(question: Document) -> str:
    """What is counted, before there is an answer that says so."""
    if question["demand"] == "doorplates":
        return "doors"
    if question["demand"].startswith(FILE):
        return "weight"
    return "places" if question["weight"] == "one" else str(question["weight"])


def counts_sites(question: Document) -> bool:
    """Whether the cost of a plan is the number of its new sites."""
    costs = (question["cost"], question["existing_cost"], question["closing_cost"])
    return costs == (1, 0, 0) and not question["candidates"].startswith(FILE)


def counted(value: float, unit: str) -> str:
    return f"{number(round(value, 1))} {units()[unit]}"


def metres(value: float | None) -> str:
    return "–" if value is None else f"{number(round(value))} m"


def share(found: Document | None) -> str:
    """A share as a percentage, rounded down: what is not complete never reads as 100%."""
    if found is None or found["value"] is None:
        return "–"
    tenths = math.floor(found["value"] * 1000 + 1e-9)
    return f"{tenths // 10}.{tenths % 10}%"


def fraction(found: Document | None) -> str:
    if found is None:
        return ""
    return f"{number(round(found['numerator'], 1))}/{number(round(found['denominator'], 1))}"


def steps() -> dict[str, str]:
    """What the solver does, by its own words for it."""
    return {
        "gathering": _("Gathering demand, candidates and zones"),
        "exchanging": _("Looking for a good plan by exchanges"),
        "bounding": _("Proving how good a plan can be"),
        "branching": _("Proving that no plan is better"),
        "explaining": _("Explaining the plan"),
        "second": _("Looking for the second-best plan"),
        "curve": _("Trying other numbers of sites"),
    }


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
