"""The words for a filter that cannot be used: in both languages they name the piece and what would be right."""

import re

import pytest
from django.utils.translation import override

from layers.publish.filter_words import FAMILIES, MESSAGES, NAMES_OF_FAMILIES, explain
from layers.publish.filters import BadFilter, Family, Reason, equality, read_json, read_text
from tests.filtering import compiled
from tests.layers.publish.filters.test_refusals import DEEP, DOCUMENTS, REFUSED


def explained(language: str, read: object, sent: str) -> tuple[Reason, str]:
    with pytest.raises(BadFilter) as caught:
        compiled(read(sent))
    with override(language):
        return caught.value.reason, explain(caught.value)


def errors() -> list[BadFilter]:
    """One of each refusal that the tests of filters know."""
    found = []
    sent = [(read_text, text) for text, _reason, _values in REFUSED]
    sent += [(read_json, document) for document, _reason, _values in DOCUMENTS]
    sent += [(read_text, DEEP["not"]), (read_text, "x" * 9000), (lambda text: equality("beds", text), "x")]
    for read, text in sent:
        with pytest.raises(BadFilter) as caught:
            compiled(read(text))
        found.append(caught.value)
    return found


def test_every_reason_and_family_has_words() -> None:
    assert set(MESSAGES) == set(Reason)
    assert set(FAMILIES) == set(Family)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_refusal_is_explained(language: str) -> None:
    found = errors()
    assert {error.reason for error in found} == set(Reason)
    with override(language):
        for error in found:
            words = explain(error)
            named = set(re.findall(r"%\((\w+)\)s", str(MESSAGES[error.reason])))
            for name in named:
                value = error.values[name]
                assert str(FAMILIES[value] if name in NAMES_OF_FAMILIES else value) in words


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            "secret = 1",
            "There is no property “secret” to filter by. There are: ",
            "没有可供过滤的属性“secret”。可用的有：",
        ),
        (
            "day = DATE('2023-02-30')",
            "“2023-02-30” is no day of the calendar. Write it as 2022-12-31.",
            "“2023-02-30”不是日历上的日期。写法如 2022-12-31。",
        ),
        (
            "S_INTERSECTS(name, POINT(1 2))",
            "name is a text; S_INTERSECTS needs a geometry here.",
            "name 是文本，而 S_INTERSECTS 在此需要几何对象。",
        ),
        (
            "beds LIKE '1%'",
            "beds is a number; LIKE needs a text here.",
            "beds 是数字，而 LIKE 在此需要文本。",
        ),
    ],
)
def test_words(text: str, english: str, chinese: str) -> None:
    assert explained("en", read_text, text)[1].startswith(english)
    assert explained("zh-hans", read_text, text)[1].startswith(chinese)
