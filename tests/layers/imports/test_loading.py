"""Loading rows: what is new is added, what differs is changed, what is the same is left alone; undone again."""

from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connections

from layers.changes import Actor, recorded
from layers.imports import undoing
from layers.imports.errors import EditedSince
from layers.models import Change, EcoBurialDesignation, EcoBurialSite, EcoBurialSiteState, HomeCareCentre
from tests.layers.imports.filling import Rows, found, load

pytestmark = pytest.mark.django_db
ECO = "eco-burial-sites"
DAY, LATER = date(2022, 1, 1), date(2022, 7, 1)
TOWNSHIP, OTHER = "330602001", "330602002"


def site(code: str, **more: str | None) -> dict[str, str | None]:
    row = {
        "编码": code, "名称": f"青松{code}", "状态": "运营中", "所属乡镇": TOWNSHIP, "来源": "demonstration",
        "级别": "village", "经度": "120.584", "纬度": "29.994", "服务乡镇": TOWNSHIP, "占地面积（平方米）": "1,200.5",
    }  # fmt: skip
    return row | more


@pytest.fixture
def rows() -> Rows:
    return [site("eco-x1"), site("eco-x2", 名称="翠柏园", 经度="120.585")]


def test_new_rows_are_added_with_their_state_and_list(rows: Rows) -> None:
    outcome = load(ECO, rows, on=DAY)
    assert (found(outcome), outcome.is_written) == ([], True)
    assert (outcome.added, outcome.changed, outcome.unchanged, outcome.refused) == (2, 0, 0, 0)
    one = EcoBurialSite.objects.get(code="eco-x1")
    assert (one.name, one.area_m2, one.township_claimed, one.location.coords) == (
        "青松eco-x1",
        1200.5,
        TOWNSHIP,
        (120.584, 29.994),
    )
    [state] = EcoBurialSiteState.objects.filter(site=one)
    assert (state.status, state.valid_from, state.valid_to) == ("operating", DAY, None)
    assert [(row.township, row.valid_from) for row in one.designations.all()] == [(TOWNSHIP, DAY)]


def test_the_same_file_again_changes_nothing(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    versions = dict(EcoBurialSite.objects.values_list("code", "version"))
    changes = Change.objects.count()
    outcome = load(ECO, rows, on=LATER)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 0, 2)
    assert dict(EcoBurialSite.objects.values_list("code", "version")) == versions
    assert Change.objects.count() == changes


def test_only_what_differs_is_written(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    outcome = load(ECO, [site("eco-x1", 名称="青松新园"), rows[1]], on=LATER)
    assert (outcome.changed, outcome.unchanged, outcome.changed_fields) == (1, 1, {"name": 1})
    assert outcome.changes == [{"row": 2, "code": "eco-x1", "fields": {"name": ["青松eco-x1", "青松新园"]}}]
    assert dict(EcoBurialSite.objects.filter(code__startswith="eco-x").values_list("code", "version")) == {
        "eco-x1": 2,
        "eco-x2": 1,
    }


def test_a_dated_fact_changes_on_the_day(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    load(ECO, [site("eco-x1", 状态="closed", 服务乡镇=f"{OTHER}；{TOWNSHIP}")], on=LATER)
    one = EcoBurialSite.objects.get(code="eco-x1")
    states = list(one.states.order_by("valid_from").values_list("status", "valid_from", "valid_to"))
    assert states == [("operating", DAY, LATER), ("closed", LATER, None)]
    lists = sorted(one.designations.values_list("township", "valid_from", "valid_to"))
    assert lists == [(TOWNSHIP, DAY, None), (OTHER, LATER, None)]


def test_on_the_day_it_began_a_state_is_corrected(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    load(ECO, [site("eco-x1", 状态="planned", 服务乡镇=OTHER)], on=DAY)
    one = EcoBurialSite.objects.get(code="eco-x1")
    assert list(one.states.values_list("status", "valid_from", "valid_to")) == [("planned", DAY, None)]
    assert list(one.designations.values_list("township", "valid_from")) == [(OTHER, DAY)]


def test_a_later_state_stays(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    one = EcoBurialSite.objects.get(code="eco-x1")
    EcoBurialSiteState.objects.filter(site=one).update(valid_to=date(2023, 1, 1))
    EcoBurialSiteState.objects.create(site=one, status="closed", valid_from=date(2023, 1, 1))
    load(ECO, [site("eco-x1", 状态="suspended")], on=LATER)
    states = list(one.states.order_by("valid_from").values_list("status", "valid_from", "valid_to"))
    assert states == [
        ("operating", DAY, LATER), ("suspended", LATER, date(2023, 1, 1)), ("closed", date(2023, 1, 1), None),
    ]  # fmt: skip


def test_columns_that_the_file_does_not_have_stay(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    load(ECO, [{"编码": "eco-x1", "名称": "另名"}], on=DAY)
    one = EcoBurialSite.objects.get(code="eco-x1")
    assert (one.name, one.area_m2, one.source, one.location.coords) == (
        "另名",
        1200.5,
        "demonstration",
        (120.584, 29.994),
    )


def test_an_empty_cell_empties(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    outcome = load(ECO, [site("eco-x1", **{"占地面积（平方米）": None, "经度": None, "纬度": None})], on=DAY)
    assert outcome.changed_fields == {"area_m2": 1, "geometry": 1}
    one = EcoBurialSite.objects.get(code="eco-x1")
    assert (one.area_m2, one.location) == (None, None)


def test_a_faulty_row_refuses_the_file(rows: Rows) -> None:
    outcome = load(ECO, [*rows, site("eco-x3", 状态="很好")])
    assert (found(outcome), outcome.is_written, outcome.refused) == ([("not_choice", "status", 1, [4])], False, 1)
    assert not EcoBurialSite.objects.filter(code__startswith="eco-x").exists()


def test_or_is_left_out(rows: Rows) -> None:
    outcome = load(ECO, [*rows, site("eco-x3", 状态="很好")], keep_going=True)
    assert (outcome.added, outcome.refused, outcome.is_written) == (2, 1, True)
    assert set(EcoBurialSite.objects.filter(code__startswith="eco-x").values_list("code", flat=True)) == {
        "eco-x1",
        "eco-x2",
    }


def test_a_row_without_a_code_is_given_the_same_each_time(rows: Rows) -> None:
    bare = [{name: value for name, value in row.items() if name != "编码"} for row in rows]
    assert load(ECO, bare, on=DAY).added == 2
    assert load(ECO, bare, on=DAY).unchanged == 2


def test_one_value_can_be_set_for_all_rows(rows: Rows) -> None:
    bare = [{name: value for name, value in row.items() if name != "来源"} for row in rows]
    assert found(load(ECO, bare)) == [("no_column", "source", 2, [2, 3])]
    assert load(ECO, bare, source="市民政局台账").added == 2
    assert EcoBurialSite.objects.get(code="eco-x1").source == "市民政局台账"


def test_townships_are_known_by_name() -> None:
    row = {
        "编码": "h-1",
        "名称": "中心",
        "乡镇": "枫桥镇",
        "状态": "operating",
        "层级": "township",
        "来源": "demonstration",
    }
    assert found(load("home-care-centres", [row])) == []
    assert HomeCareCentre.objects.get(code="h-1").township_claimed.startswith("330681")


def test_two_imports_of_a_register_wait_for_each_other(rows: Rows) -> None:
    """The lock, which the one holds until its transaction ends; the queue takes the other no earlier."""
    params = connections["default"].get_connection_params()
    params.pop("cursor_factory")
    load(ECO, rows)
    with psycopg.connect(**params) as other:
        free = {
            table: other.execute(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('import ' || %s, 0))", [table]
            ).fetchone()
            for table in ("layers_ecoburialsite", "layers_funeralhome")
        }
    assert free == {"layers_ecoburialsite": (False,), "layers_funeralhome": (True,)}


# Undoing


def recorded_load(rows: Rows, on: date) -> None:
    with recorded(Actor(name="clerk", origin="import 7")):
        load(ECO, rows, on=on)


def undo() -> None:
    with recorded(Actor(name="clerk", origin="undo import 7")):
        undoing.undo("import 7")


def everything() -> list[Any]:
    """What the registers hold, without versions."""
    sites = EcoBurialSite.objects.filter(code__startswith="eco-x").order_by("code")
    return [
        *sites.values_list("code", "name", "area_m2", "location", "published"),
        *EcoBurialSiteState.objects.filter(site__in=sites).order_by("site", "valid_from").values_list("site", "status", "valid_from", "valid_to"),
        *EcoBurialDesignation.objects.filter(site__in=sites).order_by("site", "township").values_list("site", "township", "valid_from", "valid_to"),
    ]  # fmt: skip


def test_what_was_added_is_undone(rows: Rows) -> None:
    recorded_load(rows, DAY)
    undo()
    assert everything() == []


def test_what_was_changed_is_undone(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    before = everything()
    changed = site("eco-x1", 名称="新名", 状态="closed", 经度="120.586", 服务乡镇=OTHER, **{"占地面积（平方米）": None})
    recorded_load([changed, site("eco-x3", 名称="别处", 经度="120.588")], LATER)
    assert everything() != before
    undo()
    assert everything() == before


def test_what_was_corrected_on_its_day_is_undone(rows: Rows) -> None:
    load(ECO, rows, on=DAY)
    before = everything()
    recorded_load([site("eco-x1", 状态="closed", 服务乡镇=OTHER)], DAY)
    undo()
    assert everything() == before


def test_what_was_edited_since_is_not_undone(rows: Rows) -> None:
    recorded_load(rows, DAY)
    with recorded(Actor(name="other", origin="api")):
        EcoBurialSite.objects.filter(code="eco-x2").update(name="别人改的")
    with pytest.raises(EditedSince) as refused:
        undo()
    assert refused.value.codes == ["eco-x2"]
    assert EcoBurialSite.objects.filter(code__startswith="eco-x").count() == 2
