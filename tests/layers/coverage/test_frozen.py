"""Audits of frozen ledgers: what was recorded then, whatever was written since."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader
from layers.coverage import audit, comparing, places, report, saved, targets, words
from layers.coverage.audit import AuditResult, TargetResult
from layers.coverage.reports.boundaries import Places
from layers.models import AnnualFigure, DigitalDoorplate, Division, EcoBurialSite, HomeCareCentre, Milestone, Snapshot
from layers.snapshots import records, taking
from layers.snapshots.records import Record
from tests.layers.coverage import place, world
from tests.layers.coverage.place import (  # fmt: skip
    CITY,
    DAY,
    OPENED,
    TARGET,
    TOWNSHIPS,
    A,
    B,
    C,
    D,
    found_township,
    inside,
    open_site,
    square,
)
from tests.layers.coverage.test_independent import Ground, Plan, grounds, plans
from tests.layers.coverage.test_independent import write as write_sites
from tests.layers.coverage.test_measuring import FIGURE, MILESTONE
from tests.layers.coverage.test_measuring_independent import PROVISION, VILLAGES, Centre, centres
from tests.layers.coverage.test_measuring_independent import write as write_centres
from tests.layers.coverage.test_report import SCHEMA
from tests.layers.coverage.written import BEDS, COUNT, HEAD, INCREMENT, SHARE, found_counties
from tests.sharing import commit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "english")]
DIVISIONS = ("counties", "townships", "villages")
SITES, CENTRES = "eco-burial-sites", "home-care-centres"
LAST_YEAR = date(DAY.year - 1, 12, 31)


def freeze(*layer_ids: str, on: date = DAY) -> tuple[Snapshot, ...]:
    return tuple(taking.take(registry.get(layer_id), on) for layer_id in layer_ids)


def run(text: str = "", *, said: str = str(DAY), reader: Reader = BUREAU) -> AuditResult:
    """The audit of what was frozen; of the target of eco-burial sites unless another is written."""
    plan = targets.parse(HEAD + text, Path("own")) if text else targets.plan(DAY).chosen([TARGET])
    return audit.run(plan, records.find(said), reader=reader)


def one(text: str = "", **options: Any) -> TargetResult:
    (found,) = run(text, **options).targets
    return found


def told(found: AuditResult) -> Any:
    return report.document(found)


def texts(found: TargetResult) -> list[str]:
    return [words.note(note) for note in found.notes]


def fraction(found: TargetResult) -> tuple[int, int | None] | None:
    amount = found.amount
    return amount and (int(amount.numerator), None if amount.denominator is None else int(amount.denominator))


@pytest.fixture
def frozen() -> tuple[Snapshot, ...]:
    """Three of four townships count, and the site of the fourth is suspended; frozen, and backdated to be otherwise."""
    open_site("one", A, inside(A), serves=[(C, OPENED, None)])
    open_site("two", B, inside(B))
    open_site("three", D, inside(D), states=[("suspended", OPENED, None)])
    taken = freeze(SITES, "counties", "townships")
    one, two = (EcoBurialSite.objects.get(code=code) for code in ("one", "two"))
    one.states.update(status="closed")
    one.designations.all().delete()
    two.name, two.location = "改名", inside(A)
    two.save()
    open_site("four", D, inside(D))
    Division.objects.get(code=C).delete()
    found_township("999902003", square(4))
    return taken


def test_backdated_edits_change_the_audit_of_the_day_and_not_that_of_the_snapshot(frozen: tuple[Snapshot, ...]) -> None:
    assert place.counted() == {A, D}
    found = one()
    assert (fraction(found), [missing.adcode for missing in found.measured.missing]) == ((3, 4), [D])
    assert [(evidence.feature, evidence.name, evidence.adcode) for evidence in found.measured.evidence] == [
        ("one", "one号", A), ("two", "two号", B),
    ]  # fmt: skip
    assert [(share.adcode, fraction_of(share)) for share in found.measured.by_division] == [
        ("999901", (2, 2)), ("999902", (1, 2)),
    ]  # fmt: skip
    assert [words.reason(missing.causes) for missing in found.measured.missing] == [
        "“three号” is suspended since an unrecorded day"
    ]
    assert texts(found) == ["1 of the 3 townships that count has no site inside and is served from elsewhere (丙街道)."]


def fraction_of(share: Any) -> tuple[int, int]:
    return int(share.amount.numerator), int(share.amount.denominator)


def test_an_audit_says_what_it_read_and_is_repeated_by_it(frozen: tuple[Snapshot, ...]) -> None:
    commit()
    document = told(run())
    Draft202012Validator(SCHEMA).validate(document)
    numbers = ",".join(str(taken.pk) for taken in frozen)
    assert document["snapshot"]["numbers"] == numbers
    assert [(one["layer"], one["id"], one["day"]) for one in document["snapshot"]["ledgers"]] == [
        (taken.layer_id, taken.pk, "2022-12-31") for taken in frozen
    ]
    EcoBurialSite.objects.all().delete()
    freeze(SITES, "townships")  # once more, of the day
    commit()
    assert told(run(said=numbers)) == document
    assert told(run())["targets"][0]["status"] == "not_assessable"
    assert told(place.run())["snapshot"] is None


def test_its_version_is_of_the_snapshots_and_of_what_is_in_none(frozen: tuple[Snapshot, ...]) -> None:
    def version(text: str = "") -> str:
        commit()
        return run(text).data_version

    before = version()
    open_site("five", A)
    Division.objects.filter(code=A).update(name="改名")
    assert version() == before
    AnnualFigure.objects.create(indicator="a", title="a", division=CITY, year=2022, value=1, unit="", source="test")
    assert version() != before
    before = version()
    freeze("townships")
    assert version() != before
    before = version(VILLAGES_OF_SITES)
    Division.objects.filter(code=A).update(name="又改")
    assert version(VILLAGES_OF_SITES) != before  # villages were not frozen


VILLAGES_OF_SITES = """
    metric: reach
    of: villages
    within_m: 1000
    layer: eco-burial-sites
    filter: status = 'operating'
"""


def test_it_is_kept_and_compared_like_any(frozen: tuple[Snapshot, ...]) -> None:
    of_day, of_snapshot = (saved.save(found) for found in (place.run(), run()))
    assert (of_day.is_whole, of_snapshot.is_whole) == (False, False)
    found = comparing.compare(saved.read(of_snapshot.pk), saved.read(of_day.pk))
    assert found["differs"] == ["snapshot", "data_version"]
    (target,) = found["targets"]
    assert [missing["adcode"] for missing in target["missing"]["came"]] == [B, "999902003"]
    came, gone = (
        [(evidence["feature"], evidence["adcode"]) for evidence in target["evidence"][side]]
        for side in ("came", "gone")
    )
    assert (came, gone) == ([("four", D), ("two", A)], [("one", A), ("two", B)])
    assert saved.newest(1)[0][0]["snapshot"]["numbers"] == saved.read(of_snapshot.pk)["snapshot"]["numbers"]


def test_an_audit_of_snapshots_is_not_what_later_nights_and_dashboards_go_by() -> None:
    freeze(SITES, *DIVISIONS)
    found = audit.run(targets.plan(DAY), records.find(str(DAY)))
    assert (found.is_whole, audit.run(targets.plan(DAY), Record(DAY)).is_whole) == (False, True)


def test_who_may_see_a_site_was_decided_when_it_was_frozen() -> None:
    open_site("secret", A, inside(A), published=False)
    open_site("open", B, inside(B))
    freeze(SITES, *DIVISIONS)
    EcoBurialSite.objects.filter(code="secret").update(published=True)
    EcoBurialSite.objects.filter(code="open").update(published=False)
    found = one(reader=PUBLIC)
    assert fraction(found) == (2, 4)
    assert ([evidence.feature for evidence in found.measured.evidence], found.measured.evidence_total) == (["open"], 2)


# What was not frozen


def test_a_ledger_that_was_not_frozen_is_not_made_up(frozen: tuple[Snapshot, ...]) -> None:
    found = one(COUNT)
    assert (found.amount, found.status) == (None, "not_assessable")
    assert texts(found) == [
        "Not assessable: not frozen, or not among the snapshots given: Home-care centres (2022-12-31). "
        "What the registers say now need not be what was recorded then."
    ]
    assert told(run(COUNT))["snapshot"]["ledgers"][0]["layer"] == "counties"
    with translation.override("zh-hans"):
        assert "居家养老" in texts(found)[0]  # said in the language of whoever reads


def test_numbers_leave_out_what_they_do_not_name(frozen: tuple[Snapshot, ...]) -> None:
    found = one(said=str(frozen[0].pk))
    assert fraction(found) == (2, 4)  # of the townships there are now
    assert texts(found)[-1] == (
        "Not in the snapshots, and read as recorded when the audit was made: Counties, Townships."
    )
    assert one(said=str(frozen[1].pk)).amount is None


def test_figures_and_milestones_are_in_no_snapshot(frozen: tuple[Snapshot, ...]) -> None:
    AnnualFigure.objects.create(
        indicator="things", title="东西", division=CITY, year=2022, value=74, unit="个", source="总结"
    )
    for code in ("atlas", "outline"):
        Milestone.objects.create(code=code, name=code, division=CITY, source="test")
    said = "Not in the snapshots, and read as recorded when the audit was made: %s."
    assert (fraction(one(FIGURE)), texts(one(FIGURE))[-1]) == ((74, None), said % "annual figures")
    assert (fraction(one(MILESTONE)), texts(one(MILESTONE))[-1]) == ((0, 2), said % "milestones")


def test_what_came_within_the_year_takes_the_ledger_of_the_year_before() -> None:
    HomeCareCentre.objects.all().delete()
    for code in ("old", "new"):
        centre = HomeCareCentre.objects.create(
            code=code, name=code, source="test", tier="township", township_claimed=A, location=inside(A)
        )
        if code == "old":
            centre.states.create(status="operating", demonstration=True, valid_from=OPENED)
            freeze(CENTRES, on=LAST_YEAR)
        else:
            centre.states.create(status="operating", demonstration=True, valid_from=date(2022, 5, 1))
    HomeCareCentre.objects.filter(code="old").update(name="改名")
    taken = freeze(CENTRES, *DIVISIONS)
    found = run(INCREMENT)
    assert [evidence.feature for evidence in found.targets[0].measured.evidence] == ["new"]
    assert [ledger["day"] for ledger in told(found)["snapshot"]["ledgers"]] == ["2021-12-31", *["2022-12-31"] * 3]
    lacking = one(INCREMENT, said=",".join(str(one.pk) for one in taken))
    assert texts(lacking)[0].startswith(
        "Not assessable: not frozen, or not among the snapshots given: Home-care centres (2021-12-31)."
    )
    centre = HomeCareCentre.objects.get(code="new")
    centre.states.update(valid_from=OPENED)  # as if it had been there before
    assert fraction(one(INCREMENT)) == (1, None)
    assert fraction(one(COUNT)) == (2, None)
    assert [note.kind for note in one(COUNT).notes] == ["no_goal"]


# What was just frozen gives what the registers give


few = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def compared(text: str, layer_id: str) -> None:
    """The figures of the day and those of the snapshot, which are the same but for what no ledger of the day holds."""
    plan = targets.parse(HEAD + text, Path("own")) if text else targets.plan(DAY).chosen([TARGET])
    (live,), (held,) = audit.run(plan, Record(DAY)).targets, run(text).targets
    if not records.find(str(DAY)).rows(registry.get(layer_id), BUREAU).exists():
        assert (held.amount, "layer_empty" in [note.kind for note in held.notes]) == (None, True)
        return
    parts: Mapping[str, Callable[[TargetResult], Any]] = {
        "amount": lambda one: one.amount,
        "by_division": lambda one: one.measured.by_division,
        "missing": lambda one: [(missing.adcode, missing.feature, missing.name) for missing in one.measured.missing],
        "evidence": lambda one: (one.measured.evidence, one.measured.evidence_total),
        "boundaries": lambda one: one.measured.boundaries,
    }
    assert {name: part(held) for name, part in parts.items()} == {name: part(live) for name, part in parts.items()}


@few
@given(ground=grounds(), sites=st.lists(plans(), min_size=1, max_size=6))
def test_what_was_just_frozen_of_sites_is_what_is_registered(ground: list[Ground], sites: list[Plan]) -> None:
    with transaction.atomic():
        write_sites(ground, sites)
        found_counties()
        freeze(SITES, *DIVISIONS)
        compared("", SITES)
        transaction.set_rollback(True)


@few
@given(
    ground=grounds(), sites=st.lists(centres(), min_size=1, max_size=6), within_m=st.sampled_from([1, 4_000, 10_000])
)
def test_what_was_just_frozen_of_centres_is_what_is_registered(
    ground: list[Ground], sites: list[Centre], within_m: float
) -> None:
    with transaction.atomic():
        write_centres(ground, sites)
        found_counties()
        freeze(CENTRES, on=LAST_YEAR)
        freeze(CENTRES, *DIVISIONS)
        provided = [PROVISION.format(level=level, within_m=within_m) for level in ("township", "county")]
        for text in (COUNT, INCREMENT, SHARE, BEDS, *provided):
            compared(text, CENTRES)
        transaction.set_rollback(True)


def test_villages_are_those_that_were_frozen() -> None:
    codes = [f"{A}{number:03}" for number in range(1, 4)]
    for code in codes:
        world.village(code, None)
    points = registry.get("charity-points").model._default_manager
    points.filter(kind="charity_point").delete()
    point = points.create(
        code="p", name="点", kind="charity_point", source="test", village=codes[0], township_claimed=A
    )
    point.states.create(status="operating", valid_from=OPENED)
    freeze("charity-points", *DIVISIONS)
    Division.objects.get(code=codes[1]).delete()
    Division.objects.filter(code=codes[2]).update(name="改名")
    points.filter(code="p").update(village=codes[2])
    found = one(VILLAGES)
    assert (fraction(found), [(missing.adcode, missing.name) for missing in found.measured.missing]) == (
        (1, 3), [(codes[1], "村002"), (codes[2], "村003")],
    )  # fmt: skip


# Reach


REACH = """
    metric: reach
    of: {of}
    within_m: 1000
    layer: home-care-centres
    filter: status = 'operating'
"""


@pytest.fixture
def reachable() -> None:
    """In the first township two villages with people, three doors, one of them far, and a centre; frozen, then emptied."""
    world.clear()
    world.found_prefecture()
    for number, metres in ((1, (100, 0)), (2, (3000, 0))):
        world.village(f"{A}00{number}", metres, people=100 * number)
    for number, metres in ((1, (0, 100)), (2, (0, 200)), (3, (0, 3000))):
        world.door(number, metres)
    world.centre("one", (0, 0))
    world.centre("placeless", None)
    freeze(CENTRES, "doorplates", *DIVISIONS)
    world.centre("two", (3000, 0))
    Division.objects.get(code=f"{A}001").delete()
    world.place.clear(DigitalDoorplate)


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize(
    ("of", "expected", "uncovered"),
    [
        ("townships", None, []),
        ("villages", (1, 2), [f"{A}002"]),
        ("people", (100, 300), [f"{A}002"]),
        ("doorplates", (2, 3), []),
    ],
)
def test_reach_is_measured_from_what_was_frozen(of: str, expected: Any, uncovered: list[str]) -> None:
    found = one(REACH.format(of=of))
    assert (fraction(found), [missing.adcode for missing in found.measured.missing]) == (expected, uncovered)
    kinds = [note["kind"] for note in told(run(REACH.format(of=of)))["targets"][0]["notes"]]
    assert "facility_without_point" in kinds
    assert "doors_of_today" not in kinds
    assert ("as_recorded" in kinds) is (of in ("townships", "people"))


@pytest.mark.usefixtures("reachable")
def test_doors_that_were_not_frozen_are_not_those_of_today() -> None:
    kept = [taken.pk for taken in Snapshot.objects.exclude(layer_id="doorplates")]
    found = one(REACH.format(of="doorplates"), said=",".join(map(str, kept)))
    assert (found.amount, found.notes[0].kind) == (None, "not_frozen")
    assert "Digital doorplates (2022-12-31)" in texts(found)[0]


@pytest.mark.usefixtures("reachable")
def test_a_snapshot_without_rows_is_not_assessable() -> None:
    HomeCareCentre.objects.all().delete()
    freeze(CENTRES)
    found = one(REACH.format(of="villages"))
    assert (found.amount, [note["kind"] for note in told(run(REACH.format(of="villages")))["targets"][0]["notes"]][1]) == (
        None, "layer_empty",
    )  # fmt: skip
    assert one(COUNT).amount is None


# Where it is


def test_maps_and_gaps_are_of_the_divisions_that_were_frozen(frozen: tuple[Snapshot, ...]) -> None:
    Division.objects.filter(code=D).update(boundary=square(7), name="改名")
    document = told(run())
    drawn = places.features(document, document["targets"][0])["features"]
    assert [(one["id"], one["properties"].get("is_missing")) for one in drawn[:4]] == [
        (A, False), (B, False), (C, False), (D, True),
    ]  # fmt: skip
    found = Places(document)
    assert list(found.townships) == list(TOWNSHIPS)
    assert {code: (area.name, area.boundary.bounds[0]) for code, area in found.missing.items()} == {D: ("丁乡", 120.3)}
    assert list(found.counties) == ["999901", "999902"]


def test_features_are_where_they_were_when_frozen() -> None:
    open_site("one", A, inside(A))
    open_site("two", A, inside(B), states=[("closed", OPENED, None)])
    freeze(SITES, *DIVISIONS)
    EcoBurialSite.objects.filter(code="two").update(location=inside(D))
    share = f"    metric: share\n    layer: {SITES}\n    filter: status = 'operating'\n    among: status <> 'planned'\n"
    found = Places(told(run(share))).features
    assert {key: shape.coords[0] for key, shape in found.items()} == {(SITES, "two"): inside(B).coords}
