"""Every step of a plate's life, by every way of writing: those that may be taken, and the words for those that may not."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import translation

from layers import reference, registry
from layers.access import BUREAU
from layers.addresses import COMPONENTS
from layers.doorplates import life
from layers.edit.edits import Edit
from layers.edit.errors import InvalidFeature, StaleVersion
from layers.imports import undoing
from layers.imports.faults import words
from layers.models import Change, DigitalDoorplate
from layers.models.doorplates import LIFE, PlateStatus
from layers.reference import BadFixture
from layers.rows import today, version
from tests.layers.admin.posting import errors_of, post
from tests.layers.doorplates.street import TOWNSHIP, door
from tests.layers.imports.filling import found, load
from tests.sharing import shared_transaction
from tests.writing import feature, patch, refusal, tag, url
from tests.writing import post as post_item

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
PLATES = registry.get("doorplates")
STEPS = [(before, after) for before in PlateStatus for after in PlateStatus if before != after]
ALLOWED = {
    "planned": {"reserved", "current", "rejected"},
    "reserved": {"current", "rejected"},
    "current": {"retired"},
    "retired": {"current"},
    "rejected": {"planned"},
    "unknown": {"planned", "reserved", "current", "retired", "rejected"},
}
every_step = pytest.mark.parametrize(("before", "after"), STEPS, ids=lambda status: str(status))


def plate(status: str, **given: Any) -> DigitalDoorplate:
    about = {"retired_on": date(2024, 5, 1)} if status == "retired" else {}
    return door(12, 0, 0, status=status, **about, **given)


def stored(code: str) -> tuple[str, date | None]:
    return DigitalDoorplate.objects.values_list("status", "retired_on").get(code=code)


def versions(code: str) -> frozenset[str]:
    return frozenset(DigitalDoorplate.objects.filter(code=code).values_list(version(PLATES), flat=True))


def test_the_table_says_every_state_once() -> None:
    assert {before: {str(after) for after in LIFE.following[before]} for before in LIFE.following} == ALLOWED
    assert len(LIFE.forbidden) == len(STEPS) - sum(map(len, ALLOWED.values()))
    assert life.next_states("reserved") == [PlateStatus.CURRENT, PlateStatus.REJECTED]


@every_step
def test_the_database_lets_a_step_be_taken_or_refuses_it(before: str, after: str) -> None:
    row = plate(before)
    kept = {"retired_on": None} if before == "retired" else {}
    if after in ALLOWED[before]:
        DigitalDoorplate.objects.filter(pk=row.pk).update(status=after, **kept)
        assert stored(row.code) == (after, today() if after == "retired" else None)
    else:
        with pytest.raises(IntegrityError, match=f"“{after}” does not follow “{before}”"):
            DigitalDoorplate.objects.filter(pk=row.pk).update(status=after, **kept)


@pytest.mark.parametrize("status", PlateStatus)
def test_a_register_that_is_taken_over_begins_with_any_state(status: str) -> None:
    assert stored(plate(status).code)[0] == status


def test_a_day_of_retirement_that_is_given_is_kept() -> None:
    row = plate("current")
    DigitalDoorplate.objects.filter(pk=row.pk).update(status="retired", retired_on=date(2025, 1, 2))
    assert stored(row.code) == ("retired", date(2025, 1, 2))


class TestApi:
    @pytest.fixture(autouse=True)
    def _shared(self) -> Iterator[None]:
        with shared_transaction():
            yield

    @every_step
    def test_a_step_is_taken_or_answered_with_what_may_follow(self, staff: Client, before: str, after: str) -> None:
        address = url(PLATES, plate(before).code)
        sent = {"status": after, **({"retired_on": None} if before == "retired" else {})}
        response = patch(staff, address, {"properties": sent}, tag(staff, address), **{"Accept-Language": "en"})
        if after in ALLOWED[before]:
            assert response.status_code == 204, response.content.decode()
        else:
            assert response.status_code == 422
            labels = "”, “".join(str(status) for status in LIFE.following[before])  # the English labels are the values
            problem = f"“life-cycle status” does not go from “{before}” to “{after}”. From there it goes to “{labels}”."
            assert refusal(response)["errors"] == [{"field": "status", "value": str(after), "problem": problem}]

    def test_it_is_said_in_chinese(self, staff: Client) -> None:
        address = url(PLATES, plate("current").code)
        response = patch(staff, address, {"properties": {"status": "planned"}}, tag(staff, address))
        assert refusal(response)["errors"][0]["problem"] == "“生命周期状态”不能由“现行”变为“规划中”。可变为：“废弃”。"

    def test_a_step_is_told_together_with_other_faults(self, staff: Client) -> None:
        address = url(PLATES, plate("current").code)
        sent = {"status": "planned", "plate_kind": "?"}
        faults = refusal(patch(staff, address, {"properties": sent}, tag(staff, address)))["errors"]
        assert [fault["field"] for fault in faults] == ["plate_kind", "status"]

    def test_what_stands_on_a_plate_of_each_kind(self, staff: Client) -> None:
        address = url(PLATES, plate("current").code)
        for sent, field in (
            ({"door": ""}, "door"),
            ({"plate_kind": "building"}, "building_plate"),
            ({"plate_kind": "unit"}, "unit"),
            ({"plate_kind": "household"}, "room"),
            ({"unit": "1单元"}, "unit"),
            ({"room": "101室"}, "room"),
        ):
            response = patch(staff, address, {"properties": sent}, tag(staff, address))
            assert (response.status_code, [fault["field"] for fault in refusal(response)["errors"]]) == (422, [field])
        whole = {"plate_kind": "household", "unit": "1单元", "floor": "1层", "room": "101室"}
        assert patch(staff, address, {"properties": whole}, tag(staff, address)).status_code == 204

    def test_an_address_code_and_a_reserved_address_are_one_plates(self, staff: Client) -> None:
        door(1, 0, 0, address_code="ZJ-1", status="reserved")
        address = url(PLATES, door(3, 20, 0, status="reserved").code)
        own = "此地址编码已属于另一块门牌：请填写本门牌自己的编码，或留空。"
        given = "此地址已被另一块门牌预留：请改用其他号码。"
        for sent, status, fault in (
            ({"address_code": "ZJ-1"}, 409, {"field": "address_code", "value": "ZJ-1", "problem": own}),
            ({"door": "1号"}, 409, {"field": "status", "value": "reserved", "problem": given}),
        ):
            response = patch(staff, address, {"properties": sent}, tag(staff, address))
            assert (response.status_code, refusal(response)["errors"]) == (status, [fault])
        door(5, 0, 0, address_code="")
        door(5, 1, 0, address_code="")  # what is taken over may hold an address twice

    def test_an_address_in_use_is_refused_to_another_plate(self, staff: Client) -> None:
        kept = door(5, 0, 0).code
        words = f"“试验路5号”是门牌“{kept}”的地址，该门牌正在使用：请给本门牌另编号码，或先将那块门牌废弃。"
        fault = {"field": "door", "value": "5号", "problem": words}
        other, reserved = url(PLATES, door(7, 20, 0).code), url(PLATES, door(5, 1, 0, status="reserved").code)
        for address, sent in ((other, {"door": "5号"}), (reserved, {"status": "current"})):
            response = patch(staff, address, {"properties": sent}, tag(staff, address))
            assert (response.status_code, refusal(response)["errors"]) == (409, [fault])
        about = {"door": "5号", "street": "试验路", "township_claimed": TOWNSHIP}
        given = dict.fromkeys((*COMPONENTS, "standard_address"), "") | about | {"plate_kind": "small"}
        response = post_item(staff, url(PLATES), feature(PLATES, **given, status="current", retired_on=None))
        assert (response.status_code, refusal(response)["errors"]) == (409, [fault])
        DigitalDoorplate.objects.filter(code=kept).update(status="retired")
        assert patch(staff, other, {"properties": {"door": "5号"}}, tag(staff, other)).status_code == 204

    def test_a_plate_whose_address_was_taken_over_twice_stays_writable(self, staff: Client) -> None:
        door(5, 0, 0)
        address = url(PLATES, door(5, 1, 0).code)
        for sent in ({"grid": "一网格"}, {"door": "6号"}):
            assert patch(staff, address, {"properties": sent}, tag(staff, address)).status_code == 204

    def test_entrances_are_read_with_the_plate(self, staff: Client) -> None:
        row = plate("current")
        row.entrances.create(name="东门", location="SRID=4490;POINT(120.5 29.9)", is_main=True)
        row.entrances.create(name="西门", location="SRID=4490;POINT(120.4999 29.9)")
        read = staff.get(url(PLATES, row.code)).json()["properties"]["entrances"]
        assert read == ["120.4999000, 29.9000000", "120.5000000, 29.9000000"]
        with pytest.raises(IntegrityError, match="layers_entrance_one_main"):
            row.entrances.create(location="SRID=4490;POINT(120.5 29.9)", is_main=True)


def test_the_administrations_form_says_what_may_follow(staff: Client) -> None:
    row = plate("current")
    found = errors_of(post(staff, DigitalDoorplate, row, status="planned"))
    assert found == {"status": ["“生命周期状态”不能由“现行”变为“规划中”。可变为：“废弃”。"]}
    assert stored(row.code) == ("current", None)


def test_the_administrations_form_refuses_an_address_in_use(staff: Client) -> None:
    kept, row = plate("current").code, door(14, 0, 0)
    found = errors_of(post(staff, DigitalDoorplate, row, door="12号"))
    assert found == {
        "door": [f"“试验路12号”是门牌“{kept}”的地址，该门牌正在使用：请给本门牌另编号码，或先将那块门牌废弃。"]
    }


class TestActs:
    def edit(self) -> Edit:
        return Edit(PLATES, BUREAU, today())

    def test_a_plate_is_put_up_retired_and_restored(self) -> None:
        code = plate("reserved").code
        life.put_up(self.edit(), code, on=date(2026, 1, 5), versions=versions(code))
        life.retire(self.edit(), code, on=date(2026, 3, 1), reason="房屋拆除", versions=versions(code))
        row = DigitalDoorplate.objects.get(code=code)
        assert (row.status, row.installed_on, row.retired_on, row.retirement_reason) == (
            "retired", date(2026, 1, 5), date(2026, 3, 1), "房屋拆除",
        )  # fmt: skip
        life.restore(self.edit(), code, versions=versions(code))
        row.refresh_from_db()
        assert (row.status, row.installed_on, row.retired_on, row.retirement_reason) == (
            "current", date(2026, 1, 5), None, "",
        )  # fmt: skip

    def test_a_reservation_is_given_up(self) -> None:
        code = plate("reserved").code
        life.give_up(self.edit(), code, versions=versions(code))
        assert stored(code) == ("rejected", None)

    def test_what_may_not_follow_and_what_does_not_fit_is_refused(self) -> None:
        code = plate("current", installed_on=date(2026, 1, 5)).code
        with pytest.raises(InvalidFeature):
            life.give_up(self.edit(), code, versions=versions(code))
        with pytest.raises(InvalidFeature):
            life.retire(self.edit(), code, on=date(2025, 1, 1), reason="", versions=versions(code))
        with pytest.raises(StaleVersion):
            life.retire(self.edit(), code, on=today(), reason="", versions=frozenset({"another"}))
        assert stored(code) == ("current", None)


ROW = {
    "编码": "t-import", "名称": "试验路12号", "门牌类型": "small", "生命周期状态": "current", "乡镇": "330681109", "来源": "test",
    "门牌号": "12号", "街路巷": "试验路",
}  # fmt: skip


class TestImports:
    @pytest.fixture(autouse=True)
    def _shared(self) -> Iterator[None]:
        with shared_transaction():
            yield

    def test_a_step_that_may_not_be_taken_is_a_fault_of_its_row(self) -> None:
        assert load("doorplates", [ROW]).added == 1
        other = ROW | {"编码": "t-other", "名称": "试验路14号", "门牌号": "14号"}
        outcome = load("doorplates", [ROW | {"生命周期状态": "planned"}, other], keep_going=True)
        assert found(outcome) == [("step", "status", 1, [2])]
        assert (outcome.added, outcome.refused, stored("t-import")[0]) == (1, 1, "current")
        (example,) = outcome.faults[0]["examples"]
        with translation.override("en"):
            assert words("step", example["params"]) == (
                "“life-cycle status” does not go from “current” to “planned”. From there it goes to “retired”."
            )

    def test_an_address_in_use_is_imported_for_the_check_to_find(self) -> None:
        assert load("doorplates", [ROW, ROW | {"编码": "t-other"}]).added == 2

    def test_a_step_that_may_be_taken_is_imported_and_undone(self) -> None:
        load("doorplates", [ROW])
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.origin', 'import 1', true)")
            assert load("doorplates", [ROW | {"生命周期状态": "retired"}]).changed == 1
            assert stored("t-import") == ("retired", today())
            cursor.execute("SELECT set_config('portal.origin', 'undo import 1', true)")
            undoing.undo("import 1")
            cursor.execute("SELECT set_config('portal.origin', '', true)")
        assert stored("t-import") == ("current", None)
        assert Change.objects.filter(code="t-import", origin="undo import 1").count() == 1

    @pytest.mark.parametrize(
        ("first", "second", "column"),
        [({"地址编码": "ZJ-1"}, {"地址编码": "ZJ-1", "门牌号": "14号"}, "address_code"), ({}, {}, "status")],
    )
    def test_what_only_one_plate_may_have_is_a_fault_of_both_rows(
        self, first: dict[str, str], second: dict[str, str], column: str
    ) -> None:
        reserved = ROW | {"生命周期状态": "reserved"}
        rows = [reserved | first, reserved | {"编码": "t-other"} | second]
        assert found(load("doorplates", rows)) == [("rule", column, 2, [2, 3])]
        assert load("doorplates", rows[:1]).added == 1
        assert found(load("doorplates", rows[1:])) == [("rule", column, 1, [2])]
        assert load("doorplates", rows[:1]).unchanged == 1

    def test_a_kind_without_its_number_is_a_fault(self) -> None:
        assert found(load("doorplates", [ROW | {"门牌类型": "unit"}])) == [("rule", "unit", 1, [2])]


def test_reference_data_that_goes_back_is_refused_where_it_stands(tmp_path: Path) -> None:
    """A fixture that says of a plate that is up that it is planned: the file, the row, and what may follow."""
    (tmp_path / "manifest.yaml").write_text("- model: layers.DigitalDoorplate\n  files: [plates.csv]\n")
    plates = tmp_path / "plates.csv"
    plates.write_text(
        "code,name,source,plate_kind,status,township_claimed,door\nt-1,甲,test,small,current,330681109,1号\n"
    )
    reference.load(tmp_path)
    plates.write_text(plates.read_text().replace("current", "planned"))
    with pytest.raises(BadFixture, match="可变为：“废弃”"):
        reference.load(tmp_path)
    assert stored("t-1") == ("current", None)
