"""What a search finds, in which order and why: as people write names, addresses, slips and half of either."""

from typing import Any

import pytest
from django.test import Client

from layers.models import DigitalDoorplate
from tests.asking import get, problem
from tests.layers.search.test_index import ROAD, plate
from tests.layers.search.test_search import found, site

URL = "/api/search"
ROAD_SOUNDS = "dadalu"


def features(client: Client, text: str, **params: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = get(client, URL, q=text, lang="en", **params)["features"]
    return [feature["properties"] | {"id": feature["id"]} for feature in said]


def best(client: Client, text: str, **params: str) -> dict[str, Any]:
    return features(client, text, **params)[0]


@pytest.mark.parametrize(
    ("text", "name", "match"),
    [
        ("枫桥", "枫桥镇", "exact"),  # read as an address, it is the town
        ("會稽山", "会稽山", "exact"),
        ("会稽", "会稽山", "without_generic"),
        ("诸暨枫桥", "枫桥镇", "exact"),
        ("绍兴市诸暨市枫桥镇", "枫桥镇", "exact"),
        ("zhuji 枫桥镇", "枫桥镇", "exact"),
        ("zhuji fengqiaozhen", "枫桥镇", "spelling"),
        ("fengqiaozhen", "枫桥镇", "spelling"),
        ("fengqiaozh", "枫桥镇", "spelling_beginning"),
        ("fqz", "枫桥镇", "initials"),
        ("fengqz", "枫桥镇", "initials"),
        ("fqzhen", "枫桥镇", "initials"),
        ("枫qiao镇", "枫桥镇", "initials"),
        ("枫侨镇", "枫桥镇", "sound"),
        ("枫镇", "枫桥镇", "typo"),
        ("会稽稽山", "会稽山", "typo"),
        ("fengqioazhen", "枫桥镇", "typo"),
        ("fenqiaozhen", "枫桥镇", "typo"),
        ("dengqiaozhen", "枫桥镇", "typo"),
        ("fengqaozhen", "枫桥镇", "typo"),
        ("fengqiaozhem", "枫桥镇", "typo"),
        ("lvyuancun", "绿源村", "spelling"),
        ("luyuancun", "绿源村", "spelling"),
    ],
)
def test_a_place_is_found_as_people_write_it(text: str, name: str, match: str, public: Client) -> None:
    first = best(public, text)
    assert (first["name"], first["match"]) == (name, match)


def test_a_surer_way_comes_before_one_that_is_less_sure(public: Client) -> None:
    confidence = [round(each["confidence"], 2) for each in features(public, "枫桥", limit="30")]
    assert confidence == sorted(confidence, reverse=True)
    assert len(set(confidence)) > 3


@pytest.mark.parametrize(
    ("text", "names"),
    [("绍兴县", {"越城区", "柯桥区"}), ("上虞市", {"上虞区"}), ("shaoxingxian", {"越城区", "柯桥区"})],
)
def test_a_former_name_finds_what_is_in_its_place(text: str, names: set[str], public: Client) -> None:
    answer = get(public, URL, q=text, lang="en")
    counties = {
        feature["properties"]["name"] for feature in answer["features"] if feature["properties"]["layer"] == "counties"
    }
    assert counties >= names if text == "shaoxingxian" else counties & names


def test_an_address_of_another_city_is_said_to_be_one(public: Client) -> None:
    assert get(public, URL, q="杭州市西湖区文三路1号", lang="en")["note"] == (
        "“杭州市西湖区” lies outside of the area that this portal describes."
    )
    assert get(public, URL, q="杭州市西湖区文三路1号")["note"] == "“杭州市西湖区”不在本平台覆盖的范围内。"
    assert "note" not in get(public, URL, q="枫桥镇")


def test_a_division_before_a_name_is_where_it_is_looked_for(public: Client) -> None:
    site("eco-1", "龘陵园", township_claimed="330602001")
    site("eco-2", "龘陵园", township_claimed="330681109")
    assert found(public, "枫桥镇龘陵园")[0] == "eco-2"
    assert found(public, "fengqiao 龘陵园")[0] == "eco-2"
    assert found(public, "越城 龘陵园")[0] == "eco-1"


def test_words_apart_are_all_in_the_name(public: Client) -> None:
    site("eco-1", "龘山靐陵园")
    site("eco-2", "龘山陵园")
    assert found(public, "龘 靐") == ["eco-1"]


def test_of_names_alike_the_one_near_the_map_comes_first(public: Client) -> None:
    for code, lon in (("eco-1", 120.40), ("eco-2", 120.90)):
        type(site(code, "龘陵园")).objects.filter(code=code).update(location=f"SRID=4490;POINT({lon} 29.8)")
    assert found(public, "龘陵园", lon="120.9", lat="29.8")[0] == "eco-2"
    near = best(public, "龘陵园", lon="120.4", lat="29.8")
    assert (near["id"], near["distance_m"]) == ("eco-1", 0)


def test_layers_are_what_is_looked_in(public: Client) -> None:
    assert {each["layer"] for each in features(public, "枫桥", layers="townships,heritage-places")} == {
        "townships",
        "heritage-places",
    }
    assert problem(public, URL, q="枫桥", layers="nothing")[0] == 404


# Doors


@pytest.mark.parametrize(
    "text",
    [
        f"{ROAD}12号",
        f"{ROAD}12",
        f"{ROAD} 12",
        f"{ROAD}十二号",
        f"{ROAD}１２號",
        f"枫桥镇{ROAD}12号",
        f"诸暨枫桥{ROAD}12号",
        f"浙江省绍兴市诸暨市枫桥镇{ROAD}12号",
        f"{ROAD_SOUNDS}12",
        f"{ROAD_SOUNDS} 12",
        f"fengqiao {ROAD_SOUNDS} 12",
        "ddl12",
    ],
)
def test_a_door_is_found_by_its_address(text: str, public: Client) -> None:
    plate("plate-10", "10号")
    door = plate("plate-12", "12号", county="诸暨市", town="枫桥镇")
    plate("plate-12-3", "12号", building_plate="3幢", plate_kind="building")
    door.refresh_from_db()
    first = best(public, text)
    assert (first["id"], first["layer"], first["name"]) == ("plate-12", "doorplates", door.standard_address)


def test_what_is_written_after_the_number_is_taken_account_of(public: Client) -> None:
    plate("plate-12", "12号")
    plate("plate-12-3", "12号", building_plate="3幢", plate_kind="building")
    plate("plate-12-1", "12-1号")
    assert best(public, f"{ROAD}12号3幢")["id"] == "plate-12-3"
    assert best(public, f"{ROAD}12-1号")["id"] == "plate-12-1"
    assert found(public, f"{ROAD}12号") == ["plate-12", "plate-12-3", "plate-12-1"]


def test_a_number_that_is_not_known_is_placed_between_its_neighbours(public: Client) -> None:
    plate("plate-10", "10号", lon=120.410)
    plate("plate-11", "11号", lon=120.999)
    plate("plate-14", "14号", lon=120.414)
    [feature] = get(public, URL, q=f"{ROAD}12号", lang="en")["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [120.412, 29.8]}
    said = feature["properties"]
    assert (feature["id"], said["interpolated"], said["confidence"]) == ("", True, 0.6)
    assert said["why"] == f"between two known numbers of {ROAD}"


def test_past_the_last_number_there_is_only_the_street(public: Client) -> None:
    plate("plate-10", "10号")
    [feature] = get(public, URL, q=f"{ROAD}120号")["features"]
    assert (feature["id"], feature["properties"]["name"], feature["properties"]["confidence"]) == ("", ROAD, 0.5)


def test_a_street_is_found_once_in_each_township(public: Client) -> None:
    for number in (2, 4, 6):
        plate(f"plate-{number}", f"{number}号")
    plate("other-2", "2号")
    DigitalDoorplate.objects.filter(code="other-2").update(township_claimed="330602001")
    streets = features(public, ROAD)
    assert sorted((each["name"], each["township_name"]) for each in streets) == [(ROAD, "塔山街道"), (ROAD, "枫桥镇")]
    assert [each["id"] for each in streets] == ["", ""]


@pytest.mark.parametrize(
    "text",
    [
        f"店口镇{ROAD}12号",
        f"浙江省绍兴市诸暨市店口镇{ROAD}12号",
        f"店口{ROAD}12",
        f"diankou {ROAD_SOUNDS} 12",
        f"店口镇 {ROAD} 12",
    ],
)
def test_a_door_whose_township_is_written_wrong_is_found_in_the_county(text: str, public: Client) -> None:
    plate("plate-12", "12号")
    first = best(public, text)
    assert (first["id"], first["township_name"], first["township_differs"]) == ("plate-12", "枫桥镇", True)
    said = "the spelling" if text.startswith("d") else "the name"
    assert first["why"] == f"{said}, but not in 店口镇 as written"
    assert first["confidence"] == pytest.approx(0.7 if said == "the name" else 0.63)
    chinese = get(public, URL, q=text)["features"][0]["properties"]["why"]
    assert chinese == ("拼音相符，但不在所写的店口镇" if text.startswith("d") else "名称相符，但不在所写的店口镇")


def test_a_door_of_a_village_in_another_township_is_found(public: Client) -> None:
    plate("plate-12", "12号", street="", natural_village="龘龘自然村")
    first = best(public, "店口镇龘龘自然村12号")
    assert (first["id"], first["township_differs"], first["confidence"]) == ("plate-12", True, 0.7)


def test_in_the_township_written_nothing_differs(public: Client) -> None:
    plate("plate-12", "12号")
    plate("other-12", "12号", lon=120.5)
    DigitalDoorplate.objects.filter(code="other-12").update(township_claimed="330681108")
    [door] = features(public, f"枫桥镇{ROAD}12号")
    assert (door["id"], door["township_differs"], door["why"]) == ("plate-12", False, "the name")


def test_a_number_that_is_in_no_door_of_the_township_is_looked_for_in_the_others(public: Client) -> None:
    """A street may go on beyond a boundary."""
    plate("plate-10", "10号")
    plate("other-30", "30号", lon=120.5)
    DigitalDoorplate.objects.filter(code="other-30").update(township_claimed="330681108")
    beyond = features(public, f"枫桥镇{ROAD}30号")
    assert [(each["id"], each["confidence"], each["township_differs"]) for each in beyond] == [
        ("other-30", 0.7, True),
        ("", 0.5, False),
    ]


def test_a_township_of_another_county_is_another_place(public: Client) -> None:
    plate("plate-12", "12号")
    assert found(public, f"越城区塔山街道{ROAD}12号") == []


def test_half_a_name_is_not_looked_for_outside_of_the_township(public: Client) -> None:
    plate("plate-12", "12号", street="龘靐齉爩路")
    assert found(public, "店口镇龘靐") == []
    assert found(public, "枫桥镇龘靐") == [""]


def test_a_place_in_another_township_is_found(public: Client) -> None:
    site("eco-1", "龘陵园", township_claimed="330681109")
    first = best(public, "店口镇龘陵园")
    assert (first["id"], first["why"], first["confidence"]) == ("eco-1", "the name, but not in 店口镇 as written", 0.7)


def test_doors_that_the_public_is_not_offered_are_not_found(public: Client, staff: Client) -> None:
    plate("household", "12号", room="101室", unit="1单元", plate_kind="household")
    plate("reserved", "14号", status="reserved")
    assert found(public, f"{ROAD}12号") == found(public, f"{ROAD}14号") == found(public, ROAD) == []
    assert found(staff, f"{ROAD}14号") == ["reserved"]


@pytest.mark.parametrize("text", ["120.58, 30.0", "30.0,120.58", "120.58 30.0", "E120.58 N30.0", "１２０.58，30.0"])
def test_a_pair_of_numbers_is_a_position(text: str, public: Client) -> None:
    [feature] = get(public, URL, q=text, lang="en")["features"]
    assert feature["geometry"]["coordinates"] == [120.58, 30.0]
    assert feature["properties"]["township_name"]
    assert feature["properties"]["layer_title"] == "a position"


@pytest.mark.parametrize("text", ["12, 13", "1234", "330681109", "12号"])
def test_other_numbers_are_none(text: str, public: Client) -> None:
    assert not any(each["match"] == "position" for each in features(public, text))


def test_nothing_is_answered_with_nothing(public: Client) -> None:
    for text in ("龘靐齉爩", "😀", "qqqqqqqqqqqq", "x" * 60, "绍" * 60, "。", "1", "0" * 60):
        assert get(public, URL, q=text)["type"] == "FeatureCollection"


def test_a_lane_is_said_once(public: Client) -> None:
    plate("plate-1", "12弄1号", lon=120.41)
    plate("plate-5", "12弄5号", lon=120.45)
    assert best(public, f"{ROAD}12弄3号")["name"] == f"{ROAD}12弄3号"
    assert best(public, f"{ROAD}12弄5号")["id"] == "plate-5"


def test_a_building_of_an_estate_has_no_number_and_is_found(public: Client) -> None:
    for building in ("2幢", "3幢"):
        plate(building[0], "", street="", estate="龘龘小区", building_plate=building, plate_kind="building")
    assert found(public, "龘龘小区3幢") == ["3"]
    assert (best(public, "龘龘小区")["id"], best(public, "龘龘小区")["name"]) == ("", "龘龘小区")
