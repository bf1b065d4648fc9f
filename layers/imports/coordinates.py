"""Coordinates as they are written in tables: decimals, degrees with minutes and seconds, a hemisphere before or after."""

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

PLAIN = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*$"
NUMBER = r"[0-9]+(?:\.[0-9]*)?"
WRITTEN = re.compile(
    rf"""(?P<before>东经|西经|北纬|南纬|[EWNS])?\s*:?\s*
    (?P<sign>[+-])?(?P<degrees>{NUMBER})\s*
    (?:(?P<unit>°|度)\s*
        (?:(?P<minutes>{NUMBER})\s*['′’‘分]\s*
            (?:(?P<seconds>{NUMBER})\s*(?:["”“秒]|''|′′|’’)\s*)?
        )?
    )?
    (?P<after>[EWNS])?""",
    re.VERBOSE | re.IGNORECASE,
)
NOTHING, FAULTY = (np.nan, 0.0), (np.nan, 1.0)
NEGATIVE = ("西经", "南纬", "W", "S")
TYPED = str.maketrans({"−": "-", "–": "-", "º": "°", "″": '"', "。": "."})


def read(texts: pa.Array | pa.ChunkedArray | NDArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The numbers, NaN where there is none, and whether each is a text that could not be read; nothing is not faulty.

    texts: of strings. A comma is no decimal point: 120,58 may as well be two numbers.
    """
    given = texts if isinstance(texts, pa.Array | pa.ChunkedArray) else pa.array(texts, pa.string())
    given = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
    is_plain = pc.fill_null(pc.match_substring_regex(given, PLAIN), False)
    values = _numbers(given if pc.all(is_plain).as_py() else pc.if_else(is_plain, given, None))
    is_faulty = np.isinf(values)  # 1e999
    others = np.flatnonzero(~is_plain.to_numpy(zero_copy_only=False))
    unlike = given.take(pa.array(others)).dictionary_encode()
    read_once = np.array([*map(_read, unlike.dictionary.to_pylist()), NOTHING])
    found = read_once[pc.fill_null(unlike.indices, len(read_once) - 1).to_numpy()]
    values[others], is_faulty[others] = found[:, 0], found[:, 1]
    values[is_faulty] = np.nan
    return values, is_faulty


def _numbers(plain: pa.Array) -> NDArray[np.float64]:
    found: NDArray[np.float64] = pc.cast(pc.utf8_trim_whitespace(plain), pa.float64()).to_numpy(zero_copy_only=False)
    return found.copy() if not found.flags.writeable else found


def _read(text: str) -> tuple[float, float]:
    """A text's number, and 1 when it cannot be read."""
    plain = unicodedata.normalize("NFKC", text.translate(TYPED)).strip()
    if not plain:
        return NOTHING
    found = WRITTEN.fullmatch(plain)
    if found is None:
        return FAULTY
    degrees, minutes, seconds = (found[name] or "0" for name in ("degrees", "minutes", "seconds"))
    is_broken = ("." in degrees and found["minutes"]) or ("." in minutes and found["seconds"])
    is_double = bool(found["before"]) + bool(found["after"]) + bool(found["sign"]) > 1
    value = float(degrees) + float(minutes) / 60 + float(seconds) / 3600
    most = 180 if found["unit"] else np.finfo(float).max
    if is_broken or is_double or float(minutes) >= 60 or float(seconds) >= 60 or value > most:
        return FAULTY
    hemisphere = (found["before"] or found["after"] or "").upper()
    return (-value if hemisphere in NEGATIVE or found["sign"] == "-" else value), 0.0
