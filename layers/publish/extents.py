"""Where a layer's features lie, and since when."""

from datetime import date
from functools import lru_cache

from django.contrib.gis.db.models import Extent
from django.db.models import Count, Min, Q

from layers import registry
from layers.access import Reader, visible_rows
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


def begin(layer: Layer, reader: Reader) -> date | None:
    """The first day of which the layer says something, or None when it has no dates or is older than its records."""
    return _begin(layer.id, reader, freshness.url_version([layer], today())) if is_dated(layer) else None


def is_dated(layer: Layer) -> bool:
    """Whether the layer says what held on a day other than today."""
    return bool(_valid_from(layer))


def _valid_from(layer: Layer) -> str:
    """The path to the first day of a state, empty for a register without dates."""
    if layer.states is not None:
        return "states__valid_from"
    return "valid_from" if any(field.name == "valid_from" for field in layer.model._meta.fields) else ""


@lru_cache(maxsize=256)
def _begin(layer_id: str, reader: Reader, version: str) -> date | None:  # noqa: ARG001  the version ends the entry
    layer = registry.get(layer_id)
    found = layer.model._default_manager.using(DATABASE).filter(visible_rows(layer, reader)).order_by()
    if layer.states is not None:
        found = found.filter(states__isnull=False)
    path = _valid_from(layer)
    told = found.aggregate(first=Min(path), unknown=Count("pk", filter=Q(**{f"{path}__isnull": True})))
    first: date | None = told["first"]
    return None if told["unknown"] else first
