"""Audits' documents made by hand, and kept, for what is made of them alone."""

from typing import Any

from django.conf import settings

from layers.models import Audit
from tests.layers.coverage.place import TARGET, A, D


def figure(numerator: int | None, denominator: int | None, share: float = 1.0) -> dict[str, Any]:
    """A rate that is held against a share, rounded up to whole ones."""
    if numerator is None or denominator is None:
        nothing = dict.fromkeys(("numerator", "denominator", "value", "needed", "gap"))
        return {**nothing, "status": "not_assessable"}
    needed = -int(-share * denominator // 1)
    return {
        "numerator": numerator,
        "denominator": denominator,
        "value": numerator / denominator,
        "needed": needed,
        "gap": max(0, needed - numerator),
        "status": "met" if numerator >= needed else "missed",
    }


def county(adcode: str, name: str, numerator: int | None, denominator: int | None) -> dict[str, Any]:
    return {"adcode": adcode, "name": name, **figure(numerator, denominator)}


def missing(adcode: str, name: str, county: str = "西县", reason: str = "无安葬点") -> dict[str, Any]:
    return {"adcode": adcode, "feature": None, "name": name, "county": county, "reason": reason, "causes": []}


def evidence(number: int, *, demonstration: bool = False) -> dict[str, Any]:
    place = [120.05, 30.05]
    said = {"feature": f"site-{number}", "name": f"{number}号安葬点", "adcode": A, "place": place}
    return {**said, "demonstration": demonstration}


def target(target_id: str = TARGET, **given: Any) -> dict[str, Any]:
    """Of the four townships of the made-up prefecture three have a site, which is not enough."""
    made = {
        "id": target_id,
        "title": "乡镇（街道）节地生态安葬点建有率",
        "definition": "有安葬点的乡镇（街道）占全部的比例。",
        "metric": "provision_rate",
        "unit": "ratio",
        "level": "township",
        "layer": "eco-burial-sites",
        "filter": "status = 'operating'",
        "owner": "殡葬管理处",
        "source": {"document": "2022年工作总结", "clause": "建有率达100%"},
        "goal": {"op": ">=", "value": 1.0, "by": "2022-12-31"},
        "per": 1,
        **figure(3, 4),
        "reported": None,
        "by_division": [county("999901", "东县", 2, 2), county("999902", "西县", 1, 2)],
        "missing": [missing(D, "丁乡")],
        "evidence": [evidence(1)],
        "evidence_total": 1,
        "notes": [],
    }
    return made | given


def document(*targets: dict[str, Any], **given: Any) -> dict[str, Any]:
    made = {
        "schema": f"{settings.PUBLIC_URL}/api/coverage/schemas/audit-1.json",
        "id": None,
        "as_of": "2022-12-31",
        "division": None,
        "division_name": None,
        "data_version": "0123456789ab",
        "boundaries": "published",
        "status": "missed",
        "targets": list(targets) or [target()],
        "findings": [],
        "reported": [],
    }
    return made | given


def keep(made: dict[str, Any]) -> Audit:
    """The document as a saved audit, the same in each language."""
    result = {language: made for language, _name in settings.LANGUAGES}
    return Audit._default_manager.create(
        as_of=made["as_of"], data_version=made["data_version"], result=result, is_whole=not made["division"]
    )
