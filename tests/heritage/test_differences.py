"""Documents compared and merged, with small ones made by hand and many made at random."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heritage.differences import Conflict, Difference, Document, differences, merge, settled

BASE: Document = {
    "meaning": "越地名山",
    "as_of": None,
    "names": [{"key": "a", "name": "会稽山", "roman": ""}, {"key": "b", "name": "茅山", "roman": ""}],
}


def changed(**said: Any) -> Document:
    return {**deepcopy(BASE), **said}


def with_name(key: str, **said: str) -> Document:
    names = [{**name, **said} if name["key"] == key else name for name in deepcopy(BASE["names"])]
    return changed(names=names)


def test_what_differs_is_said_by_its_path() -> None:
    after = changed(
        meaning="", names=[{"key": "a", "name": "会稽山", "roman": "Kuàijī Shān"}, {"key": "c", "name": "苗山"}]
    )
    assert differences(BASE, after) == [
        Difference(("meaning",), "越地名山", ""),
        Difference(("names", "a", "roman"), "", "Kuàijī Shān"),
        Difference(("names", "c"), None, {"key": "c", "name": "苗山"}),
        Difference(("names", "b"), {"key": "b", "name": "茅山", "roman": ""}, None),
    ]
    assert differences(BASE, deepcopy(BASE)) == []


def test_another_order_of_parts_differs() -> None:
    after = changed(names=list(reversed(deepcopy(BASE["names"]))))
    assert differences(BASE, after) == [Difference(("names",), ["a", "b"], ["b", "a"])]
    assert merge(BASE, after, BASE).document == after
    assert merge(BASE, BASE, after).document == after


def test_two_people_change_different_fields() -> None:
    merged = merge(BASE, with_name("a", roman="Kuàijī Shān"), changed(meaning="大禹会诸侯之地", as_of="2026-01-01"))
    assert merged.conflicts == ()
    assert merged.document == {
        "meaning": "大禹会诸侯之地",
        "as_of": "2026-01-01",
        "names": [{"key": "a", "name": "会稽山", "roman": "Kuàijī Shān"}, {"key": "b", "name": "茅山", "roman": ""}],
    }


def test_two_people_change_the_same_field() -> None:
    merged = merge(BASE, with_name("b", name="苗山"), with_name("b", name="防山"))
    assert merged.conflicts == (Conflict(("names", "b", "name"), "茅山", "苗山", "防山"),)
    assert settled(merged, {"names/b/name": "mine"}) == with_name("b", name="苗山")
    assert settled(merged, {"names/b/name": "theirs"}) == with_name("b", name="防山")


def test_one_takes_away_what_the_other_changed() -> None:
    without = changed(names=deepcopy(BASE["names"][:1]))
    for mine, theirs in ((without, with_name("b", name="苗山")), (with_name("b", name="苗山"), without)):
        merged = merge(BASE, mine, theirs)
        assert [conflict.path for conflict in merged.conflicts] == [("names", "b")]
        assert settled(merged, {"names/b": "mine"}) == mine
        assert settled(merged, {"names/b": "theirs"}) == theirs


def test_both_take_it_away_or_add_one() -> None:
    without = changed(names=deepcopy(BASE["names"][:1]))
    assert merge(BASE, without, deepcopy(without)).document == without
    mine = changed(names=[*BASE["names"], {"key": "c", "name": "苗山"}])
    theirs = changed(names=[*BASE["names"], {"key": "d", "name": "防山"}])
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == ()
    assert {name["key"] for name in merged.document["names"]} == {"a", "b", "c", "d"}


VALUES = st.sampled_from(["", "甲", "乙"])
PARTS = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("abc"), "name": VALUES, "roman": VALUES}),
    unique_by=lambda part: part["key"],
)
DOCUMENTS = st.fixed_dictionaries({"meaning": VALUES, "origin": VALUES, "names": PARTS})


@given(base=DOCUMENTS, changed=DOCUMENTS)
def test_what_one_alone_changed_is_taken_whole(base: Document, changed: Document) -> None:
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        merged = merge(base, mine, theirs)
        assert merged.conflicts == ()
        assert merged.document == changed


@given(base=DOCUMENTS, mine=DOCUMENTS, theirs=DOCUMENTS)
def test_nothing_is_lost_unseen(base: Document, mine: Document, theirs: Document) -> None:
    """Every value of the merged document is one that somebody wrote, and where mine is not taken, I had left the base's."""
    merged = merge(base, mine, theirs)
    contested = {conflict.path for conflict in merged.conflicts}
    for difference in differences(merged.document, mine):
        if len(difference.path) > 1 or difference.path[0] != "names":
            assert difference.path not in contested
    again = merge(base, theirs, mine)
    assert {conflict.path for conflict in again.conflicts} == contested
    if not contested:
        same = {**merged.document, "names": sorted(merged.document["names"], key=lambda part: part["key"])}
        assert same == {**again.document, "names": sorted(again.document["names"], key=lambda part: part["key"])}
