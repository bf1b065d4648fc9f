"""An audit as CSV."""

import csv
import io

from layers.coverage.reports import comma
from tests.layers.coverage.place import D
from tests.layers.coverage.reports.documents import FORMULA, HTML, audit

FIGURES = ("target", "row", "adcode", "numerator", "denominator", "value", "goal", "needed", "gap", "status")


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_figure_has_a_line() -> None:
    found = rows(comma.as_csv(audit(division="9999")))
    assert [tuple(row[name] for name in FIGURES) for row in found] == [
        ("eco-burial", "target", "9999", "3", "4", "0.75", ">= 1.0", "4", "1", "missed"),
        ("eco-burial", "county", "999901", "2", "2", "1.0", ">= 1.0", "2", "0", "met"),
        ("eco-burial", "county", "999902", "1", "2", "0.5", ">= 1.0", "2", "1", "missed"),
        ("eco-burial", "missing", D, "", "", "", "", "", "", ""),
        ("care-homes", "target", "9999", "80", "", "80", ">= 100", "100", "20", "missed"),
        ("not-known", "target", "9999", "", "", "", "", "", "", "not_assessable"),
        ("beds", "target", "9999", "130", "3000", str(130 * 10000 / 3000), ">= 400", "120", "0", "met"),
        ("care-homes", "finding", "", "", "", "", "", "", "", ""),
        ("", "reported", "9999", "", "", "15", "", "", "", ""),
    ]


def test_reasons_notes_contradictions_and_sources_stand_beside_them() -> None:
    found = {(row["target"], row["row"]): row["reason"] for row in rows(comma.as_csv(audit()))}
    assert found["eco-burial", "missing"] == f"“{FORMULA}” 已停用 {HTML}"
    assert found["not-known", "target"] == "无法考核：图层没有数据。"
    assert found["care-homes", "finding"] == "80 + 21 ≠ 100"
    assert found["", "reported"] == "统计公报"


def test_what_a_spreadsheet_would_compute_stays_a_text() -> None:
    names = {row["target"]: row["name"] for row in rows(comma.as_csv(audit())) if row["row"] == "target"}
    assert names["care-homes"] == f"'{FORMULA} 养老机构"


def test_it_says_that_it_is_utf_8_and_ends_lines_as_the_format_wants() -> None:
    content = comma.as_csv(audit())
    assert content.startswith(b"\xef\xbb\xbftarget,row,adcode,")
    assert content.count(b"\r\n") == content.count(b"\n") == 10
