"""The answer of a siting problem as people read it: its page and its report are made of this."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from layers.coverage.words import listed, number
from layers.models import SitingProblem
from layers.siting import charts, figures, scenarios, sentences
from layers.siting.asking import COVERING
from layers.siting.charts import Chart

Document = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """before, after: in words; a share has its fraction beside it."""

    name: str
    before: str
    after: str
    before_fraction: str = ""
    after_fraction: str = ""


@dataclass(frozen=True)
class Site:
    """A site of the plan, and why it is in it: serves, only, shared in the answer's unit."""

    code: str
    name: str
    county: str
    role: str
    is_existing: bool
    serves: str
    only: str
    shared: str
    loss: str
    swap: str


@dataclass(frozen=True)
class Zone:
    """facts: the version of its rule, and what limits it."""

    name: str
    kind: str
    rule: str
    facts: tuple[str, ...]
    excluded: str


@dataclass(frozen=True)
class Told:
    """The whole answer. plan: facts about it, each a name and words. unit: of the sites' figures. is_covering: whether sites
    serve what lies within the radius; otherwise each demand goes to the nearest, and none is shared. curve: number of sites, objective, standing,
    coverage, greatest distance. worst_townships: name, county, share with its fraction, mean distance."""

    question: str
    conditions: list[tuple[str, str]]
    standing: str
    standing_code: str
    plan: list[tuple[str, str]]
    radius: str
    covered: Figure
    figures: list[Figure]
    inputs: list[tuple[str, str]]
    unit: str
    is_covering: bool
    sites: list[Site]
    closed: str
    zones: list[Zone]
    kinds: str
    candidates: str
    excluded: str
    not_checked: str
    counties: list[tuple[Figure, str]]
    worst: list[tuple[str, str, str]]
    worst_townships: list[tuple[str, str, str, str]]
    second: str
    histogram: Chart | None
    curves: list[Chart]
    curve: list[tuple[str, str, str, str, str]]
    objective_name: str
    notes: list[str]
    solved_on: str


def told(answer: Document) -> Told:
    question, zones = answer["question"], answer["zones"]
    known = sentences.names([question])
    coverage = answer["coverage"]
    return Told(
        question=sentences.asked(question, known),
        conditions=sentences.conditions(question, known),
        standing=figures.standing(answer["plan"]),
        standing_code=answer["plan"]["standing"],
        plan=_plan(answer),
        radius=number(coverage["radius_m"]),
        covered=_shares(_("Within %(radius)s m") % {"radius": number(coverage["radius_m"])}, coverage),
        figures=_figures(answer),
        inputs=_inputs(answer),
        unit=_("Demand in the table is counted in: %(unit)s.") % {"unit": figures.unit(answer["unit"])},
        is_covering=question["problem"] in COVERING,
        sites=[_site(answer, site) for site in answer["sites"]],
        closed=listed(site["name"] for site in answer["closed"]),
        zones=[_zone(zone) for zone in zones["zones"]],
        kinds=listed(f"{sentences.zone_kind(one['kind'])} {number(one['excluded'])}" for one in zones["by_kind"]),
        candidates=number(zones["candidates"]),
        excluded=number(zones["excluded"]),
        not_checked=listed(map(sentences.zone_kind, zones["not_checked"])),
        counties=[(_shares(county["name"], county), number(county["sites"])) for county in answer["by_county"]],
        worst=[(place["name"], place["county_name"], figures.metres(place["metres"])) for place in answer["worst"]],
        worst_townships=[_township(township) for township in answer.get("worst_townships", ())],
        second=_second(answer),
        histogram=charts.histogram(answer),
        curves=charts.curves(answer),
        curve=[_point(answer, point) for point in answer["curve"]],
        objective_name=figures.objective_name(question),
        notes=[*(note["text"] for note in answer["notes"]), *_off_roads(answer)],
        solved_on=answer["solved_on"],
    )


def objective(answer: Document, value: float | None) -> str:
    """A value of the objective with its unit."""
    weight = answer["inputs"]["demand"]["weight"]
    return figures.objective(value, answer["question"], unit=answer["unit"], weight=weight)


def _plan(answer: Document) -> list[tuple[str, str]]:
    plan = answer["plan"]
    found = [
        (figures.objective_name(answer["question"]), objective(answer, plan["objective"])),
        (_("No plan can be better than"), objective(answer, plan["bound"])),
        (_("Gap"), figures.gap(plan["gap"])),
        (_("Sites"), number(plan["sites"])),
        (_("New sites"), number(plan["new"])),
        (_("Sites that close"), number(plan["closed"])),
        (_("Cost"), number(round(plan["cost"], 2))),
    ]
    return [*found, (_("Time to solve"), _("%(seconds)s s") % {"seconds": number(round(plan["seconds"], 2))})]


def _figures(answer: Document) -> list[Figure]:
    """Distances and how equal they are, before and after."""
    before, after = answer["distances"]["before"], answer["distances"]["after"]
    names = {
        "mean": _("Mean distance"),
        "median": _("Median distance"),
        "p90": _("90th percentile of the distance"),
        "max": _("Greatest distance"),
    }
    found = [
        Figure(name, figures.metres(before and before[key]), figures.metres(after and after[key]))
        for key, name in names.items()
    ]
    gini = answer["gini"]
    said = ["–" if gini[side] is None else f"{gini[side]:.3f}" for side in ("before", "after")]
    return [*found, Figure(_("Inequality of distances (Gini, 0: all the same)"), *said), *_straight(answer)]


def _off_roads(answer: Document) -> list[str]:
    """What lies too far from the roads."""
    roads = answer["roads"]
    if roads is None or not roads["unconnected"]:
        return []
    text = ngettext(
        "%(count)s place of demand lies farther than %(metres)s m from a road and is not reached.",
        "%(count)s places of demand lie farther than %(metres)s m from a road and are not reached.",
        roads["unconnected"],
    )
    return [text % {"count": number(roads["unconnected"]), "metres": number(roads["snap_m"])}]


def _straight(answer: Document) -> list[Figure]:
    """Beside what was measured along roads, the same in straight lines."""
    if answer["roads"] is None:
        return []
    found = answer["roads"]["straight_line"]
    name = _("Within %(radius)s m in straight lines") % {"radius": number(answer["coverage"]["radius_m"])}
    return [Figure(name, "–", figures.share(found), after_fraction=figures.fraction(found))]


def _shares(name: str, found: Document) -> Figure:
    before, after = found["before"], found["after"]
    return Figure(name, figures.share(before), figures.share(after), figures.fraction(before), figures.fraction(after))


def _inputs(answer: Document) -> list[tuple[str, str]]:
    """How much of each there was, and where it comes from."""
    inputs, sources = answer["inputs"], answer["sources"]
    counts = {
        "demand": _("%(count)s places, %(weight)s")
        % {
            "count": number(inputs["demand"]["count"]),
            "weight": figures.counted(inputs["demand"]["weight"], answer["unit"]),
        },
        "candidates": number(inputs["candidates"]),
        "existing": number(inputs["existing"]),
    }
    names = {"demand": _("Demand"), "candidates": _("Candidates"), "existing": _("What exists")}
    return [
        (name, pgettext("between reasons", "; ").join(filter(None, (counts[of], _source(sources.get(of))))))
        for of, name in names.items()
    ]


def _source(found: Document | None) -> str:
    return figures.source(found) if found else ""


def _site(answer: Document, site: Document) -> Site:
    return Site(
        code=site["code"],
        name=site["name"],
        county=site["county_name"],
        role=figures.role("existing" if site["is_existing"] else "new"),
        is_existing=site["is_existing"],
        serves=number(round(site["serves"], 1)),
        only=number(round(site["only"], 1)),
        shared=number(round(site["shared"], 1)),
        loss=objective(answer, site["loss"]),
        swap=_swap(answer, site),
    )


def _swap(answer: Document, site: Document) -> str:
    """What another candidate in the place of the site would bring."""
    swap = site["swap"]
    if site["is_existing"] and answer["question"]["existing_stay"]:
        return _("it stays as asked")
    if swap is None:
        return _("no other candidate comes near")
    text = _("“%(name)s” instead: %(objective)s")
    if not swap["is_best"]:
        text = _("“%(name)s” instead: %(objective)s; others were not all tried")
    return text % {"name": swap["name"], "objective": objective(answer, swap["objective"])}


def _zone(zone: Document) -> Zone:
    facts = [zone["rule_version"]]
    if zone["distance_m"]:
        facts.append(_("and nearer than %(metres)s m") % {"metres": number(zone["distance_m"])})
    if zone["is_demonstration"]:
        facts.append(_("demonstration data"))
    if zone["is_approximate"]:
        facts.append(_("approximate boundary"))
    kind = sentences.zone_kind(zone["kind"])
    return Zone(zone["name"], kind, zone["rule"], tuple(filter(None, facts)), number(zone["excluded"]))


def _township(township: Document) -> tuple[str, str, str, str]:
    covered, distance = township["after"], township["distance"]
    share = f"{figures.share(covered)} ({figures.fraction(covered)})"
    return township["name"], township["county_name"], share, figures.metres(distance and distance["mean"])


def _second(answer: Document) -> str:
    """The best plan that differs and how; empty where none is known."""
    found = answer["second"]
    if found is None:
        return ""
    own = {site["code"] for site in answer["sites"]}
    told = {
        "name": figures.objective_name(answer["question"]),
        "value": objective(answer, found["objective"]),
        "standing": figures.standing_word(found["standing"]),
        "come": listed(site["name"] for site in found["sites"] if site["code"] not in own),
        "gone": listed(site["name"] for site in found["instead_of"]),
    }
    if told["come"] and told["gone"]:
        return _("%(name)s %(value)s, %(standing)s: with %(come)s instead of %(gone)s.") % told
    if told["come"]:
        return _("%(name)s %(value)s, %(standing)s: with %(come)s too.") % told
    return _("%(name)s %(value)s, %(standing)s: without %(gone)s.") % told


def _point(answer: Document, point: Document) -> tuple[str, str, str, str, str]:
    return (
        number(point["new_sites"]),
        objective(answer, point["objective"]),
        figures.standing_word(point["standing"]),
        figures.share({"value": point.get("coverage")}),
        figures.metres(point.get("worst_m")),
    )


def excluded(problem: SitingProblem, *, most: int) -> list[tuple[str, str]]:
    """The names of the first candidates that zones exclude, each with the zones and their rules."""
    inputs, allowed = scenarios.inputs(problem)
    zones = scenarios.answer(problem)["zones"]["zones"]
    names = inputs.supply.points.names
    return [
        (
            str(names[number]),
            pgettext("between reasons", "; ").join(_reason(zone) for zone in zones if number in zone["numbers"]),
        )
        for number in (~allowed).nonzero()[0][:most].tolist()
    ]


def _reason(zone: Document) -> str:
    told = {"zone": zone["name"], "kind": sentences.zone_kind(zone["kind"]), "rule": zone["rule"]}
    return _("%(zone)s (%(kind)s): %(rule)s") % told
