"""A question of siting in words, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    return {"people": _("population"), "elderly": _("people of 60 and more"), "one": _("each place the same")}


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
    told.append((_("Zones to keep clear of"), listed(zones) if zones else _("none")))
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


def counts_sites(question: Document) -> bool:
    """Whether the cost of a plan is the number of its new sites."""
    costs = (question["cost"], question["existing_cost"], question["closing_cost"])
    return costs == (1, 0, 0) and not question["candidates"].startswith(FILE)


def method(question: Document) -> str:
    """What was looked for, and how, for people who plan."""
    return {
        COVER_MOST: _(
            "Of all choices of sites that the conditions allow, the one is looked for within whose radius the most demand lies. What lies within the radius of several sites counts once."
        ),
        COVER_ALL: _(
            "Of all choices of sites that the conditions allow and that leave no demand beyond the radius, the one is looked for that costs least."
        ),
        LEAST_MEAN: _(
            "Each demand goes to its nearest site, or shares several where sites have a capacity. Of all choices that the conditions allow, the one is looked for whose mean distance is least, each demand counting by its weight."
        ),
        LEAST_WORST: _(
            "Each demand goes to its nearest site. Of all choices that the conditions allow, the one is looked for whose farthest demand is nearest."
        ),
    }[question["problem"]]
