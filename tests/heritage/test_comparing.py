"""Entries and their differences in a reader's words."""

import pytest
from django.db import connection
from django.utils import translation

from heritage import comparing, documents
from heritage.comparing import Group, Row
from heritage.differences import Document
from heritage.models import Place, Source
from heritage.telling import Teller
from heritage.wording import Piece
from tests.heritage.entries import POINT, entry

pytestmark = pytest.mark.django_db
AREA = {"type": "Polygon", "coordinates": [[[120.5, 30], [120.6, 30], [120.6, 30.1], [120.5, 30]]]}
MOVED = {"type": "Point", "coordinates": [120.581, 30.0]}


def told(before: Document, after: Document) -> list[Group]:
    return comparing.changed(comparing.compared(before, after, Teller([after, before])))


def test_nothing_differs() -> None:
    document = entry()
    assert told(document, document) == []


def test_fields_say_what_they_are_called_and_terms_their_words() -> None:
    before = entry()
    after = before | {
        "category": "河流",
        "meaning": "卧龙山因其形得名。",
        "township": "330602001",
        "condition": "",
        "origin": "旧志。",
    }
    [group] = told(before, after)
    assert (group.path, group.state) == ("", "changed")
    assert {row.path: (row.title, row.state, row.before, row.after) for row in group.rows} == {
        "category": ("Category", "changed", "mountain", "river"),
        "meaning": ("Meaning", "changed", "卧龙山因形得名。", "卧龙山因其形得名。"),
        "origin": ("Origin", "added", "", "旧志。"),
        "township": ("Township", "added", "", Teller([after]).value("", "township", "330602001")),
    }
    [meaning] = [row for row in group.rows if row.path == "meaning"]
    assert meaning.pieces == (Piece("same", "卧龙山因"), Piece("added", "其"), Piece("same", "形得名。"))


def test_the_words_are_in_the_readers_language() -> None:
    before = entry()
    with translation.override("zh-hans"):
        [group] = told(before, before | {"category": "河流"})
        assert group.rows == (Row("category", "类别", "changed", "山", "河流"),)


def test_a_term_that_has_gone_keeps_its_word() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE heritage_vocabulary SET edition = 2 WHERE code = 'place-categories'")
        cursor.execute("UPDATE heritage_term SET until = 2 WHERE code = '山'")
    before = entry()
    assert told(before, before | {"category": "河流"})[0].rows[0].before == "mountain"


def test_parts_that_came_went_and_changed() -> None:
    Source.objects.create(code="jiatai", kind="gazetteer", title="嘉泰会稽志")
    other = Place.objects.get(code="ji-shan")
    before = entry()
    before["names"].append(documents.blank_part("names", name="种山", role="former", certainty="certain"))
    gone = before["names"][1]["key"]
    standard = before["names"][0]
    citation = documents.blank_part("citations", about="meaning", source="jiatai", pages="卷九")
    near = documents.blank_part("relations", kind="near", other=other.handle)
    after = before | {
        "names": [standard | {"roman": "Wòlóng Hill", "start_earliest": -490}],
        "citations": [citation],
        "relations": [near],
    }
    found = {
        group.title: (group.state, [(row.title, row.before, row.after) for row in group.rows])
        for group in told(before, after)
    }
    assert found == {
        "standard name 卧龙山": (
            "changed",
            [("Began in or after", "", "490 BC"), ("Roman spelling", "Wòlóng Shān", "Wòlóng Hill")],
        ),
        "former name 种山": (
            "removed",
            [
                ("Role", "former name", ""), ("Name", "种山", ""), ("Spelling", "proposed", ""), ("Certainty", "certain", ""),
            ],
        ),
        f"is near 蕺山 ({other.handle})": ("added", [("Kind of relation", "", "is near"), ("Other place", "", f"蕺山 ({other.handle})")]),
        "Citation Meaning 嘉泰会稽志 卷九": (
            "added",
            [("About", "", "Meaning"), ("Cited work", "", "嘉泰会稽志"), ("Where in it", "", "卷九")],
        ),
    }  # fmt: skip
    teller = Teller([after, before])
    assert teller.title(f"names/{gone}/roman") == "former name 种山 · Roman spelling"
    assert teller.title("") == "The whole entry"


def test_a_shape_says_what_it_is_and_how_far_it_was_moved() -> None:
    before = entry()
    shape = before["shapes"][0]
    [group] = told(before, before | {"shapes": [shape | {"shape": MOVED, "precision_m": 20}]})
    assert [(row.title, row.before, row.after, row.note) for row in group.rows] == [
        ("Shape", "point 120.58000, 30.00000", "point 120.58100, 30.00000", "Its middle lies 96 m from where it was."),
        ("Precision", "", "20 m", ""),
    ]
    [group] = told(before, before | {"shapes": [shape | {"shape": AREA}]})
    assert group.rows[0].after == "area of 5348.32 ha, 4 points"


@pytest.mark.parametrize("shape", [{"type": "Point"}, "here", {"type": "Point", "coordinates": [30, 120]}])
def test_what_is_no_shape_is_said_so(shape: object) -> None:
    before = entry()
    [group] = told(before, before | {"shapes": [before["shapes"][0] | {"shape": shape}]})
    assert group.rows[0].state == "changed"


def test_parts_in_another_order() -> None:
    before = entry()
    before["names"].append(documents.blank_part("names", name="种山", role="former", certainty="certain"))
    [group] = told(before, before | {"names": before["names"][::-1]})
    assert (group.state, group.title) == ("moved", "Names of places: in another order")
    assert (group.rows[0].before, group.rows[0].after) == (
        "standard name 卧龙山, former name 种山",
        "former name 种山, standard name 卧龙山",
    )


def test_a_new_place_is_added_as_a_whole() -> None:
    document = entry(shapes=[documents.blank_part("shapes", shape=POINT, certainty="certain")])
    assert {group.state for group in told({}, document)} == {"added"}
    assert {row.state for group in told({}, document) for row in group.rows} == {"added"}


def test_the_rest_is_what_stays() -> None:
    before = entry()
    groups = comparing.compared(before, before | {"meaning": "甲"}, Teller([before]))
    rest = {row.path for group in comparing.unchanged(groups) for row in group.rows}
    changed = {row.path for group in comparing.changed(groups) for row in group.rows}
    assert changed == {"meaning"}
    assert "category" in rest
    assert not rest & changed


def test_in_few_words() -> None:
    before = entry()
    alias = documents.blank_part("names", name="种山", role="former", certainty="certain")
    after = before | {"meaning": "甲", "names": [before["names"][0] | {"roman": "X"}, alias], "shapes": []}
    assert comparing.in_few_words(before, after) == [
        "Meaning",
        "Names of places: 1 added, 1 changed",
        "Shapes of places: 1 removed",
    ]
    before["names"].append(alias)
    assert comparing.in_few_words(before, before | {"names": before["names"][::-1]}) == [
        "Names of places: in another order"
    ]
    assert comparing.in_few_words(before, before) == []
