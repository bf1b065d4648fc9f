"""Every fault of a feature at once, each with its field, its value and what would be right."""

from typing import Any

import pytest
from django.test import Client

from layers import registry
from layers.edit.shapes import APPROXIMATE_M
from layers.models import Division, EcoBurialSite
from layers.registry import Layer
from tests.samples import make, sample
from tests.writing import feature, patch, place, post, refusal, tag, url

SITES, PLATES, ZONES = (registry.get(name) for name in ("eco-burial-sites", "doorplates", "exclusion-zones"))
IDENTITY_NUMBER = "11010519491231002X"  # the example of GB 11643


def faults(client: Client, layer: Layer, document: Any, status: int = 422) -> list[tuple[str, Any, str]]:
    """Field, value and problem of every fault of a feature that is refused."""
    response = post(client, url(layer), document)
    assert response.status_code == status, response.content.decode()
    return [(found["field"], found["value"], found["problem"]) for found in refusal(response)["errors"]]


def test_every_fault_is_said_at_once(staff: Client) -> None:
    document = feature(
        SITES,
        name=5,
        level="continent",
        burial_forms=["tree", "sea"],
        capacity=-1,
        area_m2="large",
        green_rate=1.5,
        as_of="31.12.2022",
        status=None,
        serves=["33060", "330602001"],
        address=f"张 {IDENTITY_NUMBER}",
        colour="red",
        published="yes",
    )
    del document["properties"]["source"]
    document["geometry"] = {"type": "LineString", "coordinates": [[120, 30], [121, 30]]}
    found = {field: (value, problem) for field, value, problem in faults(staff, SITES, document)}
    offered = "choose from: tree, flowerbed, lawn, wall, deep."
    assert found.pop("colour")[0] == "red"
    assert found == {
        "name": (5, "give a text."),
        "level": ("continent", "choose from: village, township, county, city."),
        "burial_forms": ("['tree', 'sea']", offered),
        "capacity": (-1, "Ensure this value is greater than or equal to 0."),
        "area_m2": ("large", "give a number."),
        "as_of": ("31.12.2022", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
        "status": (None, "must be given; null is not enough."),
        "address": (
            f"张 {IDENTITY_NUMBER}",
            "“110…2X” looks like a resident identity number. The portal keeps no personal data: remove it.",
        ),
        "published": ("yes", "give true or false."),
        "source": (None, "must be given."),
        "green_rate": (1.5, "“green share” must lie between 0 and 1."),
        "geometry.type": ("LineString", "the geometry here is a Point."),
        "serves": ("33060", "“township served” must have exactly 9 digits."),
    }


def test_each_reader_has_the_rules_in_their_own_language(staff: Client) -> None:
    document = feature(SITES, capacity=-1, name="长" * 300)
    for language, capacity, name in (
        ("zh", "确保该值大于或等于0。", "确保该变量包含不超过 120 字符 (目前字符数 300)。"),
        ("en", "Ensure this value is greater than or equal to 0.", "Ensure this value has at most 120 characters (it has 300)."),
    ):  # fmt: skip
        refused = post(staff, url(SITES), document, **{"Accept-Language": language})
        problems = {found["field"]: found["problem"] for found in refusal(refused)["errors"]}
        assert problems == {"capacity": capacity, "name": name}


def test_rules_between_columns_are_explained(staff: Client) -> None:
    document = feature(SITES, capacity=3, used=4, township_claimed="33")
    assert sorted(faults(staff, SITES, document)) == [
        ("township_claimed", "33", "“township claimed” must have exactly 9 digits."),
        ("used", 4, "“used” must not be more than “capacity”."),
    ]
    reversed_period = feature(ZONES, valid_from="2022-01-01", valid_to="2021-01-01")
    assert faults(staff, ZONES, reversed_period) == [
        ("valid_to", "2021-01-01", "“until” must be later than “from”."),
    ]


def test_a_township_served_that_is_no_code_is_refused(staff: Client) -> None:
    (found,) = faults(staff, SITES, feature(SITES, serves=["33060"]))
    assert found == ("serves", "33060", "“township served” must have exactly 9 digits.")
    twice = feature(SITES, serves=["330602001", "330602001"])
    assert faults(staff, SITES, twice) == [("serves", "['330602001', '330602001']", "a value stands there twice.")]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], ("type", "[]", "give a GeoJSON feature: an object whose type is “Feature”.")),
        ({"type": "Point"}, ("type", "Point", "give a GeoJSON feature: an object whose type is “Feature”.")),
        ({"id": ["x"]}, ("id", "['x']", "give the code as a text of at most 40 characters.")),
        ({"id": "x" * 41}, ("id", "x" * 41, "give the code as a text of at most 40 characters.")),
        ({"id": "ein Platz"}, ("id", "ein Platz", "“code” may hold letters, digits, “.”, “_” and “-”, at most 40, and begins with a letter or digit.")),
        ({"crs": {"type": "name"}}, ("crs", "{'type': 'name'}", "leave it out and say the CRS in the Content-Crs header.")),
        ({"properties": [1]}, ("properties", "[1]", "give an object of names and values.")),
    ],
)  # fmt: skip
def test_what_is_no_feature_is_refused(document: Any, fault: tuple[str, Any, str], staff: Client) -> None:
    if isinstance(document, dict) and "type" not in document:
        document = feature(SITES) | document
    assert fault in faults(staff, SITES, document)


POSITION = "a position is two numbers, such as [120.58, 30.01]."
RING = "a ring has at least four positions, and the last is the first."


@pytest.mark.parametrize(
    ("geometry", "field", "problem"),
    [
        ("POINT (1 2)", "geometry", "give a GeoJSON geometry, or null."),
        ({"type": "Point"}, "geometry.coordinates", "the coordinates are empty or not a list."),
        ({"type": "Point", "coordinates": []}, "geometry.coordinates", "the coordinates are empty or not a list."),
        ({"type": "Point", "coordinates": [120.5, "30"]}, "geometry.coordinates", POSITION),
        ({"type": "Point", "coordinates": [120.5, None]}, "geometry.coordinates", POSITION),
        ({"type": "Point", "coordinates": [[120.5, 30]]}, "geometry.coordinates", POSITION),
        ({"type": "Point", "coordinates": [120.5, 10**400]}, "geometry.coordinates", POSITION),
        ({"type": "Point", "coordinates": [120.5, 30.0, 8]}, "geometry.coordinates", "a position has two numbers: leave the height out, the registers keep none."),
        ({"type": "Point", "coordinates": [30.0, 120.5]}, "geometry.coordinates", "a position is no place on earth in http://www.opengis.net/def/crs/OGC/1.3/CRS84: look at the numbers and their order."),
    ],
)  # fmt: skip
def test_a_point_that_is_none_is_refused(geometry: Any, field: str, problem: str, staff: Client) -> None:
    found = faults(staff, SITES, feature(SITES) | {"geometry": geometry})
    assert [(name, said) for name, _value, said in found] == [(field, problem)]


def ring(*positions: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(position) for position in positions]]}


A, B, C, D = (120.5, 30.0), (120.6, 30.0), (120.6, 30.1), (120.5, 30.1)


@pytest.mark.parametrize(
    ("geometry", "problem"),
    [
        (ring(A, C, B, D, A), "the area is not valid: its border crosses itself at [120.55 30.05]."),
        (ring(A, B, C), RING),
        (ring(A, B, C, D), RING),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "the coordinates are empty or not a list."),
        ({"type": "Point", "coordinates": [120.5, 30.0]}, "the geometry here is a MultiPolygon or a Polygon."),
        (None, "a place must be given."),
    ],
)
def test_an_area_that_is_none_is_refused(geometry: Any, problem: str, staff: Client) -> None:
    found = faults(staff, ZONES, feature(ZONES) | {"geometry": geometry})
    assert [said for _name, _value, said in found] == [problem]


def test_a_polygon_is_taken_for_a_multipolygon(staff: Client) -> None:
    response = post(staff, url(ZONES), feature(ZONES) | {"geometry": ring(A, B, C, D, A)})
    stored = staff.get(response.headers["Location"].partition("8000")[2]).json()["geometry"]
    assert stored == {"type": "MultiPolygon", "coordinates": [ring(A, B, C, D, A)["coordinates"]]}


def test_a_place_outside_the_jurisdiction_is_refused_with_how_far(staff: Client) -> None:
    (found,) = faults(staff, SITES, feature(SITES) | {"geometry": place(SITES, 116.4, 39.9)})
    assert found[:2] == ("geometry", "POINT (116.4 39.9)")
    assert found[2].startswith("the place lies 11")
    assert "km outside the counties in force on " in found[2]


def test_over_an_approximate_boundary_a_place_just_outside_is_let_in(staff: Client) -> None:
    """A surveyed boundary is kept to; one drawn approximately may be wrong by a little."""
    Division.objects.all().update(valid_to="2001-01-01", valid_from=None)
    county = make(Division, level="county", code="339901", boundary_quality="approximate")
    _west, _south, east, north = county.boundary.extent
    degrees = APPROXIMATE_M / 2 / 96_000
    near = feature(SITES) | {"geometry": place(SITES, east + degrees, north)}
    assert post(staff, url(SITES), near).status_code == 201
    far = feature(SITES) | {"geometry": place(SITES, east + 3 * degrees, north)}
    assert [field for field, _value, _problem in faults(staff, SITES, far)] == ["geometry"]
    Division.objects.filter(pk=county.pk).update(boundary_quality="surveyed")
    near = feature(SITES) | {"geometry": place(SITES, east + degrees, north)}
    assert [field for field, _value, _problem in faults(staff, SITES, near)] == ["geometry"]


def test_a_new_county_may_lie_anywhere(staff: Client) -> None:
    counties = registry.get("counties")
    beyond = feature(counties) | {"geometry": place(counties, 100, 40)}
    assert post(staff, url(counties), beyond).status_code == 201


def test_what_is_stored_and_would_be_refused_now_stays_while_the_rest_is_changed(staff: Client) -> None:
    row = sample(SITES, location=None)
    EcoBurialSite.objects.filter(pk=row.pk).update(location="SRID=4490;POINT(100 40)")
    address = url(SITES, row.code)
    response = patch(staff, address, {"properties": {"name": "新名"}}, tag(staff, address))
    assert response.status_code == 204, response.content.decode()


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("name", "a\0b", "Null characters are not allowed."),
        ("name", "", "This field may not be blank."),
        ("name", "名" * 121, "Ensure this value has at most 120 characters (it has 121)."),
        ("capacity", 2**70, "Ensure this value is less than or equal to 2147483647."),
        ("capacity", True, "give a whole number."),
        ("capacity", 1.5, "give a whole number."),
        ("area_m2", 10**400, "give a number."),
        ("as_of", "2022-02-30", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
        ("burial_forms", "tree", "give a list."),
        ("burial_forms", ["tree", 1], "give a list."),
        ("serves", "330602001", "give a list."),
        ("serves", [1], "give a text."),
        ("township_located", "330602001", "the database computes it: leave it out, or send it as it is."),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, value: Any, problem: str, staff: Client) -> None:
    found = faults(staff, SITES, feature(SITES, **{name: value}))
    assert [said for _field, _value, said in found] == [problem]
    assert found[0][0].partition("[")[0] == name


def test_long_values_are_not_repeated_at_length(staff: Client) -> None:
    ((_field, value, _problem),) = faults(staff, SITES, feature(SITES, name="名" * 500))
    assert value == "名" * 80 + "…"


def test_a_plate_in_use_has_no_day_of_retirement(staff: Client) -> None:
    found = faults(staff, PLATES, feature(PLATES, status="current", retired_on="2022-01-01"))
    assert found == [("status", "current", "“life-cycle status” must be “retired” when “retired on” is given.")]
