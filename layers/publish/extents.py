"""Where a layer's features lie."""

from functools import lru_cache

from django.contrib.gis.db.models import Extent

from layers import registry
from layers.access import Reader
from layers.publish import freshness
from layers.publish.statements import DATABASE
from layers.registry import Layer
from layers.rows import rows, today

Bounds = tuple[float, float, float, float]


def of(layer: Layer, reader: Reader) -> Bounds | None:
    """West, south, east, north in degrees of what the reader sees today, or None when that is nothing."""
    return _extent(layer.id, reader, freshness.url_version([layer], today()))


@lru_cache(maxsize=256)
def _extent(layer_id: str, reader: Reader, version: str) -> Bounds | None:  # noqa: ARG001  the version ends the entry
    layer = registry.get(layer_id)
    found = rows(layer, reader, today()).using(DATABASE).order_by()
    bounds: Bounds | None = found.aggregate(extent=Extent(layer.geometry))["extent"]
    return bounds
