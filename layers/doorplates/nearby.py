"""What a person at a door may need nearby: the nearest operating facility of each kind."""

from dataclasses import dataclass

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Point
from django.db.models import CharField, F, FloatField, Func, QuerySet, Value

from layers import registry
from layers.access import PUBLIC
from layers.catalogue import CARE, MARRIAGE, SERVICES
from layers.models.base import SRID, Status
from layers.publish.statements import DATABASE
from layers.registry import Layer
from layers.rows import rows, today

GROUPS = (SERVICES, CARE, MARRIAGE)  # nobody wants to read of funerals at their door
# Taken from the index by degrees, which are of two lengths here, and put in order by metres: a degree of longitude is
# shorter by an eighth, so that among the first few by the one stands the first by the other.
CANDIDATES = 16


class ByDegrees(Func):
    """How far two geometries are apart in degrees: the operator that GiST gives the nearest by."""

    template = "(%(expressions)s)"
    arg_joiner = " <-> "
    output_field = FloatField()


class Metres(Func):
    """How far two geometries are apart on the ellipsoid of CGCS2000."""

    function = "ST_Distance"
    template = "%(function)s(%(expressions)s)"
    output_field = FloatField()


class Geography(Func):
    template = "(%(expressions)s)::geography"
    output_field = GeometryField(srid=SRID)


@dataclass(frozen=True)
class Facility:
    layer: Layer
    code: str
    name: str
    name_roman: str
    phone: str
    source: str
    distance_m: float


def nearest(point: Point) -> list[Facility]:
    """The nearest facility of each kind that operates and that the public is offered, in the catalogue's order.

    One query, however many kinds there are.
    """
    layers = {layer.id: layer for layer in registry.published() if layer.states and layer.group in GROUPS}
    first, *others = (_candidates(layer, point) for layer in layers.values())
    best: dict[str, Facility] = {}
    for layer_id, code, name, roman, phone, source, distance_m in first.union(*others, all=True):
        if layer_id not in best or distance_m < best[layer_id].distance_m:
            best[layer_id] = Facility(layers[layer_id], code, name, roman, phone, source, distance_m)
    return [best[layer_id] for layer_id in layers if layer_id in best]


def _candidates(layer: Layer, point: Point) -> QuerySet:
    place = Value(point, output_field=GeometryField(srid=SRID))
    found = rows(layer, PUBLIC, today()).using(DATABASE).filter(state__status=Status.OPERATING, location__isnull=False)
    near: QuerySet = (
        found.annotate(
            layer=Value(layer.id, output_field=CharField()),
            metres=Metres(Geography(F("location")), Geography(place)),
        )
        .order_by(ByDegrees(F("location"), place))
        .values_list("layer", "code", "name", "name_roman", "phone", "source", "metres")[:CANDIDATES]
    )
    return near
