"""Coordinates as people write them in tables."""

import math
import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.imports.coordinates import read


def one(text: str | None) -> tuple[float, bool]:
    [value], [is_faulty] = read(pa.array([text], pa.string()))
    return float(value), bool(is_faulty)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120.58", 120.58),
        (" 120.58\t", 120.58),
        ("+120.58", 120.58),
        ("-120.58", -120.58),
        ("−120.58", -120.58),
        ("120.", 120),
        (".5", 0.5),
        ("1.2058E2", 120.58),
        ("3317713.07", 3317713.07),
        ("１２０．５８", 120.58),
        ("\u3000120.58\u00a0", 120.58),
        ("120。58", 120.58),
        ("120.58°", 120.58),
        ("120.58度", 120.58),
        ("120°34′48″", 120.58),
        ("120°34′48″E", 120.58),
        ("120°34'48\"E", 120.58),
        ("120°34′48′′", 120.58),
        ("120º34’48”", 120.58),
        ("120° 34′ 48″ e", 120.58),
        ("东经120度34分48秒", 120.58),
        ("东经：120°34′48″", 120.58),
        ("120°34.8′", 120.58),
        ("120度34.8分", 120.58),
        ("E120.58", 120.58),
        ("120.58E", 120.58),
        ("W120.58", -120.58),
        ("西经120.58", -120.58),
        ("30.5S", -30.5),
        ("南纬30度30分", -30.5),
        ("N30.5", 30.5),
    ],
)
def test_readable(text: str, value: float) -> None:
    assert one(text) == (pytest.approx(value, abs=1e-12), False)


@pytest.mark.parametrize("text", [None, "", " ", "\u3000", "\t\r\n"])
def test_nothing_is_not_faulty(text: str | None) -> None:
    value, is_faulty = one(text)
    assert (math.isnan(value), is_faulty) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "120,58", "1,234.5", "120;30", "120 34 48", "120-34-48", "x", "-", "nan", "NaN", "inf", "-inf", "1e999",
        "9" * 400, "０" + "９" * 400, "0x10", "1_000", "120.5°30′", "120°34.5′48″", "120°60′", "120°34′60″", "181°", "-120W",
        "E120E", "120°34′48″东", "东经", "°", "120°34", "1" * 10_000 + "x", "120.58\0", "12O.58", "二十",
    ],
)  # fmt: skip
def test_unreadable(text: str) -> None:
    value, is_faulty = one(text)
    assert (math.isnan(value), is_faulty) == (True, True)


def test_each_row_has_its_own_answer() -> None:
    for given_ in (
        pa.array(["1.5", None, "x", "2°30′", "x", ""]),
        pa.chunked_array([["1.5", None], ["x", "2°30′", "x", ""]]),
        np.array(["1.5", None, "x", "2°30′", "x", ""], dtype=object),
    ):
        values, faulty = read(given_)
        assert np.array_equal(values, [1.5, np.nan, np.nan, 2.5, np.nan, np.nan], equal_nan=True)
        assert faulty.tolist() == [False, False, True, False, True, False]
    assert [part.shape for part in read(pa.array([], pa.string()))] == [(0,), (0,)]


@given(st.lists(st.floats(-1e9, 1e9)))
def test_any_number_is_read_as_python_does(numbers: list[float]) -> None:
    values, faulty = read(pa.array([repr(number) for number in numbers], pa.string()))
    assert values.tolist() == numbers
    assert not faulty.any()


@given(degrees=st.integers(0, 179), minutes=st.integers(0, 59), seconds=st.integers(0, 5999))
def test_any_angle_is_read(degrees: int, minutes: int, seconds: int) -> None:
    expected = degrees + minutes / 60 + seconds / 360_000
    assert one(f"{degrees}°{minutes}′{seconds / 100:.2f}″") == (pytest.approx(expected, abs=1e-9), False)


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_is_a_number_or_faulty_or_nothing(text: str) -> None:
    value, is_faulty = one(text)
    assert math.isfinite(value) == (not is_faulty and bool(text.strip()))


def test_two_million_decimals_take_little_time() -> None:
    """A second and a half is aimed at; a busy machine is given six of the process's own."""
    texts = pa.array([f"{number:.7f}" for number in np.random.default_rng(0).uniform(118, 122, 2_000_000)])
    begin = time.process_time()
    read(texts)
    assert time.process_time() - begin < 6
