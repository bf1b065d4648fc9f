"""The renderings of an audit: all with the same numbers."""

import json
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from rich.cells import cell_len

from layers.coverage import audit, report, saved, targets, views
from layers.coverage.reports.table import as_table
from layers.errors import UnknownAudit
from layers.models import AnnualFigure, Audit
from layers.snapshots.records import Record
from tests.layers.coverage.place import CITY, DAY, OPENED, A, B, C, D, inside, open_site, run
from tests.layers.coverage.test_measuring import FIGURE, MILESTONE, REACH
from tests.layers.coverage.written import BEDS, COUNT, HEAD, SHARE
from tests.layers.doorplates.streets import plate
from tests.sharing import commit

pytestmark = pytest.mark.usefixtures("prefecture", "english")
SCHEMA = json.loads((Path(views.SCHEMAS) / "audit-1.json").read_text())
LANGUAGES = ("zh-hans", "en")
HALF = {"numerator": 1, "denominator": 2, "value": 0.5, "needed": 2, "gap": 1, "status": "missed"}


@pytest.fixture
def sites() -> None:
    """Three of four townships count; the site of the fourth is suspended."""
    open_site("one", A, inside(A), serves=[(C, OPENED, None)])
    open_site("two", B, inside(A), name='=HYPERLINK("x")')
    open_site("three", D, inside(D), states=[("suspended", OPENED, None)], name="=1+1")


def check(document: dict) -> None:
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


PARTS = ("among", "of", "within_m", "operands", "milestones")
OPERATING = "status = 'operating'"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (COUNT, (None, None, None, None, [])),
        (SHARE, (OPERATING, None, None, None, [])),
        (SHARE + "    among: beds > 3\n", ("beds > 3", None, None, None, [])),
        (REACH, (None, "townships", 3000, None, [])),
        (MILESTONE, (None, None, None, None, ["atlas", "outline"])),
        (FIGURE, (None, None, None, {"numerator": {"figure": "things"}, "denominator": None}, [])),
        (BEDS, (None, None, None, {
            "numerator": {"layer": "home-care-centres", "filter": OPERATING, "sum": "beds"},
            "denominator": {"figure": "elderly"},
        }, [])),
        (BEDS.replace(", sum: beds", ""), (None, None, None, {
            "numerator": {"layer": "home-care-centres", "filter": OPERATING}, "denominator": {"figure": "elderly"},
        }, [])),
    ],
)  # fmt: skip
def test_all_that_decides_a_target_is_told(text: str, told: tuple) -> None:
    (target,) = targets.parse(HEAD + text, Path("own")).targets
    described = report.target_document(target)
    assert tuple(described[part] for part in PARTS) == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_fits_its_schema(sites: None, language: str) -> None:
    with translation.override(language):
        check(json.loads(report.as_json(run())))
        check(json.loads(report.as_json(run(division="999901"), 7)))


def test_json_of_what_is_not_assessable_fits_the_schema() -> None:
    document = report.document(run())
    check(document)
    target = document["targets"][0]
    nothing = {
        key: target[key] for key in ("numerator", "denominator", "value", "needed", "gap", "by_division", "missing")
    }
    assert document["status"] == target["status"] == "not_assessable"
    assert nothing == dict.fromkeys(("numerator", "denominator", "value", "needed", "gap")) | {
        "by_division": [],
        "missing": [],
    }


def test_json_says_everything(sites: None) -> None:
    found = run()
    document = report.document(found)
    target = document["targets"][0]
    assert {key: document[key] for key in ("id", "as_of", "division", "data_version", "boundaries", "status")} == {
        "id": None,
        "as_of": "2022-12-31",
        "division": None,
        "data_version": found.data_version,
        "boundaries": "published",
        "status": "missed",
    }
    assert target["title"] == "Townships with an eco-burial site"
    assert (target["numerator"], target["denominator"], target["value"], target["gap"]) == (2, 4, 0.5, 2)
    assert target["goal"] == {"op": ">=", "value": 1.0, "by": "2022-12-31"}
    assert target["by_division"] == [
        {"adcode": "999901", "name": "东县", **HALF},
        {"adcode": "999902", "name": "西县", **HALF},
    ]
    assert target["missing"] == [
        {
            "adcode": B,
            "feature": None,
            "name": "乙镇",
            "county": "东县",
            "reason": '“=HYPERLINK("x")” is registered here but its point lies in 甲镇',
            "causes": [{"kind": "lies_elsewhere", "feature": "two", "on": None}],
        },
        {
            "adcode": D,
            "feature": None,
            "name": "丁乡",
            "county": "西县",
            "reason": "“=1+1” is suspended since 2015-04-01",
            "causes": [{"kind": "suspended", "feature": "three", "on": "2015-04-01"}],
        },
    ]


def test_the_table_has_the_same_numbers(sites: None) -> None:
    shown = as_table(report.document(run()))
    assert "✗ missed  2/4 = 50.0%  goal ≥ 100% by 2022-12-31  2 more: 4 of 4 needed for 100%" in shown
    assert "“=1+1” is suspended since 2015-04-01" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 100])
def test_the_table_keeps_its_width_with_chinese(sites: None, language: str, width: int) -> None:
    with translation.override(language):
        lines = as_table(report.document(run()), width=width).splitlines()
    assert max(map(cell_len, lines)) <= width
    # The status column of both counties begins in the same place, whatever the width of the names before it.
    counties = [line for line in lines if line.strip().startswith("99990") and "/" not in line and "✗" in line]
    assert len({cell_len(line.partition("✗")[0]) for line in counties}) == 1
    assert len(counties) == 2


def test_the_table_has_colour_on_a_terminal(sites: None) -> None:
    assert "\x1b[" in as_table(report.document(run()), colour=True)


def test_a_saved_audit_reads_as_it_was_in_both_languages(sites: None) -> None:
    found = run()
    kept = saved.save(found)
    Audit.objects.get(pk=kept.pk)
    open_site("late", D, inside(D))
    for language in LANGUAGES:
        with translation.override(language):
            document = saved.read(kept.pk)
            assert document == report.document(found, kept.pk)
            check(document)


def test_the_same_audit_saved_again_has_a_new_id_and_the_same_content(sites: None) -> None:
    first, second = saved.save(run()), saved.save(run())
    assert first.pk != second.pk
    assert first.result == second.result


def test_a_saved_audit_cannot_be_changed(sites: None) -> None:
    kept = saved.save(run())
    kept.data_version = "other"
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        kept.save()


def test_an_unknown_saved_audit_is_named() -> None:
    with pytest.raises(UnknownAudit, match="“12345678”"):
        saved.read(12345678)


def test_the_data_version_changes_with_the_data(sites: None) -> None:
    commit()
    before = run().data_version
    assert run().data_version == before
    open_site("late", D, inside(D))
    commit()
    assert run().data_version != before


def version(text: str) -> str:
    commit()
    return audit.run(targets.parse(HEAD + text, Path("own")), Record(DAY)).data_version


@pytest.mark.parametrize(
    ("was", "became"),
    [("TRUE", "FALSE"), ("metric: count", "metric: increment"), ("filter:", "goals: [{by: 2022-12-31, op: '>=', value: 2}]\n    filter:")],
)  # fmt: skip
def test_the_data_version_changes_with_what_the_plan_asks(was: str, became: str) -> None:
    assert version(COUNT) == version(COUNT) != version(COUNT.replace(was, became))


def test_the_data_version_changes_with_the_figures_that_must_agree() -> None:
    rule = "reconciliations:\n  - {id: a, title: {zh: 一, en: A}, computed: {figure: month, times: 12}, stated: year}\n"
    found = {version(text) for text in (FIGURE, FIGURE + rule, FIGURE + rule.replace("12", "11"))}
    assert len(found) == 3


@pytest.mark.parametrize(("of", "is_other"), [("doorplates", True), ("people", False)])
def test_the_data_version_changes_with_the_doors_that_are_reached(of: str, is_other: bool) -> None:
    text = REACH.replace("townships", of)
    before = version(text)
    plate(1, (0, 0), township=A, code="p-1").save()
    assert (version(text) != before) is is_other
    AnnualFigure.objects.create(indicator="a", title="a", division=CITY, year=2022, value=1, unit="", source="test")
    assert version(text) != before
