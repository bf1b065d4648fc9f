"""Every address of the portal, asked by everybody: what each may use, and that nobody is told what is not for them.

An address that is not in ``USES`` fails the first test: who adds one says here who may use it and what it shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import mapbox_vector_tile
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django.models import ProcrastinateJob

from heritage.models import Changeset
from layers import registry
from layers.admin.registers import RegisterAdmin
from layers.models import ApiToken, Change, DoorplateFinding, FailedSignIn, Import, MistakeReport, Snapshot
from layers.models.accounts import Scope
from layers.models.base import SRID
from layers.registry import Role
from layers.rows import today
from layers.snapshots import taking
from tests.heritage.entries import entry
from tests.layers.admin.posting import url as admin_url
from tests.people import account, signed_in, with_token
from tests.samples import sample
from tests.sharing import shared_transaction
from tests.test_every_layer import tile_at

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

ZHUJI, YUECHENG = "330681", "330602"
ECO = "api/collections/<str:layer_id>"
TILES = f"{ECO}/tiles/WebMercatorQuad"
ALL_TILES = "api/tiles/WebMercatorQuad"
TILE = "<str:zoom>/<str:row>/<str:column>"
SITES = "/api/collections/eco-burial-sites"
PLATES = "/api/collections/doorplates"
ZONES = "/api/collections/exclusion-zones"
TARGET_PAGE = "/planning/targets/eco-burial-township-provision"
ECO_REACH = "layer=eco-burial-sites&of=townships&within=1000"
NOBODYS = "00000000-0000-4000-8000-000000000000"
BOX = "bbox=123,29,124,30"
SEA = Point(123.5, 29.5, srid=SRID)
AT_SEA = tile_at(SEA, 16)

# People. Each comes by session, by a token that writes and by one that reads.

PEOPLE: dict[str, tuple[tuple[Role, ...], tuple[str, ...]]] = {
    "visitor": ((), ()),
    "planner": ((Role.PLANNER,), ()),
    "planner of a county": ((Role.PLANNER,), (ZHUJI,)),
    "editor": ((Role.EDITOR,), ()),
    "editor of a county": ((Role.EDITOR,), (ZHUJI,)),
    "curator": ((Role.CURATOR,), ()),
    "reviewer": ((Role.REVIEWER,), ()),
    "auditor": ((Role.AUDITOR,), ()),
    "administrator": ((Role.ADMINISTRATOR,), ()),
}
WAYS = ("session", "token", "reading token")
EVERYBODY = {"anonymous", *PEOPLE}
SIGNED_IN = set(PEOPLE)
BUREAU = SIGNED_IN - {"visitor"}
OF_ALL_COUNTIES = {name for name in BUREAU if not PEOPLE[name][1]}
WRITERS = {"editor", "editor of a county", "administrator"}  # of sites
SITERS = {"planner", "planner of a county", "administrator"}
KEEPERS = {"curator", "administrator"}  # of heritage places
CHECKERS = BUREAU - {"curator", "reviewer"}  # of doorplates
CURATION = {"curator", "reviewer", "auditor", "administrator"}  # of place names
IN_ADMINISTRATION = BUREAU - {"planner", "planner of a county"}

# What stands in the database and who may be told of it. The words appear nowhere else.

SEEN_BY: dict[str, set[str]] = {
    "QQPUBLISHED": EVERYBODY,
    "QQEVIDENCE": BUREAU,  # a field of the bureau's on the published row
    "QQDRAFT-ZHUJI": BUREAU,
    "QQDRAFT-YUECHENG": OF_ALL_COUNTIES,
    "QQDRAFT-ZONE": OF_ALL_COUNTIES,  # of no county
    "QQIMPORT": {"editor", "administrator"},  # into the sites, sent by nobody of a county
    "QQNOTE": BUREAU,  # of a snapshot
    "QQSTREET": CHECKERS & OF_ALL_COUNTIES,  # of a finding, in Yuecheng
    "QQHOUSEHOLD": OF_ALL_COUNTIES,  # a household's plate, in Yuecheng
    "QQCHANGE": CURATION,  # of a place's name, of no county, that waits for review
}
SITE_NAMES = ("QQPUBLISHED", "QQDRAFT-ZHUJI", "QQDRAFT-YUECHENG")


@dataclass(frozen=True)
class Use:
    """One request to a route. may: who gets an answer. shows: the words that stand in it for those who may know them;
    with ``one`` the answer is about the row of that word, and there is none for others.
    """

    url: str
    may: frozenset[str] = frozenset(EVERYBODY)
    shows: tuple[str, ...] = ()
    one: str = ""
    method: str = "GET"
    status: int = 200
    reading: frozenset[str] | None = None  # who may by a token that reads, where it is fewer
    to: frozenset[str] = frozenset(EVERYBODY)  # of those who may know the words, who is shown them


def one_item(collection: str, name: str, *also: str) -> Use:
    return Use(f"{collection}/items/{name}", shows=(name, *also), one=name)


def may(*groups: Iterable[str]) -> frozenset[str]:
    return frozenset(name for group in groups for name in group)


USES: dict[str, tuple[Use, ...]] = {
    "": (Use("/"), Use("/?lang=en")),
    "simple": (Use("/simple"),),
    "embed": (Use("/embed"),),
    "qr.svg": (Use("/qr.svg?to=/"), Use("/qr.svg?to=//example.org", status=400)),
    "list/": (Use("/list/"),),
    "list/<str:layer_id>/": (
        Use(f"/list/eco-burial-sites/?township={YUECHENG}001", shows=("QQPUBLISHED",)),
        Use("/list/doorplates/", status=404),
    ),
    "report/<str:layer_id>/<str:code>": (
        Use("/report/eco-burial-sites/QQPUBLISHED"),
        Use("/report/eco-burial-sites/QQDRAFT-ZHUJI", status=404),
    ),
    "basemaps/<str:name>": (Use("/basemaps/none.json", status=404),),
    "healthz": (Use("/healthz"),),
    "readyz": (Use("/readyz", status=503),),  # no worker in a test
    "robots.txt": (Use("/robots.txt"),),
    "sitemap.xml": (Use("/sitemap.xml"),),
    "sitemaps/collections.xml": (Use("/sitemaps/collections.xml"),),
    "sitemaps/lists.xml": (Use("/sitemaps/lists.xml"),),
    "sitemaps/places/<int:number>.xml": (Use("/sitemaps/places/1.xml"),),
    "sitemaps/<str:layer_id>/<int:number>.xml": (Use("/sitemaps/eco-burial-sites/1.xml", shows=("QQPUBLISHED",)),),
    "sign-in": (Use("/sign-in", may(["anonymous"])),),  # whoever has signed in is sent on
    "sign-out": (Use("/sign-out", status=405),),
    "account/": (Use("/account/", may(SIGNED_IN)),),
    "account/password": (Use("/account/password", may(SIGNED_IN)),),
    "account/revoke": (Use("/account/revoke", may(SIGNED_IN), status=405),),
    "import/": (Use("/import/", may(WRITERS), shows=("QQIMPORT",)),),
    "import/template/<str:layer_id>.xlsx": (Use("/import/template/eco-burial-sites.xlsx", may(WRITERS)),),
    # Of an import that there is not: tests/gis_portal/pages/test_imports.py says who sees one.
    "import/<int:batch_id>/": (Use("/import/0/", may(WRITERS), status=404),),
    "import/<int:batch_id>/progress": (Use("/import/0/progress", may(WRITERS), status=404),),
    "import/<int:batch_id>/report.xlsx": (Use("/import/0/report.xlsx", may(WRITERS), status=404),),
    "d/<str:token>": (Use(f"/d/{'0' * 32}", status=404),),
    "doorplates/plates/": (Use("/doorplates/plates/", may(WRITERS)),),
    "doorplates/plates/code": (
        Use(
            "/doorplates/plates/code?code=QQHOUSEHOLD",
            may(WRITERS),
            shows=("QQHOUSEHOLD",),
            one="QQHOUSEHOLD",
        ),
    ),
    # Of a file that there is not: tests/gis_portal/pages/test_plates_pages.py says who is given one.
    **{
        f"doorplates/plates/<uuid:sheets_id>/{part}": (
            Use(f"/doorplates/plates/{NOBODYS}/{part}", may(WRITERS), status=404),
        )
        for part in ("", "progress", "file")
    },
    "doorplates/checks/": (Use("/doorplates/checks/", may(CHECKERS), shows=("QQSTREET",)),),
    "doorplates/checks/run": (Use("/doorplates/checks/run", may(SIGNED_IN), status=405),),
    "doorplates/checks/mark": (Use("/doorplates/checks/mark", may(SIGNED_IN), status=405),),
    "doorplates/checks/findings.geojson": (
        Use("/doorplates/checks/findings.geojson", may(CHECKERS), shows=("QQSTREET",)),
    ),
    "doorplates/checks/findings.csv": (Use("/doorplates/checks/findings.csv", may(CHECKERS), shows=("QQSTREET",)),),
    "doorplates/checks/sheets": (Use("/doorplates/checks/sheets", may(CHECKERS), shows=("QQSTREET",)),),
    "doorplates/checks/<int:check_id>/": (Use("/doorplates/checks/0/", may(CHECKERS), status=404),),
    "doorplates/checks/<int:check_id>/progress": (Use("/doorplates/checks/0/progress", may(CHECKERS), status=404),),
    "doorplates/": (Use("/doorplates/", may(WRITERS)), Use("/doorplates/?q=QQHOUSEHOLD", may(WRITERS))),
    "doorplates/issue": (Use("/doorplates/issue", may(WRITERS)),),
    "doorplates/plate/<str:code>/": (
        Use("/doorplates/plate/QQHOUSEHOLD/", may(WRITERS), shows=("QQHOUSEHOLD",), one="QQHOUSEHOLD"),
    ),
    # Of a place that there is not: tests/gis_portal/pages/places/ has the pages of those that there are.
    "places/<str:handle>": (Use("/places/2222222222", status=404),),
    "places/<str:handle>/report": (Use("/places/2222222222/report", status=405),),
    "curate/tickets/": (Use("/curate/tickets/", may(KEEPERS)),),
    "curate/signs/": (Use("/curate/signs/", may(KEEPERS)),),
    "curate/signs/list.csv": (Use("/curate/signs/list.csv", may(KEEPERS)),),
    "planning/": (Use("/planning/", may(OF_ALL_COUNTIES)),),
    "planning/run": (Use("/planning/run", may(["planner", "administrator"]), method="POST", status=302),),
    "planning/compare": (Use("/planning/compare?a=0&b=0", may(OF_ALL_COUNTIES), status=404),),
    "planning/reach/": (
        Use("/planning/reach/", may(OF_ALL_COUNTIES)),
        Use("/planning/reach/?layer=eco-burial-sites", may(OF_ALL_COUNTIES)),
    ),
    "planning/reach/uncovered.csv": (Use(f"/planning/reach/uncovered.csv?{ECO_REACH}", may(OF_ALL_COUNTIES)),),
    "planning/reach/places.geojson": (Use(f"/planning/reach/places.geojson?{ECO_REACH}", may(OF_ALL_COUNTIES)),),
    # Of a problem that there is not: tests/gis_portal/pages/test_planning_siting.py says who sees one.
    "planning/siting/": (Use("/planning/siting/", may(SITERS)),),
    "planning/siting/ask": (Use("/planning/siting/ask", may(SITERS), method="POST", status=422),),
    "planning/siting/compare": (Use("/planning/siting/compare", may(SITERS), status=400),),
    "planning/siting/<uuid:problem_id>": (Use(f"/planning/siting/{NOBODYS}", may(SITERS), status=404),),
    "planning/siting/<uuid:problem_id>/progress": (
        Use(f"/planning/siting/{NOBODYS}/progress", may(SITERS), status=404),
    ),
    "planning/siting/<uuid:problem_id>/report.html": (
        Use(f"/planning/siting/{NOBODYS}/report.html", may(SITERS), status=404),
    ),
    "planning/targets/<str:target_id>": (Use(TARGET_PAGE, may(OF_ALL_COUNTIES)),),
    "planning/targets/<str:target_id>/missing.csv": (Use(f"{TARGET_PAGE}/missing.csv", may(OF_ALL_COUNTIES)),),
    "planning/targets/<str:target_id>/places.geojson": (Use(f"{TARGET_PAGE}/places.geojson", may(OF_ALL_COUNTIES)),),
    # tests/gis_portal/pages/test_curate_batches.py says who may do what there, test_notices.py what the public sees.
    "curate/batches/": (Use("/curate/batches/", may(CURATION)),),
    "curate/batches/<str:code>": (Use("/curate/batches/zj-ancient-towns-3", may(CURATION)),),
    "curate/batches/<str:code>/list.csv": (Use("/curate/batches/zj-ancient-towns-3/list.csv", may(CURATION)),),
    "curate/batches/<str:code>/draft.pdf": (Use("/curate/batches/zj-ancient-towns-3/draft.pdf", may(CURATION)),),
    "curate/warnings/<int:number>": (Use("/curate/warnings/0", may(CURATION), status=405),),
    "notices/": (Use("/notices/"),),
    "notices/<str:code>": (Use("/notices/zj-ancient-towns-3"), Use("/notices/nowhere", status=404)),
    "notices/<str:code>/list.pdf": (Use("/notices/zj-ancient-towns-3/list.pdf", status=404),),
    "notices/<str:code>/batch.json": (Use("/notices/zj-ancient-towns-3/batch.json", status=404),),
    # Who sees which change and place: tests/gis_portal/pages/test_review_*.py.
    "curate/review/": (Use("/curate/review/", may(CURATION), shows=("QQCHANGE",)),),
    "curate/changes/<int:changeset_id>": (Use("/curate/changes/0", may(CURATION), status=404),),
    "curate/changes/<int:changeset_id>/conflicts": (Use("/curate/changes/0/conflicts", may(CURATION), status=404),),
    "curate/places/<str:handle>/history": (Use("/curate/places/nowhere/history", may(CURATION), status=404),),
    "curate/places/<str:handle>/merge": (
        Use("/curate/places/nowhere/merge", may(["curator", "administrator"]), status=404),
    ),
    "curate/": (Use("/curate/", may(CURATION), shows=("QQCHANGE",), to=may(["reviewer", "administrator"])),),
    "curate/new": (Use("/curate/new", may(KEEPERS), status=405),),
    "curate/places/": (Use("/curate/places/", may(CURATION)),),
    "curate/places/find": (Use("/curate/places/find?q=QQ", may(KEEPERS)),),
    "curate/works/": (Use("/curate/works/", may(CURATION)),),
    "curate/works/find": (Use("/curate/works/find?q=QQ", may(KEEPERS)),),
    "curate/pictures": (Use("/curate/pictures", may(KEEPERS), status=405),),
    # Of a draft that there is not: tests/gis_portal/pages/test_curate_editor.py says whose one is.
    "curate/changes/<int:number>/edit": (Use("/curate/changes/0/edit", may(KEEPERS), status=404),),
    "curate/changes/<int:number>/save": (Use("/curate/changes/0/save", may(KEEPERS), status=405),),
    "curate/changes/<int:number>/merge": (Use("/curate/changes/0/merge", may(KEEPERS), status=405),),
    "pictures/<str:file>": (Use(f"/pictures/{'0' * 64}", status=404),),
    "pictures/<str:file>/small": (Use(f"/pictures/{'0' * 64}/small", status=404),),
    "admin/": (Use("/admin/", may(IN_ADMINISTRATION)),),
    "api/": (Use("/api/"),),
    "api/conformance": (Use("/api/conformance"),),
    "api/openapi": (Use("/api/openapi"),),
    "api/docs": (Use("/api/docs"), Use("/api/docs?part=eco-burial-sites")),
    "api/collections": (Use("/api/collections"), Use("/api/collections?f=html")),
    ECO: (Use(SITES), Use(PLATES), Use(ZONES)),
    f"{ECO}/schema": (Use(f"{SITES}/schema"),),
    f"{ECO}/queryables": (Use(f"{SITES}/queryables"),),
    f"{ECO}/sortables": (Use(f"{SITES}/sortables"),),
    f"{ECO}/items": (
        Use(f"{SITES}/items?{BOX}&limit=10000", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?limit=10000", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?f=html&{BOX}&limit=500", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?filter=name LIKE 'QQ%25'&sortby=-name", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?f=csv&{BOX}", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?f=geojson&{BOX}", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?f=kml&{BOX}", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?{BOX}&snapshot=2023-12-31", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{SITES}/items?{BOX}&snapshot=2023-12-31&f=csv", shows=(*SITE_NAMES, "QQEVIDENCE")),
        Use(f"{PLATES}/items?{BOX}&limit=10000", shows=("QQHOUSEHOLD",)),
        Use(f"{ZONES}/items?limit=10000", shows=("QQDRAFT-ZONE",)),
    ),
    f"{ECO}/items/<str:code>": (
        one_item(SITES, "QQPUBLISHED", "QQEVIDENCE"),
        one_item(SITES, "QQDRAFT-ZHUJI"),
        one_item(SITES, "QQDRAFT-YUECHENG"),
        Use(f"{SITES}/items/QQDRAFT-ZHUJI?snapshot=2023-12-31", shows=("QQDRAFT-ZHUJI",), one="QQDRAFT-ZHUJI"),
        one_item(PLATES, "QQHOUSEHOLD"),
        one_item(ZONES, "QQDRAFT-ZONE"),
    ),
    f"{ECO}/items/<str:code>/changes": (
        Use(
            f"{SITES}/items/QQDRAFT-YUECHENG/changes",
            may(WRITERS, ["auditor"]),
            shows=("QQDRAFT-YUECHENG",),
            one="QQDRAFT-YUECHENG",
            reading=may(["auditor", "administrator"]),
        ),
    ),
    f"{ECO}/snapshots": (Use(f"{SITES}/snapshots", shows=("QQNOTE",)), Use(f"{SITES}/snapshots?f=html")),
    f"{ECO}/snapshots/<str:before>/changes/<str:after>": (
        Use(f"{SITES}/snapshots/2022-12-31/changes/2023-12-31", shows=(*SITE_NAMES, "QQEVIDENCE", "QQNOTE")),
    ),
    f"{ECO}/transaction": (Use(f"{SITES}/transaction", may(WRITERS), method="POST", status=400, reading=frozenset()),),
    f"{ECO}/tiles": (Use(f"{SITES}/tiles"),),
    TILES: (Use(f"{SITES}/tiles/WebMercatorQuad"),),
    "api/tiles": (Use("/api/tiles"),),
    ALL_TILES: (Use("/api/tiles/WebMercatorQuad"),),
    f"{ALL_TILES}/{TILE}": (Use(f"/{ALL_TILES}/16/{AT_SEA.row}/{AT_SEA.column}", shows=(*SITE_NAMES, "QQHOUSEHOLD")),),
    "api/tileMatrixSets": (Use("/api/tileMatrixSets"),),
    "api/tileMatrixSets/WebMercatorQuad": (Use("/api/tileMatrixSets/WebMercatorQuad"),),
    f"{TILES}/{TILE}": (Use(f"{SITES}/tiles/WebMercatorQuad/16/{AT_SEA.row}/{AT_SEA.column}", shows=SITE_NAMES),),
    "api/tiles/<str:zoom>/<str:column>/<str:row>.pbf": (
        Use(f"/api/tiles/16/{AT_SEA.column}/{AT_SEA.row}.pbf", shows=(*SITE_NAMES, "QQHOUSEHOLD")),
    ),
    "api/styles/<str:style_id>": (Use("/api/styles/portal"), Use("/api/styles/eco-burial-sites")),
    **{
        f"api/styles/<str:style_id>/{name}": (Use(f"/api/styles/portal/{name}"),)
        for name in ("sprite.json", "sprite.png", "sprite@2x.json", "sprite@2x.png")
    },
    "api/styles/<str:layer_id>/legend": (Use("/api/styles/eco-burial-sites/legend"),),
    # Somebody else's export is as unknown as one that there never was.
    "api/exports/<str:export_id>": (Use("/api/exports/0", status=404),),
    "api/exports/<str:export_id>/file": (Use("/api/exports/0/file", status=404),),
    "api/search": (
        Use("/api/search?q=QQ&limit=50", shows=(*SITE_NAMES, "QQDRAFT-ZONE")),
        Use("/api/search?q=QQDRAFT", shows=("QQDRAFT-ZHUJI", "QQDRAFT-YUECHENG", "QQDRAFT-ZONE")),
    ),
    # Without a body; tests/layers/search/test_batch_requests.py sends tables.
    "api/geocode/batch": (Use("/api/geocode/batch", method="POST", status=400),),
    "api/geocode": (
        Use("/api/geocode?q=QQ&limit=50", shows=(*SITE_NAMES, "QQDRAFT-ZONE")),
        Use("/api/geocode?county=QQDRAFT", shows=("QQDRAFT-ZHUJI", "QQDRAFT-YUECHENG", "QQDRAFT-ZONE")),
    ),
    "api/reverse": (Use("/api/reverse?lon=120.58&lat=30"),),  # what is around, below
    "api/places": (Use("/api/places"), Use("/api/places?f=jsonl")),
    "api/places/names": (Use("/api/places/names"),),
    "api/places/<str:handle>": (Use("/api/places/nothinghere", status=404),),
    "api/reconcile": (
        Use("/api/reconcile"),
        Use('/api/reconcile?queries={"q0":{"query":"QQDRAFT"}}'),
        Use("/api/reconcile", method="POST", status=400),
    ),
    "api/reconcile/preview": (Use("/api/reconcile/preview?id=nothinghere", status=404),),
    "api/reconcile/properties": (Use("/api/reconcile/properties"),),
    **{
        f"api/reconcile/suggest/{name}": (Use(f"/api/reconcile/suggest/{name}?prefix=QQ"),)
        for name in ("entity", "property", "type")
    },
    "curate/import/": (Use("/curate/import/", may(KEEPERS)),),
    "curate/import/template.xlsx": (Use("/curate/import/template.xlsx", may(KEEPERS)),),
    # Of an import that there is not: tests/gis_portal/pages/curate/test_imports.py says who sees one.
    "curate/import/<int:number>/": (Use("/curate/import/0/", may(KEEPERS), status=404),),
    "curate/import/<int:number>/report.xlsx": (Use("/curate/import/0/report.xlsx", may(KEEPERS), status=404),),
    "api/coverage/targets": (Use("/api/coverage/targets"),),
    "api/coverage/targets/<str:target_id>": (
        Use("/api/coverage/targets/eco-burial-township-provision"),
        Use("/api/coverage/targets/red-toponym-stories?as-of=2022-12-31&by=township"),
    ),
    "api/coverage/audits": (
        Use("/api/coverage/audits", may(OF_ALL_COUNTIES)),
        Use(
            "/api/coverage/audits",
            may(["planner", "administrator"]),
            method="POST",
            status=201,
            reading=frozenset(),
        ),
    ),
    "api/coverage/audits/<str:audit_id>": (Use("/api/coverage/audits/0", may(OF_ALL_COUNTIES), status=404),),
    "api/coverage/compare": (Use("/api/coverage/compare?a=0&b=0", may(OF_ALL_COUNTIES), status=404),),
    "api/coverage/schemas/audit-1.json": (Use("/api/coverage/schemas/audit-1.json"),),
    # Of a problem that there is not: tests/layers/siting/test_scenarios.py says who sees one.
    "api/siting/problems": (
        Use("/api/siting/problems", may(BUREAU)),
        Use("/api/siting/problems", may(SITERS), method="POST", status=400, reading=frozenset()),
    ),
    "api/siting/problems/<str:problem_id>": (
        Use(f"/api/siting/problems/{NOBODYS}", may(BUREAU), status=404),
        Use(f"/api/siting/problems/{NOBODYS}", may(SITERS), method="DELETE", status=404, reading=frozenset()),
    ),
    "api/siting/problems/<str:problem_id>/result": (
        Use(f"/api/siting/problems/{NOBODYS}/result", may(BUREAU), status=404),
    ),
    "api/coverage/reach": (Use("/api/coverage/reach?layer=eco-burial-sites"),),
    "api/coverage/gaps": (Use("/api/coverage/gaps?layer=eco-burial-sites"),),
}


def routes(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """Every route of the portal; the administration's own are walked by its registry below."""
    for pattern in patterns:
        yield str(pattern.pattern)


def test_every_route_says_who_may_use_it() -> None:
    assert sorted(USES) == sorted(routes(get_resolver().url_patterns))


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def stored() -> None:
    sites, plates, zones = (registry.get(name) for name in ("eco-burial-sites", "doorplates", "exclusion-zones"))

    def put(layer: registry.Layer, name: str, **given: Any) -> None:
        place = {"location": SEA} if layer.geometry == "location" else {}
        sample(layer, code=name, name=name, **place, **given)

    taking.take(sites, date(2022, 12, 31))
    of_zhuji, of_yuecheng = {"township_claimed": f"{ZHUJI}001"}, {"township_claimed": f"{YUECHENG}001"}
    put(sites, "QQPUBLISHED", evidence="QQEVIDENCE", **of_yuecheng)
    put(sites, "QQDRAFT-ZHUJI", published=False, **of_zhuji)
    put(sites, "QQDRAFT-YUECHENG", published=False, **of_yuecheng)
    taking.take(sites, date(2023, 12, 31), note="QQNOTE")
    put(plates, "QQHOUSEHOLD", plate_kind="household", **of_yuecheng)
    put(zones, "QQDRAFT-ZONE", published=False)
    about = {"kind": "missing", "severity": "note", "township": f"{YUECHENG}001", "stretch": "QQSTREET", "number": 1}
    gap = {"before": 1, "after": 5, "numbers": 1, "room": 1, "free_m": 20}
    DoorplateFinding.objects.create(key="finding", plates=[], params=gap, found_on=today(), **about)
    document = entry("QQCHANGE")
    Changeset.objects.create(author=account("drafter"), document=document, title="QQCHANGE", state="submitted")
    Import.objects.create(layer_id=sites.id, file_name="QQIMPORT.csv", file_bytes=0, on=today(), language="zh-hans")


def client_of(name: str, way: str) -> Client:
    if name == "anonymous":
        return Client()
    roles, counties = PEOPLE[name]
    user = account(name.replace(" ", "-"), *roles, counties=counties)
    if way == "session":
        return signed_in(user)
    return with_token(user, Scope.READ if way == "reading token" else Scope.WRITE)


by_session = pytest.mark.parametrize(("name", "way"), [("anonymous", ""), *((name, "session") for name in PEOPLE)])
everybody = pytest.mark.parametrize(
    ("name", "way"), [("anonymous", ""), *((name, way) for name in PEOPLE for way in WAYS)]
)


def said(response: Any) -> str:
    """Everything in an answer that somebody could read, tiles decoded by a program that is not ours."""
    body = response.getvalue()
    if response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile" and body:
        return str(mapbox_vector_tile.decode(body))
    return str(body.decode("utf-8", "replace"))  # a picture says nothing


def status_for(use: Use, name: str, way: str) -> set[int]:
    """The statuses that the person may be answered with."""
    is_api = use.url.startswith("/api/")
    who = name if is_api or way in ("", "session") else "anonymous"  # a token opens no page
    allowed = use.may if use.reading is None or way != "reading token" else use.reading
    if who in allowed:
        if use.one and who not in SEEN_BY[use.one]:
            return {404}
        return {use.status}
    if who == "anonymous":
        return {401} if is_api else {302}
    if who == "visitor" and is_api:
        return {401, 403}  # an account without a role has nothing to show
    return {403} if is_api else {302, 403}  # the administration's door is its sign-in page, which says no


@everybody
def test_everybody_is_answered_as_the_table_says_and_told_nothing_else(name: str, way: str, stored: None) -> None:
    client, wrong = client_of(name, way), []
    for use in (use for uses in USES.values() for use in uses):
        response = client.generic(use.method, use.url)
        if response.status_code not in status_for(use, name, way):
            wrong.append((use.method, use.url, response.status_code))
        text = said(response)
        told = {word for word in SEEN_BY if word in text and word not in use.url}
        told |= {use.one} if use.one and response.status_code == 200 else set()
        shown = set(use.shows) if response.status_code == 200 else set()
        expected = {word for word in shown if name in SEEN_BY[word] & use.to}
        if told != expected:
            wrong.append((use.method, use.url, told, expected))
    assert wrong == []


@by_session
def test_what_is_not_for_everybody_is_kept_by_nobody_else(name: str, way: str, stored: None) -> None:
    """Answers that depend on the reader are private, and differ by cookie and token for whoever keeps them."""
    client, stranger, wrong = client_of(name, way), Client(), []
    for use in (use for uses in USES.values() for use in uses if use.method == "GET"):
        response = client.get(use.url)
        control, vary = response.headers.get("Cache-Control", ""), response.headers.get("Vary", "")
        is_private = "private" in control or "no-store" in control
        if not is_private and response.content != stranger.get(use.url).content:
            wrong.append((use.url, control))
        if "public" in control and name in BUREAU:
            wrong.append((use.url, control))
        if use.url.startswith("/api/") and not {"Authorization", "Accept-Language"} <= set(vary.split(", ")):
            wrong.append((use.url, vary))
    assert wrong == []


@by_session
def test_counts_are_of_what_one_may_see(name: str, way: str, stored: None) -> None:
    client = client_of(name, way)
    page = client.get(f"{SITES}/items?{BOX}&limit=1").json()
    seen = [word for word in SITE_NAMES if name in SEEN_BY[word]]
    assert (page["numberMatched"], page["numberReturned"]) == (len(seen), 1)
    assert client.get(f"{PLATES}/items?{BOX}").json()["numberMatched"] == (name in SEEN_BY["QQHOUSEHOLD"])
    whole = client.get(f"{SITES}/items?limit=1").json()["numberMatched"]
    stranger = Client().get(f"{SITES}/items?limit=1").json()["numberMatched"]
    assert whole - stranger == len(seen) - 1


def test_who_sees_other_rows_has_another_tag(stored: None) -> None:
    """What a browser kept for one account is never taken for another's answer."""
    clients = [client_of(name, "session") for name in ("anonymous", "planner", "planner of a county", "auditor")]
    tags = [client.get(f"{SITES}/items").headers["ETag"] for client in clients]
    assert tags[1] == tags[3]
    assert len(set(tags)) == 3
    assert clients[2].get(f"{SITES}/items", headers={"If-None-Match": tags[1]}).status_code == 200


@by_session
def test_extent_does_not_tell_where_hidden_rows_lie(name: str, way: str, stored: None) -> None:
    far_east = Point(134.5, 29.5, srid=SRID)
    for code, layer, given in (
        ("far-draft", "eco-burial-sites", {"published": False, "township_claimed": f"{YUECHENG}001"}),
        ("far-plate", "doorplates", {"plate_kind": "household", "township_claimed": f"{YUECHENG}001"}),
    ):
        sample(registry.get(layer), code=code, location=far_east, **given)
    client = client_of(name, way)
    for collection in (SITES, PLATES):
        east = client.get(collection).json()["extent"]["spatial"]["bbox"][0][2]
        assert (east == 134.5) is (name in OF_ALL_COUNTIES)
        assert client.get(f"{collection}/tiles/WebMercatorQuad").json()["bounds"][2] == east


@by_session
def test_what_is_around_a_position_is_what_one_may_see(name: str, way: str) -> None:
    apart = Point(124.5, 29.5, srid=SRID)
    for code, layer, given in (
        ("draft", "heritage-places", {"published": False, "township": f"{YUECHENG}001"}),
        ("plate", "doorplates", {"plate_kind": "household", "township_claimed": f"{YUECHENG}001"}),
    ):
        sample(registry.get(layer), code=code, location=apart, **given)
    found = client_of(name, way).get("/api/reverse?lon=124.5&lat=29.5").json()["features"]
    told = {feature["properties"]["geocoding"]["code"] for feature in found}
    assert told == ({"draft", "plate"} if name in OF_ALL_COUNTIES else set())


@by_session
def test_schema_names_the_bureaus_fields_to_the_bureau(name: str, way: str) -> None:
    properties = client_of(name, way).get(f"{SITES}/schema").json()["properties"]
    assert ({"used", "evidence", "published"} <= set(properties)) is (name in BUREAU)
    assert ("evidence" in properties) is (name in BUREAU)


# The administration


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_of_the_administration_knows_who_may_open_it(name: str) -> None:
    """Registers are by role; accounts are the administrators'; what nobody has been given is a superuser's."""
    client, accounts = client_of(name, "session"), (User, ApiToken, FailedSignIn)
    others = [model for model, page in admin.site._registry.items() if not isinstance(page, RegisterAdmin)]
    assert {*accounts, Change, Snapshot, MistakeReport, ProcrastinateJob} <= set(others)
    read = {
        "administrator": {*accounts, Change, Snapshot, MistakeReport},
        "auditor": {Change, Snapshot},
        "editor": {Snapshot, MistakeReport},
        "editor of a county": {MistakeReport},
    }
    may_open = read.get(name, set())
    found = {model: client.get(admin_url(model, "changelist"), follow=True).status_code for model in others}
    assert found == {model: 200 if model in may_open else 403 for model in others}
