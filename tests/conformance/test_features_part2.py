"""OGC API – Features – Part 2: Coordinate Reference Systems by Reference (18-058r1), Annex A: the abstract tests of the
class “crs”, each under its identifier, on every collection. The tests transform with PROJ, the portal with PostGIS."""

from functools import cache

import pyproj
import pytest
import shapely
from django.test import Client
from shapely.geometry.base import BaseGeometry

from layers import registry
from layers.crs import CRS84, GCJ02, OFFERED, STORAGE
from tests.asking import get, problem
from tests.conformance import described
from tests.conformance.described import ids, items, parameters

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

EPSG = "http://www.opengis.net/def/crs/EPSG/0"
# Whether the authority writes north before east.
NORTH_FIRST = {
    CRS84.uri: False,
    f"{EPSG}/4490": True,
    f"{EPSG}/4326": True,
    f"{EPSG}/4549": True,
    f"{EPSG}/4528": True,
    f"{EPSG}/3857": False,
}
SRIDS = {CRS84.uri: 4326, **{uri: int(uri.rpartition("/")[2]) for uri in NORTH_FIRST if "/EPSG/" in uri}}
CENTIMETRES = {4326: 2e-7, 4490: 2e-7, 4549: 0.02, 4528: 0.02, 3857: 0.02}
every_collection = pytest.mark.parametrize("collection", [layer.id for layer in registry.published()])
every_crs = pytest.mark.parametrize("uri", list(NORTH_FIRST), ids=lambda uri: uri.rpartition("/")[2])


@cache
def transformer(srid: int) -> pyproj.Transformer:
    """From WGS 84, x east on both sides; PROJ takes seconds to find one."""
    return pyproj.Transformer.from_crs(4326, srid, always_xy=True)


def as_written(shape: BaseGeometry, uri: str) -> BaseGeometry:
    """A shape of CRS84 in the CRS, with its order of axes."""
    move = transformer(SRIDS[uri]).transform
    found = shapely.transform(shape, move, interleaved=False)
    return shapely.transform(found, lambda positions: positions[:, ::-1]) if NORTH_FIRST[uri] else found


def test_conf_crs_crs_uri(public: Client) -> None:
    """Every CRS is named by a URI, the default one first, the same everywhere."""
    for said in get(public, "/api/collections")["collections"]:
        assert said["crs"] == list(NORTH_FIRST)
    assert set(OFFERED) == set(NORTH_FIRST)


def test_conf_crs_default_crs(public: Client) -> None:
    assert {said["crs"][0] for said in get(public, "/api/collections")["collections"]} == {CRS84.uri}


def test_conf_crs_storagecrs(public: Client) -> None:
    """One of those that are offered, and that of the column."""
    for said in get(public, "/api/collections")["collections"]:
        assert said["storageCrs"] in said["crs"]
        layer = registry.get(said["id"])
        assert said["storageCrs"] == f"{EPSG}/{registry.geometry_field(layer, layer.geometry).srid}" == STORAGE.uri


@every_collection
def test_conf_crs_crs_parameter(public: Client, collection: str) -> None:
    """It is described, taken with every CRS and answered in the header."""
    api = described.document(public)
    for path in (f"/collections/{collection}/items", f"/collections/{collection}/items/{{featureId}}"):
        said = parameters(api, path)["crs"]
        besides = [GCJ02.uri] if path.endswith("/items") else []  # in files
        assert (said["in"], said["required"], said["schema"]["enum"]) == ("query", False, [*NORTH_FIRST, *besides])
    codes = ids(get(public, items(collection), limit="1"))
    for uri in NORTH_FIRST:
        for url in (items(collection), *(f"{items(collection)}/{code}" for code in codes)):
            response = public.get(url, {"crs": uri})
            assert (response.status_code, response.headers["Content-Crs"]) == (200, f"<{uri}>")


@every_collection
def test_conf_crs_crs_parameter_default(public: Client, collection: str) -> None:
    without, named = public.get(items(collection)), public.get(items(collection), {"crs": CRS84.uri})
    assert without.headers["Content-Crs"] == named.headers["Content-Crs"] == f"<{CRS84.uri}>"
    assert without.json()["features"] == named.json()["features"]


@every_collection
def test_conf_crs_crs_parameter_invalid(public: Client, collection: str) -> None:
    for wrong in (f"{EPSG}/4527", f"{EPSG}/99999", GCJ02.uri, "EPSG:4490", ""):
        status, said = problem(public, items(collection), crs=wrong)
        assert (status, said) == (400, f"crs={wrong} cannot be used: the CRSs here are {', '.join(NORTH_FIRST)}.")


@every_crs
@every_collection
def test_conf_crs_crs_parameter_transform(public: Client, collection: str, uri: str) -> None:
    """Within two centimetres of what PROJ makes of the default, in the order of axes of the authority."""
    plain = get(public, items(collection), limit="20")["features"]
    moved = get(public, items(collection), limit="20", crs=uri)["features"]
    assert [one["id"] for one in moved] == [one["id"] for one in plain]
    for before, after in zip(plain, moved, strict=True):
        assert (before["geometry"] is None) == (after["geometry"] is None)
        if before["geometry"]:
            expected = shapely.get_coordinates(as_written(shapely.geometry.shape(before["geometry"]), uri))
            found = shapely.get_coordinates(shapely.geometry.shape(after["geometry"]))
            assert abs(expected - found).max() < CENTIMETRES[SRIDS[uri]]
    for feature in moved[:1]:
        one = get(public, f"{items(collection)}/{feature['id']}", crs=uri)
        assert one["geometry"] == feature["geometry"]


@every_crs
@every_collection
def test_conf_crs_bbox_crs_parameter(public: Client, collection: str, uri: str) -> None:
    """The same features as of the same box in the default CRS, whose edges are straight in both."""
    said = parameters(described.document(public), f"/collections/{collection}/items")["bbox-crs"]
    assert (said["in"], said["required"], said["schema"]["enum"]) == ("query", False, list(NORTH_FIRST))
    west, south, east, north = get(public, f"/api/collections/{collection}")["extent"]["spatial"]["bbox"][0]
    margin_x, margin_y = (east - west) / 7 or 1e-6, (north - south) / 7 or 1e-6
    inner = shapely.box(west + margin_x, south + margin_y, east - margin_x, north - margin_y)
    box = as_written(shapely.box(*inner.bounds), uri)
    if SRIDS[uri] in (4549, 4528):  # the box of the transformed box is a little larger: compare with that area itself
        box = shapely.box(*box.bounds)
    expected = set(ids(get(public, items(collection), limit="10000", bbox=",".join(map(str, inner.bounds)))))
    text = ",".join(f"{number:.9f}" for number in box.bounds)
    found = set(ids(get(public, items(collection), limit="10000", bbox=text, **{"bbox-crs": uri})))
    assert expected <= found
    assert len(found - expected) <= (len(found) // 20 + 2 if SRIDS[uri] in (4549, 4528) else 0)


@every_collection
def test_conf_crs_bbox_crs_parameter_default(public: Client, collection: str) -> None:
    box = "120.4,29.6,120.8,30.1"
    named = get(public, items(collection), bbox=box, **{"bbox-crs": CRS84.uri})
    assert named["features"] == get(public, items(collection), bbox=box)["features"]
    assert named["numberMatched"] == get(public, items(collection), bbox=box)["numberMatched"]


@every_collection
def test_conf_crs_bbox_crs_parameter_invalid(public: Client, collection: str) -> None:
    for wrong in (f"{EPSG}/4527", f"{EPSG}/99999", GCJ02.uri, "4490", ""):
        status, said = problem(public, items(collection), bbox="120,29,121,30", **{"bbox-crs": wrong})
        assert (status, said) == (400, f"bbox-crs={wrong} cannot be used: the CRSs here are {', '.join(NORTH_FIRST)}.")
