"""Targets as a test writes them, and what came of one."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from layers.access import BUREAU, Reader
from layers.coverage import audit, targets, words
from layers.coverage.audit import TargetResult
from layers.models import Division
from layers.snapshots.records import Record
from tests.layers.coverage.place import CITY, DAY

HEAD = """
targets:
  - id: one
    title: {zh: 一, en: One}
    definition: {zh: 定义, en: Definition}
    owner: {zh: 处, en: Section}
    source: {document: {zh: 总结, en: Summary}, clause: {zh: 条, en: Clause}}
"""
CENTRES = "layer: home-care-centres"
COUNT = f"""
    metric: count
    {CENTRES}
    filter: status = 'operating' AND demonstration = TRUE
"""
INCREMENT = COUNT.replace("count", "increment")
SHARE = COUNT.replace("count", "share")
BEDS = f"""
    metric: adequacy
    numerator: {{{CENTRES}, filter: "status = 'operating'", sum: beds}}
    denominator: {{figure: elderly}}
"""


def found_counties() -> None:
    Division.objects.bulk_create(
        Division(code=code, level="county", kind="县", name=code, parent_code=CITY, source="test")
        for code in ("999901", "999902")
    )


def result(folder: Path, text: str, *, as_of: date = DAY, division: str = "", reader: Reader = BUREAU) -> TargetResult:
    path = folder / "own.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    (found,) = audit.run(targets.load(path), Record(as_of), division=division, reader=reader).targets
    return found


def counties(found: TargetResult) -> dict[str, tuple[Decimal, Decimal | None]]:
    return {one.adcode: (one.amount.numerator, one.amount.denominator) for one in found.measured.by_division}


def texts(found: TargetResult) -> list[str]:
    return [words.note(note) for note in found.notes]
