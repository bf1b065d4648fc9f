"""What siting says to people: what each part of a question means, how far a solver is, how sure a plan is, what to know."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.models.zones import ZoneKind
from layers.siting import asking, figures
from layers.siting.solving.watching import Progress


@dataclass(frozen=True)
class About:
    """A part of a question: how its value is written, and what it means."""

    metavar: str
    text: str


def told() -> dict[str, About]:
    """Every part of a question, by its name."""
    kinds, files = "|".join, _("or file: with the id of a file that was sent")
    return {
        "name": About("TEXT", _("what the scenario is called")),
        "problem": About(kinds(asking.PROBLEMS), _("the question: most covered, all covered, least mean distance, least greatest distance")),
        "demand": About(kinds(asking.DEMANDS), _("whom to serve: %(files)s") % {"files": files}),
        "weight": About(kinds(asking.WEIGHTS), _("what a place of demand counts: its people, its people of 60 and more, or 1")),
        "candidates": About(kinds(asking.CANDIDATES), _("where a site may be: %(files)s") % {"files": files}),
        "grid_m": About("METRES", _("the side of the grid's squares, 1000 by default")),
        "existing": About("LAYER", _("the collection of what is there already, for example home-care-centres")),
        "existing_filter": About("CQL2", _("which of them; by default those in operation")),
        "existing_stay": About("true|false", _("whether they all stay; else the plan may close them")),
        "division": About("ADCODE", _("a city or a county; else all")),
        "as_of": About("DATE", _("the day that registers are read as of, today by default")),
        "measure": About(asking.STRAIGHT, _("straight lines, or file: with the id of a road network that was sent")),
        "radius_m": About("METRES", _("how far a site covers, 1500 by default")),
        "new_sites": About("NUMBER", _("how many new sites there may be")),
        "budget": About("NUMBER", _("what the plan may cost, in the unit of the costs")),
        "cost": About("NUMBER", _("of a new site, 1 by default")),
        "existing_cost": About("NUMBER", _("of keeping a site that exists, 0 by default")),
        "closing_cost": About("NUMBER", _("of closing a site that exists, 0 by default")),
        "capacity": About("NUMBER", _("how much weight a site can serve; else any")),
        "times": About("NUMBER", _("how many sites have to cover a place, 1 by default")),
        "county_least": About("NUMBER", _("sites that each county has to have, those that exist counted")),
        "county_most": About("NUMBER", _("sites that a county may have, those that exist counted")),
        "zones": About(",".join(ZoneKind.values[:2]) + ",…", _("the kinds of exclusion zone that a new site may not lie in; all by default")),
        "limit_s": About("SECONDS", _("how long the solver may take, 60 by default")),
        "seed": About("NUMBER", _("of what the solver draws: the same gives the same plan")),
    }  # fmt: skip


def no_plan_yet(limit_s: float) -> str:
    return _("Within %(seconds)g seconds no plan was found. Ask with more seconds, or for a smaller problem.") % {
        "seconds": limit_s
    }


def wrong_input(why: str) -> str:
    return _("The problem cannot be solved as it is: %(why)s.") % {"why": why}


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.3g}%"


def said(progress: Progress) -> str:
    """How far a solver is."""
    if progress.best is None:
        return step(progress.step)
    best = progress.best
    sure = figures.standing({"standing": best.standing.value, "gap": best.gap})
    told = {"step": step(progress.step), "objective": f"{best.objective:,.6g}", "standing": sure}
    return _("%(step)s The best plan so far: %(objective)s. %(standing)s") % told


def step(name: str) -> str:
    """What the solver does, by its own word for it."""
    return {
        "gathering": _("Reading the registers …"),
        "screening": _("Holding candidates against the exclusion zones …"),
        "measuring": _("Measuring distances …"),
        "diagnosing": _("Looking whether there can be a plan …"),
        "swapping": _("Exchanging sites while that helps …"),
        "exchanging": _("Exchanging sites while that helps …"),
        "bounding": _("Finding out how good a plan can be …"),
        "covering": _("Finding out how good a plan can be …"),
        "sharing": _("Sharing demand among the sites …"),
        "explaining": _("Finding out what each site is for …"),
        "second": _("Looking for a second plan …"),
        "curve": _("Trying more and fewer sites …"),
    }.get(name, _("Solving …"))


def note(found: dict[str, Any]) -> dict[str, Any]:
    """The same with its text, in the language in force."""
    count = found.get("count", 0)
    texts = {
        "demand_without_point": ngettext("%(count)d place of demand has no point and is left out.", "%(count)d places of demand have no point and are left out.", count),
        "demand_without_people": ngettext("%(count)d place of demand has no known population and is left out.", "%(count)d places of demand have no known population and are left out.", count),
        "demand_centre_demonstration": ngettext("The point of %(count)d place of demand is for demonstration, not surveyed.", "The points of %(count)d places of demand are for demonstration, not surveyed.", count),
        "people_demonstration": ngettext("The population of %(count)d place is for demonstration, no census.", "The populations of %(count)d places are for demonstration, no census.", count),
        "elderly_estimated": ngettext("People of 60 and more are estimated for %(count)d place: its people times the share of its county, or of the city, in the last published figures (%(shares)s).", "People of 60 and more are estimated for %(count)d places: their people times the share of their county, or of the city, in the last published figures (%(shares)s).", count),
        "doors_together": ngettext("Doors within a square of %(side_m)d m are one place of demand, at their middle: %(count)d place.", "Doors within a square of %(side_m)d m are one place of demand, at their middle: %(count)d places.", count),
        "existing_without_point": ngettext("%(count)d existing site has no point and is left out.", "%(count)d existing sites have no point and are left out.", count),
        "existing_demonstration": ngettext("%(count)d existing site is of demonstration and does not exist.", "%(count)d existing sites are of demonstration and do not exist.", count),
        "zones_demonstration": ngettext("%(count)d exclusion zone that took candidates is of demonstration.", "%(count)d exclusion zones that took candidates are of demonstration.", count),
        "zones_approximate": ngettext("The outline of %(count)d exclusion zone that took candidates is approximate.", "The outlines of %(count)d exclusion zones that took candidates are approximate.", count),
        "zones_not_checked": ngettext("Not checked, for no zone of the kind is loaded: %(kinds)s (%(count)d kind).", "Not checked, for no zone of these kinds is loaded: %(kinds)s (%(count)d kinds).", count),
        "out_of_reach": ngettext("%(count)d place of demand lies farther than the radius from every candidate and site; no plan covers it.", "%(count)d places of demand lie farther than the radius from every candidate and site; no plan covers them.", count),
        "straight_line": _("Distances are geodesics on the ellipsoid of CGCS2000, straight lines and not ways along roads."),
        "not_searched": _("Time was up before a second plan or the curve was found; ask with more seconds to have them."),
    }  # fmt: skip
    shown = {**found, "shares": _shares(found.get("shares", ())), "kinds": _kinds(found.get("kinds", ()))}
    return {**found, "text": texts[found["kind"]] % shown}


def _shares(shares: Any) -> str:
    return ", ".join(f"{one['division']} {one['year']}: {percent(one['share'])}" for one in shares)


def _kinds(kinds: Any) -> str:
    return ", ".join(str(ZoneKind(kind).label) for kind in kinds)
