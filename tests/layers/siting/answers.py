"""Siting problems for tests, solved and not: small enough to be checked by hand.

Along a line eastwards of Zhuji eight villages stand 1 km apart, V1 to V8, each of 100 people more than the one before it.
There is a home-care centre at V1; candidates are V2 to V8; a reservoir excludes V5. Of them V4 and V7 are chosen, radius
1,500 m.
"""

import copy
import json
from typing import Any

import numpy as np

from layers.models import SitingProblem
from layers.models.siting import SitingState
from layers.siting.inputs import Demand, Inputs, Points, Supply
from layers.siting.packing import packed

LON, LAT, STEP = 120.2, 29.7, 0.01034  # degrees: 1,000 m along the parallel
NAMES = tuple(f"村{number}" for number in range(1, 9))
CODES = tuple(f"330681001{number:03}" for number in range(1, 9))
PEOPLE = tuple(float(100 * number) for number in range(1, 9))  # 3,600 in all
COUNTY = "330681"
RULE = "《公墓管理办法》第七条"


def place(number: int) -> list[float]:
    """Of a village by its number, from 1."""
    return [round(LON + STEP * (number - 1), 6), LAT]


def question(**others: Any) -> dict[str, Any]:
    """As it is kept."""
    return {
        "name": "2027 年新建两处",
        "problem": "cover_most",
        "demand": "villages",
        "weight": "people",
        "candidates": "villages",
        "grid_m": 1000.0,
        "existing": "home-care-centres",
        "existing_filter": "",
        "existing_stay": True,
        "division": "",
        "as_of": "2026-11-01",
        "measure": "straight_line",
        "radius_m": 1500.0,
        "new_sites": 2,
        "budget": None,
        "cost": 1.0,
        "existing_cost": 0.0,
        "closing_cost": 0.0,
        "capacity": None,
        "times": 1,
        "county_least": 0,
        "county_most": None,
        "zones": ["reservoir", "railway"],
        "limit_s": 60.0,
        "seed": 0,
        **others,
    }


def share(numerator: float) -> dict[str, float]:
    return {"numerator": numerator, "denominator": 3600.0, "value": numerator / 3600}


def _site(number: int, **told: Any) -> dict[str, Any]:
    return {
        "code": CODES[number - 1],
        "name": NAMES[number - 1],
        "county": COUNTY,
        "county_name": "诸暨市",
        "place": place(number),
        "is_existing": False,
        **told,
    }


ANSWER: dict[str, Any] = {
    "question": question(),
    "unit": "people",
    "inputs": {"demand": {"count": 8, "weight": 3600.0}, "candidates": 7, "existing": 1},
    "sources": {
        "demand": {"layer": "villages", "count": 8, "version": 3},
        "candidates": {"layer": "villages", "count": 7, "version": 3},
        "existing": {"layer": "home-care-centres", "count": 1, "version": 5, "filter": "status = 'operating'"},
    },
    "zones": {
        "candidates": 7,
        "excluded": 1,
        "by_kind": [{"kind": "reservoir", "excluded": 1}],
        "zones": [
            {
                "code": "zone-1",
                "name": "青山水库",
                "kind": "reservoir",
                "rule": RULE,
                "rule_version": "1992",
                "distance_m": 500.0,
                "is_demonstration": True,
                "is_approximate": True,
                "excluded": 1,
                "numbers": [3],
            }
        ],
        "not_checked": ["railway"],
    },
    "plan": {
        "standing": "proved",
        "objective": 3600.0,
        "bound": 3600.0,
        "gap": 0.0,
        "seconds": 0.012,
        "sites": 3,
        "new": 2,
        "closed": 0,
        "cost": 2.0,
    },
    "sites": [
        _site(1, code="home-care-1", name="一号居家养老服务中心", is_existing=True, serves=300.0, only=300.0, shared=0.0,
              loss=300.0, swap=None),
        _site(4, serves=1200.0, only=1200.0, shared=0.0, loss=1200.0,
              swap={"code": CODES[2], "name": NAMES[2], "objective": 3100.0, "is_best": True}),
        _site(7, serves=2100.0, only=2100.0, shared=0.0, loss=2100.0,
              swap={"code": CODES[5], "name": NAMES[5], "objective": 2800.0, "is_best": True}),
    ],
    "closed": [],
    "coverage": {"radius_m": 1500.0, "times": 1, "before": share(300), "after": share(3600)},
    "distances": {
        "before": {"min": 0.0, "median": 5000.0, "mean": 4666.7, "p90": 7000.0, "max": 7000.0, "without_way": 0.0},
        "after": {"min": 0.0, "median": 1000.0, "mean": 666.7, "p90": 1000.0, "max": 1000.0, "without_way": 0.0},
        "histogram": [
            {"from_m": 0.0, "to_m": 500.0, "before": 100.0, "after": 1200.0},
            {"from_m": 500.0, "to_m": 1000.0, "before": 0.0, "after": 0.0},
            {"from_m": 1000.0, "to_m": 1500.0, "before": 200.0, "after": 2400.0},
            {"from_m": 1500.0, "to_m": 7500.0, "before": 3300.0, "after": 0.0},
        ],
    },
    "gini": {"before": 0.227, "after": 0.222},
    "worst": [
        {"code": CODES[7], "name": NAMES[7], "county_name": "诸暨市", "metres": 1000.0},
        {"code": CODES[5], "name": NAMES[5], "county_name": "诸暨市", "metres": 1000.0},
    ],
    "worst_townships": [
        {"code": CODES[0][:9], "name": "枫桥镇", "county_name": "诸暨市", "after": share(3600), "distance": {"mean": 666.7}},
    ],
    "by_county": [{"adcode": COUNTY, "name": "诸暨市", "before": share(300), "after": share(3600), "sites": 3}],
    "second": {
        "standing": "proved",
        "objective": 3100.0,
        "sites": [{"code": CODES[2], "name": NAMES[2]}],
        "instead_of": [{"code": CODES[3], "name": NAMES[3]}],
    },
    "curve": [
        {"new_sites": 0, "objective": 300.0, "standing": "proved", "coverage": 300 / 3600, "worst_m": 7000.0},
        {"new_sites": 1, "objective": 2400.0, "standing": "proved", "coverage": 2400 / 3600, "worst_m": 3000.0},
        {"new_sites": 2, "objective": 3600.0, "standing": "proved", "coverage": 1.0, "worst_m": 1000.0},
        {"new_sites": 3, "objective": 3600.0, "standing": "bounded", "coverage": 1.0, "worst_m": 1000.0},
    ],
    "roads": None,
    "notes": [{"kind": "people_demonstration", "count": 8, "text": "8 个村的人口为演示数据。"}],
    "seed": 0,
    "solved_on": "2026-11-02",
}  # fmt: skip


def answer(**others: Any) -> dict[str, Any]:
    """A copy, with some members as they are given; of the plan, its members."""
    found = copy.deepcopy(ANSWER)
    plan = others.pop("plan", {})
    return {**found, **others, "plan": {**found["plan"], **plan}}


def inputs() -> Inputs:
    """What the answer was solved from."""
    villages = Points(
        codes=np.array(CODES), names=np.array(NAMES), county=np.full(8, COUNTY),
        lon_lat=np.array([place(number) for number in range(1, 9)]),
    )  # fmt: skip
    centre = Points(
        codes=np.array(["home-care-1"]), names=np.array(["一号居家养老服务中心"]), county=np.array([COUNTY]),
        lon_lat=np.array([place(1)]),
    )  # fmt: skip
    supply = Supply(
        points=villages.chosen(np.arange(1, 8)).and_then(centre),
        existing=np.array([False] * 7 + [True]),
        cost=np.array([1.0] * 7 + [0.0]),
        capacity=np.full(8, np.inf),
    )
    return Inputs(
        Demand(points=villages, weight=np.array(PEOPLE), township=np.array([code[:9] for code in CODES])), supply
    )


def problem(given: dict[str, Any] | None = None, **others: Any) -> SitingProblem:
    """A solved problem in the database."""
    found = answer() if given is None else given
    allowed = np.ones(8, bool)
    allowed[3] = False
    about = {"notes": found["notes"], "sources": found["sources"], "zones": found["zones"]}
    kept = packed({**inputs().arrays, "allowed": allowed, "about": np.array(json.dumps(about, ensure_ascii=False))})
    return unsolved(
        **{"question": found["question"], "state": SitingState.READY, "answer": found, "inputs": kept, **others}
    )


def unsolved(**others: Any) -> SitingProblem:
    """A problem without an answer, waiting unless something else is said."""
    asked = others.pop("question", question())
    told = {"name": asked["name"], "language": "zh-hans", "asked_by": "planner", **others}
    return SitingProblem._default_manager.create(question=asked, **told)
