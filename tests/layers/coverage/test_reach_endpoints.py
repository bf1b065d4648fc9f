"""/api/coverage/reach and /api/coverage/gaps."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from layers import registry
from layers.models import Division
from layers.registry import Role
from tests.layers.coverage import world
from tests.layers.coverage.place import A, B, C, D
from tests.layers.coverage.roads import road
from tests.layers.coverage.world import centre, door, village
from tests.people import account, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
ENGLISH = {"accept-language": "en"}
REACH, GAPS = "/api/coverage/reach", "/api/coverage/gaps"
CENTRES = "home-care-centres"


@pytest.fixture(autouse=True)
def _prefecture(db: None) -> None:
    world.found_prefecture()
    centre("one", (0, 100), beds=20)
    centre("planned", (9600, 0), status="planned", beds=40)
    village(f"{A}001", (0, 0), 500)
    village(f"{A}002", (0, 3100), 300)
    for number in range(3):
        door(number, (0, number * 700.0))


def get(client: Client, url: str, **params: object) -> Any:
    response = client.get(url, {"layer": CENTRES, **params}, headers=ENGLISH)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client: Client, url: str, language: str = "en", **params: object) -> str:
    response = client.get(url, params, headers={"accept-language": language})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    detail: str = response.json()["detail"]
    return detail


def figures(found: Any) -> dict[str, tuple[int, int]]:
    return {one["of"]: (one["numerator"], one["denominator"]) for one in found["reached"]}


def kinds(notes: list[dict[str, Any]]) -> list[str]:
    return [note["kind"] for note in notes]


def test_reach_by_default_is_of_operating_sites_within_a_kilometre(public: Client) -> None:
    found = get(public, REACH)
    assert (found["layer"], found["title"], found["filter"]) == (CENTRES, "Home-care centres", "status = 'operating'")
    assert (found["within_m"], found["division"]) == (1000, None)
    assert found["measure"]["kind"] == "straight_line_epsg_4549"
    assert "not ways along roads" in found["measure"]["text"]
    assert found["facilities"] == {"count": 1, "without_point": [], "demonstration": 0}
    assert figures(found) == {"townships": (1, 4), "villages": (1, 2), "people": (500, 800)}
    (village_part,) = found["reached"][1]["by_township"]
    assert village_part["adcode"] == A
    assert village_part["distance"] == pytest.approx({"min": 100, "median": 1550, "p90": 2710, "max": 3000}, abs=1e-4)
    assert found["access"]["catchment"] is None
    assert found["access"]["gini_of_distance"] == pytest.approx(1 - (500 * 50 + 300 * (50 + 950)) / (800 * 950))


def test_reach_as_it_is_asked(public: Client) -> None:
    found = get(public, REACH, of="doorplates,villages", within=3000.001, filter="beds > 10", division="999901")
    assert (found["filter"], found["division"]) == ("beds > 10", "999901")
    assert found["facilities"]["count"] == 2
    assert figures(found) == {"doorplates": (3, 3), "villages": (2, 2)}
    assert found["reached"][0]["by_township"][0]["distance"] is None
    asked = get(public, REACH, of="doorplates", distances="true")["reached"][0]["by_township"][0]
    assert asked["distance"] == pytest.approx({"min": 100, "median": 600, "p90": 1160, "max": 1300}, abs=1e-4)
    assert figures(get(public, REACH, of="villages", **{"as-of": "2010-01-01"})) == {"villages": (0, 2)}


def test_supply_is_shared_by_the_people_within_the_distance(public: Client) -> None:
    found = get(public, REACH, of="people", supply="beds", within=3000.001)["access"]["catchment"]
    assert (found["method"], found["supply"], found["per_people"]) == ("2sfca", "beds", 1000)
    assert found["value"] == pytest.approx(25)
    assert found["gini"] == pytest.approx(0)
    assert [one["adcode"] for one in found["by_township"]] == [A]
    decayed = get(public, REACH, of="people", supply="beds", within=3000.001, method="e2sfca")["access"]["catchment"]
    assert decayed["value"] == pytest.approx(25)
    assert decayed["gini"] > 0.1


def test_what_is_not_known_is_said(public: Client) -> None:
    village(f"{B}001", None, 10)
    centre("lost", None)
    Division.objects.filter(level="township").update(boundary_quality="approximate")
    found = get(public, REACH, of="villages,people,doorplates", supply="beds", **{"as-of": "2020-01-01"})
    of = {one["of"]: one["notes"] for one in found["reached"]}
    assert kinds(of["villages"]) == ["centres", "facility_without_point", "no_place"]
    assert of["villages"][1]["text"] == "1 facility has no point and is not seen here (中心lost)."
    assert of["villages"][2]["about"] == [{"code": f"{B}001", "name": "村001"}]
    assert kinds(of["people"])[0] == "people_at_centres"
    assert kinds(of["doorplates"]) == ["own_doors", "doors_of_today", "facility_without_point", "door_by_claim"]
    assert found["facilities"]["without_point"] == ["中心lost"]


def test_where_none_qualifies_it_is_said(public: Client) -> None:
    found = get(public, REACH, of="villages", filter="beds > 1000")
    assert kinds(found["reached"][0]["notes"]) == ["centres", "none_qualifies"]
    assert figures(found) == {"villages": (0, 2)}


def test_an_empty_layer_is_not_assessable(public: Client) -> None:
    registry.get(CENTRES).model._default_manager.all().delete()
    (one,) = get(public, REACH, of="villages")["reached"]
    assert (one["status"], one["numerator"], one["denominator"], one["value"]) == ("not_assessable", None, None, None)
    assert one["notes"][0]["text"] == "Not assessable: the layer has no rows."
    gaps = get(public, GAPS)
    assert (gaps["status"], gaps["features"]) == ("not_assessable", [])


def test_gaps_of_divisions(public: Client) -> None:
    found = get(public, GAPS)
    assert (found["of"], found["numberMatched"], found["numberReturned"]) == ("townships", 3, 3)
    assert [one["id"] for one in found["features"]] == [B, C, D]
    first = found["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [120.15, 30.05]}
    assert first["properties"]["distance_m"] == pytest.approx(9645, abs=5)
    (gap,) = get(public, GAPS, of="people")["features"]
    assert (gap["id"], gap["properties"]["people"]) == (f"{A}002", 300)
    capped = get(public, GAPS, limit=1)
    assert (len(capped["features"]), capped["numberMatched"], capped["numberReturned"]) == (1, 3, 1)


def test_gaps_of_doorplates_are_counts_of_townships(public: Client) -> None:
    (gap,) = get(public, GAPS, of="doorplates")["features"]
    assert (gap["id"], gap["geometry"]["coordinates"]) == (A, [120.05, 30.05])
    assert {name: gap["properties"][name] for name in ("numerator", "denominator", "uncovered")} == {
        "numerator": 2,
        "denominator": 3,
        "uncovered": 1,
    }


def test_the_public_is_told_of_published_rows_alone(public: Client, staff: Client) -> None:
    centre("secret", (0, 3000), published=False)
    assert figures(get(public, REACH, of="villages")) == {"villages": (1, 2)}
    assert figures(get(staff, REACH, of="villages")) == {"villages": (2, 2)}


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "layer= cannot be used: name a collection with points. There are: counties,"),
        ({"layer": "exclusion-zones"}, "layer=exclusion-zones cannot be used: name a collection with points."),
        ({"layer": CENTRES, "within": "0"}, "within=0 cannot be used: give metres above 0 and up to 100000"),
        ({"layer": CENTRES, "within": "nan"}, "within=nan cannot be used: give metres above 0"),
        ({"layer": CENTRES, "within": "100001"}, "within=100001 cannot be used: give metres above 0"),
        (
            {"layer": CENTRES, "of": "houses"},
            "of=houses cannot be used: there are: townships, villages, doorplates, people",
        ),
        ({"layer": CENTRES, "division": A}, f"“{A}” is not the code of a city or county in force on"),
        ({"layer": CENTRES, "filter": "bedz > 1"}, "filter=bedz > 1 cannot be used"),
        ({"layer": CENTRES, "as-of": "2022-13-01"}, "as-of=2022-13-01 cannot be used: give a day that exists"),
        ({"layer": CENTRES, "walking": "15"}, "“walking” is not a parameter here."),
    ],
)
def test_what_is_wrong_is_named_with_the_remedy(public: Client, params: dict[str, str], reason: str) -> None:
    for url in (REACH, GAPS):
        assert reason in refused(public, url, **params)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (
            {"supply": "care_workers"},
            "supply=care_workers cannot be used: name a field that is a number: beds, dementia_beds",
        ),
        ({"method": "2sfca"}, "method=2sfca cannot be used: say with supply what is offered"),
        ({"supply": "beds", "method": "3sfca"}, "method=3sfca cannot be used: there are: 2sfca, e2sfca."),
        ({"distances": "1"}, "distances=1 cannot be used: give true or false."),
    ],
)
def test_what_is_wrong_with_reach_is_named(public: Client, params: dict[str, str], reason: str) -> None:
    assert reason in refused(public, REACH, layer=CENTRES, **params)


def test_refusals_are_in_chinese_too(public: Client) -> None:
    assert "请给出大于 0、不超过 100000 的米数" in refused(public, REACH, "zh-hans", layer=CENTRES, within="-1")
    assert "请给出有点位的数据集" in refused(public, GAPS, "zh-hans")


def test_along_roads_it_is_farther_and_for_the_bureau_only(public: Client, tmp_path: Path) -> None:
    """The way from the first village to the centre, 100 m off, goes 600 m to the east and back; the second is on no road."""
    file = road(tmp_path, (0, 0), (600, 0), (600, 100), (0, 100))
    planner = signed_in(account("planner", Role.PLANNER))
    near, far = (
        get(planner, REACH, of="villages,people", within=within, roads=str(file.pk)) for within in (1350, 1250)
    )
    assert (near["measure"]["kind"], near["measure"]["roads"]) == ("along_roads", str(file.pk))
    assert figures(near) == {"villages": (1, 2), "people": (500, 800)}
    assert figures(far) == {"villages": (0, 2), "people": (0, 800)}
    assert near["reached"][0]["by_township"][0]["distance"]["min"] == pytest.approx(1300, abs=1)
    for feature in get(planner, GAPS, of="villages", within=1250, roads=str(file.pk))["features"]:
        assert feature["id"] in (f"{A}001", f"{A}002")
    response = public.get(REACH, {"layer": CENTRES, "roads": str(file.pk)})
    assert response.status_code == 404
