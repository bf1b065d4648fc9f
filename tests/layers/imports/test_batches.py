"""Imports from upload to undoing: each step is kept, whatever goes wrong loses nothing."""

import errno
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from layers import registry
from layers.access import reader_of
from layers.changes import Actor, recorded
from layers.edit.errors import MayNotWrite, OutsideCounties
from layers.errors import BadParameter, DiskFull
from layers.imports import batches, columns
from layers.imports.errors import CrsMissing, EditedSince, FileTooLarge, HalfPosition, ImportNotReady, TakenTwice
from layers.models import Change, EcoBurialSite, Grant, Import
from layers.models.imports import ImportState

pytestmark = pytest.mark.django_db
ECO = registry.get("eco-burial-sites")
HEAD = "编码,名称,状态,级别,乡镇,来源,经度,纬度\n"
ROWS = "eco-x1,青松园,运营中,village,塔山街道,demonstration,120.584,29.994\neco-x2,翠柏园,在建,village,塔山街道,demonstration,120.588,29.994\n"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "folder", lambda: tmp_path / "imports")


@pytest.fixture
def clerk(db: None) -> User:
    user = User.objects.create_user("clerk")
    Grant.objects.create(user=user, roles=["editor"])
    return user


def send(
    user: User, text: str = HEAD + ROWS, name: str = "台账.csv", encoding: str = "gb18030", **values: Any
) -> Import:
    batch = batches.receive(ECO, user, name, batches.parts(io.BytesIO(text.encode(encoding))))
    batches.settle(batch, **({"crs": "EPSG:4490"} | values))
    return batch


def run(batch: Import, what: str) -> Import:
    """Queues and runs it, as the worker does."""
    batches.queue(batch, what)
    for job in ProcrastinateJob.objects.filter(task_name=batches.TASK, status="todo"):
        app.tasks[job.task_name](**job.args)
    ProcrastinateJob.objects.filter(task_name=batches.TASK).delete()
    batch.refresh_from_db()
    return batch


def sites() -> set[str]:
    return set(EcoBurialSite.objects.filter(code__startswith="eco-x").values_list("code", flat=True))


def test_checked_loaded_and_undone(clerk: User) -> None:
    batch = run(send(clerk), "check")
    assert (batch.state, batch.summary["added"], sites()) == (ImportState.CHECKED, 2, set())
    run(batch, "load")
    assert (batch.state, batch.done, batch.total, sites()) == (ImportState.LOADED, 2, 2, {"eco-x1", "eco-x2"})
    logged = Change.objects.filter(origin=f"import {batch.pk}")
    assert {(change.actor, change.operation) for change in logged} == {("clerk", "insert")}
    batches.undo(batch, clerk)
    assert (batch.state, sites()) == (ImportState.UNDONE, set())
    with pytest.raises(ImportNotReady):
        batches.undo(batch, clerk)


def test_what_is_sent_again_changes_nothing(clerk: User) -> None:
    run(send(clerk), "load")
    again = run(send(clerk, encoding="utf-8-sig"), "load")
    assert (again.summary["unchanged"], again.summary["added"], again.summary["changed"]) == (2, 0, 0)


def test_faults_are_kept_and_nothing_is_loaded(clerk: User) -> None:
    batch = run(send(clerk, HEAD + ROWS + "eco-x3,,飞行中,village,塔山街道,demonstration,x,29.9\n"), "load")
    assert (batch.state, batch.summary["refused"], sites()) == (ImportState.CHECKED, 1, set())
    assert [(fault.row, fault.field, fault.code) for fault in batch.faults.order_by("field")] == [
        (4, "lon", "unreadable_position"), (4, "name", "required"), (4, "status", "not_choice"),
    ]  # fmt: skip
    batches.settle(batch, keep_going=True)
    assert run(batch, "load").state == ImportState.LOADED
    assert sites() == {"eco-x1", "eco-x2"}


def test_columns_are_remembered(clerk: User) -> None:
    odd = (HEAD + ROWS).replace("名称", "怎么称呼")
    batch = send(clerk, odd)
    with batches.looked(batch) as found:
        assert [target.name for target in found.missing] == ["name"]
    batches.settle(batch, mapping={"怎么称呼": "name"})
    run(batch, "check")
    with batches.looked(send(clerk, odd, crs="")) as later:
        pass
    assert (later.missing, later.mapping["怎么称呼"], later.crs) == ([], "name", "EPSG:4490")


def test_a_crs_must_be_said(clerk: User) -> None:
    batch = run(send(clerk, crs=""), "check")
    assert (batch.state, batch.problem) == (ImportState.FAILED, str(CrsMissing()))
    with pytest.raises(BadParameter):
        batches.settle(batch, crs="EPSG:1")


def test_a_large_file_is_refused_as_it_comes(clerk: User, settings: Any) -> None:
    settings.IMPORT_MOST_BYTES = 2_000_000
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 1_000_000

    with pytest.raises(FileTooLarge):
        batches.receive(ECO, clerk, "big.csv", endless())
    assert (taken, Import.objects.count(), list(batches.folder().iterdir())) == (3, 0, [])


def test_a_full_disk_is_said_to_be_one(clerk: User) -> None:
    def full() -> Any:
        yield b"x"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull):
        batches.receive(ECO, clerk, "a.csv", full())
    assert list(batches.folder().iterdir()) == []


def test_who_may_not_write_sends_nothing(db: None) -> None:
    with pytest.raises(MayNotWrite):
        batches.receive(ECO, User.objects.create_user("visitor"), "a.csv", [b"x"])


def test_what_is_cancelled_is_not_begun(clerk: User) -> None:
    batch = send(clerk)
    batches.queue(batch, "load")
    batches.cancel(batch)
    batches.run(batch.pk, "load")
    batch.refresh_from_db()
    assert (batch.state, sites()) == (ImportState.CANCELLED, set())


def test_what_is_cancelled_while_it_runs_leaves_nothing(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = send(clerk)
    batches.queue(batch, "load")
    faults = batches.loading.faults

    def cancelled() -> Any:
        Import.objects.filter(pk=batch.pk).update(state=ImportState.CANCELLED)
        return faults()

    monkeypatch.setattr(batches.loading, "faults", cancelled)
    batches.run(batch.pk, "load")
    assert sites() == set()


def test_a_load_that_was_killed_begins_again(clerk: User) -> None:
    batch = send(clerk)
    batches.queue(batch, "load")
    Import.objects.filter(pk=batch.pk).update(state=ImportState.LOADING, done=1)
    batches.run(batch.pk, "load")
    batch.refresh_from_db()
    assert (batch.state, sites()) == (ImportState.LOADED, {"eco-x1", "eco-x2"})


def test_what_was_edited_since_is_named(clerk: User) -> None:
    batch = run(send(clerk), "load")
    with recorded(Actor(name="other", origin="api")):
        EcoBurialSite.objects.filter(code="eco-x2").update(name="另名")
    with pytest.raises(EditedSince) as refused:
        batches.undo(batch, clerk)
    assert refused.value.codes == ["eco-x2"]


def test_rows_of_another_county_are_not_undone_whoever_sent_them(clerk: User) -> None:
    """塔山街道 is of 330602; what its county was and what it is both count."""
    zhuji = "eco-x3,白云园,运营中,village,暨阳街道,demonstration,120.236,29.714\n"
    first = run(send(clerk, HEAD + ROWS), "load")
    second = run(send(clerk, HEAD + zhuji), "load")
    third = run(send(clerk, HEAD + zhuji.replace("eco-x3", "eco-x1")), "load")
    assert [batch.state for batch in (first, second, third)] == [ImportState.LOADED] * 3
    zhuji_clerk = limited(clerk, "330681")
    for batch, code in ((first, "eco-x2"), (third, "eco-x1")):
        with pytest.raises(OutsideCounties, match=code):
            batches.undo(batch, zhuji_clerk)
    batches.undo(second, zhuji_clerk)
    assert sites() == {"eco-x1", "eco-x2"}
    for batch in (third, first):
        batches.undo(batch, limited(clerk, "330602", "330681"))
    assert sites() == set()


def limited(user: User, *counties: str) -> User:
    """The account once it is limited to the counties."""
    Grant.objects.filter(user=user).update(counties=list(counties))
    return User.objects.get(pk=user.pk)


def test_an_account_that_may_write_no_longer_loads_nothing(clerk: User) -> None:
    batch = send(clerk)
    Grant.objects.filter(user=clerk).update(roles=[])
    assert run(batch, "load").state == ImportState.FAILED
    assert sites() == set()


def test_files_are_kept_for_a_week(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = send(clerk)
    monkeypatch.setattr(batches, "STRAY_S", -1)
    batches.purge()
    assert batches.path_of(batch).exists()
    monkeypatch.setattr(batches, "KEPT", -batches.KEPT)
    batches.purge()
    assert not batches.path_of(batch).exists()


def test_a_property_is_given_once_and_a_position_whole(clerk: User) -> None:
    for mapping, refusal in (({"编码": "name"}, TakenTwice), ({"纬度": ""}, HalfPosition)):
        batch = send(clerk, mapping=mapping)
        with batches.looked(batch) as found, pytest.raises(refusal):
            batches.plan_of(batch, found)


def test_one_value_for_all_rows_counts_for_more_than_a_column_found_by_its_name(clerk: User) -> None:
    batch = run(send(clerk, constants={"name": "园"}), "load")
    assert set(EcoBurialSite.objects.filter(code__startswith="eco-x").values_list("name", flat=True)) == {"园"}
    assert batch.state == ImportState.LOADED


def test_the_crs_that_a_file_says_counts_for_more_than_the_one_remembered(clerk: User) -> None:
    point = {"type": "Feature", "properties": {"名称": "园"}, "geometry": {"type": "Point", "coordinates": [120.5, 30]}}
    text = json.dumps({"type": "FeatureCollection", "features": [point]})
    batch = send(clerk, text, "a.geojson", "utf-8", crs="GCJ-02")
    with batches.looked(batch) as found:
        columns.remember(ECO, found.mapping, found.crs)
    with batches.looked(send(clerk, text, "a.geojson", "utf-8", crs="")) as found:
        assert found.crs == "EPSG:4326"


def test_what_an_undo_deleted_may_come_again_and_what_a_person_deleted_may_not(clerk: User) -> None:
    batches.undo(run(send(clerk), "load"), clerk)
    again = run(send(clerk), "load")
    assert (again.state, sites()) == (ImportState.LOADED, {"eco-x1", "eco-x2"})
    with recorded(Actor(name="clerk", origin="admin")):
        EcoBurialSite.objects.filter(code="eco-x1").delete()
    assert run(send(clerk), "check").summary["refused"] == 1


def test_areas_have_no_column_of_longitude(clerk: User) -> None:
    reader = reader_of(clerk)
    assert {"lon", "lat", "wkt"} & set(columns.targets(registry.get("exclusion-zones"), reader)) == {"wkt"}
    assert {"lon", "lat", "wkt"} <= set(columns.targets(ECO, reader))


def test_what_a_killed_worker_unpacked_is_deleted(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = send(clerk)
    (batches.folder() / "unpacked").mkdir()
    (batches.folder() / "unpacked/data.shp").write_text("x")
    monkeypatch.setattr(batches, "STRAY_S", -1)
    batches.purge()
    assert list(batches.folder().iterdir()) == [batches.path_of(batch)]
