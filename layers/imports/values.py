"""Cleaning the texts of a column: each becomes what the register holds, or a fault that says what would be right."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rest_framework.exceptions import ErrorDetail, ValidationError

from layers.edit.properties import Place, Property
from layers.imports.columns import Target, labels, plain
from layers.models import Division
from layers.models.base import Text
from layers.models.divisions import CODE_DIGITS, Level
from layers.models.rules import in_force
from layers.personal import identity_number_in

TRUE = frozenset({"是", "有", "对", "√", "true", "yes", "y", "t", "1"})
FALSE = frozenset({"否", "无", "没有", "×", "false", "no", "n", "f", "0"})
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?|(\d{4})(\d\d)(\d\d)")
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
SEPARATORS = re.compile(r"[;；、,，|\n]+")
NEUTRALISED = r"^'([=+\-@\t\r\n＝＋－＠])"  # as exports to CSV keep spreadsheets from running a text
LONG_DIGITS = r"[0-9０-９]{14}"  # what an identity number cannot do without


class Wrong(Exception):
    """A text that cannot be used. code, params: of ``layers.imports.faults``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Cleaned:
    """texts: as PostgreSQL reads the column's type, null for an empty or a faulty cell. wrong: by place in the piece."""

    texts: pa.Array
    wrong: dict[int, Wrong]


@dataclass(frozen=True)
class Divisions:
    """The divisions in force on a day, by what people call them."""

    on: date

    @cached_property
    def _rows(self) -> list[tuple[str, str, str]]:
        found = Division.objects.filter(in_force(self.on)).values_list("code", "level", "name")
        return list(found)

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(code for code, _level, _name in self._rows)

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[str]]:
        counties = {code: name for code, level, name in self._rows if level == Level.COUNTY}
        found: dict[tuple[str, str], list[str]] = {}
        for code, level, name in self._rows:
            county = counties.get(code[:6], "")
            for said in {name, county + name, f"绍兴市{county}{name}"}:
                found.setdefault((level, plain(said)), []).append(code)
        return found

    def code_of(self, text: str, level: Level) -> str:
        """The code of a division by code or name. Raises Wrong."""
        if text in self._codes and len(text) == CODE_DIGITS[level]:
            return text
        found = self._by_name.get((level, plain(text)), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise Wrong("ambiguous_division", codes=", ".join(sorted(found)))
        raise Wrong("unknown_division", digits=CODE_DIGITS[level])


def clean(target: Target, texts: pa.Array, divisions: Divisions) -> Cleaned:
    """The column's texts as the register holds them. texts: trimmed, null for empty cells."""
    about = target.about
    assert about is not None
    if about.kind == "string" and isinstance(about.column, Text) and not target.is_division:
        return _clean_text(target, about, texts)
    return _clean_each(target, texts, _cleaner(target, about, divisions))


def _clean_text(target: Target, about: Property, texts: pa.Array) -> Cleaned:
    """A text as it stands: its length, and that it holds nobody's number; looked at all at once."""
    texts = pc.replace_substring_regex(texts, NEUTRALISED, r"\1")
    most = about.column.max_length or 2**31
    wrong = {place: Wrong("too_long", most=most) for place in _places(pc.greater(pc.utf8_length(texts), most))}
    if target.required:
        wrong |= {place: Wrong("required") for place in _places(pc.is_null(texts))}
    for place in _places(pc.match_substring_regex(texts, LONG_DIGITS)):
        if identity_number_in(texts[place].as_py()):
            wrong[place] = Wrong("identity_number")
    if wrong:
        is_wrong = np.zeros(len(texts), bool)
        is_wrong[list(wrong)] = True
        texts = pc.if_else(pa.array(is_wrong), None, texts)
    return Cleaned(texts if about.column.null else pc.fill_null(texts, ""), wrong)


def _clean_each(target: Target, texts: pa.Array, cleaner: Callable[[str], str]) -> Cleaned:
    """Each different text once."""
    encoded = texts.dictionary_encode()
    cleaned: list[str | None] = []
    faulty: dict[int, Wrong] = {}
    for number, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            cleaned.append(cleaner(text))
        except Wrong as error:
            cleaned.append(None)
            faulty[number] = error
    found = pa.array(cleaned, pa.string()).take(encoded.indices)
    wrong: dict[int, Wrong] = {}
    for number, found_wrong in faulty.items():
        wrong |= dict.fromkeys(_places(pc.equal(encoded.indices, number)), found_wrong)
    if target.required:
        wrong |= {place: Wrong("required") for place in _places(pc.is_null(texts))}
    about = target.about
    assert about is not None
    if about.place is Place.LIST or about.kind == "array":
        found = pc.fill_null(found, "{}")
    elif not about.column.null and not target.required:
        found = pc.fill_null(found, _canonical(about.default))
    return Cleaned(found, wrong)


def _places(mask: pa.Array) -> list[int]:
    """Where a mask is true."""
    places: list[int] = pc.indices_nonzero(pc.fill_null(mask, False)).to_pylist()
    return places


def _cleaner(target: Target, about: Property, divisions: Divisions) -> Callable[[str], str]:
    """What turns one text of the column into what PostgreSQL reads. Raises Wrong."""
    if about.kind == "array":
        one = _single(target, about, about.item_kind, divisions)

        def several(text: str) -> str:
            parts = [one(part.strip()) for part in _parts(text) if part.strip()]
            if len(set(parts)) < len(parts):
                raise Wrong("twice_in_list")
            return _array(sorted(parts) if about.place is Place.LIST else parts)

        return several
    single = _single(target, about, about.kind, divisions)
    return lambda text: _canonical(single(text))


def _parts(text: str) -> list[str]:
    """The values of a list as people separate them, or as JSON, which is how GeoJSON's lists come."""
    if text.startswith("["):
        try:
            return [str(part) for part in json.loads(text)]
        except ValueError:
            pass
    return SEPARATORS.split(text)


def _single(target: Target, about: Property, kind: str, divisions: Divisions) -> Callable[[str], Any]:
    """What reads one value, with the register's own checks after the forms that people write it in."""
    column = getattr(about.column, "base_field", about.column)
    checker = getattr(about.checker, "child", about.checker) if about.kind == "array" else about.checker
    assert checker is not None
    if target.is_division:
        level = next(level for level, digits in CODE_DIGITS.items() if digits == column.max_length)
        return lambda text: divisions.code_of(text, level)
    if column.flatchoices:
        known = labels(about)
        offered = " / ".join(str(label) for _value, label in column.flatchoices)

        def choice(text: str) -> Any:
            if (value := known.get(plain(text))) is None:
                raise Wrong("not_choice", offered=offered)
            return value

        return choice
    reads: Mapping[str, Callable[[str], Any]] = {"integer": _integer, "number": _number, "boolean": _boolean}
    form = reads.get(kind, _day if column.get_internal_type() == "DateField" else str)

    def checked(text: str) -> Any:
        value = form(text)
        try:
            return checker.run_validation(value)
        except ValidationError as error:
            raise _refused(error) from None

    return checked


def _refused(error: ValidationError) -> Wrong:
    found: Any = error.detail
    while not isinstance(found, ErrorDetail):
        found = next(iter(found.values() if isinstance(found, dict) else found))
    codes = {"min_value": "out_of_range", "max_value": "out_of_range", "identity_number": "identity_number"}
    return Wrong(codes.get(found.code or "", "invalid"), reason=str(found))


def _ascii(text: str) -> str:
    """Full-width digits and signs as ASCII; commas between thousands left out."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain


def _integer(text: str) -> int:
    plain = _ascii(text)
    if not re.fullmatch(r"[-+]?\d{1,18}(\.0+)?", plain, re.ASCII):
        raise Wrong("not_integer")
    return int(plain.partition(".")[0])


def _number(text: str) -> float:
    plain = _ascii(text)
    share = plain.endswith("%")
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", plain.removesuffix("%"), re.ASCII):
        raise Wrong("not_number")
    return float(plain.removesuffix("%")) / (100 if share else 1)


def _boolean(text: str) -> bool:
    plain = _ascii(text).lower()
    if plain not in TRUE | FALSE:
        raise Wrong("not_boolean")
    return plain in TRUE


def _day(text: str) -> str:
    found = DAY.fullmatch(_ascii(text))
    try:
        year, month, day = (int(part) for part in (found.groups() if found else ()) if part)
        return date(year, month, day).isoformat()
    except ValueError:
        raise Wrong("not_date") from None


def _canonical(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return _array(value)
    return str(value)


def _array(values: Any) -> str:
    """A one-dimensional array as PostgreSQL reads it."""
    return "{" + ",".join(json.dumps(str(value), ensure_ascii=False) for value in values) + "}"
