"""Every address of the portal with who may use it and what it shows, and the people who ask.

An address that is not in ``USES`` fails ``tests/test_every_endpoint.py``: who adds one says here who may use it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import URLPattern, URLResolver

from layers.models.accounts import Scope
from layers.models.base import SRID
from layers.registry import Role
from tests.people import account, signed_in, with_token
from tests.test_every_layer import tile_at

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


def client_of(name: str, way: str) -> Client:
    if name == "anonymous":
        return Client()
    roles, counties = PEOPLE[name]
    user = account(name.replace(" ", "-"), *roles, counties=counties)
    if way == "session":
        return signed_in(user)
    return with_token(user, Scope.READ if way == "reading token" else Scope.WRITE)
