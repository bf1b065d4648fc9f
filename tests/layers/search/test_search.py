"""Search over names: hanzi, pinyin with and without tones, the order of what is found, and what is refused."""

import json
import unicodedata
from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from layers.models import EcoBurialSite, EcoBurialSiteState
from layers.models.base import SRID
from layers.search import words
from tests.asking import get, problem

URL = "/api/search"
REFUSAL = "give 1 to 60 characters of a name, in hanzi or pinyin."


def site(code: str, name: str, name_roman: str = "", **rest: Any) -> EcoBurialSite:
    made = EcoBurialSite.objects.create(
        code=code,
        name=name,
        name_roman=name_roman,
        source="test",
        location=Point(123.5, 29.5, srid=SRID),
        township_claimed=rest.pop("township_claimed", "330602001"),
        level="village",
        **rest,
    )
    EcoBurialSiteState.objects.create(site=made, status="operating", valid_from=date(2020, 1, 1))
    return made


def found(client: Client, text: str, **params: str) -> list[str]:
    return [feature["id"] for feature in get(client, URL, q=text, **params)["features"]]


def test_what_is_found_says_what_and_where_it_is(public: Client) -> None:
    site("eco-1", "甪里龘陵园", "Lùlǐ Dá Língyuán", township_claimed="330602001")
    assert get(public, URL, q="龘陵", lang="en") == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "eco-1",
                "geometry": {"type": "Point", "coordinates": [123.5, 29.5]},
                "properties": {
                    "layer": "eco-burial-sites",
                    "name": "甪里龘陵园",
                    "name_roman": "Lùlǐ Dá Língyuán",
                    "township": "330602001",
                    "township_name": "塔山街道",
                    "county_name": "越城区",
                    "layer_title": "Eco-burial sites",
                    "match": "part",
                    "matched": "甪里龘陵园",
                    "why": "part of the name",
                    "confidence": 0.658,
                    "interpolated": False,
                    "township_differs": False,
                },
            }
        ],
    }
    [feature] = get(public, URL, q="龘陵")["features"]
    assert feature["properties"]["layer_title"] == "节地生态安葬点"


@pytest.mark.parametrize(
    "text",
    [
        "会稽山",
        "稽山",
        " 会稽山 ",
        "Kuàijī Shān",
        "kuaiji shan",
        "KUAIJISHAN",
        "kuaijishan",
        "kuaiji",
        unicodedata.normalize("NFD", "Kuàijī Shān"),
    ],
)
def test_a_place_is_found_by_hanzi_and_by_any_way_of_spelling(text: str, public: Client) -> None:
    assert "kuaiji-shan" in found(public, text)


@pytest.mark.parametrize("text", ["Xī’ān Lù", "Xi'an Lu", "xian lu", "xianlu", "XIAN-LU", "Xi＇an"])
def test_apostrophes_are_spelling_not_letters(text: str, public: Client) -> None:
    site("eco-1", "西安路陵园", "Xī’ān Lù Língyuán")
    assert "eco-1" in found(public, text)


@pytest.mark.parametrize("text", ["绿园", "lvyuan", "lüyuán", "lǜ yuán", "luyuan"])
def test_u_with_two_dots_is_found_as_people_type_it(text: str, public: Client) -> None:
    site("eco-1", "绿园陵园", "Lǜyuán Língyuán")
    assert "eco-1" in found(public, text)


def test_exact_before_beginning_before_anywhere_and_short_before_long(public: Client) -> None:
    site("anywhere", "大齉陵", "Dà Nàng Líng")
    site("long", "齉陵园区", "Nàng Língyuánqū")
    site("begins", "齉陵园", "Nàng Língyuán")
    site("exact", "齉", "Nàng")
    assert found(public, "齉") == ["exact", "begins", "long", "anywhere"]
    assert found(public, "齉陵") == ["begins", "long", "anywhere"]


def test_divisions_come_before_what_bears_their_name(public: Client) -> None:
    first = get(public, URL, q="越城区")["features"][0]
    assert (first["id"], first["properties"]["layer"]) == ("330602", "counties")
    lon, lat = first["geometry"]["coordinates"]  # within it, though no label point is kept
    assert 120.4 < lon < 120.8
    assert 29.8 < lat < 30.2
    assert found(public, "yuecheng")[0] == "330602"


def test_equal_matches_keep_their_order(public: Client) -> None:
    for code in ("b", "c", "a"):
        site(code, "齉陵园")
    assert found(public, "齉") == ["a", "b", "c"]


def test_limit_is_obeyed(public: Client) -> None:
    for number in range(3):
        site(f"eco-{number}", "齉陵园")
    assert found(public, "齉", limit="2") == ["eco-0", "eco-1"]
    assert problem(public, URL, q="齉", limit="0")[0] == 400


@pytest.mark.parametrize("text", ["", " ", "\t", "　", "\0", "x" * 61, "绍" * 61])
def test_nothing_and_too_much_are_refused(text: str, public: Client) -> None:
    shown = unicodedata.normalize("NFC", text.strip())
    assert problem(public, URL, q=text) == (400, f"q={shown} cannot be used: {REFUSAL}")


def test_a_missing_question_is_refused(public: Client) -> None:
    assert problem(public, URL) == (400, f"q= cannot be used: {REFUSAL}")


@pytest.mark.parametrize("text", ["%", "_", "\\", ".*", "'", "——", "（）", "%_%"])
def test_signs_alone_are_no_name(text: str, public: Client) -> None:
    assert found(public, text) == []


@pytest.mark.parametrize(
    ("text", "same"), [("绍_", "绍"), ("越%城区", "越城区"), ("[枫桥]", "枫桥"), ("枫·桥", "枫桥")]
)
def test_signs_are_no_patterns_and_are_left_aside(text: str, same: str, public: Client) -> None:
    assert set(found(public, text)) & set(found(public, same)) != set()


def test_what_is_not_published_or_not_in_force_is_found_by_nobody_of_the_public(public: Client, staff: Client) -> None:
    site("draft", "齉陵园", published=False)
    ended = site("ended", "齉陵园")
    EcoBurialSiteState.objects.filter(site=ended).update(valid_to=date(2021, 1, 1))
    assert found(public, "齉") == []
    assert found(staff, "齉") == ["draft"]
    assert "330621" not in found(public, "绍兴县")  # it stands for what is in its place


def test_longest_question_is_answered(public: Client) -> None:
    assert found(public, "齉" * 60) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_what_a_search_asks_the_database_does_not_grow_with_what_it_finds(
    rows: int, public: Client, statements: list[str]
) -> None:
    for number in range(rows):
        site(f"eco-{number}", "齉陵园")
    get(public, URL, q="齉")
    statements.clear()
    assert len(found(public, "齉")) == rows
    assert len(statements) == 3  # the version, the names, and what of them may be seen


@given(st.text(max_size=70))
def test_spelling_is_folded_to_plain_letters_or_nothing(text: str) -> None:
    folded = words.plain(text)
    assert folded == "" or (folded.isascii() and folded.isalnum() and folded == folded.lower())
    assert words.plain(folded) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kuàijī Shān", "kuaijishan"),
        ("Xī’ān", "xian"),
        ("Lǚ", "lu"),
        ("lv", "lu"),
        ("Ｘｉ＇ａｎ", "xian"),
        ("G104 Guódào", "g104guodao"),
        ("会稽", ""),
        ("kuai会", ""),
        ("", ""),
        ("!", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert words.plain(text) == folded


@pytest.mark.parametrize("text", ["齉", "a", "\ud7ff", "😀", "ﷺ"])
def test_any_character_may_be_asked_for(text: str, public: Client) -> None:
    response = public.get(URL, {"q": text})
    assert (response.status_code, json.loads(response.content)["type"]) == (200, "FeatureCollection")


def test_what_the_map_shows_at_first_comes_before_villages_and_zones(public: Client) -> None:
    found = json.loads(public.get(URL, {"q": "kuaiji"}).content)["features"]
    assert [(one["properties"]["name"], one["properties"]["layer"]) for one in found] == [
        ("会稽山", "heritage-places"),
        ("会稽村", "villages"),
        ("会稽社区", "villages"),
        ("会稽山风景名胜区（演示）", "exclusion-zones"),
    ]
