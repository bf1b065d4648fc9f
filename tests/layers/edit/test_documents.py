"""JSON as it was sent, and merge patches."""

from typing import Any

import pytest
from django.utils import translation

from layers.edit.documents import merge, parse
from layers.edit.errors import UnreadableBody


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "it is not JSON at line 1, column 1 (Expecting value)."),
        (b'{"a": 1,\n "b": }', "it is not JSON at line 2, column 7 (Expecting value)."),
        (b'{"a": NaN}', "NaN is not a number of JSON."),
        (b'{"a": -Infinity}', "-Infinity is not a number of JSON."),
        (b'{"a": "\xb5"}', "byte 8 is not UTF-8."),
        (b'{"a": "\\ud800"}', "\\ud800 is half of a character: send both halves, or neither."),
        (b'{"\\udc00": 1}', "\\udc00 is half of a character: send both halves, or neither."),
        (b'[["\\ude00\\ud83d"]]', "\\ude00 is half of a character: send both halves, or neither."),
        (b'{"a": 1e999}', "1e999 is larger than any number that is kept."),
        (b'{"a": [-1e999]}', "-1e999 is larger than any number that is kept."),
        (b"[" * 100_000, "it is nested too deeply."),
        (b"[" * 21 + b"]" * 21, "it is nested too deeply."),
        (b"1" * 5000, "it holds a number of too many digits."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(body: bytes, problem: str) -> None:
    with translation.override("en"), pytest.raises(UnreadableBody) as refused:
        parse(body)
    assert str(refused.value) == f"The body cannot be read: {problem}"


def test_characters_written_as_two_escapes_are_read() -> None:
    assert parse(b'{"a": "\\ud83d\\ude00", "\\u4f1a": 1e300}') == {"a": "😀", "会": 1e300}


def test_a_byte_order_mark_is_left_aside() -> None:
    assert parse(b'\xef\xbb\xbf{"a": [1.5, null]}') == {"a": [1.5, None]}


# The examples of RFC 7396, appendix A.
@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_is_applied_as_the_standard_says(target: Any, patch: Any, merged: Any) -> None:
    assert merge(target, patch) == merged
