"""An audit as a workbook, read back."""

import re
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.utility import xl_cell_to_rowcol

from layers.coverage.reports import workbook
from tests.layers.coverage.place import A, B, C, D
from tests.layers.coverage.reports.documents import FORMULA, HTML, audit, counted, county, rate, target, unknown
from tests.layers.coverage.reports.workbooks import formulas, sheets, table

pytestmark = pytest.mark.usefixtures("english")
TITLES = ["乡镇（街道）节地生态安葬点建有率", f"{FORMULA} 养老机构", "社工站覆盖率", "每万人床位"]


def test_there_is_a_summary_and_a_sheet_for_each_target() -> None:
    assert list(sheets(workbook.as_xlsx(audit()))) == ["Summary", *TITLES, "Contradictions", "Annual figures"]
    assert list(sheets(workbook.as_xlsx(audit(findings=[], reported=[])))) == ["Summary", *TITLES]


def test_the_summary_has_every_figure() -> None:
    rows = sheets(workbook.as_xlsx(audit(division="9999", division_name="样市")))["Summary"]
    facts = {row[0]: row[1] for row in rows[2:9]}
    assert facts == {
        "As of": "2022-12-31",
        "Audited area": "样市 9999",
        "Audit": "12",
        "Read from": "the registers",
        "Data version": "0123456789ab",
        "Boundaries": "approximate boundaries",
        "Status": "missed",
    }
    lines = table(rows, "Target")
    columns = ("Target", "Numerator", "Denominator", "Value", "Unit", "Goal", "By", "Needed", "Gap", "Status")
    assert [tuple(line[name] for name in columns) for line in lines] == [
        (TITLES[0], 3, 4, 0.75, "", "≥ 100%", "2022-12-31", 4, 1, "missed"),
        (TITLES[1], 80, "", 80, "", "≥ 100", "2022-12-31", 100, 20, "missed"),
        (TITLES[2], "", "", "", "", "no number is given", "", "", "", "not assessable"),
        (TITLES[3], 130, 3000, 130 * 10000 / 3000, "per 10,000 people", "≥ 400", "2022-12-31", 120, 0, "met"),
    ]


def test_a_target_has_its_definition_counties_missing_evidence_and_notes() -> None:
    rows = sheets(workbook.as_xlsx(audit()))[TITLES[0]]
    said = {row[0]: row[1] for row in rows if row[1] != ""}
    assert said["Condition"] == "status = 'operating'"
    assert (said["Owner"], said["Source"], said["Clause"]) == ("社会事务处", "2022年工作总结", "建有率达100%")
    assert ["1 个乡镇仅由演示数据支撑。"] in [row[:1] for row in rows]
    assert [tuple(line.values())[:5] for line in table(rows, "Division")] == [
        ("999901", "东县", 2, 2, 1.0),
        ("999902", "西县", 1, 2, 0.5),
    ]
    missing, evidence = (rows[place[0] :] for place in (places(rows, "What is missing"), places(rows, "Evidence: 3")))
    assert [tuple(line.values()) for line in table(missing, "Division")] == [
        (D, "", "丁乡", "西县", f"“{FORMULA}” 已停用 {HTML}")
    ]
    assert [tuple(line.values()) for line in table(evidence, "Feature")] == [
        ("one", "one号", A, 120.05, 30.05, "register"),
        ("two", "two号", B, 120.15, 30.05, "demonstration data"),
        ("three", "three号", C, "", "", "register"),
    ]


def places(rows: list[list[Any]], beginning: str) -> list[int]:
    return [place for place, row in enumerate(rows) if row and str(row[0]).startswith(beginning)]


def test_counties_that_are_not_judged_have_no_status() -> None:
    east = county("999901", "东县", 30, 40) | {"denominator": None, "value": 30, "status": "not_assessable"}
    rows = sheets(workbook.as_xlsx(audit(counted(title="养老机构", by_division=[east]))))["养老机构"]
    assert table(rows, "Division") == [
        {"Division": "999901", "Name": "东县", "Numerator": 30, "Denominator": "", "Value": 30}
    ]


def test_contradictions_and_annual_figures_have_sheets() -> None:
    found = sheets(workbook.as_xlsx(audit()))
    assert table(found["Contradictions"], "Kind")[0]["What does not agree"] == "80 + 21 ≠ 100"
    assert [tuple(line.values()) for line in table(found["Annual figures"], "Figure")] == [
        ("低保户数", "9999", 2022, 15, "people", "统计公报", "")
    ]


def test_values_are_formulas_of_the_cells_beside_them() -> None:
    content = workbook.as_xlsx(audit())
    read = list(sheets(content).values())
    found = formulas(content)
    assert [len(sheet) for sheet in found] == [2, 3, 0, 0, 1, 0, 0]
    for sheet, rows in zip(found, read, strict=True):
        for cell, (formula, kept) in sheet.items():
            row, column = xl_cell_to_rowcol(cell)
            assert computed(formula, rows) == kept
            assert set(re.findall(r"[A-Z]\d+", formula)) == {f"{chr(65 + column - back)}{row + 1}" for back in (1, 2)}


def computed(formula: str, rows: list[list[Any]]) -> float:
    """What the formula gives, by Python."""

    def content(found: re.Match[str]) -> str:
        row, column = xl_cell_to_rowcol(found[0])
        return repr(rows[row][column])

    return float(eval(re.sub(r"\b[A-Z]\d+\b", content, formula), {"INT": floor}))  # noqa: S307  our own formula


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_share_in_a_cell_is_cut_exactly(numerator: int, denominator: int) -> None:
    found = {"numerator": numerator, "denominator": denominator, "value": numerator / denominator}
    formula = workbook._value(found, target(), "A1", "B1")
    assert isinstance(formula, workbook.Formula)
    assert formula.value == (numerator * 1000 // denominator) / 1000


def test_a_value_that_is_not_the_quotient_is_no_formula() -> None:
    content = workbook.as_xlsx(audit(rate(value=99.5), unknown(), findings=[], reported=[]))
    assert formulas(content) == [{}, {}, {}]
    assert table(sheets(content)["Summary"], "Target")[0]["Value"] == 99.5


def test_texts_are_never_computed() -> None:
    texts = [cell for rows in sheets(workbook.as_xlsx(audit())).values() for row in rows for cell in row]
    assert f"{FORMULA} 养老机构" in texts
    assert all(FORMULA not in formula for sheet in formulas(workbook.as_xlsx(audit())) for formula, _ in sheet.values())


def test_long_texts_and_odd_characters_do_not_break_the_file() -> None:
    odd = target(definition="长" * 40_000, title="\ufffe𠮷\x01/[]:*?\\", owner="")
    names = list(sheets(workbook.as_xlsx(audit(odd, odd, findings=[], reported=[]))))
    assert names == ["Summary", names[1], f"{names[1]} (2)"]
