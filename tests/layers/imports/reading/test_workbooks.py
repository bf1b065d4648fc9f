"""Spreadsheets as clerks send them."""

import base64
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.workbook import Workbook

from layers.imports.reading import workbook_reader
from tests.layers.imports.reading.files import cell, opendocument, read_bytes, read_file, refusal, refusal_of_bytes


def workbook(folder: Path, write: Callable[[Workbook], None], name: str = "table.xlsx") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(path) as made:
        write(made)
    return path


def rows_written(book: Workbook, rows: list[list], name: str = "地名") -> None:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)


def test_cells_of_every_kind(tmp_path: Path) -> None:
    def write(book: Workbook) -> None:
        rows_written(book, [["文本", "整数", "小数", "编码", "日期", "时刻", "时间", "是否", "错误"]])
        sheet = book.get_worksheet_by_name("地名")
        for number in (1, 2):
            sheet.write_string(number, 0, "\u3000𠮷祥桥 ")
            sheet.write_number(number, 1, 1.0)
            sheet.write_number(number, 2, 120.58)
            sheet.write_string(number, 3, "0330602000000000001")
            sheet.write_datetime(number, 4, date(2024, 1, 2), book.add_format({"num_format": "yyyy年m月d日"}))
            sheet.write_datetime(
                number, 5, datetime(2024, 1, 2, 3, 4, 5), book.add_format({"num_format": "d/m/yy h:mm"})
            )
            sheet.write_datetime(number, 6, time(3, 4), book.add_format({"num_format": "hh:mm"}))
            sheet.write_boolean(number, 7, number == 1)
            sheet.write_formula(number, 8, "=NA()", None, "#N/A")

    found = read_file(workbook(tmp_path, write))
    row = {
        "文本": "𠮷祥桥",
        "整数": "1",
        "小数": "120.58",
        "编码": "0330602000000000001",
        "日期": "2024-01-02",
        "时刻": "2024-01-02T03:04:05",
        "时间": "03:04:00",
        "是否": "true",
        "错误": None,
    }
    assert found.rows == [(2, row), (3, {**row, "是否": "false"})]
    assert found.notes == [("error_cells", {"count": 2, "cell": "I2"})]
    assert (found.source.format, found.source.rows, found.source.tables) == ("xlsx", 2, ("地名",))


def test_numbers_too_long_for_a_spreadsheet_are_noted(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, lambda book: rows_written(book, [["编码", "数"], [330602000000, 1], [33060200000000012345, 2]])
    )
    found = read_file(path)
    assert found.rows[0] == (2, {"编码": "330602000000", "数": "1"})
    assert found.notes == [("long_number", {"row": 3, "column": "编码"})]


def test_titles_merged_headers_and_blank_rows(tmp_path: Path) -> None:
    def write(book: Workbook) -> None:
        sheet = book.add_worksheet("地名")
        sheet.merge_range("A1:E1", "绍兴市地名清单")
        sheet.merge_range("A3:A4", "序号")
        sheet.merge_range("B3:B4", "名称")
        sheet.merge_range("C3:D3", "位置")
        sheet.merge_range("E3:E4", "备注")
        sheet.write_row("C4", ["经度", "纬度"])
        sheet.write_row("A5", [1, "东湖", 120.63, 29.99])
        sheet.write_row("A7", [2, "兰亭", 120.49, 29.93, "x"])

    found = read_file(workbook(tmp_path, write))
    assert found.source.columns == ("序号", "名称", "位置 经度", "位置 纬度", "备注")
    assert [(number, *row.values()) for number, row in found.rows] == [
        (5, "1", "东湖", "120.63", "29.99", None),
        (7, "2", "兰亭", "120.49", "29.93", "x"),
    ]
    assert found.notes == [("rows_above_header", {"row": 3}), ("joined_header", {"first": 3, "last": 4})]


def test_the_first_sheet_with_a_table_is_read_or_the_one_chosen(tmp_path: Path) -> None:
    def write(book: Workbook) -> None:
        book.add_worksheet("空")
        rows_written(book, [["a", "b"], [1, 2]], "一")
        rows_written(book, [["c", "d"], [3, 4]], "二")
        book.add_chartsheet("图")

    path = workbook(tmp_path, write)
    tables = "空, 一, 二"
    found = read_file(path)
    assert (found.source.table, found.rows) == ("一", [(2, {"a": "1", "b": "2"})])
    assert found.notes == [("several_tables", {"tables": tables, "table": "一"})]
    assert read_file(path, table="二").rows == [(2, {"c": "3", "d": "4"})]
    assert refusal(path, table="三") == ("unknown_table", {"table": "三", "known": tables})
    assert refusal(path, table="空") == ("no_table", {})


def test_a_table_may_stand_anywhere_in_its_sheet(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, lambda book: rows_written(book, [[], [], [None, None, "a", None, "b"], [None, None, 1, 2, 3]])
    )
    found = read_file(path)
    assert found.rows == [(4, {"a": "1", "D": "2", "b": "3"})]
    assert read_file(path, header=3).rows == found.rows


def test_a_header_that_appears_twice_in_a_sheet_of_many_rows(tmp_path: Path) -> None:
    rows = [["名称", "数"], *([f"地{number}", number] for number in range(5000)), ["名称", "数"], ["末", 1]]
    found = read_file(workbook(tmp_path, lambda book: rows_written(book, rows)))
    assert found.rows[-2:] == [(5001, {"名称": "地4999", "数": "4999"}), (5003, {"名称": "末", "数": "1"})]
    assert (len(found.rows), found.source.rows, found.notes) == (5001, 5002, [("repeated_header", {"row": 5002})])


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert read_file(workbook(tmp_path, lambda book: rows_written(book, [["a", "b"]]))).rows == []


def test_a_cell_in_the_last_corner_is_refused_and_nothing_ends(tmp_path: Path) -> None:
    """The library asks for 549 GB for it and ends its process."""

    def write(book: Workbook) -> None:
        rows_written(book, [["a", "b"], [1, 2]])
        book.get_worksheet_by_name("地名").write(1_048_575, 16_383, "x")

    assert refusal(workbook(tmp_path, write)) == ("large_workbook", {})


def test_a_sheet_that_swells_when_it_is_unpacked_is_refused(tmp_path: Path) -> None:
    rows = [["a", "b"], *([str(number), "x" * 500] for number in range(2000))]
    path = workbook(tmp_path, lambda book: rows_written(book, rows))
    swollen = tmp_path / "swollen.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                content = content.replace(b"<t>a</t>", b"<t>" + b"a" * 2**30 + b"</t>")
            new.writestr(entry.filename, content)
    assert refusal(swollen) == ("large_workbook", {})


# A sheet of Excel 97 as xlwt writes it: a title, 名称 数 日期 是否, and a row.
XLS = (
    "c-rk)OGs2v82-+E%tPj7je$ls2u)>5MG<ZER#>wdv6`?VD9tIt7-eW<n=G4UP_!!A2)1Zrwdp|*iZ(3-qZUCB%oMKL6cn`3x&7zA"
    "_tIzv4wRsr?{dELpZ}cyod2Hpy>BLKi=+1&N|=Lo=qTGk_$qXQLeNXZK>4;UMK2CeuoadRf&m&xpNS{o3BMdeIo>5`xM#d120l?Z"
    "hCy@=<g$rH#2)scM@S#qhy`wuCW3nQY6bI2=9SEMx#UykU97pn+(u=K;wUDq&gPx&EIzC?ab5(n-iK`Sfi+uEhu3lzU$`oqvL<%t"
    "&-9#KVi}D_2xFiDO=WZ0yi7-N8#TZYLTftR+R;%&oCbRgKkNkX-CNZ!5=y_gdI8e^oUQl&MIWF+oU6aC8Ne{?6TC<Y2w{yOb2PD~"
    "JDi!u4qnnS7+{r|J9LnWhBIG>1jJyL<f-i1(-dt!mCWc6sqGWj5^}P@*&JfCHis}Tnh<dxqAb_)(ut9G(|5kTP4{+L$5}JX2ZD2K"
    "tdm~C#zkpC#u3iZnPpBhTWn&!#I>$wxq&%O^P1vhSDh>D8{smSIX6k|Y-7B$)>p_ING^QY|ERI>+1g0*c&c<hKK|YsMH3xkePl16"
    "5wwUFar1`6W6O($yTyEDuK#1Z31~6bciTN1qnP171NDc*bLt~-@5o1I3o(y{U<=7k%Ii-jrLnD-(kW%Qt!wktrEy&*@iX>c*5%{v"
    "^1&;O(xw(5*15eYw{2$}+BGU8&1v)ejT$H@C@3f>C@3f_Gsr8T=3d3+)zWmY`F{7m&J2aJ`c1NIaR3AKoTHD*y~t6V$52)CXBAB0"
    ")g=~a<NYs`=%&{5=tnR6(O>oarOzBu`92FajQzVMRBij^YW)1q?f(M5_SiQ"
)


def test_the_older_format_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(XLS)))
    found = read_file(path)
    assert found.rows == [(3, {"名称": "㑇里", "数": "1", "日期": "2024-01-02", "是否": "true"})]
    assert (found.source.format, found.source.tables) == ("xls", ("地名",))
    assert found.notes == [("rows_above_header", {"row": 2})]


def test_an_opendocument_spreadsheet_is_read(tmp_path: Path) -> None:
    """With the million of empty rows that LibreOffice ends a formatted sheet with."""
    header = "".join(map(cell, ("名称", "编码", "数", "份额", "日期", "是否")))
    values = (
        cell("㑇里"), cell("0330602000000000001"), cell("1", "float", value="1"), cell("72%", "percentage", value="0.72"),
        cell("2024年1月2日", "date", date_value="2024-01-02"), cell("TRUE", "boolean", boolean_value="true"),
    )  # fmt: skip
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    many = f'</table:table-row><table:table-row table:number-rows-repeated="1048574">{empty}'
    found = read_bytes(tmp_path, opendocument(header, "".join(values), many), "台账.ods")
    row = {
        "名称": "㑇里",
        "编码": "0330602000000000001",
        "数": "1",
        "份额": "0.72",
        "日期": "2024-01-02",
        "是否": "true",
    }
    assert found.rows == [(2, row)]
    assert (found.source.format, found.source.tables, found.notes) == ("ods", ("地名",), [])


@pytest.mark.parametrize(("name", "row"), [("名称", 1), ("东湖", 3)])
def test_a_text_with_a_nul_is_refused_with_its_row(tmp_path: Path, name: str, row: int) -> None:
    """As XLSX writes one, _x0000_, in the header or below."""
    rows = [[text.replace(name, f"{name}_x0000_") for text in line] for line in (["名称"], ["西湖"], ["东湖"])]
    path = workbook(tmp_path, lambda book: rows_written(book, rows))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():  # XlsxWriter writes the mark as the text that it is
            archive.writestr(part, content.replace(b"_x005F_x0000_", b"_x0000_"))
    assert refusal(path) == ("control_character", {"row": row})


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    code, params = refusal(path)
    assert (code, list(params)) == ("broken_workbook", ["problem"])
    code, _params = refusal_of_bytes(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old.xls")
    assert code == "broken_workbook"


def test_the_program_stands_alone() -> None:
    """It begins in a twentieth of a second, and what breaks it reaches nothing else."""
    assert "layers" not in Path(workbook_reader.__file__).read_text().replace("layers/", "").split("import", 1)[1]
