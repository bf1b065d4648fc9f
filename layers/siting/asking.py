"""What a planner asks: whom to serve, from where, with what there is, and what is wanted of the plan."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from layers import registry
from layers.coverage import reach_asking
from layers.errors import BadParameter
from layers.models.zones import ZoneKind
from layers.publish import parameters
from layers.rows import today

COVER_ALL, COVER_MOST, LEAST_MEAN, LEAST_WORST = "cover_all", "cover_most", "least_mean", "least_worst"
PROBLEMS = (COVER_MOST, COVER_ALL, LEAST_MEAN, LEAST_WORST)
COVERING = (COVER_ALL, COVER_MOST)
DEMANDS = ("villages", "townships", "doorplates")
CANDIDATES = ("villages", "townships", "grid")
WEIGHTS = ("people", "elderly", "one")
STRAIGHT = "straight_line"
FILE = "file:"
MOST_RADIUS_M = 100_000
MOST_SITES = 1_000
MOST_LIMIT_S = 600
LEAST_GRID_M = 100
NAME_LENGTH = 120


@dataclass(frozen=True, kw_only=True)
class Question:
    """One siting problem as it is asked; the names are those of the API, the form and the command.

    problem: one of PROBLEMS. demand, candidates: a kind of place, or ``file:`` with the id of one sent. weight: of demand;
    a file's own where it has one. grid_m: the side of the candidates' grid. existing: the layer whose features are there
    already, "" for none; existing_filter: which of them, in CQL2. existing_stay: whether they all stay; otherwise the plan
    may close them. division: a city or county, "" for all. measure: straight lines, or ``file:`` and the id of roads.
    radius_m: how far a site covers. new_sites: at most so many new ones; None: any number. budget: of the plan's costs.
    cost, existing_cost, closing_cost: of a new site, unless a file says it, of keeping one that exists and of closing it. capacity: weight a new site can serve;
    None: any. times: how many sites have to cover a demand. county_least, county_most: sites in each county. zones: the
    kinds that candidates may not lie in. limit_s: seconds the solver may take. seed: of what it draws.
    """

    name: str
    problem: str
    demand: str
    weight: str
    candidates: str
    grid_m: float
    existing: str
    existing_filter: str
    existing_stay: bool
    division: str
    as_of: date
    measure: str
    radius_m: float
    new_sites: int | None
    budget: float | None
    cost: float
    existing_cost: float
    closing_cost: float
    capacity: float | None
    times: int
    county_least: int
    county_most: int | None
    zones: tuple[str, ...]
    limit_s: float
    seed: int

    @property
    def is_covering(self) -> bool:
        return self.problem in COVERING

    @property
    def document(self) -> dict[str, Any]:
        """As JSON; ``question`` reads it back."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**said, "as_of": self.as_of.isoformat(), "zones": list(self.zones)}


NAMES = tuple(field.name for field in fields(Question))


def question(given: Mapping[str, Any]) -> Question:
    """Raises UnknownParameter, BadParameter. given: values as JSON has them, or as texts of a form or a command."""
    said = {name: _text(value) for name, value in given.items() if value is not None and name != "zones"}
    parameters.refuse_unknown({**said, **({"zones": ""} if "zones" in given else {})}, *NAMES)
    said = {name: text for name, text in said.items() if text != ""}
    problem = parameters.choice(said, "problem", PROBLEMS)
    asked = Question(
        name=_name(said),
        problem=problem,
        demand=_places(said, "demand", DEMANDS),
        weight=parameters.choice(said, "weight", WEIGHTS),
        candidates=_places(said, "candidates", CANDIDATES),
        grid_m=_number(said, "grid_m", 1_000, least=LEAST_GRID_M, most=MOST_RADIUS_M),
        existing=_existing(said),
        existing_filter=said.get("existing_filter", ""),
        existing_stay=_switch(said, "existing_stay", unsaid=True),
        division=said.get("division", ""),
        as_of=parameters.day(said, "as_of", today()),
        measure=_places(said, "measure", (STRAIGHT,)),
        radius_m=_number(said, "radius_m", 1_500, least=1, most=MOST_RADIUS_M),
        new_sites=_count(said, "new_sites", least=0, most=MOST_SITES),
        budget=_number(said, "budget", None, least=0),
        cost=_number(said, "cost", 1, least=0),
        existing_cost=_number(said, "existing_cost", 0, least=0),
        closing_cost=_number(said, "closing_cost", 0, least=0),
        capacity=_number(said, "capacity", None, least=0),
        times=_count(said, "times", least=1, most=9) or 1,
        county_least=_count(said, "county_least", least=0, most=MOST_SITES) or 0,
        county_most=_count(said, "county_most", least=0, most=MOST_SITES),
        zones=_zones(given.get("zones")),
        limit_s=_number(said, "limit_s", 60, least=1, most=MOST_LIMIT_S),
        seed=_count(said, "seed", least=0, most=2**31 - 1) or 0,
    )
    _refuse_contradictions(asked)
    return asked


def _refuse_contradictions(asked: Question) -> None:
    if asked.problem != COVER_ALL and asked.new_sites is None and asked.budget is None:
        raise BadParameter("new_sites", "", _("say how many new sites there may be, or the budget."))
    if asked.times > 1 and asked.capacity is not None:
        raise BadParameter(
            "times", str(asked.times), _("with a capacity each demand counts once; give one of the two.")
        )
    if asked.times > 1 and not asked.is_covering:
        raise BadParameter("times", str(asked.times), _("it is for questions about covering; leave it out."))
    if asked.capacity is not None and asked.problem in (COVER_ALL, LEAST_WORST):
        raise BadParameter(
            "capacity",
            f"{asked.capacity:g}",
            _("it is for the best coverage and the least mean distance; leave it out."),
        )
    if asked.county_most is not None and asked.county_most < asked.county_least:
        raise BadParameter(
            "county_most",
            str(asked.county_most),
            _("give no less than county_least=%(least)d.") % {"least": asked.county_least},
        )
    if asked.existing_filter and not asked.existing:
        raise BadParameter("existing_filter", asked.existing_filter, _("name the layer with existing."))


def _text(value: Any) -> str:
    """A value as a form would send it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _name(said: Mapping[str, str]) -> str:
    text = said.get("name", "").strip()
    if not text or len(text) > NAME_LENGTH:
        raise BadParameter(
            "name", text, _("give the scenario a name of at most %(most)d characters.") % {"most": NAME_LENGTH}
        )
    return text


def _places(said: Mapping[str, str], name: str, kinds: tuple[str, ...]) -> str:
    """One of the kinds, the first by default, or a file."""
    text = said.get(name, kinds[0])
    if text in kinds:
        return text
    try:
        return f"{FILE}{UUID(text.removeprefix(FILE))}" if text.startswith(FILE) else _refuse(name, text, kinds)
    except ValueError:
        return _refuse(name, text, kinds)


def _refuse(name: str, text: str, kinds: tuple[str, ...]) -> str:
    expected = _("there are: %(known)s; or file: with the id of a file that was sent.") % {"known": ", ".join(kinds)}
    raise BadParameter(name, text, expected)


def _existing(said: Mapping[str, str]) -> str:
    layer_id = said.get("existing", "")
    known = [layer.id for layer in reach_asking.layers()]
    if layer_id and layer_id not in known:
        raise BadParameter(
            "existing",
            layer_id,
            _("name a collection with points. There are: %(known)s.") % {"known": ", ".join(known)},
        )
    return registry.get(layer_id).id if layer_id else ""


def _switch(said: Mapping[str, str], name: str, *, unsaid: bool) -> bool:
    return parameters.switch(said, name) if name in said else unsaid


def _number(said: Mapping[str, str], name: str, unsaid: Any, *, least: float, most: float = math.inf) -> Any:
    if name not in said:
        return unsaid
    text = said[name]
    if not parameters.NUMBER.fullmatch(text) or not least <= float(text) <= most or not math.isfinite(float(text)):
        raise BadParameter(name, text, _between(least, most))
    return float(text)


def _count(said: Mapping[str, str], name: str, *, least: int, most: int) -> int | None:
    if name not in said:
        return None
    text = said[name]
    if not text.isascii() or not text.isdigit() or len(text) > 10 or not least <= int(text) <= most:
        raise BadParameter(name, text, _between(least, most, is_whole=True))
    return int(text)


def _between(least: float, most: float, *, is_whole: bool = False) -> str:
    words = {"least": f"{least:g}", "most": f"{most:.15g}"}
    if math.isinf(most):
        return _("give a number from %(least)s on.") % words
    if is_whole:
        return _("give a whole number from %(least)s to %(most)s.") % words
    return _("give a number from %(least)s to %(most)s.") % words


def _zones(given: Any) -> tuple[str, ...]:
    """All kinds where nothing is said."""
    if given is None:
        return tuple(ZoneKind.values)
    kinds = [part for part in given.split(",") if part] if isinstance(given, str) else list(given)
    for kind in kinds:
        if kind not in ZoneKind.values:
            raise BadParameter("zones", str(kind), _("there are: %(known)s.") % {"known": ", ".join(ZoneKind.values)})
    return tuple(dict.fromkeys(kinds))
