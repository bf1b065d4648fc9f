"""The addresses of snapshots: those of a collection, and what differs between two."""

from django.utils.translation import gettext as _

from layers.publish.media_types import HTML, JSON
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT, links, many, thing
from layers.publish.openapi.shared import Described, answer, given, path, reading
from layers.snapshots.comparing import ADDED, CHANGED, GONE

NUMBER: Described = {"type": "integer", "minimum": 0}
DAY: Described = {"type": "string", "format": "date"}
PAGE: Described = {"type": "string"}


def paths() -> dict[str, Described]:
    tag, which = _("Collections"), given("collectionId")
    said = _("The number of a snapshot, or its day when it is the only one of that day.")
    listed = answer(_("The snapshots, the newest first."), {JSON: ref("Snapshots"), HTML: PAGE})
    differing = answer(_("A page of what differs, in the order of the codes."), {JSON: ref("SnapshotChanges")})
    two = [path("before", said, TEXT), path("after", said, TEXT), *given("limit", "cursor")]
    url = "/collections/{collectionId}/snapshots"
    changes = reading(
        "getSnapshotChanges", tag, _("What differs between two snapshots"), differing, [*which, *two], "json"
    )
    return {
        url: {"get": reading("getSnapshots", tag, _("The snapshots of a collection"), listed, which, "json", "html")},
        f"{url}/{{before}}/changes/{{after}}": {"get": changes},
    }  # fmt: skip


def schemas() -> dict[str, Described]:
    seen = _("How many rows you may see; null for an account limited to counties.")
    snapshot = thing(
        ["id", "day", "takenAt", "features", "links"],
        id=NUMBER,
        day={**DAY, "description": _("The day of which it is.")},
        takenAt={"type": "string", "format": "date-time", "description": _("What was recorded then is in it.")},
        features={**NUMBER, "nullable": True, "description": seen},
        takenBy=TEXT,
        note=TEXT,
        sha256={**TEXT, "description": _("Over all rows in the order of their codes.")},
        dataVersion=NUMBER,
        links=links(),
    )
    side = {"type": "object", "nullable": True}
    change = thing(
        ["code", "name", "kind", "before", "after"],
        code=TEXT,
        name=TEXT,
        kind={**TEXT, "enum": [ADDED, CHANGED, GONE]},
        before={**side, "description": _("What it held before; of a changed row only what differs.")},
        after={**side, "description": _("What it held after; of a changed row only what differs.")},
    )
    counts = dict.fromkeys((ADDED, CHANGED, GONE, "numberMatched", "numberReturned"), NUMBER)
    return {
        "Snapshot": snapshot,
        "Snapshots": thing(["snapshots", "links"], snapshots=many(ref("Snapshot")), links=links()),
        "SnapshotChange": change,
        "SnapshotChanges": thing(
            ["before", "after", *counts, "changes", "links"],
            before=ref("Snapshot"),
            after=ref("Snapshot"),
            **counts,
            changes=many(ref("SnapshotChange")),
            links=links(),
        ),
    }
