"""Counts, increments, shares and ratios computed a second time, in plain Python and shapely, over random small layers;
and what cannot be measured says why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from django.contrib.gis import geos
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.access import BUREAU, PUBLIC, Reader
from layers.coverage import audit, report, targets, words
from layers.coverage.amounts import Amount
from layers.coverage.audit import TargetResult
from layers.coverage.metrics.figures import Figure
from layers.errors import BadParameter
from layers.models import AnnualFigure, Division, HomeCareCentre, Milestone, ServicePoint
from layers.models.base import DEMONSTRATION, SRID
from tests.layers.coverage.place import CITY, DAY, TOWNSHIPS, A, B, inside
from tests.layers.coverage.test_independent import DAYS, NOWHERE, STATUSES, STEPS, Ground, Plan, grounds, place_of
from tests.layers.coverage.test_independent import write as write_ground
from tests.layers.doorplates.streets import plate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "english")]
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


@dataclass(frozen=True)
class Centre(Plan):
    """is_demonstration: of each of its states, in their order."""

    is_demonstration: Sequence[bool] = field(default_factory=tuple)
    beds: int | None = None

    def on(self, day: date) -> tuple[str, bool] | None:
        held = [
            (status, demo)
            for (since, status), demo in zip(self.changes, self.is_demonstration, strict=True)
            if since <= day
        ]
        return held[-1] if held else None

    def counts(self, day: date) -> bool:
        return self.on(day) == ("operating", True)

    def operates(self) -> bool:
        return (self.on(DAY) or ("", False))[0] == "operating"


@st.composite
def centres(draw: st.DrawFn) -> Centre:
    begins = sorted(draw(st.sets(DAYS, min_size=1, max_size=3)))
    return Centre(
        claimed=draw(st.sampled_from([*TOWNSHIPS, NOWHERE])),
        step=draw(st.none() | STEPS),
        changes=[(day, draw(STATUSES)) for day in begins],
        is_demonstration=[draw(st.booleans()) for _day in begins],
        beds=draw(st.none() | st.integers(0, 90)),
    )


def write(ground: list[Ground], sites: list[Centre]) -> None:
    HomeCareCentre.objects.all().delete()
    write_ground(ground, [])
    for number, site in enumerate(sites):
        centre = HomeCareCentre.objects.create(
            code=f"care-{number}",
            name=f"{number}号",
            source="test",
            tier="township",
            township_claimed=site.claimed,
            beds=site.beds,
            location=None if site.point is None else geos.Point(site.point.x, site.point.y, srid=SRID),
        )
        ends = [*[day for day, _status in site.changes[1:]], None]
        for (since, status), demo, until in zip(site.changes, site.is_demonstration, ends, strict=True):
            centre.states.create(status=status, demonstration=demo, valid_from=since, valid_to=until)


def found_counties() -> None:
    Division.objects.bulk_create(
        Division(code=code, level="county", kind="县", name=code, parent_code=CITY, source="test")
        for code in ("999901", "999902")
    )


def result(folder: Path, text: str, *, as_of: date = DAY, division: str = "", reader: Reader = BUREAU) -> TargetResult:
    path = folder / "own.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    (found,) = audit.run(targets.load(path), as_of=as_of, division=division, reader=reader).targets
    return found


def counties(found: TargetResult) -> dict[str, tuple[Decimal, Decimal | None]]:
    return {one.adcode: (one.amount.numerator, one.amount.denominator) for one in found.measured.by_division}


def texts(found: TargetResult) -> list[str]:
    return [words.note(note) for note in found.notes]


def tallied(
    ground: list[Ground], sites: list[Centre], counts: Callable[[Centre], Any], among: Callable[[Centre], Any]
) -> tuple[tuple[int, int], dict[str, tuple[int, int]]]:
    """Numerator and denominator of all, and of each county, as a person would count them."""
    townships = {one.code: one for one in ground if one.in_force}
    total = (sum(map(counts, sites)), sum(map(among, sites)))
    by_county: dict[str, tuple[int, int]] = {"999901": (0, 0), "999902": (0, 0)}
    for site in sites:
        county = place_of(site, townships)[:6]
        if county in by_county:
            above, below = by_county[county]
            by_county[county] = (above + counts(site), below + among(site))
    return total, by_county


few = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@few
@given(ground=grounds(), sites=st.lists(centres(), min_size=1, max_size=6))
def test_an_independent_computation_agrees(tmp_path: Path, ground: list[Ground], sites: list[Centre]) -> None:
    write(ground, sites)
    found_counties()
    last_year = date(DAY.year - 1, 12, 31)
    rules: dict[str, tuple[Callable[[Centre], Any], Callable[[Centre], Any]]] = {
        COUNT: (lambda site: site.counts(DAY), lambda site: site.counts(DAY)),
        INCREMENT: (lambda site: site.counts(DAY) and not site.counts(last_year), lambda site: site.counts(DAY)),
        SHARE: (lambda site: site.counts(DAY), Centre.operates),
    }
    for text, (counts, among) in rules.items():
        found, divided = result(tmp_path, text), text is SHARE
        (numerator, denominator), expected = tallied(ground, sites, counts, among)
        if divided and not denominator:
            assert found.amount is None
            assert found.notes[0].kind == "nothing_to_divide_by"
            continue
        assert found.amount is not None
        assert (found.amount.numerator, found.amount.denominator) == (numerator, denominator if divided else None)
        wanted = {code: (n, of if divided else None) for code, (n, of) in expected.items() if of or not divided}
        assert counties(found) == wanted
        assert len(found.measured.evidence) == found.measured.evidence_total == numerator
        assert len(found.measured.missing) == (denominator - numerator if divided else 0)


@few
@given(
    ground=grounds(),
    sites=st.lists(centres(), min_size=1, max_size=6),
    elderly=st.dictionaries(st.sampled_from([CITY, "999901", "999902"]), st.integers(1, 9000)),
)
def test_a_ratio_of_a_sum_to_a_figure_agrees(
    tmp_path: Path, ground: list[Ground], sites: list[Centre], elderly: dict[str, int]
) -> None:
    write(ground, sites)
    AnnualFigure.objects.filter(indicator="elderly").delete()
    Division.objects.bulk_create(
        Division(code=code, level=level, kind="县", name=code, parent_code=parent, source="test")
        for code, level, parent in ((CITY, "city", ""), ("999901", "county", CITY), ("999902", "county", CITY))
    )
    for code, value in elderly.items():
        AnnualFigure.objects.create(
            indicator="elderly", title="老人", division=code, year=2022, value=value, unit="人", source="test"
        )
    found = result(tmp_path, BEDS)

    def beds(site: Centre) -> int:
        return (site.beds or 0) if site.operates() else 0

    (numerator, _among), expected = tallied(ground, sites, beds, beds)
    if CITY in elderly:
        assert found.amount is not None
        assert (found.amount.numerator, found.amount.denominator) == (numerator, elderly[CITY])
        assert found.amount.value == pytest.approx(numerator * 1000 / elderly[CITY])
    else:
        assert found.amount is None
        assert "no_figure" in [note.kind for note in found.notes]
    assert counties(found) == {code: (n, elderly[code]) for code, (n, _of) in expected.items() if code in elderly}


PROVISION = """
    metric: provision_rate
    level: {level}
    layer: home-care-centres
    filter: status = 'operating'
    within_m: {within_m}
"""
to_metres = pyproj.Transformer.from_crs(SRID, 4549, always_xy=True).transform


def in_metres(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: np.column_stack(to_metres(*xy.T)))


def provided(ground: list[Ground], sites: list[Centre], within_m: float) -> set[str]:
    """The townships in which an operating centre lies, or within a distance of whose boundary one stands."""
    townships = {one.code: one for one in ground if one.in_force}
    found = set()
    for site in sites:
        if site.operates():
            found.add(place_of(site, townships))
            found |= {
                one.code
                for one in townships.values()
                if one.quality and site.point is not None
                if shapely.distance(in_metres(one.shape), in_metres(site.point)) <= within_m
            }
    return found & townships.keys()


@few
@given(
    ground=grounds(), sites=st.lists(centres(), min_size=1, max_size=6), within_m=st.sampled_from([1, 4_000, 10_000])
)
def test_provision_by_county_and_within_a_distance_agrees(
    tmp_path: Path, ground: list[Ground], sites: list[Centre], within_m: float
) -> None:
    write(ground, sites)
    found_counties()
    townships = {one.code for one in ground if one.in_force}
    expected = provided(ground, sites, within_m)
    found = result(tmp_path, PROVISION.format(level="township", within_m=within_m))
    if not townships:
        assert found.amount is None
        return
    assert townships - {one.adcode for one in found.measured.missing} == expected
    found = result(tmp_path, PROVISION.format(level="county", within_m=within_m))
    wanted = {"999901", "999902"}  # whether or not they have a township
    assert found.amount is not None
    assert wanted - {one.adcode for one in found.measured.missing} == {code[:6] for code in expected}
    assert (found.amount.numerator, found.amount.denominator) == (len({code[:6] for code in expected}), len(wanted))


VILLAGES = """
    metric: provision_rate
    level: village
    layer: charity-points
    filter: status = 'operating'
"""


@few
@given(
    villages=st.sets(st.integers(1, 5), min_size=1),
    points=st.lists(st.tuples(st.integers(1, 7), STATUSES), min_size=1, max_size=8),
)
def test_provision_by_village_agrees(tmp_path: Path, villages: set[int], points: list[tuple[int, str]]) -> None:
    ServicePoint.objects.filter(kind="charity_point").delete()
    Division.objects.filter(level="village").delete()
    codes = {number: f"99990{1 + number % 2}001{number:03}" for number in range(1, 8)}
    for number in villages:
        Division.objects.create(code=codes[number], level="village", kind="村", name=f"{number}村", source="test")
    for place, (number, status) in enumerate(points):
        point = ServicePoint.objects.create(
            code=f"p-{place}", name=f"{place}号", kind="charity_point", source="test", village=codes[number],
            township_claimed=A,
        )  # fmt: skip
        point.states.create(status=status, valid_from=date(2020, 1, 1))
    found = result(tmp_path, VILLAGES)
    served = {number for number, status in points if status == "operating"} & villages
    assert found.amount is not None
    assert (found.amount.numerator, found.amount.denominator) == (len(served), len(villages))
    assert {one.adcode for one in found.measured.missing} == {codes[number] for number in villages - served}
    for county in ("999901", "999902"):
        own = {number for number in villages if codes[number].startswith(county)}
        assert counties(found).get(county) == ((len(own & served), len(own)) if own else None)


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
    found = audit.run(targets.load(path), as_of=DAY).findings
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
    assert [one.missing for one in audit.run(targets.load(path), as_of=DAY).findings] == [("people",)]


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
