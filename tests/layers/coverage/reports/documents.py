"""Audits' documents, made by hand: figures of every unit, with and without a goal, and texts that try to be more."""

from copy import deepcopy
from typing import Any

from tests.layers.coverage.place import A, B, C, D

Document = dict[str, Any]
HTML = '<script>alert("x")</script>'
FORMULA = "=1+1"
NAMES = {A: "甲镇", B: "乙镇", C: "丙街道", D: "丁乡"}


def target(target_id: str = "eco-burial", **given: Any) -> Document:
    """Three of four townships count, against a goal of all."""
    missed = missing(D, reason=f"“{FORMULA}” 已停用 {HTML}")
    found: Document = {
        "id": target_id,
        "title": "乡镇（街道）节地生态安葬点建有率",
        "definition": "考核日有效的乡镇（街道）中，辖区内至少有一处运营中的节地生态安葬点的比例。",
        "metric": "provision_rate",
        "unit": "ratio",
        "per": 1,
        "level": "township",
        "layer": "eco-burial-sites",
        "filter": "status = 'operating'",
        "owner": "社会事务处",
        "source": {"document": "2022年工作总结", "clause": "建有率达100%"},
        "numerator": 3,
        "denominator": 4,
        "value": 0.75,
        "goal": {"op": ">=", "value": 1.0, "by": "2022-12-31"},
        "needed": 4,
        "reported": None,
        "gap": 1,
        "status": "missed",
        "by_division": [county("999901", "东县", 2, 2), county("999902", "西县", 1, 2)],
        "missing": [missed],
        "evidence": [evidence("one", A), evidence("two", B, demonstration=True), evidence("three", C, place=None)],
        "evidence_total": 3,
        "notes": [{"kind": "demonstration_only", "text": "1 个乡镇仅由演示数据支撑。", "about": []}],
    }
    return found | given


def county(adcode: str, name: str, numerator: int, denominator: int) -> Document:
    gap = denominator - numerator
    return {
        "adcode": adcode,
        "name": name,
        "numerator": numerator,
        "denominator": denominator,
        "value": numerator / denominator,
        "needed": denominator,
        "gap": gap,
        "status": "missed" if gap else "met",
    }


def missing(adcode: str | None, reason: str = "境内没有安葬点", **given: Any) -> Document:
    name = NAMES.get(adcode or "", "某处")
    county_name = "东县" if adcode in (A, B) else "西县"
    found: Document = {"adcode": adcode, "feature": None, "name": name, "county": county_name, "reason": reason}
    return found | {"causes": [{"kind": "no_site", "feature": None, "on": None}]} | given


def evidence(feature: str, adcode: str, **given: Any) -> Document:
    place = [120.05 + (A, B, C, D).index(adcode) / 10, 30.05]
    return {
        "feature": feature,
        "name": f"{feature}号",
        "adcode": adcode,
        "place": place,
        "demonstration": False,
    } | given


def counted(target_id: str = "care-homes", **given: Any) -> Document:
    """80 of something, without a denominator, against a goal of 100."""
    nothing: Document = {
        "level": None,
        "by_division": [],
        "missing": [],
        "evidence": [],
        "evidence_total": 0,
        "notes": [],
    }
    figure = {"unit": "count", "numerator": 80, "denominator": None, "value": 80, "needed": 100, "gap": 20}
    goal = {"op": ">=", "value": 100, "by": "2022-12-31"}
    return target(target_id, title=f"{FORMULA} 养老机构", **nothing, **figure, goal=goal) | given


def unknown(target_id: str = "not-known", **given: Any) -> Document:
    """What cannot be assessed, and has no number in the plan."""
    figure: Document = dict.fromkeys(("numerator", "denominator", "value", "needed", "gap", "goal"))
    note = {"kind": "layer_empty", "text": "无法考核：图层没有数据。", "about": []}
    nothing: Document = {"by_division": [], "missing": [], "evidence": [], "evidence_total": 0, "notes": [note]}
    return target(target_id, title="社工站覆盖率", **figure, **nothing, status="not_assessable") | given


def rate(target_id: str = "beds", **given: Any) -> Document:
    """Beds for 10,000 people: a quotient that is no share, and exactly at its goal."""
    figure = {"unit": "per_10000", "per": 10000, "numerator": 130, "denominator": 3000, "value": 130 * 10000 / 3000}
    goal = {"op": ">=", "value": 400, "by": "2022-12-31"}
    nothing: Document = {
        "level": None,
        "by_division": [],
        "missing": [],
        "evidence": [],
        "evidence_total": 0,
        "notes": [],
    }
    return (
        target(target_id, title="每万人床位", **figure, **nothing, goal=goal, needed=120, gap=0, status="met") | given
    )


def audit(*targets: Document, **given: Any) -> Document:
    found: Document = {
        "schema": "http://127.0.0.1:8000/api/coverage/schemas/audit-1.json",
        "id": "12",
        "as_of": "2022-12-31",
        "division": None,
        "division_name": None,
        "data_version": "0123456789ab",
        "boundaries": "approximate",
        "status": "missed",
        "targets": list(targets or (target(), counted(), unknown(), rate())),
        "findings": [{"kind": "contradiction", "id": "sum", "text": "80 + 21 ≠ 100", "targets": ["care-homes"]}],
        "reported": [
            {
                "indicator": "households",
                "title": "低保户数",
                "division": "9999",
                "year": 2022,
                "value": 15,
                "unit": "people",
                "source": "统计公报",
                "note": None,
            }
        ],
    }
    return deepcopy(found | given)
