"""GeocodeJSON: an address to a place, a place to what is there."""

import pytest
from django.test import Client

from tests.asking import get, problem
from tests.layers.search.test_index import ROAD, plate


def test_an_address_becomes_a_place_with_what_was_read(public: Client) -> None:
    plate("plate-12", "12号", province="浙江省", city="绍兴市", county="诸暨市", town="枫桥镇")
    answer = get(public, "/api/geocode", q=f"枫桥镇{ROAD}12号", lang="en")
    about = answer["geocoding"]
    assert about["version"] == "0.1.0"
    assert about["parsed"] == {
        "province": "浙江省", "city": "绍兴市", "county": "诸暨市", "town": "枫桥镇", "street": ROAD, "door": "12号"
    }  # fmt: skip
    [feature] = answer["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [120.42, 29.8]}
    assert feature["properties"]["geocoding"] == {
        "type": "house",
        "label": f"浙江省绍兴市诸暨市枫桥镇{ROAD}12号",
        "name": f"浙江省绍兴市诸暨市枫桥镇{ROAD}12号",
        "township": "330681109",
        "township_name": "枫桥镇",
        "county_name": "诸暨市",
        "layer": "doorplates",
        "code": "plate-12",
        "match": "exact",
        "why": "the name",
        "confidence": 1.0,
        "interpolated": False,
        "township_differs": False,
    }


def test_parts_of_an_address_may_be_given_apart(public: Client) -> None:
    plate("plate-12", "12号")
    [feature] = get(public, "/api/geocode", county="诸暨市", town="枫桥镇", street=ROAD, door="12号")["features"]
    assert feature["properties"]["geocoding"]["code"] == "plate-12"
    assert problem(public, "/api/geocode", q="枫桥", town="枫桥镇")[0] == 400


def test_an_address_of_another_city_has_no_place_here(public: Client) -> None:
    answer = get(public, "/api/geocode", q="杭州市西湖区文三路1号", lang="en")
    assert answer["features"] == []
    assert answer["geocoding"]["note"] == "“杭州市西湖区” lies outside of the area that this portal describes."


def test_at_a_point_there_are_its_township_the_nearest_door_and_names(public: Client) -> None:
    plate("near", "12号", lon=120.4, lat=29.8)
    plate("far", "14号", lon=120.401, lat=29.8)
    answer = get(public, "/api/reverse", lon="120.4001", lat="29.8")
    township = answer["geocoding"]["township"]
    assert len(township["code"]) == 9
    kinds = [feature["properties"]["geocoding"] for feature in answer["features"]]
    doors = [(kind["code"], kind["distance"]) for kind in kinds if kind["type"] == "house"]
    assert doors == [("near", pytest.approx(9.7, abs=0.2))]
    distances = [kind["distance"] for kind in kinds]
    assert distances == sorted(distances)
    assert max(distances) <= 2_000


def test_far_from_everything_there_is_nothing(public: Client) -> None:
    answer = get(public, "/api/reverse", lon="0", lat="0")
    assert (answer["features"], answer["geocoding"]["township"]) == ([], None)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "lon= cannot be used: give lon and lat in degrees, for example lon=120.58&lat=30."),
        ({"lon": "120"}, "lat= cannot be used: give degrees from -90 to 90."),
        ({"lon": "181", "lat": "0"}, "lon=181 cannot be used: give degrees from -180 to 180."),
        ({"lon": "nan", "lat": "0"}, "lon=nan cannot be used: give degrees from -180 to 180."),
    ],
)
def test_a_point_is_two_numbers(params: dict[str, str], message: str, public: Client) -> None:
    assert problem(public, "/api/reverse", **params) == (400, message)
