"""A solved problem as GeoJSON: the plan's sites, the demand it covers or not, and the candidates that zones exclude."""

from collections import defaultdict
from typing import Any

import numpy as np

from layers.models import SitingProblem
from layers.siting import scenarios
from layers.siting.inputs import Points
from layers.siting.solving import distances

DECIMALS = 6
MOST_DEMAND = 5_000  # on a map; the heaviest


def features(problem: SitingProblem) -> dict[str, Any]:
    """Raises NotAnswered."""
    answer = scenarios.answer(problem)
    inputs, allowed = scenarios.inputs(problem)
    demand, supply = inputs.demand, inputs.supply
    found = [_site(site, "existing" if site["is_existing"] else "new") for site in answer["sites"]]
    found += [_site(site, "closed") for site in answer["closed"]]
    taken_by = _zones(answer)
    excluded = np.flatnonzero(~allowed).tolist()
    found += [_point(supply.points, number, "excluded", zones=taken_by[number]) for number in excluded]
    heaviest = np.sort(np.argsort(-demand.weight, kind="stable")[:MOST_DEMAND])
    is_covered = _covered(demand.points.chosen(heaviest), answer)
    for number, covered in zip(heaviest.tolist(), is_covered.tolist(), strict=True):
        role = "covered" if covered else "uncovered"
        found.append(_point(demand.points, number, role, weight=float(demand.weight[number])))
    return {"type": "FeatureCollection", "features": found}


def _covered(points: Points, answer: dict[str, Any]) -> np.ndarray:
    """Of each place, whether a site of the plan is within the radius."""
    sites = np.array([site["place"] for site in answer["sites"]], float).reshape(-1, 2)
    within = distances.within(points.lon_lat, sites, within_m=answer["coverage"]["radius_m"])
    return np.asarray(np.diff(within.indptr) > 0)


def _zones(answer: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """The zones that exclude each candidate, by its number."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for zone in answer["zones"]["zones"]:
        for number in zone["numbers"]:
            found[number].append({name: zone[name] for name in ("name", "kind", "rule")})
    return found


def _site(site: dict[str, Any], role: str) -> dict[str, Any]:
    told: dict[str, Any] = {name: site[name] for name in ("code", "name", "serves", "only", "loss") if name in site}
    return _feature(site["code"], site["place"], {**told, "role": role})


def _point(points: Points, number: int, role: str, **told: Any) -> dict[str, Any]:
    code, name = str(points.codes[number]), str(points.names[number])
    return _feature(code, points.lon_lat[number].tolist(), {"code": code, "name": name, "role": role, **told})


def _feature(code: str, place: list[float], told: dict[str, Any]) -> dict[str, Any]:
    shape = {"type": "Point", "coordinates": [round(degrees, DECIMALS) for degrees in place]}
    return {"type": "Feature", "id": f"{told['role']}-{code}", "geometry": shape, "properties": told}
