"""CSV as clerks send it."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.imports.reading import Choices, delimited, encodings, look, read
from tests.layers.imports.reading.files import read_bytes, refusal_of_bytes

TEXT = "编号,名称,地址\n1,𠮷祥桥,㑇里 1 号\n2,大善寺塔,\n"
ROWS = [
    (2, {"编号": "1", "名称": "𠮷祥桥", "地址": "㑇里 1 号"}),
    (3, {"编号": "2", "名称": "大善寺塔", "地址": None}),
]


@pytest.mark.parametrize(
    ("content", "encoding", "notes"),
    [
        (TEXT.encode(), "utf-8", []),
        (TEXT.encode("utf-8-sig"), "utf-8", []),
        (TEXT.encode("utf-16"), "utf-16-le", []),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", []),
        (TEXT.encode("gb18030"), "gb18030", [("encoding", {"encoding": "GB18030"})]),
    ],
)
def test_encodings_are_found(tmp_path: Path, content: bytes, encoding: str, notes: list) -> None:
    found = read_bytes(tmp_path, content)
    assert (found.source.encoding, found.rows, found.notes) == (encoding, ROWS, notes)
    assert (found.source.format, found.source.columns, found.source.header) == ("csv", ("编号", "名称", "地址"), 1)


@pytest.mark.parametrize("name", ["gbk", "GB2312", "gb18030", "CP936"])
def test_encodings_can_be_set(tmp_path: Path, name: str) -> None:
    found = read_bytes(tmp_path, TEXT.encode("gb18030"), encoding=name)
    assert (found.source.encoding, found.rows, found.notes) == ("gb18030", ROWS, [])


def test_an_unknown_encoding_or_delimiter_is_refused(tmp_path: Path) -> None:
    known = "utf-8, gb18030, utf-16-le, utf-16-be, big5"
    for name in ("latin-9000", "rot13", "\0"):
        assert refusal_of_bytes(tmp_path, b"a,b\n1,2", encoding=name) == (
            "unknown_encoding",
            {"encoding": name, "known": known},
        )
    assert refusal_of_bytes(tmp_path, b"a,b\n1,2", delimiter="|") == ("unknown_delimiter", {"delimiter": "|"})


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    text = TEXT.replace(",", delimiter)
    found = read_bytes(tmp_path, text.encode())
    assert (found.source.delimiter, found.rows) == (delimiter, ROWS)


def test_a_delimiter_is_found_beside_others_in_texts(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "名称;坐标\n东湖;120,6\n兰亭;120,7\n".encode())
    assert found.rows == [(2, {"名称": "东湖", "坐标": "120,6"}), (3, {"名称": "兰亭", "坐标": "120,7"})]


def test_a_table_of_one_column(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, "名称\n东湖\n\n兰亭".encode()).rows == [(2, {"名称": "东湖"}), (4, {"名称": "兰亭"})]


def test_titles_above_the_header_are_left_out(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, f"绍兴市地名清单,,\n\n填报单位：民政局,,2024-01-01\n{TEXT}".encode())
    assert [number for number, _row in found.rows] == [5, 6]
    assert (found.source.header, found.notes) == (4, [("rows_above_header", {"row": 4})])


def test_the_header_can_be_said(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, b"a,b\nc,d\n1,2\n", header=2)
    assert found.rows == [(3, {"c": "1", "d": "2"})]
    for row in (0, 4, 5, -1):
        refused = refusal_of_bytes(tmp_path, b"a,b\nc,d\n1,2\n,\n", header=row)
        assert refused == ("blank_header", {"row": row, "most": 1000})


def test_a_header_with_years_is_found(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "乡镇,2022,2023,2024\n府山街道,1,2,3\n".encode())
    assert found.rows == [(2, {"乡镇": "府山街道", "2022": "1", "2023": "2", "2024": "3"})]


def test_a_table_without_a_header_is_refused(tmp_path: Path) -> None:
    assert refusal_of_bytes(tmp_path, b"1,2\n3,4\n") == ("no_header", {})


def test_two_rows_of_a_header_are_joined(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "名称,位置,,备注\n,经度,纬度,\n东湖,120.6,30.0,\n".encode())
    assert found.rows == [(3, {"名称": "东湖", "位置 经度": "120.6", "位置 纬度": "30.0", "备注": None})]
    assert found.notes == [("joined_header", {"first": 1, "last": 2})]


def test_names_of_columns_are_made_unique(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "名称,名称,,名称 (2),名称,经度\u3000(度)\n1,2,3,4,5,6\n".encode())
    assert found.source.columns == ("名称", "名称 (3)", "C", "名称 (2)", "名称 (4)", "经度 (度)")


def test_a_header_that_appears_twice_is_left_out(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, f"{TEXT}编号,名称,地址\n3,兰亭,\n".encode())
    assert found.rows == [*ROWS, (5, {"编号": "3", "名称": "兰亭", "地址": None})]
    assert found.notes == [("repeated_header", {"row": 4})]


def test_blank_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "名称,地址\n\n东湖,a\n,\n \u3000,\n兰亭,b\n\n".encode())
    assert [number for number, _row in found.rows] == [3, 6]


def test_cells_are_trimmed(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, '名称,地址\n\u3000东 湖\u00a0," a\n"\n'.encode())
    assert found.rows == [(2, {"名称": "东 湖", "地址": "a"})]


def test_rows_may_be_short_or_end_in_empty_cells(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, b"a,b,c\n1\n1,2,3,,\n1,2,3\n")
    assert [list(row.values()) for _number, row in found.rows] == [["1", None, None], ["1", "2", "3"], ["1", "2", "3"]]


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    rows = b"1,2\n" * 300_000
    refused = refusal_of_bytes(tmp_path, b"a,b\n" + rows + b"1,2,3\n")
    assert refused == ("too_many_cells", {"row": 300_002, "found": 3, "expected": 2})


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_in_quotes(tmp_path: Path, newline: str) -> None:
    text = newline.join(["a,b", '"1', '2",""', '"say ""x"",",3', ""])
    found = read_bytes(tmp_path, text.encode())
    assert found.rows == [(2, {"a": f"1{newline}2", "b": None}), (3, {"a": 'say "x",', "b": "3"})]


def test_quotation_marks_inside_cells_are_kept(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, b'a,b\n5" pipe,"x"\n"q, r",6"\n')
    assert found.rows == [(2, {"a": '5" pipe', "b": "x"}), (3, {"a": "q, r", "b": '6"'})]


@pytest.mark.parametrize("row", [b'"x,2\n', b'"x"y,2\n'])
def test_quotation_marks_that_do_not_close_are_refused(tmp_path: Path, row: bytes) -> None:
    assert refusal_of_bytes(tmp_path, b"a,b\n1,2\n" + row + b"1,2\n" * 9) == ("bad_quotes", {"row": 3})


def test_a_quotation_mark_that_never_closes_is_refused_before_the_file_ends(tmp_path: Path) -> None:
    refused = refusal_of_bytes(tmp_path, b'a,b\n1,2\n"x,2\n' + b"1,2\n" * 4_000_000)
    assert refused == ("long_row", {"row": 3, "most_mb": 8})


@pytest.mark.parametrize("before", [1, 200_000])
@pytest.mark.parametrize(
    ("encoding", "bad"), [("utf-8", b"\xff"), ("utf-8", b"\xed\xa0\x80"), ("gb18030", b"\xff"), ("gb18030", b"\x81")]
)
def test_bytes_of_another_encoding_are_refused_with_their_row(
    tmp_path: Path, encoding: str, bad: bytes, before: int
) -> None:
    content = "名称,地址\n".encode(encoding) + "东湖,府山街道\n".encode(encoding) * before + b"a," + bad + b"\n1,2\n"
    refused = refusal_of_bytes(tmp_path, content, encoding=encoding)
    assert refused == ("undecodable", {"row": before + 2, "encoding": encodings.TITLES[encoding]})


def test_half_of_a_character_in_utf16_is_refused(tmp_path: Path) -> None:
    content = b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16-le")
    assert refusal_of_bytes(tmp_path, content + b"\x00\xd8,\x00\n\x00") == (
        "undecodable",
        {"row": 3, "encoding": "UTF-16 LE"},
    )
    assert refusal_of_bytes(tmp_path, content + b"x") == ("undecodable", {"row": 3, "encoding": "UTF-16 LE"})


def test_gb18030_that_begins_after_the_sample_names_the_remedy(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 300_000 + "东,湖\n".encode("gb18030")
    assert refusal_of_bytes(tmp_path, content) == ("undecodable", {"row": 300_002, "encoding": "UTF-8"})
    assert read_bytes(tmp_path, content, encoding="gb18030").rows[-1] == (300_002, {"a": "东", "b": "湖"})


def test_nul_is_refused_with_its_row(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 2000
    assert refusal_of_bytes(tmp_path, content + b"x\0,2\n") == ("control_character", {"row": 2002})


def test_a_file_with_only_a_header_has_no_rows(tmp_path: Path) -> None:
    for content in (b"name,address", b"name,address\r\n"):
        found = read_bytes(tmp_path, content)
        assert (found.source.columns, found.rows) == (("name", "address"), [])


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"\n\n", "no_header"), (b"\xef\xbb\xbf", "no_header")])
def test_empty_files_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal_of_bytes(tmp_path, content) == (code, {})


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    content = ",".join(f"c{number}" for number in range(2000)).encode()
    assert refusal_of_bytes(tmp_path, content) == ("too_many_columns", {"found": 2000, "most": 1024})


def test_a_quotation_mark_that_does_not_close_above_the_rows_is_refused(tmp_path: Path) -> None:
    for begin in ('"地名清单\n', '名称,"地址\n', '"名称,地址\n'):
        assert refusal_of_bytes(tmp_path, begin.encode() + b"a,b\n" * 300_000)[0] == "no_header"


def test_a_long_outline_is_one_cell(tmp_path: Path) -> None:
    outline = "POLYGON((" + ",".join(["120.123456 30.123456"] * 200_000) + "))"
    found = read_bytes(tmp_path, f'名称,范围\n东湖,"{outline}"\n兰亭,\n'.encode())
    assert found.rows == [(2, {"名称": "东湖", "范围": outline}), (3, {"名称": "兰亭", "范围": None})]


CELLS = st.text(st.sampled_from('a1,;"\n\r\t 名𠮷'), max_size=4)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=12), block=st.integers(1, 40), data=st.data())
def test_rows_come_back_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[list[str]], block: int, data: st.DataObject
) -> None:
    """Wherever the blocks end."""
    quoting, ends = data.draw(  # of a return alone QUOTE_MINIMAL takes care only when it ends lines
        st.sampled_from([(csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r\n"), (csv.QUOTE_MINIMAL, "\r\n")])
    )
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=ends).writerows([["名", "称"], *rows])
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode())
    source = look(path, path.name, tmp_path, Choices(encoding="utf-8", delimiter=",", header=1))
    with monkeypatch.context() as patched:
        patched.setattr(encodings, "BLOCK_BYTES", max(block, 16))
        pieces = list(read(source))
    found = [
        (number, tuple(row.values()))
        for piece in pieces
        for number, row in zip(piece.numbers.tolist(), piece.rows.to_pylist(), strict=True)
    ]
    trimmed = [tuple(cell.strip(delimited.BLANKS) or None for cell in row) for row in rows]
    expected = [(number, row) for number, row in enumerate(trimmed, 2) if any(row) and row != ("名", "称")]
    assert found == expected
