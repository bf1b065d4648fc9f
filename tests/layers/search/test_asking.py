"""The keys that a question is looked for under are keys that the database gives the names it asks for."""

import pytest
from django.db import connection

from layers.search.asking import Wanted

KEYS = "SELECT key FROM layers_search_keys(%s, %s, '{}', %s, 5)"
HASHES = "SELECT hashtext(key) FROM unnest(%s::text[]) AS given (key)"
NAME, SOUNDS, TOWNSHIP = "解放北路12弄", ["jie", "fang", "bei", "lu", "1", "2", "long"], "330602001"


@pytest.mark.parametrize(
    ("asked", "within"),
    [
        ("解", ()),
        ("解放", ()),
        ("解放北路", ()),
        ("放北路12弄", ("330602",)),
        ("北路", (TOWNSHIP,)),
        ("解放北路", (TOWNSHIP,)),
        ("北", (TOWNSHIP,)),
        ("j", ()),
        ("jief", ()),
        ("jiefa", ()),
        ("jiefangbe", ()),
        ("fangbeilu", ()),
        ("jfbl", ()),
        ("jfbl1", ()),
        ("解放beilu", ()),
        ("beilu12", ()),
        ("jiefangbeilu12long", (TOWNSHIP,)),
    ],
)
def test_a_name_has_the_keys_it_is_looked_for_under(asked: str, within: tuple[str, ...], db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [NAME, SOUNDS, TOWNSHIP])
        own = {key for (key,) in cursor.fetchall()}
        cursor.execute(HASHES, [["no key of it"]])
        assert not {key for (key,) in cursor.fetchall()} & own
        for alternative in Wanted((asked,), within).alternatives():
            cursor.execute(HASHES, [alternative])
            if {key for (key,) in cursor.fetchall()} <= own:
                return
    pytest.fail(f"{NAME} has the keys of no alternative to {asked}")


def test_in_townships_each_is_an_alternative_with_keys_of_its_own() -> None:
    assert Wanted(("解放路",), ("330602001", "330602002001")).alternatives() == [
        ["330602001:解放", "330602001:放路"],
        ["330602002:解放", "330602002:放路"],
    ]


def test_a_number_among_letters_is_not_looked_for_instead_of_them() -> None:
    """Nearly every street has a lane 12."""
    assert Wanted(("beilu12long",)).alternatives()[0] == ["12", "a:beilu"]


def test_names_are_looked_for_by_as_many_characters_as_a_key_has() -> None:
    assert Wanted(("解放北路",)).alternatives() == [["解放北", "放北路"]]
