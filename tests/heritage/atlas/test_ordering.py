"""The order of indexes: syllables by our spelling, strokes by the forms of mainland China."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PINYIN_DICT

from heritage.atlas.ordering import UNKNOWN, by_spelling, by_strokes, letter, strokes, syllables
from heritage.models import PlaceName
from layers.names.romanising import APART

SYLLABLES = sorted({said for every in PINYIN_DICT.values() for said in every.split(",") if not said.isascii()})
# Interjections that no place is named with: they have no vowel, or one that no other syllable has.
SYLLABLES = [said for said in SYLLABLES if set(said) & set("aeiouāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ") and "ê" not in said]


@pytest.mark.parametrize(
    ("roman", "expected"),
    [
        ("Kuàijī Shān", [("kuai", 4), ("ji", 1), ("shan", 1)]),
        ("Xī’ān", [("xi", 1), ("an", 1)]),
        ("Xiān Qiáo", [("xian", 1), ("qiao", 2)]),
        ("Fāngān", [("fan", 1), ("gan", 1)]),
        ("Nǚ’ér Qiáo", [("nü", 3), ("er", 2), ("qiao", 2)]),
        ("Lǜ Yuán", [("lü", 4), ("yuan", 2)]),
        ("Dà de Hé", [("da", 4), ("de", 5), ("he", 2)]),
        ("Bridge 12", [("bridge", 5), ("12", 5)]),
        ("", []),
    ],
)
def test_a_spelling_is_read_into_syllables(roman: str, expected: list[tuple[str, int]]) -> None:
    assert syllables(roman) == expected


@given(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6))
def test_a_word_of_the_rules_is_read_into_the_syllables_it_was_made_of(said: list[str]) -> None:
    word = said[0] + "".join(f"’{one}" if one.startswith(APART) else one for one in said[1:])
    assert syllables(word) == [part for one in said for part in syllables(one)]


def test_names_stand_in_the_order_of_how_they_are_spelled_here_not_of_their_hanzi() -> None:
    names = [
        ("重山", "Zhòng Shān"),
        ("重阳桥", "Chóngyáng Qiáo"),
        ("会龙桥", "Huìlóng Qiáo"),
        ("会稽山", "Kuàijī Shān"),
        ("长山", "Zhǎng Shān"),
        ("长安", "Cháng’ān"),
        ("西安坊", "Xī’ān Fāng"),
        ("仙桥", "Xiān Qiáo"),
        ("西溪", "Xī Xī"),
        ("昌安门", "Chāng’ān Mén"),
        ("绿园", "Lǜ Yuán"),
        ("鲁墟", "Lǔxū"),
    ]
    ordered = [name for name, _roman in sorted(names, key=lambda one: by_spelling(*one))]
    assert ordered == [
        "昌安门", "长安", "重阳桥", "会龙桥", "会稽山", "鲁墟", "绿园", "西安坊", "西溪", "仙桥", "长山", "重山",
    ]  # fmt: skip


def test_of_one_reading_the_hanzi_with_fewer_strokes_come_first_and_stay_together() -> None:
    names = [("剡溪", "Shàn Xī"), ("善岭", "Shàn Lǐng"), ("剡湖", "Shàn Hú")]
    assert [name for name, _roman in sorted(names, key=lambda one: by_spelling(*one))] == ["剡湖", "剡溪", "善岭"]


@pytest.mark.parametrize(("roman", "expected"), [("Èr Qiáo", "E"), ("Lǜ Yuán", "L"), ("", ""), ("12 Hào", "")])
def test_the_letter_of_a_spelling(roman: str, expected: str) -> None:
    assert letter(roman) == expected


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("一", 1),
        ("会", 6),
        ("草", 9),
        ("骨", 9),
        ("鬼", 9),
        ("边", 5),
        ("嵊", 13),
        ("嶴", 15),
        ("㟃", 8),
        ("A", UNKNOWN),
    ],
)
def test_strokes_are_those_of_the_forms_of_mainland_china(character: str, expected: int) -> None:
    assert strokes(character) == expected


def test_names_stand_by_the_strokes_of_their_first_hanzi_then_by_it() -> None:
    names = ["鉴湖", "大禹陵", "三江闸", "大佛寺", "八字桥", "A区", "上虞"]
    assert sorted(names, key=by_strokes) == ["八字桥", "三江闸", "上虞", "大佛寺", "大禹陵", "鉴湖", "A区"]


@pytest.mark.django_db
def test_every_name_of_the_reference_data_is_counted() -> None:
    names = list(PlaceName.objects.values_list("name", "roman"))
    assert len(names) > 50
    assert [name for name, _roman in names if any(strokes(one) == UNKNOWN for one in name)] == []
    assert [(name, roman) for name, roman in names if len(syllables(roman)) != len(name)] == []
