"""The answer to a question: a plan, how sure it is, and why each site is in it, as one document."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.access import Reader
from layers.rows import today
from layers.siting import explained, files, gathering, words, zones
from layers.siting.asking import FILE, Question
from layers.siting.errors import CannotBeSolved, NoCandidates
from layers.siting.impossible import why
from layers.siting.inputs import Inputs, of_arrays
from layers.siting.solving import solvers
from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.network import Network
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Ints
from layers.siting.solving.watching import Progress, Watch
from layers.siting.stating import Stated, stated

SHARE_OF_MORE = 0.5  # of the time asked for: what a second plan and the curve may take besides
CURVE = 12  # points at most
UNITS = {"people": "people", "elderly": "elderly", "one": "places"}


@dataclass(frozen=True, eq=False)
class Answered:
    """arrays: what it was solved from, to be kept."""

    document: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


def answered(asked: Question, *, reader: Reader, watch: Watch, given: dict[str, NDArray[Any]] | None) -> Answered:
    """Solves the problem and explains the plan. given: the arrays kept of an earlier answer, to be solved from again.

    Raises NoDemand, NoCandidates, TooLarge, CannotBeSolved.
    """
    inputs, allowed, screened = _read(given) if given else _gathered(asked, reader, watch)
    network = _network(asked, reader)
    if not (allowed & ~inputs.supply.existing).any() and (asked.new_sites or not inputs.supply.existing.any()):
        raise NoCandidates(int((~allowed).sum()))
    watch.tell(Progress("measuring", None))
    problem = stated(asked, inputs, allowed, network)
    watch.tell(Progress("diagnosing", None))
    try:
        plan = solvers.solved(problem.problem, watch, seed=asked.seed)
    except Impossible as error:
        raise CannotBeSolved(why(error, asked, problem, inputs, allowed, screened)) from None
    except NoPlanYet:
        raise CannotBeSolved(words.no_plan_yet(asked.limit_s)) from None
    except WrongInput as error:
        raise CannotBeSolved(words.wrong_input(str(error))) from None
    watch.tell(Progress("explaining", plan))
    document = {
        "question": asked.document,
        "unit": _unit(asked),
        "inputs": _counts(inputs),
        "sources": inputs.sources,
        "zones": screened,
        "plan": _told(plan, problem),
        **explained.explained(asked, inputs, problem, plan, network),
        **_more(asked, inputs, problem, plan, network, watch),
        "seed": asked.seed,
        "solved_on": today().isoformat(),
    }
    notes = [*inputs.notes, *document.pop("notes"), *_notes(screened, network)]
    document["notes"] = [words.note(note) for note in notes]
    kept = {"notes": inputs.notes, "sources": inputs.sources, "zones": screened}
    about = np.array(json.dumps(kept, ensure_ascii=False))
    return Answered(document, {**inputs.arrays, "allowed": allowed, "about": about})


def _read(given: dict[str, NDArray[Any]]) -> tuple[Inputs, NDArray[np.bool_], dict[str, Any]]:
    about = json.loads(str(given["about"]))
    return of_arrays(given, about["notes"], about["sources"]), given["allowed"], about["zones"]


def _gathered(asked: Question, reader: Reader, watch: Watch) -> tuple[Inputs, NDArray[np.bool_], dict[str, Any]]:
    watch.tell(Progress("gathering", None))
    inputs = gathering.gathered(asked, reader)
    watch.tell(Progress("screening", None))
    existing = inputs.supply.existing
    found = zones.screened(inputs.supply.points.lon_lat[~existing], asked, reader)
    return inputs, np.concatenate([found.allowed, np.ones(int(existing.sum()), bool)]), found.document


def _network(asked: Question, reader: Reader) -> Network | None:
    return files.network(asked.measure.removeprefix(FILE), reader) if asked.measure.startswith(FILE) else None


def _more(
    asked: Question, inputs: Inputs, problem: Stated, plan: Plan, network: Network | None, watch: Watch
) -> dict[str, Any]:
    """A second plan and the curve of numbers of sites, as far as there is time."""
    more = Watch(asked.limit_s * SHARE_OF_MORE, watch.is_wanted)
    watch.tell(Progress("second", plan))
    second = solvers.second_best(problem.problem, plan, more, seed=asked.seed)
    watch.tell(Progress("curve", plan))
    curve = solvers.curve(problem.problem, plan, more, most=CURVE, seed=asked.seed)
    return {
        "second": second and _second(second, plan, problem),
        "curve": explained.curve(asked, inputs, problem, curve, network),
    }


def _second(second: Plan, plan: Plan, problem: Stated) -> dict[str, Any]:
    gone, come = np.setdiff1d(plan.sites, second.sites), np.setdiff1d(second.sites, plan.sites)
    return {
        "standing": second.standing.value,
        "objective": second.objective,
        "sites": _named(problem, come),
        "instead_of": _named(problem, gone),
    }


def _named(problem: Stated, sites: Ints) -> list[dict[str, str]]:
    points = problem.supply.points.chosen(sites)
    return [
        {"code": code, "name": name} for code, name in zip(points.codes.tolist(), points.names.tolist(), strict=True)
    ]


def _told(plan: Plan, problem: Stated) -> dict[str, Any]:
    existing, candidates = problem.supply.existing, problem.problem.candidates
    is_there = np.zeros(candidates.number, bool)
    is_there[plan.sites] = True
    return {
        "standing": plan.standing.value,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "seconds": round(plan.seconds, 3),
        "sites": len(plan.sites),
        "new": int((is_there & ~existing).sum()),
        "closed": int((existing & ~is_there).sum()),
        "cost": explained.cost(candidates, plan.sites),
    }


def _unit(asked: Question) -> str:
    if asked.demand.startswith(FILE):
        return "weight"
    return "doors" if asked.demand == "doorplates" else UNITS[asked.weight]


def _counts(inputs: Inputs) -> dict[str, Any]:
    existing = int(inputs.supply.existing.sum())
    weight = float(inputs.demand.weight.sum())
    demand = {"count": len(inputs.demand.points), "weight": weight}
    return {"demand": demand, "candidates": len(inputs.supply.points) - existing, "existing": existing}


def _notes(screened: dict[str, Any], network: Network | None) -> list[dict[str, Any]]:
    found = [
        {"kind": "zones_demonstration", "count": sum(zone["is_demonstration"] for zone in screened["zones"])},
        {"kind": "zones_approximate", "count": sum(zone["is_approximate"] for zone in screened["zones"])},
        {"kind": "zones_not_checked", "count": len(screened["not_checked"]), "kinds": screened["not_checked"]},
    ]
    if network is None:
        found.append({"kind": "straight_line", "count": 1})
    return [note for note in found if note["count"]]
