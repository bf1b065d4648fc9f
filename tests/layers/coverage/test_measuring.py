"""What a target gives, whom it names to whom, and why it cannot be measured."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from layers.access import PUBLIC
from layers.coverage import audit, report, targets, words
from layers.coverage.amounts import Amount
from layers.coverage.metrics.figures import Figure
from layers.errors import BadParameter
from layers.models import AnnualFigure, Division, HomeCareCentre, Milestone, ServicePoint
from layers.models.base import DEMONSTRATION
from layers.snapshots.records import Record
from tests.layers.coverage.place import CITY, DAY, TOWNSHIPS, A, B, inside
from tests.layers.coverage.test_independent import NOWHERE
from tests.layers.coverage.written import BEDS, COUNT, HEAD, INCREMENT, SHARE, counties, result, texts
from tests.layers.doorplates.streets import plate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "english")]


def centre(code: str, claimed: str, status: str = "operating", **given: Any) -> HomeCareCentre:
    made = HomeCareCentre.objects.create(
        code=code, name=f"{code}号", **{"source": "test", "tier": "township", "township_claimed": claimed, **given}
    )
    made.states.create(status=status, demonstration=True, valid_from=date(2020, 1, 1))
    return made


@pytest.fixture
def no_centres() -> None:
    HomeCareCentre.objects.all().delete()


@pytest.mark.usefixtures("no_centres")
@pytest.mark.parametrize("text", [COUNT, INCREMENT, SHARE, BEDS])
def test_a_layer_without_rows_is_not_assessable(tmp_path: Path, text: str) -> None:
    found = result(tmp_path, text)
    assert (found.status, found.amount, found.measured.by_division) == ("not_assessable", None, ())
    assert "Not assessable: the layer has no rows." in texts(found)


def test_a_kind_without_rows_is_not_assessable_though_others_are_in_its_register(tmp_path: Path) -> None:
    ServicePoint.objects.filter(kind="county_complex").delete()
    assert ServicePoint.objects.exists()
    text = COUNT.replace("home-care-centres", "county-complexes").replace(" AND demonstration = TRUE", "")
    assert texts(result(tmp_path, text)) == ["Not assessable: the layer has no rows."]


@pytest.mark.usefixtures("no_centres")
def test_without_a_number_in_the_plan_the_figure_stands_and_is_not_assessed(tmp_path: Path) -> None:
    centre("one", A, location=inside(A))
    found = result(tmp_path, COUNT)
    assert found.amount is not None
    assert (found.amount.value, found.status) == (1, "not_assessable")
    assert texts(found)[0] == "Not assessable: the plan gives no number to hold the figure against."


@pytest.mark.usefixtures("no_centres")
def test_what_the_public_may_not_see_counts_and_is_not_named(tmp_path: Path) -> None:
    centre("open", A, location=inside(A))
    centre("secret", B, location=inside(B), published=False)
    centre("shut", B, status="suspended", location=inside(B), published=False)
    text = SHARE + "    among: status <> 'closed'\n"
    found = result(tmp_path, text, reader=PUBLIC)
    assert found.amount is not None
    assert (found.amount.numerator, found.amount.denominator) == (2, 3)
    assert [one.feature for one in found.measured.evidence] == ["open"]
    assert found.measured.evidence_total == 2
    assert [(one.feature, one.name, words.reason(one.causes)) for one in found.measured.missing] == [
        ("", None, "A site that is not published does not meet the condition")
    ]
    assert {one.feature for one in result(tmp_path, text).measured.evidence} == {"open", "secret"}


@pytest.mark.usefixtures("no_centres")
def test_what_limits_a_count_is_said(tmp_path: Path) -> None:
    centre("demo", A, location=inside(A), source=DEMONSTRATION, beds=None)
    centre("lost", NOWHERE, location=None, beds=3)
    text = COUNT.replace("demonstration = TRUE", "beds < 900 OR beds IS NULL")
    assert texts(result(tmp_path, text))[1:] == [
        "1 of the 2 that count is demonstration data.",
        "1 of the 2 that count lies in no county of that day and stands in the total only.",
        "Kept without dates and read as they are now: beds.",
    ]
    assert "1 of the 2 that count has no value recorded and adds nothing." in texts(result(tmp_path, BEDS))


FIGURE = "    metric: ratio\n    unit: count\n    numerator: {figure: things}\n"


def test_a_figure_of_another_year_is_no_figure_of_this_one(tmp_path: Path) -> None:
    AnnualFigure.objects.create(
        indicator="things", title="东西", division=CITY, year=2022, value=74, unit="个", source="总结", note="下限"
    )
    found = result(tmp_path, FIGURE)
    assert found.amount is not None
    assert found.amount.value == 74
    assert texts(found)[1:] == [
        "“东西” is the figure reported for 2022 (总结); the layers do not compute it.",
        "下限",
    ]
    later = result(tmp_path, FIGURE, as_of=date(2023, 12, 31))
    assert later.amount is None
    assert texts(later) == ["Not assessable: no annual figure “things” is recorded for 2023, and none is guessed."]


MILESTONE = (
    "    metric: milestone\n    milestones: [atlas, outline]\n    goals: [{by: 2022-12-31, op: '>=', value: 1}]\n"
)


def test_milestones_are_done_by_the_day(tmp_path: Path) -> None:
    assert texts(result(tmp_path, MILESTONE)) == ["Not assessable: no such milestone is recorded (atlas, outline)."]
    done = {"done_on": date(2022, 12, 31), "evidence": "ISBN 1"}
    Milestone.objects.create(code="atlas", name="图典", division="999901", source="test", **done)
    Milestone.objects.create(code="outline", name="大纲", division=CITY, source="test", due=date(2022, 6, 30))
    found = result(tmp_path, MILESTONE)
    assert found.amount is not None
    assert (found.amount.numerator, found.amount.denominator, found.status) == (1, 2, "missed")
    assert [words.reason(one.causes) for one in found.measured.missing] == [
        "“大纲” has no record of being done by that day; due: 2022-06-30"
    ]
    assert texts(found) == ["“图典” was done on 2022-12-31: ISBN 1"]
    of_east, of_west = (result(tmp_path, MILESTONE, division=code) for code in ("999901", "999902"))
    assert of_east.amount is not None
    assert (of_east.amount.numerator, of_east.amount.denominator) == (1, 1)
    assert texts(of_west) == ["Not assessable: the milestone is not of this division."]
    before = result(tmp_path, MILESTONE, as_of=date(2022, 12, 30)).amount
    assert before is not None
    assert before.numerator == 0


def test_figures_that_contradict_each_other_are_found(tmp_path: Path) -> None:
    for name, value in (("month", 1050), ("floor", 13000), ("year", 12600)):
        AnnualFigure.objects.create(
            indicator=name, title=name, division=CITY, year=2022, value=value, unit="元", source="test"
        )
    rule = "  - {id: %s, title: {zh: 底线, en: Floor}, computed: {figure: month, times: 12}, stated: %s}\n"
    path = tmp_path / "own.yaml"
    rules = "".join(rule % (stated, stated) for stated in ("floor", "year", "nothing"))
    path.write_text(HEAD + FIGURE + "reconciliations:\n" + rules, encoding="utf-8")
    found = audit.run(targets.load(path), Record(DAY)).findings
    assert [words.finding(one) for one in found] == [
        "Floor: 1,050 × 12 = 12,600, but 13,000 元 is reported.",
        "Floor: cannot be checked, for no figure is recorded of nothing.",
    ]


REACH = "    metric: reach\n    of: townships\n    within_m: 3000\n    layer: home-care-centres\n    filter: status = 'operating'\n"


@pytest.mark.usefixtures("no_centres")
def test_reach_is_a_target_too(tmp_path: Path) -> None:
    for code in TOWNSHIPS:
        Division.objects.filter(code=code).update(centre=inside(code))
    assert texts(result(tmp_path, REACH)) == []
    centre("one", A, location=inside(A), source=DEMONSTRATION)
    found = result(tmp_path, REACH + "    goals: [{by: 2022-12-31, op: '>=', value: 1}]\n")
    assert found.amount is not None
    assert (found.amount.numerator, found.amount.denominator, found.amount.gap, found.status) == (1, 4, 3, "missed")
    assert counties(found) == {"999901": (1, 2), "999902": (0, 2)}
    assert next((one.adcode, words.reason(one.causes)) for one in found.measured.missing) == (
        B,
        "the nearest facility is 9,644 m away",
    )
    said = [note["kind"] for note in report.document(audit.AuditResult(DAY, "", "", (found,)))["targets"][0]["notes"]]
    assert said == ["straight_line_epsg_4549", "centres", "facility_of_demonstration"]


GOAL = "    goals: [{by: 2022-12-31, op: '>=', value: 2}]\n"


@pytest.mark.usefixtures("no_centres")
def test_how_many_are_wanted_is_said_of_the_whole_and_judges_no_county(tmp_path: Path) -> None:
    centre("one", A, location=inside(A))
    assert result(tmp_path, COUNT + GOAL).status == "missed"
    assert {one.amount.status for one in result(tmp_path, COUNT + GOAL).measured.by_division} == {"not_assessable"}
    of_county = result(tmp_path, COUNT + GOAL, division="999901")
    assert (of_county.status, texts(of_county)[0]) == (
        "not_assessable", "Not assessable: the number of the plan is that of the whole, not of a part.",
    )  # fmt: skip
    assert result(tmp_path, COUNT + GOAL, division=CITY).status == "missed"


@pytest.mark.usefixtures("no_centres")
def test_what_is_counted_anew_each_year_has_no_goal_of_an_earlier_one(tmp_path: Path) -> None:
    centre("one", A, location=inside(A))
    later = date(2024, 3, 1)
    assert result(tmp_path, COUNT + GOAL, as_of=later).status == "missed"
    for text in (INCREMENT, COUNT.replace("demonstration", "{year} > 0 AND demonstration")):
        found = result(tmp_path, text + GOAL, as_of=later)
        assert (found.status, found.notes[0].kind) == ("not_assessable", "goal_past")


def test_doorplates_belong_to_the_township_they_claim_whatever_the_boundary(tmp_path: Path) -> None:
    plate(1, (0, 0), township=A, code="p-1").save()
    plate(2, (0, 9000), township=A, code="p-2").save()
    found = result(
        tmp_path, "    metric: count\n    layer: doorplates\n    filter: status = 'current'\n", division=CITY
    )
    assert found.amount is not None
    assert (found.amount.numerator, counties(found)["999901"][0]) == (2, 2)


@pytest.mark.parametrize("as_of", [date(1, 6, 1), date(900, 1, 1), date(9999, 12, 31)])
def test_a_day_that_no_register_knows_is_refused(tmp_path: Path, as_of: date) -> None:
    with pytest.raises(BadParameter, match="1900"):
        result(tmp_path, INCREMENT, as_of=as_of)


def test_a_figure_of_nothing_divides_nothing(tmp_path: Path) -> None:
    for name, value in (("things", 74), ("people", 0)):
        AnnualFigure.objects.create(
            indicator=name, title=name, division=CITY, year=2022, value=value, unit="", source="test"
        )
    found = result(tmp_path, FIGURE + "    denominator: {figure: people}\n")
    assert (found.amount, found.notes[0].kind) == (None, "nothing_to_divide_by")
    rule = "reconciliations:\n  - {id: a, title: {zh: 一, en: A}, computed: {figure: things, divided_by: people}, stated: things}\n"
    path = tmp_path / "own.yaml"
    path.write_text(HEAD + FIGURE + rule, encoding="utf-8")
    assert [one.missing for one in audit.run(targets.load(path), Record(DAY)).findings] == [("people",)]


@pytest.mark.parametrize(("reported", "differs"), [(29, False), (29.4, True), (28, True)])
def test_a_reported_percentage_is_compared_within_its_rounding(reported: float, differs: bool) -> None:
    figure = Figure(CITY, "rate", "率", 2022, Decimal(str(reported)), "%", "test", "")
    assert audit._differs(Amount(Decimal(29), Decimal(100), None), figure) is differs


@pytest.mark.usefixtures("no_centres")
def test_the_public_is_not_told_how_far_a_facility_is_that_it_may_not_see(tmp_path: Path) -> None:
    for code in TOWNSHIPS:
        Division.objects.filter(code=code).update(centre=inside(code))
    centre("secret", A, location=inside(A), published=False)
    centre("placeless", A, published=False)
    found = result(tmp_path, REACH, reader=PUBLIC)
    assert {words.reason(one.causes) for one in found.measured.missing} == {"no facility is within the distance"}
    said = report.document(audit.AuditResult(DAY, "", "", (found,)))["targets"][0]["notes"]
    assert "placeless" not in str(said)
