"""Chinese numerals and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.addresses.numerals import HANZI, hanzi, value


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12), ("012", 12), ("十二", 12), ("二十", 20), ("廿三", 23), ("廿", 20), ("卅", 30), ("卅一", 31), ("一百零五", 105),
        ("一百二十三", 123), ("一二三", 123), ("一〇五", 105), ("二千零一", 2001), ("两百", 200), ("〇", 0), ("一百十二", 112),
    ],
)  # fmt: skip
def test_value_of_what_is_written(written: str, number: int) -> None:
    assert value(written) == number


@given(st.integers(0, 99))
def test_a_numeral_has_the_value_it_was_made_from(number: int) -> None:
    assert value(hanzi(number)) == number


@given(st.text(HANZI, min_size=1, max_size=8))
def test_any_run_of_numerals_has_a_value(written: str) -> None:
    assert value(written) >= 0
