"""Writing items over HTTP in a test: whole features of any layer, and requests with the tags they need."""

import json
from itertools import count
from typing import Any

from django.contrib.gis.db.models import PointField
from django.test import Client

from layers.access import BUREAU
from layers.edit.properties import Place, properties
from layers.edit.serializers import features, serializer_for
from layers.models.base import Feature
from layers.registry import Layer, geometry_field
from layers.rows import today
from tests.samples import sample

LON, LAT = 120.58, 30.0  # in the middle of Shaoxing
MERGE_PATCH = "application/merge-patch+json"
GEOJSON = "application/geo+json"
_numbers = count(1)


def feature(layer: Layer, **values: Any) -> dict[str, Any]:
    """A whole, valid feature of the layer that is not stored, as a client would send it; values: properties."""
    # A boundary that the layer does not publish is not written through it, and its quality would be of nothing.
    undrawn = {"boundary": None, "boundary_quality": ""}
    columns = {column.name for column in layer.model._meta.fields}
    row = sample(layer, **(undrawn if set(undrawn) <= columns and layer.geometry != "boundary" else {}))
    read = serializer_for(layer, BUREAU)(features(layer, BUREAU, today()).get(pk=row.pk)).data
    row.delete()
    written = {name for name, about in properties(layer, BUREAU).items() if about.place is not Place.KEPT}
    document = json.loads(json.dumps(read, default=str))
    document["id"] = f"written-{next(_numbers)}" if issubclass(layer.model, Feature) else row.code
    document["geometry"] = place(layer)
    document["properties"] = {name: value for name, value in document["properties"].items() if name in written} | values
    return document


def place(layer: Layer, lon: float = LON, lat: float = LAT) -> dict[str, Any]:
    """A GeoJSON geometry for the layer."""
    if isinstance(geometry_field(layer, layer.geometry), PointField):
        return {"type": "Point", "coordinates": [lon, lat]}
    east, north = lon + 0.01, lat + 0.01
    ring = [[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def url(layer: Layer, code: str = "") -> str:
    items = f"/api/collections/{layer.id}/items"
    return f"{items}/{code}" if code else items


def post(client: Client, address: str, document: Any, **headers: str) -> Any:
    return client.post(address, document, content_type=GEOJSON, headers=headers)


def put(client: Client, address: str, document: Any, etag: str = "", **headers: str) -> Any:
    headers |= {"If-Match": etag} if etag else {}
    return client.put(address, document, content_type=GEOJSON, headers=headers)


def patch(client: Client, address: str, document: Any, etag: str = "", **headers: str) -> Any:
    headers |= {"If-Match": etag} if etag else {}
    return client.patch(address, document, content_type=MERGE_PATCH, headers=headers)


def delete(client: Client, address: str, etag: str = "") -> Any:
    return client.delete(address, headers={"If-Match": etag} if etag else {})


def tag(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return str(response.headers["ETag"])


def refusal(response: Any) -> dict[str, Any]:
    """The problem document of a refusal, less what every one has."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content.decode()
    said = response.json()
    assert (said.pop("type"), said.pop("title"), said.pop("status")) == (
        "about:blank",
        response.reason_phrase,
        response.status_code,
    )
    return said
