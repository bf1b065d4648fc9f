"""What every entry of the catalogue promises. A new layer, such as the tests' own bus stops, is held to it by being
there: no line of this file names a layer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import mapbox_vector_tile
import pytest
from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.core.checks import run_checks
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pyproj import Transformer
from rest_framework.renderers import JSONRenderer

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader, visible_fields
from layers.edit.serializers import features, serializer_for
from layers.models.base import SRID
from layers.publish import items, symbols
from layers.publish.matrix import Tile
from layers.publish.selection import Selection
from layers.publish.tiles import one_layer
from layers.registry import Audience, Layer
from layers.rows import Period, rows, today
from tests.people import account, signed_in
from tests.samples import end_states, sample
from tests.sharing import shared_transaction

PUBLISHED = registry.published()
READERS = (PUBLIC, BUREAU)
TO_MERCATOR = Transformer.from_crs(4326, 3857, always_xy=True)

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
every_layer = pytest.mark.parametrize("layer", PUBLISHED, ids=lambda layer: layer.id)
every_entry = pytest.mark.parametrize("layer", registry.catalogue().values(), ids=lambda layer: layer.id)
every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.key)


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    """The public's connection is the test's own, so that it sees rows that are never committed."""
    with shared_transaction():
        yield


@dataclass(frozen=True)
class Rows:
    """What the public sees, and what only the bureau does."""

    shown: list[Any]
    unpublished: list[Any]

    def seen_by(self, reader: Reader) -> list[Any]:
        return self.shown + self.unpublished * (reader is BUREAU)


@pytest.fixture
def stored(layer: Layer) -> Rows:
    """Three rows of the layer for all, and one for each reason for which the public is not offered a row."""
    unpublished = [sample(layer, published=False)]
    unpublished += [sample(layer, **{column: value}) for column, values in layer.hidden.items() for value in values]
    if layer.states is not None:
        end_states(sample(layer))  # a row without a state today is nobody's
    return Rows([sample(layer) for _ in range(3)], unpublished)


def as_sent(data: Any) -> Any:
    return json.loads(JSONRenderer().render(data))


def chosen(layer: Layer, reader: Reader) -> Selection:
    """All that the reader sees of the layer today."""
    return Selection(layer_id=layer.id, reader=reader, period=Period(today(), today()))


def client_of(reader: Reader) -> Client:
    return signed_in(account("clerk", *reader.roles)) if reader.audience is Audience.BUREAU else Client()


def get(client: Client, url: str, **params: str) -> Any:
    response = client.get(url, params)
    assert response.status_code == 200, response.content
    return response.json()


@every_layer
@every_reader
def test_sql_and_serializer_give_the_same_feature(layer: Layer, reader: Reader, stored: Rows) -> None:
    serializer = serializer_for(layer, reader)
    expected = as_sent(serializer(features(layer, reader, today()), many=True).data)["features"]
    assert {row.code for row in stored.seen_by(reader)} <= {feature["id"] for feature in expected}
    page = items.page(chosen(layer, reader), limit=len(expected))
    assert json.loads(b"[" + page.features + b"]") == expected
    for row in stored.seen_by(reader):
        one = features(layer, reader, today()).get(pk=row.pk)
        assert json.loads(items.one(chosen(layer, reader), row.code).feature) == as_sent(serializer(one).data)


@every_layer
@every_reader
def test_a_feature_without_a_place_is_the_same_both_ways(layer: Layer, reader: Reader) -> None:
    if not layer.model._meta.get_field(layer.geometry).null:
        pytest.skip("every row has a place")
    without = {layer.geometry: None} | ({"boundary_quality": ""} if layer.geometry == "boundary" else {})
    row = sample(layer, **without)
    one = as_sent(serializer_for(layer, reader)(features(layer, reader, today()).get(pk=row.pk)).data)
    assert one["geometry"] is None
    assert json.loads(items.one(chosen(layer, reader), row.code).feature) == one


@every_layer
@every_reader
def test_collection_is_listed_with_where_its_rows_lie(layer: Layer, reader: Reader, stored: Rows) -> None:
    listed = get(client_of(reader), "/api/collections")["collections"]
    found = next(entry for entry in listed if entry["id"] == layer.id)
    assert found["title"] == str(layer.title)
    west, south, east, north = found["extent"]["spatial"]["bbox"][0]
    for row in stored.seen_by(reader):
        x_min, y_min, x_max, y_max = getattr(row, layer.geometry).extent
        assert west <= x_min <= x_max <= east
        assert south <= y_min <= y_max <= north


@every_layer
@every_reader
def test_paging_gives_each_feature_once(layer: Layer, reader: Reader, stored: Rows) -> None:
    expected = list(rows(layer, reader, today()).values_list("code", flat=True))
    client, url, found, pages = client_of(reader), f"/api/collections/{layer.id}/items", [], 0
    limit = str(max(2, len(expected) // 3))
    while url:
        page = get(client, url, **({"limit": limit} if not pages else {}))
        found += [feature["id"] for feature in page["features"]]
        assert page["numberReturned"] == len(page["features"])
        assert page["numberMatched"] == len(expected)
        url, pages = next((link["href"] for link in page["links"] if link["rel"] == "next"), ""), pages + 1
    assert found == expected
    assert pages > 1


@every_layer
@every_reader
def test_schema_describes_exactly_what_is_served(layer: Layer, reader: Reader, stored: Rows) -> None:
    schema = get(client_of(reader), f"/api/collections/{layer.id}/schema")
    described = {name: shape for name, shape in schema["properties"].items() if name not in ("id", "geometry")}
    assert set(described) == {field.name for field in visible_fields(layer, reader)}
    assert schema["properties"]["geometry"]["format"].startswith("geometry-")
    for row in stored.seen_by(reader):
        served = json.loads(items.one(chosen(layer, reader), row.code).feature)["properties"]
        assert set(served) == set(described)
        for name, value in served.items():
            column = layer.column(layer.field(name))
            if value is not None and not (value == "" and column.blank):
                Draft202012Validator(described[name]).validate(value)


@every_layer
@every_reader
def test_tile_holds_the_features_and_their_tile_fields(layer: Layer, reader: Reader, stored: Rows) -> None:
    """Decoded by a program that is not ours."""
    for row in stored.shown:
        place = getattr(row, layer.geometry).point_on_surface
        tile = one_layer(layer, reader, today(), tile_at(place, max(layer.min_zoom, 16)))
        decoded = mapbox_vector_tile.decode(tile)[layer.id]["features"]
        feature = next(found for found in decoded if found["properties"]["code"] == row.code)
        assert feature["id"] == row.pk
        served = json.loads(items.one(chosen(layer, reader), row.code).feature)["properties"]
        visible = {field.name for field in visible_fields(layer, reader)} & set(layer.tile_fields)
        expected = {name: served[name] for name in visible if served[name] is not None}
        assert feature["properties"] == {"code": row.code, **expected}


@every_layer
def test_layer_is_at_most_counted_below_its_zoom(layer: Layer, stored: Rows) -> None:
    if layer.min_zoom == 0:
        pytest.skip("drawn at every zoom")
    place = getattr(stored.shown[0], layer.geometry).point_on_surface
    tile = one_layer(layer, PUBLIC, today(), tile_at(place, layer.min_zoom - 1))
    assert set(mapbox_vector_tile.decode(tile) if tile else ()) == ({f"{layer.id}.cells"} if layer.cells else set())


@every_layer
@every_reader
def test_tile_of_unpublished_rows_is_the_bureaus_alone(layer: Layer, reader: Reader) -> None:
    row = sample(layer, published=False, **{layer.geometry: at_sea(layer)})
    place = getattr(row, layer.geometry).point_on_surface
    tile = one_layer(layer, reader, today(), tile_at(place, max(layer.min_zoom, 16)))
    decoded = mapbox_vector_tile.decode(tile) if tile else {}
    codes = [feature["properties"]["code"] for feature in decoded.get(layer.id, {"features": []})["features"]]
    assert codes == ([row.code] if reader is BUREAU else [])


@every_layer
def test_style_and_legend_exist(layer: Layer) -> None:
    for url in (f"/api/styles/{layer.id}", "/api/styles/portal"):
        style = get(Client(), url)
        assert any(part.get("source-layer") == layer.id for part in style["layers"])
        assert layer.symbol.colour in json.dumps(style)
    legend = Client().get(f"/api/styles/{layer.id}/legend")
    assert legend.content.decode() == symbols.legend(layer)
    assert ElementTree.fromstring(legend.content).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  our own


@every_layer
@every_reader
def test_search_finds_what_the_reader_may_see_by_name(layer: Layer, reader: Reader, stored: Rows) -> None:
    if "name" not in layer.searchable:
        pytest.skip("is not looked for by name")
    client = client_of(reader)
    for row in stored.shown + stored.unpublished:
        found = get(client, "/api/search", q=row.name)["features"]
        of_layer = [feature for feature in found if feature["properties"]["layer"] == layer.id]
        codes = [feature["id"] for feature in of_layer if feature["properties"]["matched"] == row.name]  # no guesses
        assert codes == ([row.code] if row in stored.seen_by(reader) else [])


@every_layer
def test_the_public_is_offered_no_row_that_is_not_published(layer: Layer, stored: Rows) -> None:
    client, url = Client(), f"/api/collections/{layer.id}/items"
    offered = {feature["id"] for feature in get(client, url, limit="10000")["features"]}
    assert offered >= {row.code for row in stored.shown}
    for row in stored.unpublished:
        assert row.code not in offered
        assert client.get(f"{url}/{row.code}").status_code == 404


@every_layer
def test_the_public_is_offered_no_field_of_the_bureau(layer: Layer, stored: Rows) -> None:
    """A value that stands in a field of the bureau's alone appears nowhere in what the public is sent."""
    bureau = {field.name for field in layer.fields if field.audience > Audience.PUBLIC}
    code, client = stored.shown[0].code, Client()
    collection = f"/api/collections/{layer.id}"
    assert bureau.isdisjoint(get(client, f"{collection}/items/{code}")["properties"])
    assert bureau.isdisjoint(get(client, f"{collection}/items")["features"][0]["properties"])
    for document in ("schema", "queryables", "sortables"):
        assert bureau.isdisjoint(get(client, f"{collection}/{document}")["properties"])
    assert bureau.isdisjoint(get(client, f"{collection}/tiles/WebMercatorQuad")["vector_layers"][0]["fields"])


@every_entry
def test_catalogue_entry_passes_the_checks(layer: Layer) -> None:
    assert [message for message in run_checks() if layer.id in message.msg] == []


@every_entry
def test_admin_lists_the_layer_and_opens_its_rows(layer: Layer, staff: Client) -> None:
    rows_of_layer = [sample(layer) for _ in range(3)]
    index = staff.get("/admin/").content.decode()
    opts = layer.model._meta
    chosen = "&".join(f"{column}__exact={value}" for column, value in layer.only.items())
    url = f"/admin/{opts.app_label}/{opts.model_name}/"
    assert f'href="{url}{"?" if chosen else ""}{chosen.replace("&", "&amp;")}"' in index
    page = staff.get(url, {f"{column}__exact": value for column, value in layer.only.items()})
    assert page.status_code == 200
    listed = page.context["cl"].queryset
    assert {row.pk for row in rows_of_layer} <= set(listed.values_list("pk", flat=True))
    assert listed.count() == layer.model._default_manager.filter(**layer.only).count()
    form = staff.get(f"{url}{rows_of_layer[0].pk}/change/")
    assert form.status_code == 200
    assert staff.get(f"{url}add/").status_code == (403 if layer.model.has_own_pages else 200)


def tile_at(place: Point, zoom: int) -> Tile:
    """The tile that holds a place in degrees; 4490 and 4326 differ by less than a metre."""
    x, y = TO_MERCATOR.transform(place.x, place.y)
    size = 2 * 20037508.342789244 / 2**zoom
    return Tile(zoom, int((x + 20037508.342789244) / size), int((20037508.342789244 - y) / size))


def at_sea(layer: Layer) -> GEOSGeometry:
    """A geometry for the layer where nothing else lies."""
    west, south = 123.456789, 29.1
    if isinstance(registry.geometry_field(layer, layer.geometry), PointField):
        return Point(west, south, srid=SRID)
    return MultiPolygon(Polygon.from_bbox((west, south, west + 0.001, south + 0.001)), srid=SRID)
