"""A clerk brings files in: sent, read, its columns confirmed, checked and imported by a real worker, seen, undone."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import python_calamine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.models import Import
from layers.models.imports import ImportState
from layers.registry import Role
from layers.rows import today
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, Visitor, committed, fits, sign_in
from tests.gis_portal.pages.importing import FAULTY, SITES, csv, shapefile, workbook
from tests.people import account
from tests.sharing import clear_imports

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(scope="module")
def clerk(chromium: Browser, worker: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an editor; all that was imported is gone at the end."""
    with django_db_blocker.unblock():
        user = account("wang", Role.EDITOR)
        yield user.username
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()
        clear_imports("eco-w")


def send(visitor: Visitor, clerk: str, path: Path) -> None:
    page = visitor.page
    sign_in(visitor, clerk, "/import/")
    page.get_by_label("图层").select_option(label="节地生态安葬点")
    page.get_by_label("文件", exact=True).set_input_files(path)
    fits(visitor)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", name="文件的读取方式")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("青松园")
    fits(visitor)


def check(visitor: Visitor) -> None:
    """From the columns to the result."""
    page = visitor.page
    expect(page.get_by_label("名称", exact=True)).to_have_value("name")
    fits(visitor)
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_role("heading", name=re.compile("检查结果"))).to_be_visible(timeout=PATIENCE_MS)
    fits(visitor)


def load_and_undo(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name=re.compile("已于 .* 导入"))).to_be_visible(timeout=PATIENCE_MS)
    fits(visitor)
    batch = page.url
    items = page.request.get(visitor.address + "/api/collections/eco-burial-sites/items?name=青松园").json()
    assert [item["id"] for item in items["features"]] == ["eco-w1"]
    page.goto(visitor.address + "/?lang=zh-Hans#map=16/29.994/120.584&feature=eco-burial-sites/eco-w1")
    visitor.card("青松园")
    page.goto(batch)
    page.get_by_role("link", name="撤销导入……").click()
    fits(visitor)
    page.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_role("heading", name=re.compile("已撤销"))).to_be_visible()
    items = page.request.get(visitor.address + "/api/collections/eco-burial-sites/items?name=青松园").json()
    assert items["features"] == []


def test_a_csv_in_gb18030(visit: Visit, clerk: str, tmp_path: Path) -> None:
    visitor, path = visit(fails=True), tmp_path / "台账.csv"
    page = visitor.page
    path.write_bytes(csv(*SITES))
    send(visitor, clerk, path)
    expect(page.get_by_label("文字编码")).to_contain_text("自动识别：GB18030 / GBK")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("文件没有注明坐标系")
    page.get_by_label("坐标系", exact=True).select_option("EPSG:4490")
    page.get_by_role("button", name="下一步").click()
    check(visitor)
    load_and_undo(visitor)


def test_a_workbook_with_a_title_on_a_telephone(visit: Visit, clerk: str, tmp_path: Path) -> None:
    visitor, path = visit(size=PHONE), tmp_path / "台账.xlsx"
    path.write_bytes(workbook("绍兴市节地生态安葬点台账", *SITES))
    send(visitor, clerk, path)
    visitor.page.get_by_label("坐标系", exact=True).select_option("EPSG:4490")
    visitor.page.get_by_role("button", name="下一步").click()
    check(visitor)
    load_and_undo(visitor)


def test_a_zipped_shapefile(visit: Visit, clerk: str, tmp_path: Path) -> None:
    visitor, path = visit(), tmp_path / "点位.zip"
    path.write_bytes(shapefile(tmp_path, *SITES))
    send(visitor, clerk, path)
    expect(visitor.page.get_by_label("坐标系", exact=True)).to_contain_text("按文件所载：EPSG:4490")
    visitor.page.get_by_role("button", name="下一步").click()
    check(visitor)
    load_and_undo(visitor)


@pytest.mark.parametrize("size", [OFFICE, PHONE], ids=["office", "phone"])
def test_a_faulty_file_comes_back_with_its_cells_marked(visit: Visit, clerk: str, tmp_path: Path, size: tuple[int, int]) -> None:  # fmt: skip
    visitor, path = visit(size=size), tmp_path / "有误.csv"
    page = visitor.page
    path.write_bytes(csv(*SITES, FAULTY))
    send(visitor, clerk, path)
    page.get_by_label("坐标系", exact=True).select_option("EPSG:4490")
    page.get_by_role("button", name="下一步").click()
    check(visitor)
    expect(page.get_by_role("button", name="确认导入")).to_be_disabled()
    expect(page.locator("main")).to_contain_text("必填项，单元格为空。")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="下载标注问题的表格").click()
    marked = tmp_path / "marked.xlsx"
    downloaded.value.save_as(marked)
    assert downloaded.value.suggested_filename == "有误（检查结果）.xlsx"
    rows = python_calamine.CalamineWorkbook.from_path(marked).get_sheet_by_index(0).to_python()
    assert rows[3][:8] == list(FAULTY)
    assert "必填项" in rows[3][8]
    assert coloured(marked) == {"B4", "C4", "G4"}
    page.get_by_role("button", name="跳过有误的行").click()
    expect(page.get_by_role("heading", name="检查结果：可以导入")).to_be_visible(timeout=PATIENCE_MS)


def coloured(path: Path) -> set[str]:
    """The cells of the first sheet that have a ground of their own, read from the file's XML."""
    with zipfile.ZipFile(path) as book:
        styles, sheet = (book.read(f"xl/{name}").decode() for name in ("styles.xml", "worksheets/sheet1.xml"))
    formats = re.findall(r"<xf [^>]*fillId=\"(\d+)\"", styles.partition("<cellXfs")[2])
    cells = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet)
    return {cell for cell, style in cells if int(formats[int(style)]) > 1}


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(visit: Visit, clerk: str, tmp_path: Path) -> None:
    visitor, path = visit(), tmp_path / "大.csv"
    page = visitor.page
    path.write_bytes(csv(*SITES))
    sign_in(visitor, clerk, "/import/")
    expect(page.get_by_label("图层")).to_be_visible()
    page.evaluate("document.querySelector('input[type=file]').dataset.most = 10")
    page.get_by_label("图层").select_option(label="节地生态安葬点")
    page.get_by_label("文件", exact=True).set_input_files(path)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("alert")).to_contain_text("文件超过 2048 MB 的上限")
    expect(page).to_have_url(re.compile("/import/$"))


@pytest.mark.parametrize("size", [OFFICE, PHONE], ids=["office", "phone"])
def test_progress_is_shown_as_it_is_made(visit: Visit, clerk: str, size: tuple[int, int]) -> None:
    visitor = visit(size=size)
    page = visitor.page
    about = {"layer_id": "eco-burial-sites", "actor": clerk, "file_name": "大.csv", "file_bytes": 1, "on": today()}
    user = User.objects.get(username=clerk)
    running = {"state": ImportState.CHECKING, "step": "", "done": 5, "total": 2000, "language": "zh-hans"}
    batch = committed(lambda: Import.objects.create(account=user, **about, **running))
    kept = Import.objects.filter(pk=batch.pk)
    sign_in(visitor, clerk, f"/import/{batch.pk}/")
    expect(page.locator("#progress")).to_contain_text("已处理 5 行，共 2,000 行")
    fits(visitor)
    committed(lambda: kept.update(done=2000, step="rules"))
    expect(page.locator("#progress")).to_contain_text("正在逐行检查")
    committed(lambda: kept.update(state=ImportState.FAILED, problem="文件读到一半坏了"))
    expect(page.get_by_role("alert")).to_have_text("文件读到一半坏了")
    expect(page.locator("main")).to_contain_text("请重新上传")
    fits(visitor)
