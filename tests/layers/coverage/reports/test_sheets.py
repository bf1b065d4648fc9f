"""Names of sheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.coverage.reports.sheets import _cut, sheet_names


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["建有率", "建有率"], ["建有率", "建有率 (2)"]),
        (["Rate", "RATE", "rate"], ["Rate", "RATE (2)", "rate (3)"]),
        (["History"], ["History (2)"]),  # Excel keeps it for itself
        (["a/b [c]: d*?"], ["a b c d"]),
        (["'quoted'"], ["quoted"]),
        (["", "?"], ["(2)", "(3)"]),
        (["长" * 40, "长" * 40], ["长" * 31, "长" * 27 + " (2)"]),
        (["𠮷" * 20], ["𠮷" * 15]),  # two units of UTF-16 each
    ],
)
def test_names_are_such_as_excel_takes(titles: list[str], names: list[str]) -> None:
    assert sheet_names(titles) == names


@given(st.lists(st.text(max_size=40), max_size=8))
def test_names_are_always_sound(titles: list[str]) -> None:
    names = sheet_names(titles)
    assert len({name.casefold() for name in names}) == len(titles)
    for name in names:
        assert 0 < len(name.encode("utf-16-le", "surrogatepass")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_a_text_is_cut_between_characters() -> None:
    assert _cut("甲𠮷", 2) == "甲"
    assert _cut("a\ufffeb") == "a\ufffdb"
