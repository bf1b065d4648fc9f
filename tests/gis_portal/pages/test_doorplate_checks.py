"""The pages of the check of doorplates: the worklist, checks, marking, downloads, field sheets; who may what."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from layers.doorplates import worklist
from layers.models import DigitalDoorplate, DoorplateCheck, DoorplateFinding
from layers.registry import Role
from tests.layers.coverage import place
from tests.layers.coverage.place import A, C
from tests.layers.doorplates.streets import doors, moved, put, without
from tests.layers.doorplates.test_doors import at, geojson
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
CHECKS = "/doorplates/checks/"


@pytest.fixture(autouse=True)
def _alone(db: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    place.clear(DigitalDoorplate)
    place.found_prefecture()
    with shared_transaction():
        yield


@pytest.fixture
def editor(db: None) -> Client:
    return signed_in(account("editor", Role.EDITOR))


def text(response: Any) -> str:
    return str(response.content.decode())


def check(client: Client, township: str = A, **given: Any) -> DoorplateCheck:
    """A check begun on the page and made as the worker makes it."""
    response = client.post(f"{CHECKS}run", {"township": township, "reach": "15", "crs": "", **given})
    assert response.status_code == 302, text(response)
    begun = DoorplateCheck.objects.latest("pk")
    assert response.headers["Location"] == f"{CHECKS}{begun.pk}/"
    worklist.carry_out(begun.pk)
    return begun


def faulty(prefix: str = "", township: str = A) -> None:
    """A street where 13 is missing and 30 stands on the wrong side."""
    places = doors(20)
    put(without(moved(places, {30: (places[30][0] + 2, 8)}), 13), prefix=prefix, township=township)


def test_a_finding_leads_to_its_plate_and_to_the_missing_number_for_who_writes_plates(editor: Client) -> None:
    faulty()
    check(editor)
    listed = text(editor.get(CHECKS))
    assert 'href="/doorplates/plate/p-30/"' in listed
    [missing] = re.findall(r'href="(/doorplates/issue[^"]*)">在此编制门牌号', listed)
    assert editor.get(unescape(missing)).context["proposal"].door == "13号"
    planner = signed_in(account("planner", Role.PLANNER))
    seen = text(planner.get(CHECKS))
    assert 'href="/api/collections/doorplates/items/p-30"' in seen
    assert "在此编制门牌号" not in seen


def test_a_check_is_begun_watched_and_shows_what_it_found(editor: Client) -> None:
    faulty()
    editor.post(f"{CHECKS}run", {"township": A, "reach": "15", "crs": ""})
    begun = DoorplateCheck.objects.get()
    watched = text(editor.get(f"{CHECKS}{begun.pk}/"))
    assert "等待中" in watched
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in watched
    told = editor.get(f"{CHECKS}{begun.pk}/progress").json()
    assert told == {"state": "queued", "running": True, "words": "等待中", "done": 0, "total": None}
    worklist.carry_out(begun.pk)
    assert editor.get(f"{CHECKS}{begun.pk}/").headers["Location"] == f"{CHECKS}?township={A}"
    body = text(editor.get(CHECKS, {"township": A}))
    assert "共检查门牌 39 块" in body
    assert re.findall(r"<strong>(\d+)</strong>", body) == ["1", "0", "0", "1", "0", "0", "0", "0", "0"]
    assert "11 号与 15 号之间缺 1 个号，空距 20 米。" in body
    assert "双号 30 号在单号一侧。" in body
    assert body.count("· 待核实</span>") == 1


def test_a_check_that_waits_can_be_ended(editor: Client) -> None:
    editor.post(f"{CHECKS}run", {"township": A, "reach": "15", "crs": ""})
    begun = DoorplateCheck.objects.get()
    assert "已取消" in text(editor.post(f"{CHECKS}{begun.pk}/"))


def test_doors_are_sent_with_the_form(editor: Client, tmp_path: Path) -> None:
    put(doors(4, step_m=40, aside_m=25))
    file = geojson(tmp_path / "d.geojson", [at(xy) for n, xy in doors(4, step_m=40, aside_m=25).items() if n != 3])
    with file.open("rb") as sent:
        check(editor, file=sent)
    assert list(DoorplateFinding.objects.values_list("kind", "plates")) == [("plate_without_door", ["p-3"])]
    assert [path.name for path in (tmp_path / "media/imports").iterdir()] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"township": "330602001"}, "选择一个有效的选项"),
        ({"reach": "0"}, "大于或等于1"),
        ({"crs": "EPSG:1"}, "选择一个有效的选项"),
    ],
)
def test_what_cannot_be_checked_is_said_at_the_form(editor: Client, given: dict[str, str], said: str) -> None:
    body = text(editor.post(f"{CHECKS}run", {"township": A, "reach": "15", "crs": "", **given}))
    assert said in body
    assert DoorplateCheck.objects.count() == 0


def test_findings_are_marked_and_what_is_dismissed_says_why(editor: Client) -> None:
    faulty()
    check(editor)
    missing, across = DoorplateFinding.objects.order_by("number")
    back = f"township={A}"
    done = editor.post(f"{CHECKS}mark", {"finding": [across.key], "state": "done", "back": back})
    assert done.headers["Location"] == f"{CHECKS}?{back}"
    refused = editor.post(f"{CHECKS}mark", {"finding": [missing.key], "state": "dismissed", "back": back})
    assert (refused.status_code, escape("请填写忽略的原因") in text(refused)) == (422, True)
    personal = {"finding": [missing.key], "state": "dismissed", "note": "户主 11010119900101100X", "back": back}
    assert editor.post(f"{CHECKS}mark", personal).status_code == 422
    editor.post(f"{CHECKS}mark", {"finding": [missing.key], "state": "dismissed", "note": "河道", "back": back})
    assert sorted(DoorplateFinding.objects.values_list("state", "note")) == [("dismissed", "河道"), ("done", "")]
    assert "工作清单中没有符合条件的问题" in text(editor.get(CHECKS, {"township": A}))
    assert "河道" in text(editor.get(CHECKS, {"state": "dismissed"}))
    assert editor.post(f"{CHECKS}mark", {"finding": [missing.key], "state": "fixed"}).status_code == 404


def test_downloads_have_what_is_chosen(editor: Client) -> None:
    faulty()
    check(editor)
    document = json.loads(b"".join(editor.get(f"{CHECKS}findings.geojson?kind=missing")))  # type: ignore[call-overload]
    assert [one["properties"]["kind"] for one in document["features"]] == ["missing"]
    assert document["features"][0]["properties"]["state"] == "open"
    response = editor.get(f"{CHECKS}findings.csv")
    assert re.fullmatch(
        r'attachment; filename="doorplate-findings-[0-9-]+\.csv"', response.headers["Content-Disposition"]
    )
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [(row["kind"], row["township_name"], row["street"]) for row in rows] == [
        ("missing", "甲镇", "青松路"), ("wrong_side", "甲镇", "青松路"),
    ]  # fmt: skip


def test_a_field_sheet_draws_the_street_and_lists_what_was_found(editor: Client) -> None:
    faulty()
    check(editor)
    body = text(editor.get(f"{CHECKS}sheets?township={A}"))
    assert body.count('<article class="field-sheet"') == 1
    assert body.count('<svg class="band"') == 2
    assert body.count('class="place place-plate') == 39
    assert re.findall(r'place-missing place-marked"><rect [^>]*/><text [^>]*>(\d+)</text><text class="mark" [^>]*>(▲\d)', body) == [("13", "▲1")]  # fmt: skip
    assert re.findall(r'<li value="(\d)">', body) == ["1", "2"]
    assert "<script" not in body
    assert 'style="' not in body


def test_streets_with_much_left_out_are_drawn_with_a_gap(editor: Client) -> None:
    put(doors(4) | {n + 300: (x + 3000, y) for n, (x, y) in doors(4).items()})
    check(editor)
    body = text(editor.get(f"{CHECKS}sheets?township={A}"))
    assert body.count('class="gap"') == 1
    assert body.count('<svg class="band"') == 2


def test_a_planner_reads_and_checks_and_an_editor_marks(editor: Client) -> None:
    faulty()
    planner = signed_in(account("planner", Role.PLANNER))
    auditor = signed_in(account("auditor", Role.AUDITOR))
    check(planner)
    key = DoorplateFinding.objects.filter(kind="missing").get().key
    assert 'type="checkbox"' not in text(planner.get(CHECKS))
    assert 'type="checkbox"' in text(editor.get(CHECKS))
    assert planner.post(f"{CHECKS}mark", {"finding": [key], "state": "done"}).status_code == 403
    assert auditor.post(f"{CHECKS}run", {"township": A, "reach": "15", "crs": ""}).status_code == 403
    assert "multipart/form-data" not in text(auditor.get(CHECKS))
    assert signed_in(account("curator", Role.CURATOR)).get(CHECKS).status_code == 403


def test_who_is_limited_to_a_county_checks_and_sees_its_townships(editor: Client) -> None:
    faulty()
    faulty("c", C)
    check(editor, "")
    west = signed_in(account("west", Role.EDITOR, counties=("999902",)))
    body = text(west.get(CHECKS))
    assert ("丙街道" in body, "甲镇" in body, "全市" in body) == (True, False, False)
    refused = west.post(f"{CHECKS}run", {"township": A, "reach": "15", "crs": ""})
    assert (refused.status_code, DoorplateCheck.objects.count()) == (200, 1)
    assert west.get(f"{CHECKS}{DoorplateCheck.objects.get().pk}/").status_code == 404
    other = DoorplateFinding.objects.filter(township=A).first()
    west.post(f"{CHECKS}mark", {"finding": [other.key], "state": "done"})
    assert DoorplateFinding.objects.get(pk=other.pk).state == "open"


@pytest.mark.parametrize("streets", [1, 3])
def test_the_worklist_takes_the_same_queries_however_long(editor: Client, streets: int, django_assert_num_queries: Any) -> None:  # fmt: skip
    for number in range(streets):
        places = {n: (x, y + 300 * number) for n, (x, y) in without(doors(20), 13).items()}
        put(places, street=f"青松{number}路", prefix=str(number))
    check(editor)
    editor.get(CHECKS)
    with django_assert_num_queries(12):
        body = text(editor.get(CHECKS))
    assert body.count('<tr id="finding-') == streets
