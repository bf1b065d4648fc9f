"""Every address of the portal on one page."""

from django.contrib import admin
from django.urls import path

from gis_portal.pages import health, map
from layers.coverage import views as coverage
from layers.publish import endpoints, files
from layers.publish.views import data, export

COLLECTION = "api/collections/<str:layer_id>"
TILES = f"{COLLECTION}/tiles/WebMercatorQuad"

urlpatterns = [
    path("", map.show, name="map"),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("admin/", admin.site.urls),
    path("api/", data(endpoints.landing)),
    path("api/conformance", data(endpoints.conformance)),
    path("api/collections", data(endpoints.collections)),
    path(COLLECTION, data(endpoints.collection)),
    path(f"{COLLECTION}/schema", data(endpoints.layer_schema)),
    path(f"{COLLECTION}/items", data(files.layer_items)),
    path(f"{COLLECTION}/items/<str:code>", data(endpoints.layer_item)),
    path(TILES, data(endpoints.tileset)),
    path(f"{TILES}/<str:zoom>/<str:row>/<str:column>", data(endpoints.layer_tile)),
    path("api/tiles/<str:zoom>/<str:column>/<str:row>.pbf", data(endpoints.tile)),
    path("api/styles/<str:style_id>", data(endpoints.style)),
    path("api/styles/<str:layer_id>/legend", data(endpoints.legend)),
    path("api/coverage/targets", coverage.target_list, name="coverage-targets"),
    path("api/coverage/targets/<str:target_id>", coverage.target_figure, name="coverage-target"),
    path("api/coverage/audits", coverage.audit_list, name="coverage-audits"),
    path("api/coverage/audits/<str:audit_id>", coverage.saved_audit, name="coverage-audit"),
    path("api/coverage/schemas/audit-1.json", coverage.audit_schema, name="coverage-audit-schema"),
    path("api/exports/<str:export_id>", export),
    path("api/exports/<str:export_id>/file", data(files.export_file)),
    path("api/search", data(endpoints.search)),
]
