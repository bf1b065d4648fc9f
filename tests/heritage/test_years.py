"""Times in words, in both languages."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from heritage.years import Period, told

TOLD: list[tuple[Any, str, str]] = [
    (Period(), "", ""),
    (Period(1575, 1575, 1949, 1949), "1575 – 1949", "1575年—1949年"),
    (Period(1575, 1575, 1575, 1575), "1575", "1575年"),
    (Period(-490, -490, -473, -473), "490 BCE – 473 BCE", "公元前490年—公元前473年"),
    (Period(-490, -490, 222, 222), "490 BCE – 222 CE", "公元前490年—公元222年"),
    (Period(1575, 1575), "from 1575", "1575年起"),
    (Period(end_earliest=1950, end_latest=1950), "until 1950", "至1950年"),
    (Period(1573, None), "from 1573 or later", "1573年或之后起"),
    (Period(None, 1620), "from 1620 or earlier", "1620年或之前起"),
    (Period(end_latest=1620), "until 1620 or earlier", "至1620年或之前"),
    (Period(1573, 1620), "from between 1573 and 1620", "1573年至1620年间起"),
    (Period(1490, 1510), "from about 1500", "约1500年起"),
    (Period(1500, 1510), "from between 1500 and 1510", "1500年至1510年间起"),
    (Period(-20, 20), "from between 20 BCE and 20 CE", "公元前20年至公元20年间起"),
    (Period(-510, -490), "from about 500 BCE", "约公元前500年起"),
    (Period(1501, 1600), "from 16th century", "16世纪起"),
    (Period(1, 100, 201, 300), "1st century – 3rd century", "1世纪—3世纪"),
    (Period(-500, -401, -200, -101), "5th century BCE – 2nd century BCE", "公元前5世纪—公元前2世纪"),
    (Period(1001, 1100), "from 11th century", "11世纪起"),
    (Period(1570, 1579), "from the 1570s", "1570年代起"),
    (Period(time_text="万历三年"), "万历三年", "万历三年"),
    (Period(1575, 1575, time_text="万历三年"), "万历三年 (from 1575)", "万历三年（1575年起）"),
    (Period(1575, 1575, 1575, 1575, "1575年"), "1575年 (1575)", "1575年"),
]  # fmt: skip


@pytest.mark.parametrize(("period", "english", "chinese"), TOLD)
def test_a_period_in_words(period: Period, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert told(period) == english
    with translation.override("zh-hans"):
        assert told(period) == chinese


def test_what_lasts_to_this_day() -> None:
    with translation.override("zh-hans"):
        assert told(Period(-490, -490), lasts=True) == "公元前490年至今"
        assert told(Period(), lasts=True) == ""
        assert told(Period(1575, 1575, 1949, 1949), lasts=True) == "1575年—1949年"


def test_names_stand_in_the_order_of_their_time() -> None:
    periods = [Period(), Period(1575, 1575), Period(-490, -490), Period(None, 1300), Period(end_latest=1400)]
    assert [periods.index(one) for one in sorted(periods, key=lambda one: one.order)] == [2, 3, 4, 1, 0]


YEARS = st.none() | st.integers(-10_000, 2100).filter(bool)


@given(bounds=st.tuples(YEARS, YEARS, YEARS, YEARS), text=st.text(max_size=12))
def test_something_is_said_of_whatever_is_known(bounds: tuple[int | None, ...], text: str) -> None:
    said = told(Period(*bounds, text))  # type: ignore[arg-type]
    assert bool(said) is (any(year is not None for year in bounds) or bool(text))
    assert text in said
