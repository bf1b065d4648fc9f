"""The same numbers in every report, in the terminal and in the JSON."""

import csv
import io
import json
import re

import pytest

from layers.coverage import report, reports
from layers.coverage.amounts import MET, MISSED, NOT_ASSESSABLE
from layers.coverage.reports import figures
from layers.coverage.reports.table import COLOURS, as_table
from tests.layers.coverage.place import OPENED, A, B, C, D, inside, open_site, run
from tests.layers.coverage.reports.documents import audit
from tests.layers.coverage.reports.test_page import Tables
from tests.layers.coverage.reports.workbooks import sheets, table

pytestmark = pytest.mark.usefixtures("prefecture", "english")


def test_the_same_numbers_stand_everywhere() -> None:
    open_site("one", A, inside(A), serves=[(C, OPENED, None)])
    open_site("two", D, inside(D), states=[("suspended", OPENED, None)])
    found = run()
    document = report.document(found)
    (target,) = json.loads(report.as_json(found))["targets"]
    wanted = [(target["numerator"], target["denominator"])]
    wanted += [(county["numerator"], county["denominator"]) for county in target["by_division"]]
    assert wanted == [(2, 4), (1, 2), (1, 2)]

    made = {name: form.make(document) for name, form in reports.FORMATS.items()}
    rows = list(csv.DictReader(io.StringIO(made["csv"].decode("utf-8-sig"))))
    assert [(int(row["numerator"]), int(row["denominator"])) for row in rows if row["value"]] == wanted

    summary, sheet = list(sheets(made["xlsx"]).values())[:2]
    lines = [*table(summary, "Target"), *table(sheet, "Division")]
    assert [(line["Numerator"], line["Denominator"]) for line in lines] == wanted
    assert [line["Value"] for line in lines] == [0.5, 0.5, 0.5]

    tables = Tables(made["html"].decode()).found
    shown = [tables["targets"][1][1], *(row[2] for row in tables["counties"][1:])]
    assert shown == [f"{numerator}/{denominator} = 50.0%" for numerator, denominator in wanted]
    assert re.findall(r"\d/\d = [0-9.]+%", as_table(document)) == [shown[0]]

    missing = [one["adcode"] for one in target["missing"]]
    assert missing == [B, D]
    assert [one["properties"]["adcode"] for one in json.loads(made["geojson"])["features"]] == missing
    assert [row[0] for row in tables["missing"][1:]] == missing
    assert [row["adcode"] for row in rows if row["row"] == "missing"] == missing


def test_files_are_named_by_audit_and_day() -> None:
    names = [reports.file_name(audit(), form) for form in reports.FORMATS.values()]
    assert names == [f"audit-12-2022-12-31.{name}" for name in ("csv", "xlsx", "html", "geojson")]
    assert reports.file_name(audit(id=None), reports.FORMATS["csv"]) == "audit-2022-12-31.csv"


def test_every_status_has_a_mark() -> None:
    assert set(figures.MARKS) == set(COLOURS) == {MET, MISSED, NOT_ASSESSABLE}
