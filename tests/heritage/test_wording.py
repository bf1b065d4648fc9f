"""Two texts as one, for people to read."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heritage.wording import MOST_PAIRS, Piece, pieces

TEXTS = st.text(alphabet="府山卧龙之因形得名，。 \nabcǔFán", max_size=60)


def marked(before: str, after: str) -> str:
    sign = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return "".join(sign[piece.kind].format(piece.text) for piece in pieces(before, after))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("府山因形得名。", "府山因其形得名。", "府山因+其+形得名。"),
        ("越大夫文种葬于此，故名。", "越大夫文种葬于此山，故名。", "越大夫文种葬于此+山+，故名。"),
        ("Fǔ Shān is old", "Fǔ Shān is very old", "Fǔ Shān is +very +old"),
        ("Fǔ Shān", "Fǔ Shāng", "Fǔ -Shān-+Shāng+"),
        ("因形得名", "因势得名", "因-形-+势+得名"),
        ("", "府山", "+府山+"),
        ("府山", "", "-府山-"),
        ("府山", "府山", "府山"),
        ("城中最高的山，旧有龙湫。", "万历三年建。", "-城中最高的山，旧有龙湫。-+万历三年建。+"),
        ("甲乙一丙丁旧山城水", "戊己一庚辛旧山城水", "-甲乙一丙丁-+戊己一庚辛+旧山城水"),
        ("<b>府</b>山", "<i>府</i>山", "<-b-+i+>府</-b-+i+>山"),
    ],
)  # fmt: skip
def test_what_is_put_in_and_taken_out(before: str, after: str, told: str) -> None:
    assert marked(before, after) == told


@given(TEXTS, TEXTS)
def test_both_texts_are_in_it(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "added") == before
    assert "".join(piece.text for piece in found if piece.kind != "removed") == after
    assert all(piece.text for piece in found)
    assert all(one.kind != other.kind for one, other in pairwise(found))


def test_a_long_text_is_compared_by_its_sentences() -> None:
    sentences = [f"第{number}句说的是山与水。" for number in range(400)]
    before = "".join(sentences)
    assert len(before) ** 2 > MOST_PAIRS
    after = before.replace("第200句说的是山与水。", "第200句说的是城与水。")
    start = before.index("第200句说的是") + len("第200句说的是")
    assert pieces(before, after) == (
        Piece("same", before[:start]),
        Piece("removed", "山"),
        Piece("added", "城"),
        Piece("same", before[start + 1 :]),
    )
