"""Identity numbers are found however they are written, and nothing else is."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from layers.personal import identity_number_in, refuse_identity_number

NEW, OLD = "11010119900101100X", "110101900101123"  # numbers of nobody


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (NEW, NEW),
        (f"户主{NEW}，", NEW),
        (NEW.lower(), NEW),
        ("１１０１０１１９９００１０１１００Ｘ", NEW),
        (f"tel 0575-85000000 / {OLD}", OLD),
        (f"330602001001 {NEW}", NEW),
        ("photo_11010119900101100x.jpg", NEW),
    ],
)
def test_a_number_is_found(text: str, number: str) -> None:
    assert identity_number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "330602001001",  # a village's code
        "110101199001011001",  # a wrong check character
        "11010119901301100X",  # a thirteenth month
        "660101900101123",  # no such province
        "110101900230123",  # the 30th of February
        f"9{NEW}",  # part of a longer number
        f"{OLD}77",
        f"A{OLD}",
        "91330600MA2888888X",  # a company's code
        "2022-12-31 085-85000000",
    ],
)
def test_what_is_no_number_is_not_found(text: str) -> None:
    assert identity_number_in(text) is None


@given(st.text(alphabet="，户主 -/", max_size=9), st.text(alphabet="，。 -/", max_size=9))
def test_a_number_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert identity_number_in(f"{before}{NEW}{after}") == NEW


def test_a_refusal_shows_only_the_ends_of_the_number() -> None:
    with pytest.raises(ValidationError) as refused:
        refuse_identity_number(f"户主 {NEW}")
    with translation.override("en"):
        assert refused.value.messages == [
            "“110…0X” looks like a resident identity number. The portal keeps no personal data: remove it."
        ]


def test_other_text_is_let_through() -> None:
    refuse_identity_number("绍兴市越城区府山街道胜利西路1号")
