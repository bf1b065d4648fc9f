"""The pilot team: a street's doors come in as a file, are checked, mended and checked again, printed, and scanned."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Locator, expect
from pytest_django import DjangoDbBlocker

from layers.models import DigitalDoorplate, Division, DoorplateCheck, DoorplateFinding, PlateSheets
from layers.registry import Role
from layers.search import index
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, Visitor, committed, fits, sign_in
from tests.gis_portal.pages.importing import csv
from tests.layers.doorplates.streets import at_metres, doors, metres_of, without
from tests.people import account
from tests.sharing import clear_changes, clear_imports

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
TOWN, TOWN_CODE, STREET = "枫桥镇", "330681109", "验收演示路"
HEADERS = (
    "门牌编码", "名称", "门牌类型", "省", "市", "县（市、区）", "乡镇（街道）", "街路巷", "门牌号", "登记所属乡镇（街道）",
    "来源", "经度", "纬度",
)  # fmt: skip
MISSING, RIVER, WRONG_TOWN, ACROSS, TWICE = 13, 27, 8, 30, 16
DPI = 200


@pytest.fixture(scope="module")
def team(chromium: Browser, worker: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an editor of Zhuji; what was imported, issued, found and printed is gone at the end."""
    with django_db_blocker.unblock():
        user = account("pilot", Role.EDITOR, counties=("330681",))
        yield user.username
        DigitalDoorplate.objects.filter(street=STREET).delete()
        index.forget_stretches()
        for register in (DoorplateCheck, DoorplateFinding, PlateSheets):
            register.objects.all().delete()
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()
        clear_imports("pilot-")
        clear_changes(actor="pilot")


def place_of(number: int, *, across: bool = False) -> Point:
    """Where the door is, or would be on the other side of the street."""
    town = Division.objects.get(code=TOWN_CODE)
    east, north = metres_of(town.boundary.point_on_surface)
    x, y = doors(20)[number]
    return at_metres(east + x + (2 if across else 0), north + (-y if across else y))


def register() -> bytes:
    """The doors 1 to 40 with a number that was never given, one that a river takes, one with the address of another town,
    one placed across the street and one written twice."""
    numbers = [*without(doors(20), MISSING, RIVER), TWICE]
    rows = []
    for place, number in enumerate(numbers):
        at = place_of(number, across=number == ACROSS)
        code = "pilot-again" if place == len(numbers) - 1 else f"pilot-{number}"
        town = "店口镇" if number == WRONG_TOWN else TOWN
        address = ("浙江省", "绍兴市", "诸暨市", town, STREET, f"{number}号")
        about = (TOWN, "demonstration", f"{at.x:.7f}", f"{at.y:.7f}")
        rows.append((code, f"{STREET}{number}号", "小门牌", *address, *about))
    return csv(*rows, headers=HEADERS)


def test_a_street_from_the_file_to_the_plate_on_the_wall(visit: Visit, team: str, tmp_path: Path) -> None:
    visitor = visit(size=OFFICE)
    bring_in(visitor, team, tmp_path)
    check(visitor)
    see_what_was_found(visitor)
    issue_what_is_missing(visitor)
    dismiss_the_river(visitor)
    retire_the_second(visitor)
    move_what_stands_across(visitor)
    correct_the_town(visitor)
    check(visitor)
    expect(visitor.page.locator("main")).to_contain_text("工作清单中没有符合条件的问题。")
    fits(visitor)
    scanned = print_and_read(visitor, tmp_path)
    assert len(scanned) == 39
    [path] = [path for path in scanned if path.endswith(committed(issued_token))]
    neighbour = visit(size=PHONE)
    neighbour.page.goto(neighbour.address + path)
    expect(neighbour.page.get_by_role("heading", level=1)).to_contain_text(f"{STREET}{MISSING}号")
    expect(neighbour.page.get_by_role("heading", level=1)).to_be_in_viewport()
    fits(neighbour)


def bring_in(visitor: Visitor, team: str, tmp_path: Path) -> None:
    page, path = visitor.page, tmp_path / "验收演示路门牌.csv"
    path.write_bytes(register())
    sign_in(visitor, team, "/import/")
    page.get_by_label("图层").select_option(label="数字门牌")
    page.get_by_label("文件", exact=True).set_input_files(path)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", name="文件的读取方式")).to_be_visible()
    page.get_by_label("坐标系", exact=True).select_option("EPSG:4490")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("名称", exact=True)).to_have_value("name")
    fits(visitor)
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_role("heading", name="检查结果：可以导入")).to_be_visible(timeout=PATIENCE_MS)
    fits(visitor)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name=re.compile("已于 .* 导入"))).to_be_visible(timeout=PATIENCE_MS)
    fits(visitor)
    to_the_worklist(visitor)


def check(visitor: Visitor) -> None:
    """Starts the check of the township and waits for what it finds."""
    page = visitor.page
    page.locator("form.upload").get_by_label("乡镇（街道）").select_option(TOWN_CODE)
    page.get_by_role("button", name="开始检查").click()
    expect(page.locator("main")).to_contain_text("共检查门牌", timeout=PATIENCE_MS)


def see_what_was_found(visitor: Visitor) -> None:
    page, main = visitor.page, visitor.page.locator("main")
    for said in (
        "11 号与 15 号之间缺 1 个号", "25 号与 29 号之间缺 1 个号", "双号 30 号在单号一侧", "重复 2 次：pilot-16, pilot-again", "店口镇",
    ):  # fmt: skip
        expect(main).to_contain_text(said)
    expect(page.locator("#small-map[data-map=idle]")).to_be_visible(timeout=PATIENCE_MS)
    fits(visitor)
    page.get_by_role("link", name=STREET).first.click()
    page.get_by_role("link", name="打印外业核查单").click()
    expect(page.get_by_role("img", name=f"{STREET} 两侧示意图，第 1 段")).to_be_visible()
    fits(visitor)
    page.go_back()


def found(visitor: Visitor, said: str) -> Locator:
    return visitor.page.locator(".findings tr").filter(has_text=said)


def issue_what_is_missing(visitor: Visitor) -> None:
    page = visitor.page
    found(visitor, "11 号与 15 号之间缺 1 个号").get_by_role("link", name="在此编制门牌号").click()
    expect(page.locator(".proposed strong")).to_have_text(f"{MISSING}号")
    fits(visitor)
    page.get_by_role("button", name="预留此号").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{STREET}{MISSING}号")
    page.get_by_label("安装日期").fill("2026-01-05")
    page.get_by_role("button", name="确认已安装").click()
    expect(page.locator(".import-facts")).to_contain_text("现行")


def to_the_worklist(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="门牌检查", exact=True).click()


def dismiss_the_river(visitor: Visitor) -> None:
    page = visitor.page
    to_the_worklist(visitor)
    page.get_by_label("25 号与 29 号之间缺 1 个号").check()
    page.get_by_label("原因").fill("河道")
    page.get_by_role("button", name="属正常情况").click()
    expect(page.locator("main")).not_to_contain_text("25 号与 29 号之间缺 1 个号")


def retire_the_second(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="pilot-again").click()
    page.get_by_label("废弃日期").fill("2026-01-05")
    page.get_by_label("原因").fill("重复编制")
    page.get_by_role("button", name="确认废弃").click()
    expect(page.locator(".import-facts")).to_contain_text("废弃")


def move_what_stands_across(visitor: Visitor) -> None:
    page, place = visitor.page, place_of(ACROSS)
    to_the_worklist(visitor)
    page.get_by_role("link", name=f"pilot-{ACROSS}", exact=True).click()
    fits(visitor)
    page.get_by_role("link", name="在后台编辑").click()
    page.get_by_label("经度").first.fill(f"{place.x:.7f}")
    page.get_by_label("纬度").first.fill(f"{place.y:.7f}")
    save(visitor)


def correct_the_town(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name=f"pilot-{WRONG_TOWN}", exact=True).click()
    page.get_by_role("link", name="在后台编辑").click()
    page.get_by_role("textbox", name="乡镇（街道）:", exact=True).fill(TOWN)
    save(visitor)


def save(visitor: Visitor) -> None:
    """Keeps what was changed in the administration and goes back to the worklist."""
    page = visitor.page
    page.get_by_role("button", name="保存", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.get_by_role("link", name="门牌编号").click()
    to_the_worklist(visitor)


def print_and_read(visitor: Visitor, tmp_path: Path) -> set[str]:
    """What the codes on the printed sheets lead to."""
    page, path = visitor.page, tmp_path / "plates.pdf"
    page.get_by_role("link", name="打印门牌", exact=True).click()
    page.get_by_label("乡镇（街道）").select_option(label=TOWN)
    page.get_by_role("button", name="列出街路巷并计数").click()
    page.get_by_label("街路巷或居民点").select_option(label=STREET)
    page.get_by_role("button", name="列出街路巷并计数").click()
    expect(page.locator(".plates-count")).to_have_text("39 块门牌")
    fits(visitor)
    page.get_by_role("button", name="生成 PDF 排版页").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(STREET)
    with page.expect_download(timeout=PATIENCE_MS) as downloaded:
        page.get_by_role("link", name="下载").click()
    downloaded.value.save_as(path)
    assert STREET in downloaded.value.suggested_filename
    fits(visitor)
    pages = [sheet.render(scale=DPI / 72).to_pil() for sheet in pypdfium2.PdfDocument(path)]
    return {urlsplit(code.text).path for sheet in pages for code in zxingcpp.read_barcodes(sheet)}


def issued_token() -> str:
    return DigitalDoorplate.objects.values_list("token", flat=True).get(street=STREET, number=MISSING)
