"""There is no room for a person in the data: no column for one, and no text that holds an identity number."""

from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models
from django.db.models import JSONField
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from heritage.models.vocabularies import TermField
from layers.models.base import LongText, Text
from layers.personal import _WEIGHTS, identity_number_in, names_a_person
from tests.layers.models.raw import update
from tests.samples import columns, make, registers

# Numbers of nobody: 110101 with its check character, and the same of 15 digits.
NEW = "11010119900101100X"
REFUSED = {
    "plain": NEW,
    "lower_x": NEW.lower(),
    "full_width": NEW.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")),
    "old": "(110101900101123)",
}
# Longer than any number: in a shorter column none can stand.
TEXTS = [
    (model, field)
    for model, field in columns(models.Field)
    if isinstance(field, models.CharField | models.TextField | models.FileField | ArrayField | JSONField)
    and not field.choices
    and not (isinstance(field, ArrayField) and field.base_field.choices)
    and (field.max_length or 99) >= 18
    and not isinstance(field, TermField)  # its vocabulary holds it to be one of few words
]
IDS = [f"{model.__name__}.{field.name}" for model, field in TEXTS]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), TEXTS, ids=IDS)
def test_no_text_of_any_register_takes_an_identity_number(model: type[models.Model], field: models.Field) -> None:
    row = make(model)
    for text in REFUSED.values():
        written: Any = [text] if isinstance(field, ArrayField) else text
        with pytest.raises(IntegrityError, match="looks like a resident identity number"):
            update(row, field.column, "%s", written)


@pytest.mark.django_db
def test_a_new_row_with_an_identity_number_is_refused() -> None:
    model, _field = TEXTS[0]
    with pytest.raises(IntegrityError, match="“110…0X” looks like a resident identity number"):
        make(model, source=f"户主 {NEW}。")


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["110101199001011001", "330602001001", "123456789012345678", "91330600MA2888888X"])
def test_other_long_numbers_are_kept(number: str) -> None:
    """A wrong check character, a village's code, a number of no province, a company's code."""
    model, field = next((model, field) for model, field in TEXTS if field.name == "address")
    update(make(model), field.column, "%s", number)


def test_every_text_of_a_register_is_looked_at_by_forms_too() -> None:
    for model, field in TEXTS:
        by_hand = field.editable and not isinstance(field, models.FileField)
        if by_hand:
            inner = field.base_field if isinstance(field, ArrayField) else field
            assert isinstance(inner, Text | LongText), f"{model.__name__}.{field.name}"


def test_no_register_has_a_column_for_a_person() -> None:
    found = []
    for model in registers():
        for field in model._meta.local_concrete_fields:
            titles = [field.name]
            for language in ("en", "zh-hans"):
                with translation.override(language):
                    titles.append(str(getattr(field, "verbose_name", "")))
            found += [f"{model.__name__}.{field.name}" for title in titles if names_a_person(title)]
    assert found == []


@pytest.mark.parametrize(
    "title",
    [
        "resident",
        "owner_name",
        "id_number",
        "ID card no.",
        "person name",
        "contact",
        "date of birth",
        "户主姓名",
        "身份证号",
    ],
)
def test_a_column_for_a_person_is_recognised(title: str) -> None:
    assert names_a_person(title)


@pytest.mark.parametrize("title", ["ownership", "resettled_people", "care workers", "registrars", "name", "population"])
def test_a_column_about_a_place_is_not_one_for_a_person(title: str) -> None:
    assert not names_a_person(title)


def test_every_register_refuses_through_the_same_trigger() -> None:
    for model in registers():
        assert "no_identity_number" in {trigger.name for trigger in getattr(model._meta, "triggers", [])}


# The rule in Python and the rule in the database


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Identity numbers, right and nearly right."""
    area = draw(st.sampled_from(["110101", "330602", "660101", "910000", "000000"]))
    year, month, day = draw(st.integers(1840, 2110)), draw(st.integers(0, 13)), draw(st.integers(0, 32))
    serial = draw(st.integers(0, 999))
    if draw(st.booleans()):
        return f"{area}{year % 100:02}{month:02}{day:02}{serial:03}"
    body = f"{area}{year:04}{month:02}{day:02}{serial:03}"
    remainder = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return body + draw(st.sampled_from(["10X98765432"[remainder], "10x98765432"[remainder], "0", "X", "Ｘ", "ｘ"]))


AROUND = st.text(alphabet=" ，-xX0123456789０９ａa户\n", max_size=8)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = [draw(AROUND)]
    for _count in range(draw(st.integers(0, 3))):
        number = draw(numbers())
        parts += [number.translate(WIDE) if draw(st.booleans()) else number, draw(AROUND)]
    return "".join(parts)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(st.lists(texts() | st.text(max_size=60).filter(lambda text: "\0" not in text), min_size=20, max_size=40))
def test_python_and_the_database_find_the_same_number(found: list[str]) -> None:
    readable = [text.encode("utf-8", "ignore").decode() for text in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT layers_identity_number(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n", [readable]
        )
        in_the_database = [number for (number,) in cursor.fetchall()]
    assert in_the_database == [identity_number_in(text) for text in readable]
