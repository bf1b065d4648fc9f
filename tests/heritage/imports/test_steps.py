"""Files of place names into drafts: read, judged, decided, applied; and the same file again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import translation

from heritage import changesets, documents
from heritage.alike import alike, score
from heritage.errors import NotNow
from heritage.imports import columns, steps
from heritage.imports.errors import NoNames, TooManyRows, UnreadableJson
from heritage.imports.merged import with_row
from heritage.linked_places import Told, Words, feature
from heritage.models import Changeset, ImportedRow, Place, PlaceImport, PlaceName
from layers.imports.errors import CrsMissing, HalfPosition
from tests.heritage.entries import approved, committed, curator, entry, reviewer

pytestmark = pytest.mark.django_db
HEADERS = "标准名称,罗马字母拼写,曾用名,地名类别,所属乡镇,东经,北纬,地名含义,密级,始建年代,起始年\n"
NEW = "青石演示桥,Qīngshí Yǎnshì Qiáo,老石桥、旧桥,古桥,塔山街道,120.58,30.0,以青石筑成。,公开,万历三年,1575\n"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def author() -> User:
    return curator()


def sent(
    author: User, folder: Path, text: str | bytes, name: str = "names.csv", *, crs: str = "EPSG:4490", **said: Any
) -> PlaceImport:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return steps.receive(author, path, name, crs=crs, **said)


def told(row: ImportedRow) -> list[str]:
    return [fault["problem"] for fault in row.faults]


def test_a_row_becomes_a_draft_of_its_author(author: User, tmp_path: Path) -> None:
    batch = sent(author, tmp_path, HEADERS + NEW)
    (row,) = batch.rows.all()
    assert (row.line, row.title, row.faults, row.decision, row.candidate) == (2, "青石演示桥", [], "new", None)
    assert not Changeset.objects.exists()
    steps.apply(batch)
    changeset = Changeset.objects.get()
    assert (changeset.author, changeset.origin, changeset.place, changeset.title) == (
        author, f"import {batch.pk}", None, "青石演示桥",
    )  # fmt: skip
    said = changeset.document
    names = [(name["role"], name["name"], name["roman"]) for name in said["names"]]
    assert names == [
        ("standard", "青石演示桥", "Qīngshí Yǎnshì Qiáo"),
        ("former", "老石桥", ""),
        ("former", "旧桥", ""),
    ]
    assert {name: said[name] for name in ("category", "township", "meaning", "source", "start_earliest", "start_latest")} == {
        "category": "古桥", "township": "330602001", "meaning": "以青石筑成。", "source": "names.csv",
        "start_earliest": 1575, "start_latest": 1575,
    }  # fmt: skip
    assert said["shapes"][0]["shape"] == {"type": "Point", "coordinates": [120.58, 30.0]}
    assert approved(changeset, reviewer()).name == "青石演示桥"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_is_read_in_its_encoding(author: User, tmp_path: Path, encoding: str) -> None:
    batch = sent(author, tmp_path, (HEADERS + NEW).encode(encoding))
    assert [row.title for row in batch.rows.all()] == ["青石演示桥"]


def test_a_workbook_with_english_titles_and_metres(author: User, tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Standard name", "longitude or easting", "latitude or northing", "Precision", "Unknown"])
        sheet.write_row(1, 0, ["青石演示桥", 556044.6, 3320113.1, 50, "x"])
    batch = steps.receive(author, path, path.name, crs="EPSG:4549")
    (row,) = batch.rows.all()
    assert row.document is not None
    shape = row.document["shapes"][0]
    assert [round(degrees, 2) for degrees in shape["shape"]["coordinates"]] == [120.58, 30.0]
    assert (shape["precision_m"], dict(batch.columns)["Unknown"]) == (50, "")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("甲演示桥,,,,,,,,秘密,,\n", "The row is classified (“秘密”). Only public rows are taken: remove it from the file."),
        ("甲演示桥,,,,,,,11010519491231002X,,,\n",
         "It looks like a resident identity number. The portal keeps no personal data: remove it."),
        (",,,,,,,没有名称,,,\n", "The row has no name."),
    ],
)  # fmt: skip
def test_what_is_not_for_the_portal_is_refused_and_not_kept(
    author: User, tmp_path: Path, row: str, expected: str
) -> None:
    (found,) = sent(author, tmp_path, HEADERS + row).rows.all()
    assert (told(found), found.document, found.cells, found.decision) == ([expected], None, [], "skip")


def test_every_fault_of_a_row_is_told_and_the_draft_waits_to_be_mended(author: User, tmp_path: Path) -> None:
    batch = sent(author, tmp_path, HEADERS + "甲演示桥,,,,无此镇,200,95,,公开,,万历\n")
    (row,) = batch.rows.all()
    assert [fault["path"] for fault in row.faults] == ["township", "start_earliest", "shapes", "category"]
    assert (row.decision, steps.counts(batch).faulty) == ("new", 1)


def test_a_place_that_there_is_is_proposed_by_name_and_distance(author: User, tmp_path: Path) -> None:
    place = Place.objects.get(code="fu-shan")
    lon, lat = place.location.coords if place.location else (0, 0)
    rows = [
        f"府山,,,,,{lon},{lat},,,,\n",
        f"府山,,,,,{lon + 0.4},{lat},,,,\n",
        f"卧龙演示亭,,,,,{lon + 0.4},{lat},,,,\n",
    ]
    same, far, another = sent(author, tmp_path, HEADERS + "".join(rows)).rows.all()
    assert (same.candidate, same.candidate_name, same.score, same.distance_m, same.decision) == (
        place,
        "府山",
        100,
        0,
        "",
    )
    assert (far.candidate, far.decision, another.candidate) == (None, "new", None)


def test_former_names_in_other_characters_are_the_same(author: User) -> None:
    place = Place.objects.get(code="fu-shan")
    PlaceName.objects.create(place=place, role="former", name="會稽演示嶺", certainty="certain", position=9)
    committed()
    found = alike(["会稽演示岭"])[0]
    assert (found.handle, found.name, found.score, found.distance_m) == (place.handle, "會稽演示嶺", 100, None)


@pytest.mark.parametrize(
    ("likeness", "distance", "expected"),
    [
        (100, None, 100),
        (100, 10, 100),
        (60, 10, 80),
        (100, 3000, 100),
        (100, 9000, 80),
        (100, 30_000, 60),
        (10, 30_000, 0),
    ],
)
def test_distance_speaks_for_and_against(likeness: float, distance: int | None, expected: int) -> None:
    assert score(likeness, distance) == expected


def test_nothing_is_made_before_everything_is_decided(author: User, tmp_path: Path) -> None:
    batch = sent(author, tmp_path, HEADERS + NEW + "府山,,,,,,,,,,\n")
    with pytest.raises(NotNow):
        steps.apply(batch)
    assert not Changeset.objects.exists()
    steps.decide(batch, {3: "change"})
    found = steps.apply(batch, is_dry=True)
    assert (found.new, found.change, Changeset.objects.count()) == (1, 1, 0)
    steps.apply(batch)
    assert sorted(Changeset.objects.values_list("title", flat=True)) == ["府山", "青石演示桥"]
    for again in (steps.apply, steps.abandon):
        with pytest.raises(NotNow):
            again(batch)
    with pytest.raises(NotNow):
        steps.decide(batch, {2: "skip"})


def test_a_change_takes_what_the_row_says_and_loses_nothing(author: User, tmp_path: Path) -> None:
    place = Place.objects.get(code="fu-shan")
    batch = sent(author, tmp_path, "标准名称,含义,别名\n府山,以府署得名。,种山、演示别名\n", crs="")
    steps.decide(batch, {2: "change"})
    steps.apply(batch)
    changeset = Changeset.objects.get()
    before = documents.proposed(changesets.latest(place).document)
    assert changeset.place == place
    assert changeset.document["meaning"] == "以府署得名。"
    assert changeset.document["shapes"] == before["shapes"]
    assert changeset.document["category"] == before["category"]
    assert {"府山", "种山", "演示别名"} <= {name["name"] for name in changeset.document["names"]}


@pytest.mark.parametrize("decision", ["change", "merge"])
def test_what_cannot_be_decided_so_is_refused(author: User, tmp_path: Path, decision: str) -> None:
    batch = sent(author, tmp_path, HEADERS + NEW)
    with pytest.raises(NotNow):
        steps.decide(batch, {2: decision})
    assert [row.decision for row in batch.rows.all()] == ["new"]


def test_the_same_file_again_proposes_nothing_twice(author: User, tmp_path: Path) -> None:
    batch = sent(author, tmp_path, HEADERS + NEW + NEW)
    assert sent(author, tmp_path, HEADERS + NEW + NEW) == batch
    assert [(row.decision, told(row)) for row in batch.rows.all()] == [
        ("new", []),
        ("skip", ["The row says the same as row 2."]),
    ]
    steps.apply(batch)
    again = sent(author, tmp_path, HEADERS + NEW + NEW)
    assert again != batch
    assert [row.decision for row in again.rows.all()] == ["skip", "skip"]
    assert f"Import {batch.pk} made changeset" in told(again.rows.all()[0])[0]
    changesets.abandon(Changeset.objects.get())
    third = sent(author, tmp_path, HEADERS + NEW)
    assert [row.decision for row in third.rows.all()] == ["new"]


def test_a_step_that_breaks_off_leaves_nothing(author: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = changesets.begin
    begun: list[Any] = []

    def begin_once(*args: Any, **said: Any) -> Changeset:
        if begun:
            raise KeyboardInterrupt
        begun.append(1)
        return made(*args, **said)

    batch = sent(author, tmp_path, HEADERS + NEW + NEW.replace("青石", "白玉"))
    for row in batch.rows.all():
        steps.decide(batch, {row.line: "new"})
    monkeypatch.setattr(changesets, "begin", begin_once)
    with pytest.raises(KeyboardInterrupt):
        steps.apply(batch)
    assert (Changeset.objects.count(), PlaceImport.objects.get().applied_at) == (0, None)


@pytest.mark.parametrize(
    ("text", "name", "crs", "error"),
    [
        ("编号,含义\n1,x\n", "a.csv", "", NoNames),
        ("名称,经度,纬度\n甲,120,30\n", "a.csv", "", CrsMissing),
        ("名称,经度\n甲,120\n", "a.csv", "EPSG:4490", HalfPosition),
        ("{", "a.json", "", UnreadableJson),
        ('{"type":"FeatureCollection"}', "a.json", "", UnreadableJson),
        ("名称\n甲\n乙\n", "a.csv", "", TooManyRows),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_whole(
    author: User, tmp_path: Path, text: str, name: str, crs: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        sent(author, tmp_path, text, name, crs=crs, most=1)
    assert not PlaceImport.objects.exists()


def test_columns_about_people_are_not_kept(author: User, tmp_path: Path) -> None:
    batch = sent(author, tmp_path, "名称,联系人\n甲演示桥,张三\n", crs="")
    assert (batch.rows.get().cells, "联系人" in batch.notes[-1]) == (["甲演示桥", ""], True)


def test_a_file_of_linked_places_comes_back_as_a_change_of_the_place(author: User, tmp_path: Path) -> None:
    place = approved(changesets.begin(author, document=entry()), reviewer())
    said = feature(
        Told(place.handle, documents.proposed(changesets.latest(place).document)), Words(settings.PUBLIC_URL)
    )
    said["descriptions"][0]["value"] = "改过的含义。"
    other = {
        "@id": "https://gaz.example/1",
        "type": "Feature",
        "properties": {"title": "演示亭"},
        "names": [],
        "geometry": None,
    }
    text = json.dumps({"type": "FeatureCollection", "features": [said, other, {"type": "Point"}]})
    same, new, wrong = sent(author, tmp_path, text, "places.json", crs="").rows.all()
    assert (same.candidate, same.score, same.faults) == (place, 100, [])
    assert (new.title, new.candidate, wrong.document) == ("演示亭", None, None)
    batch = PlaceImport.objects.get()
    steps.decide(batch, {1: "change"})
    steps.apply(batch)
    changeset = Changeset.objects.get(place=place, origin=f"import {batch.pk}")
    before = documents.proposed(changesets.latest(place).document)
    assert changeset.document == {**before, "meaning": "改过的含义。"}


def test_an_entry_with_a_row_of_itself_is_itself() -> None:
    document = entry()
    assert with_row(document, document) == document


def test_a_place_of_another_county_is_not_changed(tmp_path: Path) -> None:
    place = Place.objects.get(code="fu-shan")
    Place.objects.filter(pk=place.pk).update(township="330602001")
    batch = sent(curator("of-zhuji", counties=("330681",)), tmp_path, HEADERS + "府山,,,,,,,,,,\n")
    with pytest.raises(NotNow, match="none of your counties"):
        steps.decide(batch, {2: "change"})


@pytest.mark.parametrize("name", columns.TARGETS)
def test_a_column_is_known_by_each_of_its_titles(name: str) -> None:
    target = columns.TARGETS[name]
    for word in (name, str(target.title)):
        assert columns.matched([word]) == {word: name}


def test_command_does_the_same_and_takes_it_back(
    author: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.csv"
    path.write_text(HEADERS + NEW + "府山,,,,,,,,,,\n")
    given = [path, "--author", author.username, "--crs", "4490", "--proposed", "skip"]
    call_command("import_places", *given, "--dry-run")
    dry = capsys.readouterr().out
    assert (Changeset.objects.count(), PlaceImport.objects.count()) == (0, 0)
    call_command("import_places", *given)
    assert capsys.readouterr().out.splitlines()[:-1] == dry.splitlines()[:-1]
    assert Changeset.objects.get().title == "青石演示桥"


def test_command_leaves_what_is_to_be_decided_to_people(author: User, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("名称\n府山\n")
    with pytest.raises(SystemExit):
        call_command("import_places", path, "--author", author.username)
    assert (Changeset.objects.count(), PlaceImport.objects.get().rows.get().decision) == (0, "")


@pytest.mark.parametrize("given", [["--author", "nobody"], ["--author", "eyes"], ["--author", "curator", "--crs", "x"]])
def test_command_refuses_what_makes_no_sense(author: User, tmp_path: Path, given: list[str]) -> None:
    reviewer("eyes")
    path = tmp_path / "names.csv"
    path.write_text("名称,经度,纬度\n甲演示桥,120.5,30\n")
    with pytest.raises(CommandError):
        call_command("import_places", path, *given)
    assert not PlaceImport.objects.exists()
