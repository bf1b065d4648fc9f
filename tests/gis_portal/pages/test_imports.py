"""The pages of an import, step by step: what each says, what it refuses, who sees it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.test import Client
from django.utils.html import escape

from layers.changes import Actor, recorded
from layers.crs.said import UnknownCrs, said
from layers.imports import batches
from layers.imports.errors import CrsMissing, EditedSince, FileGone, FileTooLarge
from layers.imports.place_words import explain
from layers.models import EcoBurialSite, Grant, Import
from layers.models.imports import ImportState
from layers.registry import Role
from tests.gis_portal.pages.importing import FAULTY, HEADERS, SITES, columns, csv, do, send, shapefile, work, workbook
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(autouse=True)
def _alone(db: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    with shared_transaction():
        yield


@pytest.fixture
def clerk(db: None) -> Client:
    return signed_in(account("clerk", Role.EDITOR))


def text(response: Any) -> str:
    return str(response.content.decode())


def page(client: Client, batch: Import, step: str = "") -> str:
    return text(client.get(f"/import/{batch.pk}/{f'?step={step}' if step else ''}"))


def counts(body: str) -> list[str]:
    return re.findall(r"<dd>(\d+)</dd>", body)


def sites() -> set[str]:
    return set(EcoBurialSite.objects.filter(code__startswith="eco-w").values_list("code", flat=True))


def checked(client: Client, content: bytes, name: str = "台账.csv", **changed: str) -> Import:
    batch = send(client, content, name)
    assert do(client, batch, "read", crs="EPSG:4490").headers["Location"] == f"/import/{batch.pk}/?step=columns"
    assert do(client, batch, "check", "columns", **columns(client, batch, **changed)).status_code == 302
    assert batch.state == ImportState.CHECK_QUEUED
    work(batch)
    return batch


def test_a_csv_in_gb18030_is_read_checked_imported_and_undone(clerk: Client) -> None:
    batch = send(clerk, csv(*SITES))
    read = page(clerk, batch)
    assert "自动识别：GB18030 / GBK" in read
    assert "翠柏园" in read
    refused = do(clerk, batch, "read")
    assert (refused.status_code, escape(str(CrsMissing())) in text(refused)) == (422, True)
    do(clerk, batch, "read", crs="EPSG:4490")
    assert "登记所属乡镇（街道） *" in page(clerk, batch, "columns")
    do(clerk, batch, "check", "columns", **columns(clerk, batch))
    waiting = page(clerk, batch)
    assert "等待检查" in waiting
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    told = clerk.get(f"/import/{batch.pk}/progress").json()
    assert told == {"state": "check_queued", "running": True, "words": "等待检查", "done": 0, "total": None}
    work(batch)
    result = page(clerk, batch)
    assert ("检查结果：可以导入" in result, counts(result), sites()) == (True, ["2", "2", "0", "0", "0"], set())
    do(clerk, batch, "load")
    work(batch)
    assert ("已于" in page(clerk, batch), sites()) == (True, {"eco-w1", "eco-w2"})
    assert "将删除新增的 2 行" in page(clerk, batch, "undo")
    assert do(clerk, batch, "undo", "undo").status_code == 302
    assert ("已撤销" in page(clerk, batch), sites()) == (True, set())


def test_what_was_undone_can_be_sent_again(clerk: Client) -> None:
    for _time in range(2):
        batch = checked(clerk, csv(*SITES))
        do(clerk, batch, "load")
        work(batch)
        assert (batch.state, sites()) == (ImportState.LOADED, {"eco-w1", "eco-w2"})
        do(clerk, batch, "undo")


def test_a_workbook_with_a_title_above_its_header(clerk: Client) -> None:
    batch = send(clerk, workbook("绍兴市节地生态安葬点台账（2026 年）", *SITES), "台账.xlsx")
    assert 'placeholder="2"' in page(clerk, batch)
    do(clerk, batch, "read", crs="EPSG:4490")
    do(clerk, batch, "check", "columns", **columns(clerk, batch))
    work(batch)
    assert counts(page(clerk, batch)) == ["2", "2", "0", "0", "0"]


def test_a_zipped_shapefile_says_its_own_system_of_coordinates(clerk: Client, tmp_path: Path) -> None:
    batch = send(clerk, shapefile(tmp_path, *SITES), "点位.zip")
    read = page(clerk, batch)
    assert "按文件所载：EPSG:4490" in read
    assert "POINT (120.584 29.994)" in read
    do(clerk, batch, "read")
    do(clerk, batch, "check", "columns", **columns(clerk, batch))
    work(batch)
    assert counts(page(clerk, batch)) == ["2", "2", "0", "0", "0"]


def test_what_is_wrong_is_said_by_kind_and_marked_in_a_spreadsheet(clerk: Client) -> None:
    batch = checked(clerk, csv(*SITES, FAULTY))
    result = page(clerk, batch)
    assert "检查结果：暂不能导入" in result
    for words in ("必填项，单元格为空。", "<q>飞行中</q>", "<q>东经</q>", "无法识别为坐标", "第 4 行"):
        assert words in result
    assert re.search(r'value="load"\s+disabled', result)
    response = clerk.get(f"/import/{batch.pk}/report.xlsx")
    rows = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert rows[0][:8] == list(HEADERS)
    assert (rows[1][8], rows[3][:8]) == ("", list(FAULTY))
    assert sorted(line.partition(": ")[0] for line in rows[3][8].splitlines()) == ["名称", "状态", "经度"]


def test_a_mended_spreadsheet_comes_back_with_its_columns_as_they_were_said(clerk: Client) -> None:
    """Those that say why, and of which row, are nothing's; in the other language too."""
    headers = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
    names = ("code", "name", "status", "level", "township_claimed", "source", "lon", "lat")
    said = {f"column-{number}": name for number, name in enumerate(names)}
    batch = checked(clerk, csv(*SITES, FAULTY, headers=headers), **said)
    for language in ("zh-hans", "en"):
        marked = clerk.get(f"/import/{batch.pk}/report.xlsx?lang={language}").getvalue()
        again = send(clerk, marked, "改正.xlsx")
        assert 'value="EPSG:4490"' in page(clerk, again)
        do(clerk, again, "read", crs="EPSG:4490")
        taken = columns(clerk, again)
        assert {name: taken[name] for name in said} == said
        assert (taken["column-8"], taken["column-9"]) == ("", "")


def test_a_mended_spreadsheet_of_a_shapefile_gives_its_places_as_texts(clerk: Client, tmp_path: Path) -> None:
    """The names are swapped on purpose, as no words would match them."""
    batch = checked(clerk, shapefile(tmp_path, *SITES), "点位.zip", **{"column-1": "address", "column-4": "name"})
    again = send(clerk, clerk.get(f"/import/{batch.pk}/report.xlsx").getvalue(), "改正.xlsx")
    do(clerk, again, "read", crs="EPSG:4490")
    taken = columns(clerk, again)
    assert [taken[f"column-{number}"] for number in (0, 1, 4, 6, 7, 8)] == ["code", "address", "name", "wkt", "", ""]


def test_what_is_wrong_with_a_whole_file_leaves_its_header_readable(clerk: Client) -> None:
    batch = checked(clerk, csv(*SITES, headers=("身份证号", *HEADERS[1:6], "法人电话", "微信号")))
    assert set(batch.faults.filter(row=0).values_list("code", flat=True)) == {"personal_column"}
    again = send(clerk, clerk.get(f"/import/{batch.pk}/report.xlsx").getvalue(), "改正.xlsx")
    with batches.looked(again) as found:
        assert found.source.columns[8:] == ("问题说明（导入时忽略此列）", "文件行号")


def test_faulty_rows_can_be_left_out(clerk: Client) -> None:
    batch = checked(clerk, csv(*SITES, FAULTY))
    do(clerk, batch, "skip")
    work(batch)
    assert counts(page(clerk, batch)) == ["3", "2", "0", "0", "1"]
    do(clerk, batch, "load")
    work(batch)
    assert sites() == {"eco-w1", "eco-w2"}
    assert "未导入的行" in page(clerk, batch)


def test_thousands_of_faulty_rows_are_told_in_few_words(clerk: Client) -> None:
    batch = checked(clerk, csv(*((f"eco-w{number}", *FAULTY[1:]) for number in range(3000))))
    result = page(clerk, batch)
    assert len(result) < 20_000
    assert "另有 2995 处" in result


def test_what_changes_is_shown_before_and_after(clerk: Client) -> None:
    first = checked(clerk, csv(*SITES))
    do(clerk, first, "load")
    work(first)
    batch = checked(clerk, csv(("eco-w1", "青松新园", "关闭", *SITES[0][3:]), SITES[1]))
    result = page(clerk, batch)
    assert counts(result) == ["2", "0", "1", "1", "0"]
    assert "<td><del>青松园</del></td><td><ins>青松新园</ins></td>" in result
    assert "<td><del>运行中</del></td><td><ins>已关闭</ins></td>" in result
    again = checked(clerk, csv(*SITES))
    assert "检查结果：没有需要导入的内容" in page(clerk, again)


def test_columns_are_taken_once_and_both_coordinates_or_none(clerk: Client) -> None:
    batch = send(clerk, csv(*SITES))
    do(clerk, batch, "read", crs="EPSG:4490")
    offered = columns(clerk, batch)
    for changed, words in (
        ({"column-0": "name"}, "“编码”列已对应此项。"),
        ({"column-7": ""}, "经度和纬度只有其一"),
        ({"constant-name": "园"}, "“名称”列已提供此项"),
        (dict.fromkeys(name for name in offered if name.startswith("column")) , "没有导入任何列"),
    ):  # fmt: skip
        sent = {name: value or "" for name, value in (offered | changed).items()}
        assert words in text(do(clerk, batch, "check", "columns", **sent))
        assert batch.state == ImportState.SENT


def test_one_value_for_all_rows(clerk: Client) -> None:
    rows = [(*row[:5], *row[6:]) for row in SITES]
    content = csv(*rows, headers=(*HEADERS[:5], *HEADERS[6:]))
    batch = send(clerk, content)
    do(clerk, batch, "read", crs="EPSG:4490")
    assert "没有列提供。请在上方选择" in page(clerk, batch, "columns")
    do(clerk, batch, "check", "columns", **columns(clerk, batch, **{"constant-source": "市民政局"}))
    work(batch)
    do(clerk, batch, "load")
    work(batch)
    assert set(EcoBurialSite.objects.filter(code__startswith="eco-w").values_list("source", flat=True)) == {"市民政局"}


def test_a_file_that_cannot_be_read_says_why_and_can_be_read_otherwise(clerk: Client) -> None:
    batch = send(clerk, csv(*SITES))
    do(clerk, batch, "read", encoding="utf-8", again="1")
    read = page(clerk, batch)
    assert "UTF-8" in read
    assert 'role="alert"' in read
    do(clerk, batch, "read", encoding="gb18030", crs="other", other="4490")
    assert (batch.choices, batch.crs) == ({"encoding": "gb18030"}, "EPSG:4490")
    refused = text(do(clerk, batch, "read", crs="other", other="999999"))
    with pytest.raises(UnknownCrs) as unknown:
        said("999999")
    assert explain(unknown.value) in refused


def test_a_large_file_is_refused_before_it_is_read(clerk: Client, settings: Any) -> None:
    settings.IMPORT_MOST_BYTES = 1000
    file = io.BytesIO(b"x" * 100_000)
    file.name = "big.csv"
    response = clerk.post("/import/", {"layer": "eco-burial-sites", "file": file})
    assert (response.status_code, str(FileTooLarge(1000)) in text(response)) == (413, True)
    assert Import.objects.count() == 0


def test_a_form_of_another_site_sends_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account("clerk", Role.EDITOR))
    assert client.post("/import/", {"layer": "eco-burial-sites"}).status_code == 403


def test_a_file_that_is_no_longer_kept_is_said_to_be_gone(clerk: Client) -> None:
    batch = checked(clerk, csv(*SITES))
    batches.path_of(batch).unlink()
    for step in ("reading", "columns", ""):
        assert "本次导入的文件已过保存期限" in page(clerk, batch, step)
    assert clerk.get(f"/import/{batch.pk}/report.xlsx").status_code == 410
    refused = do(clerk, batch, "check", "columns")
    assert (refused.status_code, str(FileGone()) in text(refused)) == (410, True)


def test_what_was_edited_since_is_named_and_not_undone(clerk: Client) -> None:
    batch = checked(clerk, csv(*SITES))
    do(clerk, batch, "load")
    work(batch)
    with recorded(Actor(name="other", origin="api")):
        EcoBurialSite.objects.filter(code="eco-w2").update(name="另名")
    refused = do(clerk, batch, "undo", "undo")
    assert (refused.status_code, str(EditedSince(["eco-w2"])) in text(refused)) == (409, True)
    assert '<a href="/api/collections/eco-burial-sites/items/eco-w2/changes">eco-w2</a>' in text(refused)
    assert 'value="undo"' not in text(refused)
    assert sites() == {"eco-w1", "eco-w2"}


def test_what_waits_can_be_cancelled_and_begun_again(clerk: Client) -> None:
    batch = send(clerk, csv(*SITES))
    do(clerk, batch, "read", crs="EPSG:4490")
    do(clerk, batch, "check", "columns", **columns(clerk, batch))
    do(clerk, batch, "cancel")
    assert "已取消" in page(clerk, batch)
    do(clerk, batch, "check", "columns", **columns(clerk, batch))
    work(batch)
    assert batch.state == ImportState.CHECKED
    assert do(clerk, batch, "cancel").status_code == 409


def test_colleagues_see_it_and_may_undo_it_but_only_its_sender_goes_on_with_it(clerk: Client) -> None:
    colleague = signed_in(account("colleague", Role.EDITOR))
    batch = checked(clerk, csv(*SITES))
    assert "台账.csv" in text(colleague.get("/import/"))
    assert counts(page(colleague, batch)) == ["2", "2", "0", "0", "0"]
    assert do(colleague, batch, "load").status_code == 403
    do(clerk, batch, "load")
    work(batch)
    assert do(colleague, batch, "undo").status_code == 302
    assert sites() == set()


def test_a_county_sees_its_own_imports_only(clerk: Client) -> None:
    of_all = checked(clerk, csv(*SITES))
    zhuji, both = (
        signed_in(account(name, Role.EDITOR, counties=counties))
        for name, counties in (("zhuji", ("330681",)), ("both", ("330602", "330681")))
    )
    own = send(zhuji, csv(*SITES))
    assert [zhuji.get(f"/import/{batch.pk}/").status_code for batch in (of_all, own)] == [404, 200]
    assert [both.get(f"/import/{batch.pk}/").status_code for batch in (of_all, own)] == [404, 200]
    assert both.get(f"/import/{of_all.pk}/report.xlsx").status_code == 404
    Grant.objects.filter(user__username="zhuji").update(counties=[])
    assert both.get(f"/import/{own.pk}/").status_code == 404


def test_blank_spreadsheets_are_for_layers_that_one_writes(clerk: Client) -> None:
    response = clerk.get("/import/template/eco-burial-sites.xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))
    assert "名称*" in book.get_sheet_by_index(0).to_python()[0]
    assert clerk.get("/import/template/heritage-places.xlsx").status_code == 403
    assert clerk.get("/import/template/nothing.xlsx").status_code == 404
    assert signed_in(account("visitor")).get("/import/template/eco-burial-sites.xlsx").status_code == 403


def test_lists_are_paged_with_a_fixed_number_of_queries(clerk: Client, django_assert_max_num_queries: Any) -> None:
    for _number in range(31):
        send(clerk, csv(*SITES))
    with django_assert_max_num_queries(6):
        first = text(clerk.get("/import/"))
    assert first.count('<th scope="row">') == 30
    (before,) = re.findall(r"\?before=(\d+)", first)
    assert text(clerk.get(f"/import/?before={before}")).count('<th scope="row">') == 1


def test_the_language_that_was_chosen_is_kept(clerk: Client) -> None:
    batch = send(clerk, csv(*SITES))
    response = clerk.post(f"/import/{batch.pk}/?lang=en", {"do": "read", "crs": "EPSG:4490"})
    assert response.headers["Location"] == f"/import/{batch.pk}/?step=columns&lang=en"
    assert "What the columns are" in text(clerk.get(response.headers["Location"]))


def test_who_may_import_finds_the_way(clerk: Client) -> None:
    link = 'href="/import/"'
    assert all(link in text(clerk.get(path)) for path in ("/account/", "/admin/"))
    planner = signed_in(account("planner", Role.PLANNER))
    assert link not in text(planner.get("/account/"))
    assert planner.get("/import/").status_code == 403
