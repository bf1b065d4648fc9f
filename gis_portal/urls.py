"""Every address of the portal on one page."""

from functools import partial

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.defaults import page_not_found

from gis_portal.pages import (
    accounts,
    basemaps,
    docs,
    embed,
    health,
    lists,
    map,
    notices,
    qr,
    reconcile,
    report,
    search_engines,
    simple,
)
from gis_portal.pages.curate import batch as curated_batch
from gis_portal.pages.curate import batches as curated_batches
from gis_portal.pages.curate import editor as entry_editor
from gis_portal.pages.curate import imports as place_imports
from gis_portal.pages.curate import places as curated_places
from gis_portal.pages.curate import sending as pictures
from gis_portal.pages.curate import signs, tickets, worklist, works
from gis_portal.pages.curate.review import change, conflicts, history, merge, queue
from gis_portal.pages.doorplates import checks as doorplate_checks
from gis_portal.pages.doorplates import issuing, plate, plates
from gis_portal.pages.imports import views as imports
from gis_portal.pages.places import place
from gis_portal.pages.planning import compare, dashboard, reach, siting_compare, siting_problem, target
from gis_portal.pages.planning import siting as siting_page
from heritage import endpoints as heritage
from layers.coverage import reach_endpoints
from layers.coverage import views as coverage
from layers.edit import views as edit
from layers.edit.endpoints import item_changes
from layers.publish import endpoints, files, snapshot_endpoints, tile_endpoints
from layers.publish.views import data, export
from layers.search import endpoints as search
from layers.search.views import geocode_batch
from layers.siting import views as siting

COLLECTION = "api/collections/<str:layer_id>"
MATRIX = "WebMercatorQuad"
TILE = "<str:zoom>/<str:row>/<str:column>"

urlpatterns = [
    path("", map.show, name="map"),
    path("simple", simple.show, name="simple"),
    path("embed", embed.show, name="embed"),
    path("qr.svg", qr.show, name="qr"),
    path("list/", lists.start, name="lists"),
    path("list/<str:layer_id>/", lists.show, name="list"),
    path("report/<str:layer_id>/<str:code>", report.show, name="report"),
    path("basemaps/<str:name>", basemaps.show, name="basemap"),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("robots.txt", search_engines.robots),
    path("sitemap.xml", search_engines.index),
    path("sitemaps/collections.xml", search_engines.collections),
    path("sitemaps/lists.xml", search_engines.lists),
    path("sitemaps/places/<int:number>.xml", search_engines.places),
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
    path("d/<str:token>", plate.show, name="plate"),
    path("doorplates/plates/", plates.start, name="plates"),
    path("doorplates/plates/code", plates.replace, name="plate-code"),
    path("doorplates/plates/<uuid:sheets_id>/", plates.show, name="plate-sheets"),
    path("doorplates/plates/<uuid:sheets_id>/progress", plates.progress, name="plate-sheets-progress"),
    path("doorplates/plates/<uuid:sheets_id>/file", plates.file, name="plate-sheets-file"),
    path("doorplates/checks/", doorplate_checks.show, name="doorplate-checks"),
    path("doorplates/checks/run", doorplate_checks.run, name="doorplate-check-run"),
    path("doorplates/checks/mark", doorplate_checks.mark, name="doorplate-findings-mark"),
    path("doorplates/checks/findings.geojson", doorplate_checks.geojson, name="doorplate-findings-geojson"),
    path("doorplates/checks/findings.csv", doorplate_checks.csv, name="doorplate-findings-csv"),
    path("doorplates/checks/sheets", doorplate_checks.sheets, name="doorplate-sheets"),
    path("doorplates/checks/<int:check_id>/", doorplate_checks.one, name="doorplate-check"),
    path("doorplates/checks/<int:check_id>/progress", doorplate_checks.progress, name="doorplate-check-progress"),
    path("doorplates/", issuing.start, name="doorplates"),
    path("doorplates/issue", issuing.issue, name="issue-number"),
    path("doorplates/plate/<str:code>/", issuing.show, name="doorplate"),
    path("planning/", dashboard.show, name="planning"),
    path("planning/run", dashboard.run, name="planning-run"),
    path("planning/compare", compare.show, name="planning-compare"),
    path("planning/reach/", reach.show, name="planning-reach"),
    path("planning/reach/uncovered.csv", reach.uncovered, name="planning-uncovered"),
    path("planning/reach/places.geojson", reach.on_map, name="planning-reach-places"),
    path("planning/siting/", siting_page.show, name="planning-siting"),
    path("planning/siting/ask", siting_page.ask, name="planning-siting-ask"),
    path("planning/siting/compare", siting_compare.show, name="planning-siting-compare"),
    path("planning/siting/<uuid:problem_id>", siting_problem.show, name="planning-siting-problem"),
    path("planning/siting/<uuid:problem_id>/progress", siting_problem.progress, name="planning-siting-progress"),
    path("planning/siting/<uuid:problem_id>/report.html", siting_problem.download, name="planning-siting-report"),
    path("planning/targets/<str:target_id>", target.show, name="planning-target"),
    path("planning/targets/<str:target_id>/missing.csv", target.missing, name="planning-missing"),
    path("planning/targets/<str:target_id>/places.geojson", target.on_map, name="planning-places"),
    path("curate/batches/", curated_batches.show, name="curate-batches"),
    path("curate/batches/<str:code>", curated_batch.show, name="curate-batch"),
    path("curate/batches/<str:code>/list.csv", curated_batch.table, name="curate-batch-csv"),
    path("curate/batches/<str:code>/draft.pdf", curated_batch.draft, name="curate-batch-pdf"),
    path("curate/warnings/<int:number>", curated_batches.answer_warning, name="curate-warning"),
    path("notices/", notices.start, name="notices"),
    path("notices/<str:code>", notices.show, name="notice"),
    path("notices/<str:code>/list.pdf", notices.pdf, name="notice-pdf"),
    path("notices/<str:code>/batch.json", notices.document, name="notice-json"),
    path("curate/review/", queue.show, name="curate-review"),
    path("curate/changes/<int:changeset_id>", change.show, name="curate-change"),
    path("curate/changes/<int:changeset_id>/conflicts", conflicts.show, name="curate-conflicts"),
    path("curate/places/<str:handle>/history", history.show, name="curate-history"),
    path("curate/places/<str:handle>/merge", merge.show, name="curate-merge"),
    path("places/<str:handle>", place.show, name="place"),
    path("places/<str:handle>/report", place.report, name="place-report"),
    path("curate/tickets/", tickets.show, name="curate-tickets"),
    path("curate/signs/", signs.show, name="curate-signs"),
    path("curate/signs/list.csv", signs.csv, name="curate-signs-csv"),
    path("curate/", worklist.show, name="curate"),
    path("curate/new", curated_places.begin, name="curate-new"),
    path("curate/places/", curated_places.show, name="curate-places"),
    path("curate/places/find", curated_places.find, name="curate-find-places"),
    path("curate/works/", works.show, name="curate-works"),
    path("curate/works/find", works.find, name="curate-find-works"),
    path("curate/pictures", pictures.send, name="curate-pictures"),
    path("curate/changes/<int:number>/edit", entry_editor.show, name="curate-edit"),
    path("curate/changes/<int:number>/save", entry_editor.save, name="curate-save"),
    path("curate/changes/<int:number>/merge", entry_editor.merge, name="curate-merge-draft"),
    path("pictures/<str:file>", pictures.show, name="picture"),
    path("pictures/<str:file>/small", pictures.show_small, name="picture-small"),
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
    path("api/coverage/compare", coverage.comparison, name="coverage-compare"),
    path("api/coverage/schemas/audit-1.json", coverage.audit_schema, name="coverage-audit-schema"),
    path("api/siting/problems", siting.problem_list, name="siting-problems"),
    path("api/siting/problems/<str:problem_id>", siting.one_problem, name="siting-problem"),
    path("api/siting/problems/<str:problem_id>/result", siting.result, name="siting-result"),
    path("api/coverage/reach", data(reach_endpoints.reach_of)),
    path("api/coverage/gaps", data(reach_endpoints.gaps_of)),
    path("api/exports/<str:export_id>", export),
    path("api/exports/<str:export_id>/file", data(files.export_file)),
    path("api/search", data(search.search)),
    path("api/geocode", data(search.geocode)),
    path("api/geocode/batch", geocode_batch),
    path("api/reverse", data(search.reverse)),
    path("api/places", data(heritage.all_places), name="places-lpf"),
    path("api/places/names", data(heritage.names_by_time), name="place-names"),
    path("api/places/<str:handle>", data(heritage.one_place), name="place-lpf"),
    path("api/reconcile", reconcile.service, name="reconcile"),
    path("api/reconcile/preview", reconcile.preview, name="reconcile-preview"),
    path("api/reconcile/properties", reconcile.properties),
    path("api/reconcile/suggest/entity", reconcile.entities),
    path("api/reconcile/suggest/property", reconcile.suggested_properties),
    path("api/reconcile/suggest/type", reconcile.types),
    path("curate/import/", place_imports.start, name="curate-import"),
    path("curate/import/template.xlsx", place_imports.blank, name="curate-import-template"),
    path("curate/import/<int:number>/", place_imports.show, name="curate-import-rows"),
    path("curate/import/<int:number>/report.xlsx", place_imports.annotated, name="curate-import-report"),
]

handler404 = never_cache(page_not_found)  # its header says who has signed in
