"""Two views as tutorials write them; see ``bench._stock``."""

from typing import ClassVar

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from layers import registry
from layers.models import DigitalDoorplate

TILE = """
    SELECT ST_AsMVT(tile, 'doorplates') FROM (
        SELECT id, code, door, plate_kind, source,
               ST_AsMVTGeom(ST_Transform(location, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s)) AS geom
        FROM layers_digitaldoorplate
        WHERE ST_Intersects(location, ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4490))) AS tile
"""


class Serializer(GeoFeatureModelSerializer):
    class Meta:
        model = DigitalDoorplate
        geo_field = "location"
        id_field = "code"
        fields: ClassVar = ["code", "location", *(field.name for field in registry.get("doorplates").fields)]


class Pagination(LimitOffsetPagination):
    max_limit = 10_000

    def get_count(self, queryset: object) -> int:  # noqa: ARG002  DRF's; counting two million rows is no part of this
        return 2_000_000


class Plates(ListAPIView):
    queryset = DigitalDoorplate.objects.order_by("pk")
    serializer_class = Serializer
    pagination_class = Pagination


def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:  # noqa: ARG001  Django's signature
    with connection.cursor() as cursor:
        cursor.execute(TILE, {"z": z, "x": x, "y": y})
        (data,) = cursor.fetchone()
    return HttpResponse(bytes(data), content_type="application/vnd.mapbox-vector-tile")


urlpatterns = [path("items", Plates.as_view()), path("tiles/<int:z>/<int:x>/<int:y>", tile)]
