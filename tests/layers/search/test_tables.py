"""Tables of addresses as files: what is read of them, which columns make the address, and what is written."""

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from layers.errors import LayerError
from layers.imports.reading import UnreadableFile
from layers.search import tables
from layers.search.batch import NOT_FOUND, Located, Way
from layers.search.errors import ColumnMissing, NotATable, UnknownColumn
from layers.search.tables import ADDED, Table


def table(path: Path, content: bytes | str, name: str = "table.csv", **said: str) -> Table:
    at = path / name
    at.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tables.table(at, name, path, **said)


def addresses(found: Table) -> list[str]:
    return [found.address(row) for piece in tables.pieces(found) for row in piece]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("县,镇,路,号", ["越城区塔山街道解放路12", "诸暨市枫桥镇"]),
        (" 路 ,号", ["解放路12", ""]),
        ("路", ["解放路", ""]),
        ("号,路", ["12解放路", ""]),
    ],
)
def test_columns_are_joined_in_the_order_said(columns: str, expected: list[str], tmp_path: Path) -> None:
    content = "县,镇,路,号\n越城区,塔山街道,解放路,12\n诸暨市,枫桥镇,,\n"
    assert addresses(table(tmp_path, content, columns=columns)) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found_out(encoding: str, delimiter: str, tmp_path: Path) -> None:
    content = f"名称{delimiter}地址\n甲{delimiter}解放路㐂12号\n乙{delimiter}\n".encode(encoding)
    assert addresses(table(tmp_path, content)) == ["解放路㐂12号", ""]


def test_workbook_is_a_table_too(tmp_path: Path) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["名称", "地址"])
        sheet.write_row(1, 0, ["甲", "解放路12号"])
    assert addresses(table(tmp_path, made.getvalue(), "table.xlsx", columns="地址")) == ["解放路12号"]


def test_without_a_choice_the_column_is_the_one_called_so_or_the_only_one(tmp_path: Path) -> None:
    assert table(tmp_path, "名称,address\n甲,乙\n").columns == ("address",)
    assert table(tmp_path, "所在\n甲\n").columns == ("所在",)
    with translation.override("en"), pytest.raises(ColumnMissing) as refusal:
        table(tmp_path, "名称,所在\n甲,乙\n")
    assert str(refusal.value) == (
        "Say which columns make the address, the largest division first. There are: 名称, 所在."
    )


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with translation.override("en"), pytest.raises(UnknownColumn) as refusal:
        table(tmp_path, "名称,所在\n甲,乙\n", columns="所在,街")
    assert str(refusal.value) == "There is no column “街”. There are: 名称, 所在."
    with translation.override("zh-hans"), pytest.raises(UnknownColumn) as refusal:
        table(tmp_path, "名称,所在\n甲,乙\n", columns="街")
    assert str(refusal.value) == "没有“街”这一列。现有的列：名称, 所在。"


def test_a_column_with_a_comma_in_its_name_can_be_chosen(tmp_path: Path) -> None:
    assert addresses(table(tmp_path, '"街,号",b\n解放路12号,x\n', columns="街,号")) == ["解放路12号"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 100, "unknown_format"),
        ("地址\n甲\n乙\x00丙\n".encode(), "unknown_format"),
        ('地址,b\n甲,"x\n'.encode(), "bad_quotes"),
        ("地址,b\n甲,乙,丙\n".encode(), "too_many_cells"),
        ("地址,b\n".encode() + "甲,乙\n".encode() * 9 + b"\xff\xff,x\n", "undecodable"),
        (b"\n\n\n", "no_header"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(content: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        addresses(table(tmp_path, content, columns="地址"))
    assert refusal.value.code == code


def test_a_wrong_encoding_is_said_with_its_row(tmp_path: Path) -> None:
    with translation.override("en"), pytest.raises(UnreadableFile) as refusal:
        addresses(table(tmp_path, "address\n解放路12号\n".encode("gb18030"), encoding="utf-8"))
    assert str(refusal.value) == ("Row 2 is not UTF-8. Choose the encoding that the file has, or save it as UTF-8.")


def test_features_are_no_table_of_addresses(tmp_path: Path) -> None:
    content = '{"type": "FeatureCollection", "features": []}'
    with pytest.raises((NotATable, UnreadableFile)) as refusal:
        table(tmp_path, content)
    assert isinstance(refusal.value, LayerError)


def test_pieces_go_on_after_so_many_rows(tmp_path: Path) -> None:
    found = table(tmp_path, "地址\n" + "".join(f"{number}号\n" for number in range(2500)))
    assert [len(piece) for piece in tables.pieces(found)] == [1000, 1000, 500]
    assert [row for piece in tables.pieces(found, after=2499) for row in piece] == [("2499号",)]
    assert list(tables.pieces(found, after=2500)) == []


def test_the_rows_come_back_with_what_was_found_and_nothing_a_spreadsheet_would_compute(tmp_path: Path) -> None:
    found = table(tmp_path, "地址,lon,=b\n解放路12号,-5.5,=1+1\n齉,-a,\n", columns="地址")
    rows = [row for piece in tables.pieces(found) for row in piece]
    located = [Located(Way.DOOR, "越城区解放路12号", 0.9, (120.5, 30.0), "d-1", "330602001", "=note"), NOT_FOUND]
    written = (tables.heading(found) + tables.lines(rows, located)).decode()
    assert written.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(written[1:]))) == [
        ["地址", "lon", "'=b", *ADDED[:3], "lon (2)", *ADDED[4:]],
        [
            "解放路12号",
            "-5.5",
            "'=1+1",
            "越城区解放路12号",
            "door",
            "0.9",
            "120.5",
            "30.0",
            "d-1",
            "330602001",
            "'=note",
        ],
        ["齉", "'-a", "", "", "none", "0.0", "", "", "", "", ""],
    ]
