"""Snapshots over the API: listed, read back, and refused where they cannot be read."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from layers import registry
from layers.access import PUBLIC
from layers.models import Change, EcoBurialSite, Snapshot, SnapshotRow
from layers.publish import asking, downloads
from layers.publish.formats import reading
from layers.registry import Role
from layers.rows import today
from layers.snapshots import taking
from tests.asking import get, problem
from tests.layers.publish.sea import ECO, SEA, burial_site, codes
from tests.people import account, signed_in

SITES = registry.get("eco-burial-sites")
DAY = date(2022, 12, 31)


@pytest.fixture
def taken() -> Snapshot:
    """A snapshot of three sites that were all renamed afterwards."""
    for number, code in enumerate(("a", "b", "c")):
        burial_site(code, 123.5 + number / 10)
    found = taking.take(SITES, DAY, by="clerk", note="年终")
    EcoBurialSite.objects.filter(code__in=("a", "b", "c")).update(name="改名")
    return found


def test_snapshots_are_listed_newest_first_with_what_one_may_know(
    taken: Snapshot, public: Client, staff: Client
) -> None:
    again = taking.take(SITES, DAY)
    found = get(public, f"{ECO}/snapshots")["snapshots"]
    assert [(one["id"], one["day"], one["features"]) for one in found] == [
        (again.pk, "2022-12-31", again.offered), (taken.pk, "2022-12-31", taken.offered),
    ]  # fmt: skip
    assert set(found[0]) == {"id", "day", "takenAt", "features", "links"}
    of_bureau = get(staff, f"{ECO}/snapshots")["snapshots"][1]
    assert (of_bureau["takenBy"], of_bureau["note"], of_bureau["sha256"]) == ("clerk", "年终", taken.sha256)
    assert of_bureau["features"] == taken.features
    related = [link["href"] for one in found for link in one["links"] if link["rel"] == "related"]
    assert [href.partition("/api")[2] for href in related] == [
        f"/collections/eco-burial-sites/snapshots/{taken.pk}/changes/{again.pk}"
    ]
    links = get(public, ECO)["links"]
    assert [link["href"].partition("8000")[2] for link in links if link["rel"] == "version-history"] == [
        f"{ECO}/snapshots"
    ]


def test_a_snapshot_is_asked_as_the_register_is(taken: Snapshot, public: Client) -> None:
    url = f"{ECO}/items"
    for which in (str(taken.pk), "2022-12-31"):
        found = get(public, url, snapshot=which, bbox=SEA, sortby="-id", properties="name", skipGeometry="true")
        assert [(one["id"], one["geometry"], one["properties"]) for one in found["features"]] == [
            (code, None, {"name": "青松"}) for code in ("c", "b", "a")
        ]
    asked = {"snapshot": "2022-12-31", "bbox": SEA}
    assert codes(get(public, url, **asked, filter="name = '青松' AND S_INTERSECTS(geometry, BBOX(123.55,29,124,30))")) == [
        "b", "c",
    ]  # fmt: skip
    assert codes(get(public, url, **asked, q="改名")) == []
    assert get(public, f"{url}/a", snapshot="2022-12-31")["properties"]["name"] == "青松"
    northing = get(public, f"{url}/a", snapshot=str(taken.pk), crs="http://www.opengis.net/def/crs/EPSG/0/4490")
    assert northing["geometry"]["coordinates"] == [29.5, 123.5]
    lines = public.get(url, {**asked, "f": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert all("青松" in line for line in lines[1:])


def test_a_snapshot_is_read_in_pages(taken: Snapshot, public: Client) -> None:
    url, found = f"{ECO}/items?snapshot={taken.pk}&bbox={SEA}&limit=2", []
    while url:
        page = get(public, url)
        found.append(codes(page))
        url = next((link["href"].partition("8000")[2] for link in page["links"] if link["rel"] == "next"), "")
    assert found == [["a", "b"], ["c"]]


def test_a_large_file_is_read_from_the_blocks_of_the_snapshots_own_table(taken: Snapshot) -> None:
    asked = asking.everything(SITES, PUBLIC, {"snapshot": str(taken.pk)})
    assert asked.table == SnapshotRow._meta.db_table
    statement = reading._piece_statement(asked.form, sql.SQL("row.fcode"), ",")
    text, rows = statement.run(**asked.slots, first_block="(0,0)", end_block="(1000000,0)")
    assert (rows, {"a", "b", "c"} <= set(text.decode().split(","))) == (taken.offered, True)


def test_the_tag_of_a_snapshot_never_changes(taken: Snapshot, public: Client) -> None:
    urls = (
        f"{ECO}/items?snapshot={taken.pk}",
        f"{ECO}/items/a?snapshot={taken.pk}",
        f"{ECO}/snapshots/{taken.pk}/changes/{taken.pk}",
    )
    tags = [public.get(url).headers["ETag"] for url in urls]
    burial_site("later")
    assert [public.get(url).headers["ETag"] for url in urls] == tags
    found = [public.get(url, headers={"If-None-Match": tag}) for url, tag in zip(urls, tags, strict=True)]
    assert [response.status_code for response in found] == [304, 304, 304]
    assert {response.headers["Cache-Control"] for response in found} == {"public, no-cache"}


def test_the_tag_of_an_item_of_a_snapshot_is_no_leave_to_overwrite(taken: Snapshot, staff: Client) -> None:
    tag = staff.get(f"{ECO}/items/a?snapshot={taken.pk}").headers["ETag"]
    assert staff.delete(f"{ECO}/items/a", headers={"If-Match": tag}).status_code == 412


REFUSED = {
    "snapshot=0": (404, "There is no snapshot “0” of “eco-burial-sites”. There are, by day and number: 2022-12-31 ({id})."),
    "snapshot=2022-11-30": (
        404,
        "There is no snapshot “2022-11-30” of “eco-burial-sites”. There are, by day and number: 2022-12-31 ({id}).",
    ),
    "snapshot=2999-12-31": (400, "snapshot=2999-12-31 cannot be used: that day is yet to come."),
    "snapshot=2022-13-31": (
        400,
        "snapshot=2022-13-31 cannot be used: give the number of a snapshot, or its day, for example snapshot=2022-12-31.",
    ),
    "snapshot=2022-12-31&datetime=2022-12-31": (
        400,
        "datetime=2022-12-31 cannot be used: a snapshot is of one day; leave it out.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("asked", REFUSED)
def test_what_cannot_be_read_is_named_with_the_remedy(asked: str, taken: Snapshot, public: Client) -> None:
    status, reason = REFUSED[asked]
    for path in ("items", "items/a"):
        assert problem(public, f"{ECO}/{path}?{asked}") == (status, reason.format(id=taken.pk))
    status, chinese = problem(public, f"{ECO}/items?{asked}", "zh-hans")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_a_snapshot_of_another_layer_is_none_of_this_one(taken: Snapshot, public: Client) -> None:
    said = (404, f"There is no snapshot “{taken.pk}” of “counties”. There is none yet.")
    assert problem(public, f"/api/collections/counties/items?snapshot={taken.pk}") == said
    assert problem(public, f"/api/collections/counties/snapshots/{taken.pk}/changes/{taken.pk}") == said


def test_of_several_of_a_day_the_number_is_asked_for(taken: Snapshot, public: Client) -> None:
    again = taking.take(SITES, DAY)
    assert problem(public, f"{ECO}/items?snapshot=2022-12-31") == (
        400,
        "snapshot=2022-12-31 cannot be used: there are several of that day; "
        f"give the number of one: {again.pk}, {taken.pk}.",
    )


def test_the_page_of_snapshots_leads_to_them(taken: Snapshot, public: Client) -> None:
    page = public.get(f"{ECO}/snapshots", {"f": "html", "lang": "en"}).content.decode()
    assert f"{ECO}/items?snapshot={taken.pk}&amp;f=html&amp;lang=en" in page
    rows = public.get(f"{ECO}/items?snapshot={taken.pk}&f=html&lang=en&bbox={SEA}").content.decode()
    assert f'<a href="{ECO}/items/a?snapshot={taken.pk}&amp;f=html&amp;lang=en">青松</a>' in rows


# Taking them


def test_the_command_takes_and_lists_snapshots() -> None:
    account("director", Role.ADMINISTRATOR)
    account("planner", Role.PLANNER)
    out = StringIO()
    call_command("take_snapshot", "eco-burial-sites", "--on", "2022-12-31", "--as", "director", stdout=out)
    taken = Snapshot.objects.get()
    assert (taken.layer_id, taken.day, taken.taken_by) == ("eco-burial-sites", DAY, "director")
    assert taken.sha256 in out.getvalue()
    logged = Change.objects.get(table="layers_snapshot", row=taken.pk)
    assert (logged.actor, logged.origin, logged.operation) == ("director", "take_snapshot", "insert")
    call_command("take_snapshot", stdout=StringIO())
    everything = Snapshot.objects.filter(day=taking.month_end(today()))
    assert sorted(everything.values_list("layer_id", flat=True)) == sorted(layer.id for layer in registry.published())
    listed = StringIO()
    call_command("list_snapshots", "eco-burial-sites", stdout=listed)
    assert "director" in listed.getvalue()
    assert "townships" not in listed.getvalue()
    for wrong in (("no-such",), ("--on", "2999-01-01"), ("--as", "planner"), ("--as", "nobody")):
        with pytest.raises(CommandError) as refused:
            call_command("take_snapshot", *wrong)
        assert refused.value.returncode == 2
        assert wrong[-1] in str(refused.value)


def test_export_layer_writes_a_snapshot_by_its_day_or_number(
    taken: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On this connection, for the command's own would not see what the test wrote."""
    write = downloads.write
    monkeypatch.setattr(downloads, "write", lambda wanted, path, **_how: write(wanted, path, is_large=False))
    for said in (DAY.isoformat(), str(taken.pk)):
        path = tmp_path / f"{said}.csv"
        call_command("export_layer", SITES.id, path, snapshot=said, bbox=SEA, properties="name", stderr=StringIO())
        rows = [line.split(",")[:2] for line in path.read_text(encoding="utf-8-sig").splitlines()]
        assert rows == [["code", "name"], ["a", "青松"], ["b", "青松"], ["c", "青松"]]
    for wrong in ({"snapshot": "2021-12-31"}, {"snapshot": DAY.isoformat(), "datetime": "2022-01-01"}):
        with pytest.raises(CommandError) as refused:
            call_command("export_layer", SITES.id, tmp_path / "no.csv", **wrong)
        assert refused.value.returncode == 2
    assert not (tmp_path / "no.csv").exists()


def test_the_clock_freezes_every_layer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app.tasks["layers.tasks.take_snapshots"](timestamp=0)
    app.tasks["layers.tasks.take_snapshots"](timestamp=0)
    taken = Snapshot.objects.filter(day=taking.month_end(today()))
    assert sorted(taken.values_list("layer_id", flat=True)) == sorted(layer.id for layer in registry.published())


def test_the_administration_takes_snapshots_and_changes_none(taken: Snapshot) -> None:
    editor = signed_in(account("keeper", Role.EDITOR))
    url = "/admin/layers/snapshot"
    given = {"layer_id": "townships", "day": "2022-12-31", "note": "年终"}
    assert "快照正在生成" in editor.post(f"{url}/add/", given, follow=True).content.decode()
    assert not Snapshot.objects.filter(layer_id="townships").exists()
    [job] = ProcrastinateJob.objects.filter(task_name=taking.TASK)
    app.tasks[job.task_name](**job.args)
    made = Snapshot.objects.get(layer_id="townships")
    assert (made.day, made.taken_by, made.note, made.features > 0) == (DAY, "keeper", "年终", True)
    assert timezone.localtime(made.taken_at).date() == today()
    change = Change.objects.get(table="layers_snapshot", row=made.pk)
    assert (change.actor, change.through, change.origin) == ("keeper", "editor", "admin")
    assert made.sha256 in editor.get(f"{url}/").content.decode()
    assert editor.get(f"{url}/{made.pk}/change/").status_code == 200
    assert editor.post(f"{url}/{made.pk}/change/", {**given, "note": "x"}).status_code == 403
    assert editor.post(f"{url}/{made.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor.post(f"{url}/add/", {**given, "day": "2999-12-31"}).status_code == 200
    auditor = signed_in(account("auditor", Role.AUDITOR))
    assert auditor.get(f"{url}/").status_code == 200
    assert auditor.post(f"{url}/add/", given).status_code == 403
