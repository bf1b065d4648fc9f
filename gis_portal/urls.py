"""Every address of the portal on one page."""

from functools import partial

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import path

from gis_portal.pages import accounts, docs, health, map, search_engines
from gis_portal.pages.doorplates import views as doorplates
from gis_portal.pages.imports import views as imports
from layers.coverage import views as coverage
from layers.edit import views as edit
from layers.edit.endpoints import item_changes
from layers.publish import endpoints, files, snapshot_endpoints, tile_endpoints
from layers.publish.views import data, export

COLLECTION = "api/collections/<str:layer_id>"
MATRIX = "WebMercatorQuad"
TILE = "<str:zoom>/<str:row>/<str:column>"

urlpatterns = [
    path("", map.show, name="map"),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("robots.txt", search_engines.robots),
    path("sitemap.xml", search_engines.index),
    path("sitemaps/collections.xml", search_engines.collections),
    path("sitemaps/<str:layer_id>/<int:number>.xml", search_engines.items),
    path("sign-in", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("account/", accounts.show, name="account"),
    path("account/password", accounts.ChangePassword.as_view(), name="password"),
    path("account/revoke", accounts.revoke, name="revoke-token"),
    path("import/", imports.start, name="imports"),
    path("import/template/<str:layer_id>.xlsx", imports.blank, name="import-template"),
    path("import/<int:batch_id>/", imports.show, name="import"),
    path("import/<int:batch_id>/progress", imports.progress, name="import-progress"),
    path("import/<int:batch_id>/report.xlsx", imports.annotated, name="import-report"),
    path("doorplates/", doorplates.start, name="doorplates"),
    path("doorplates/issue", doorplates.issue, name="issue-number"),
    path("doorplates/plate/<str:code>/", doorplates.show, name="doorplate"),
    path("admin/", admin.site.urls),
    path("api/", data(endpoints.landing)),
    path("api/conformance", data(endpoints.conformance)),
    path("api/openapi", data(endpoints.api)),
    path("api/docs", docs.show),
    path("api/collections", data(endpoints.collections)),
    path(COLLECTION, data(endpoints.collection)),
    path(f"{COLLECTION}/schema", data(endpoints.layer_schema)),
    path(f"{COLLECTION}/queryables", data(endpoints.layer_queryables)),
    path(f"{COLLECTION}/sortables", data(endpoints.layer_sortables)),
    path(f"{COLLECTION}/items", edit.items(files.layer_items)),
    path(f"{COLLECTION}/items/<str:code>", edit.item(endpoints.layer_item)),
    path(f"{COLLECTION}/items/<str:code>/changes", data(item_changes)),
    path(f"{COLLECTION}/snapshots", data(snapshot_endpoints.layer_snapshots)),
    path(f"{COLLECTION}/snapshots/<str:before>/changes/<str:after>", data(snapshot_endpoints.layer_changes)),
    path(f"{COLLECTION}/transaction", edit.transaction()),
    path(f"{COLLECTION}/tiles", data(tile_endpoints.layer_tilesets)),
    path(f"{COLLECTION}/tiles/{MATRIX}", data(tile_endpoints.layer_tileset)),
    path(f"{COLLECTION}/tiles/{MATRIX}/{TILE}", data(tile_endpoints.layer_tile)),
    path("api/tiles", data(tile_endpoints.tilesets_of_all)),
    path(f"api/tiles/{MATRIX}", data(tile_endpoints.tileset_of_all)),
    path(f"api/tiles/{MATRIX}/{TILE}", data(tile_endpoints.tile_of_all)),
    path("api/tiles/<str:zoom>/<str:column>/<str:row>.pbf", data(tile_endpoints.tile_of_all)),
    path("api/tileMatrixSets", data(tile_endpoints.tile_matrix_sets)),
    path(f"api/tileMatrixSets/{MATRIX}", data(tile_endpoints.tile_matrix_set)),
    path("api/styles/<str:style_id>", data(tile_endpoints.style)),
    path("api/styles/<str:style_id>/sprite.json", data(tile_endpoints.sprite_index)),
    path("api/styles/<str:style_id>/sprite.png", data(tile_endpoints.sprite_picture)),
    path("api/styles/<str:style_id>/sprite@2x.json", data(partial(tile_endpoints.sprite_index, ratio=2))),
    path("api/styles/<str:style_id>/sprite@2x.png", data(partial(tile_endpoints.sprite_picture, ratio=2))),
    path("api/styles/<str:layer_id>/legend", data(tile_endpoints.legend)),
    path("api/coverage/targets", coverage.target_list, name="coverage-targets"),
    path("api/coverage/targets/<str:target_id>", coverage.target_figure, name="coverage-target"),
    path("api/coverage/audits", coverage.audit_list, name="coverage-audits"),
    path("api/coverage/audits/<str:audit_id>", coverage.saved_audit, name="coverage-audit"),
    path("api/coverage/schemas/audit-1.json", coverage.audit_schema, name="coverage-audit-schema"),
    path("api/exports/<str:export_id>", export),
    path("api/exports/<str:export_id>/file", data(files.export_file)),
    path("api/search", data(endpoints.search)),
]
