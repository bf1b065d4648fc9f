"""Where a protected place lies is told to nobody but its curators: every address is walked, those of
``tests/endpoints.py`` and those that its routes make for the places themselves, as everybody.

Twice over: nothing that is answered holds a position nearer than the square, in any of the systems offered; and when the
places move, the generalised one within its square, nothing that is answered changes, so that neither an order nor a
distance nor a count nor a filter tells.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.gis.geos import LineString, Point
from django.test import Client
from django.urls import get_resolver
from pyproj import Transformer

from heritage.models import NameSign, Place, PlaceShape
from layers import registry
from layers.models import Change
from layers.models.base import SRID
from layers.publish.formats import FORMATS
from layers.snapshots import taking
from tests.endpoints import BUREAU, PEOPLE, SITES, USES, client_of, routes
from tests.heritage.entries import committed
from tests.layers.admin.posting import url as admin_url
from tests.layers.publish.formats.readers import READERS
from tests.sharing import forget, shared_transaction
from tests.test_every_layer import tile_at

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

LAYER = "heritage-places"
ITEMS = f"/api/collections/{LAYER}/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}"
SYSTEMS = (4490, 4326, 4549, 4528, 3857)
# At sea, where nothing else lies. Of one square; the hidden one moves far.
GENERALISED = (Point(121.1034567, 28.6123457, srid=SRID), Point(121.0901234, 28.6298765, srid=SRID))
HIDDEN = (Point(121.7654321, 28.3456789, srid=SRID), Point(121.3111111, 28.1222222, srid=SRID))
NEIGHBOUR = Point(121.2, 28.65, srid=SRID)
WORDS = ("QQGENERALISED", "QQHIDDEN")
SQUARE_M = 5000

# Those who curate, and whoever reads the change log, are told: with the addresses where they are.
CURATION = {"curator", "reviewer", "auditor", "administrator"}
EXCEPT: dict[str, set[str]] = {
    "/curate/": CURATION,
    f"{ITEMS}/QQ-GENERALISED/changes": {"auditor", "administrator"},
    f"{ITEMS}/QQ-HIDDEN/changes": {"auditor", "administrator"},
    "/admin/layers/change/": {"auditor", "administrator"},
    "/admin/heritage/": CURATION,
}


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def places() -> dict[str, Place]:
    """Two that were public when a snapshot was taken and are protected since, with a sign, and a neighbour of theirs."""
    made = {
        name: Place.objects.create(
            code=f"QQ-{name}", name=f"QQ{name}", location=where, source="test", category="山", township="330602001",
            position_quality="surveyed", precision_m=1,
        )
        for name, where in (("GENERALISED", GENERALISED[0]), ("HIDDEN", HIDDEN[0]), ("NEIGHBOUR", NEIGHBOUR))
    }  # fmt: skip
    committed()
    forget()
    for day in (date(2022, 12, 31), date(2023, 12, 31)):
        taking.take(registry.get(LAYER), day)
        Place.objects.filter(pk=made["NEIGHBOUR"].pk).update(meaning="changed")
        made["GENERALISED"].names.update(roman="Qq")  # so that it differs from one snapshot to the other
        committed()
    for name, sensitivity in (("GENERALISED", "generalised"), ("HIDDEN", "hidden")):
        place = made[name]
        Place.objects.filter(pk=place.pk).update(sensitivity=sensitivity)
        NameSign.objects.create(place=place, code=f"QQ-SIGN-{name}", kind="stele", location=place.location)
        where = place.location
        assert where is not None
        line = LineString(where.coords, (where.x + 1e-4, where.y), srid=SRID)
        PlaceShape.objects.create(place=place, shape=line, certainty="certain", position=1)
    committed()
    forget()
    for place in made.values():
        place.refresh_from_db()
    return made


def move(places: dict[str, Place]) -> None:
    for name, where in (("GENERALISED", GENERALISED[1]), ("HIDDEN", HIDDEN[1])):
        PlaceShape.objects.filter(place=places[name], position=0).update(shape=where)
        NameSign.objects.filter(place=places[name]).update(location=where)
    committed()
    forget()


def test_the_places_are_what_the_walk_is_about(places: dict[str, Place]) -> None:
    generalised, hidden = places["GENERALISED"], places["HIDDEN"]
    assert generalised.location is not None
    assert hidden.location is None
    assert (generalised.township, hidden.township, generalised.position_quality) == ("330602", "330602", "approximate")
    before = generalised.location.coords
    move(places)
    generalised.refresh_from_db()
    assert generalised.location.coords == before
    for index in (0, 1):
        inside = [square(GENERALISED[index], SQUARE_M / 2 * 1.5, system) for system in SYSTEMS]
        assert inside


def square(around: Point, half_m: float, system: int) -> tuple[float, float, float, float]:
    """West, south, east, north in a system of the box so far around a point."""
    there = Transformer.from_crs(SRID, 4549, always_xy=True).transform(around.x, around.y)
    back = Transformer.from_crs(4549, system, always_xy=True)
    corners = [back.transform(there[0] + dx, there[1] + dy) for dx in (-half_m, half_m) for dy in (-half_m, half_m)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


class Nearness:
    """Finds pairs of numbers that say where a protected place lies nearer than it may be told."""

    def __init__(self, places: dict[str, Place]) -> None:
        told = places["GENERALISED"].location
        assert told is not None
        self.boxes = [square(where, SQUARE_M / 2, system) for system in SYSTEMS for where in (*GENERALISED, *HIDDEN)]
        self.middles = [square(told, 30, system) for system in SYSTEMS]
        self.corners = [square(told, SQUARE_M / 2, system) for system in SYSTEMS]

    def of(self, text: str) -> list[str]:
        numbers = [float(number) for number in re.findall(r"(?<![\w.])-?\d{1,9}(?:\.\d+)?(?![\w])", text)]
        return [f"{a} {b}" for a, b in pairwise(numbers) if self.is_near(a, b)]

    def is_near(self, a: float, b: float) -> bool:
        for x, y in ((a, b), (b, a)):
            if any(west <= x <= east and south <= y <= north for west, south, east, north in self.boxes):
                return not (self._is_middle(x, y) or self._is_corner(x, y))
        return False

    def _is_middle(self, x: float, y: float) -> bool:
        return any(west <= x <= east and south <= y <= north for west, south, east, north in self.middles)

    def _is_corner(self, x: float, y: float) -> bool:
        """Of the square itself, which a page draws: it is turned a little against the box around it."""
        return any(
            min(abs(x - west), abs(x - east)) < (east - west) / 40
            and min(abs(y - south), abs(y - north)) < (north - south) / 40
            for west, south, east, north in self.corners
        )


def addresses(places: dict[str, Place]) -> list[tuple[str, str]]:
    """Method and address: all of the table, of the heritage layer where it says another, and every route filled in for the
    places."""
    found = [
        (use.method, use.url.replace(SITES, f"/api/collections/{LAYER}").replace("eco-burial-sites", LAYER))
        for uses in USES.values()
        for use in uses
    ]
    for place in places.values():
        tiles = [tile_at(where, zoom) for where in (GENERALISED[0], HIDDEN[0]) for zoom in (8, 12, 16)]
        for route in (route for route in routes(get_resolver().url_patterns) if "<" in route):
            for tile in tiles if "<str:zoom>" in route else tiles[:1]:
                known = {
                    "str:layer_id": LAYER, "str:style_id": LAYER, "str:code": place.code, "str:handle": place.handle,
                    "int:number": "1", "str:before": "2022-12-31", "str:after": "2023-12-31", "str:zoom": str(tile.zoom),
                    "str:row": str(tile.row), "str:column": str(tile.column),
                }  # fmt: skip
                found.append(("GET", "/" + re.sub(r"<([^>]+)>", lambda part: known.get(part[1], "0"), route)))  # noqa: B023
    return list(dict.fromkeys(one for one in found if not one[1].startswith(("/admin/", "/sign-out"))))


def questions() -> list[str]:
    """What a reader who looks for the places would ask."""
    asked = [f"{ITEMS}?snapshot=2023-12-31&filter=name LIKE 'QQ%25'", f"{ITEMS}?filter=name LIKE 'QQ%25'&f=html"]
    for where in (*GENERALISED, *HIDDEN):
        west, south, east, north = where.x - 0.002, where.y - 0.002, where.x + 0.002, where.y + 0.002
        box = f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        asked += [
            f"{ITEMS}?bbox={west},{south},{east},{north}{more}" for more in ("", "&snapshot=2023-12-31", "&f=csv")
        ]
        asked += [
            f"{ITEMS}?filter={relation}(geometry,{box}){more}"
            for relation in ("S_INTERSECTS", "S_WITHIN", "S_DISJOINT")
            for more in ("", "&snapshot=2023-12-31")
        ]
        asked += [
            f"/api/search?q={word}&lon={where.x}&lat={where.y}&limit=50" for word in (*WORDS, "QQNEIGHBOUR", "QQ")
        ]
        asked += [
            f"/api/reverse?lon={where.x}&lat={where.y}&limit=50",
            f"/api/geocode?q=QQ&lon={where.x}&lat={where.y}",
        ]
    asked += [
        f"{ITEMS}?filter=name LIKE 'QQ%25'&sortby={key}"
        for key in ("name", "-precision_m", "township", "position_quality")
    ]
    asked += [f"{ITEMS}?township={code}" for code in ("330602001", "330602")]
    asked += [f"{ITEMS}?filter=name LIKE 'QQ%25'&crs={EPSG.format(system)}" for system in SYSTEMS]
    for of in ("townships", "villages"):
        asked += [f"/api/coverage/{kind}?layer={LAYER}&of={of}&within=3000" for kind in ("reach", "gaps")]
    return [*asked, f"/api/collections/{LAYER}/snapshots/2022-12-31/changes/2023-12-31?limit=1000"]


def downloads() -> list[tuple[str, str]]:
    """Every format, of the register and of a snapshot in which the places were public."""
    return [
        (form, f"{ITEMS}?filter=name LIKE 'QQ%25'&f={form}{more}")
        for form in sorted(set(FORMATS) & set(READERS))
        for more in ("", "&snapshot=2023-12-31")
    ]


def may_be_told(name: str, url: str) -> bool:
    return any(name in who and url.startswith(address) for address, who in EXCEPT.items())


def answer(client: Client, method: str, url: str) -> str:
    """Everything in an answer that somebody could read, tiles decoded, without what is new each time."""
    response = client.generic(method, url)
    body = response.getvalue()
    if response.headers.get("Content-Type") == "application/vnd.mapbox-vector-tile" and body:
        decoded = mapbox_vector_tile.decode(body)
        # In whatever order the rows lie in: that says only that something was written.
        return str({layer: sorted(map(str, found["features"])) for layer, found in decoded.items()})
    text = str(body.decode("utf-8", "replace"))
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+Z]+", "", text)
    text = re.sub(r'"data_version": "\w+"', "", text)  # says that something was written, not where
    asked = url.partition("?")[2]  # which an answer's links say again
    numbers = re.findall(r"-?\d+\.\d+", asked)
    for number in sorted(numbers, key=len, reverse=True):
        text = text.replace(number, "…")
    return re.sub(r"((?:[?&]|\\u0026)(?:amp;)?v=)[\w.]+", r"\1", text)


@pytest.mark.parametrize("name", ["anonymous", *PEOPLE])
def test_no_answer_tells_where_a_protected_place_lies(name: str, places: dict[str, Place]) -> None:
    client, nearness = client_of(name, "session"), Nearness(places)
    every = [*addresses(places), *(("GET", url) for url in questions())]
    walked = [(method, url) for method, url in every if not may_be_told(name, url)]
    assert len(walked) > 200
    before, leaks = {}, []
    for method, url in walked:
        before[method, url] = answer(client, method, url)
        leaks += [(url, pair) for pair in nearness.of(before[method, url])[:3]]
    assert leaks == []
    # What is asked by POST writes: it is not asked again.
    again = [url for method, url in walked if method == "GET" and not _says_that_something_was_written(url)]
    assert len(again) > 150
    move(places)
    assert [url for url in again if answer(client, "GET", url) != before["GET", url]] == []


def _says_that_something_was_written(url: str) -> bool:
    """As pages of operators do, which do not say where."""
    return url.startswith(("/healthz", "/readyz", "/api/coverage/audits", "/planning/"))


@pytest.mark.parametrize("name", ["anonymous", "editor", "curator"])
def test_no_file_tells_where_a_protected_place_lies(name: str, places: dict[str, Place], tmp_path: Path) -> None:
    client, found = client_of(name, "session"), {}
    told = places["GENERALISED"].location
    assert told is not None
    for form, url in downloads():
        response = client.get(url)
        assert response.status_code == 200, url
        read = READERS[form](response.getvalue(), tmp_path)
        placed = {code: place for code, _properties, place in read}
        found[url] = placed.keys()
        middle = placed.get("QQ-GENERALISED")
        assert middle is None or abs(middle.centroid.x - told.x) < 1e-5 > abs(middle.centroid.y - told.y), url
        hidden = placed.get("QQ-HIDDEN")
        assert hidden is None or hidden.is_empty, url
        said = {code: properties.get("township") for code, properties, _place in read}
        assert {said[code] for code in WORDS if code in said} <= {"330602", "", None}, url
    assert any("QQ-GENERALISED" in codes for codes in found.values())


@pytest.mark.parametrize("name", sorted({*PEOPLE} - CURATION))
def test_the_administration_tells_nobody_else(name: str, places: dict[str, Place]) -> None:
    client, nearness, leaks = client_of(name, "session"), Nearness(places), []
    for model in {*apps.get_app_config("heritage").get_models(), Change} & set(admin.site._registry):
        for address in _pages_of(model):
            leaks += [(address, pair) for pair in nearness.of(answer(client, "GET", address))[:3]]
    assert leaks == []


def _pages_of(model: Any) -> Iterable[str]:
    yield admin_url(model, "changelist")
    for row in model.objects.order_by("-pk")[:5]:
        yield admin_url(model, "change", row.pk)


def test_those_who_are_told_are_told(places: dict[str, Place]) -> None:
    """Without this the walk could look past what it is about."""
    nearness = Nearness(places)
    changes = f"{ITEMS}/QQ-HIDDEN/changes"
    assert nearness.of(answer(client_of("auditor", "session"), "GET", changes))
    assert nearness.of(answer(client_of("curator", "session"), "GET", "/curate/signs/list.csv"))
    for where in (*GENERALISED, *HIDDEN):
        for system in SYSTEMS:
            x, y = Transformer.from_crs(SRID, system, always_xy=True).transform(where.x, where.y)
            assert nearness.of(f"[{x:.3f}, {y:.3f}]")
            assert nearness.of(f"{y:.3f}</td><td>{x:.3f}")
    assert {name for name in BUREAU if name not in CURATION} == {
        "planner",
        "planner of a county",
        "editor",
        "editor of a county",
    }
