"""The endpoints of snapshots: those of a collection, and what differs between two."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from layers import registry
from layers.access import Reader
from layers.errors import BadParameter
from layers.models import Snapshot
from layers.publish import parameters
from layers.publish.endpoints import Answer, Ask, identified
from layers.publish.links import page_link
from layers.publish.media_types import GEOJSON, JSON
from layers.registry import Audience, Layer
from layers.rows import today
from layers.snapshots import comparing, finding, frozen


def layer_snapshots(ask: Ask, layer_id: str) -> Answer:
    """The snapshots of a collection, the newest first."""
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "json", has_page=True)
    url = f"{ask.base}/api/collections/{layer.id}"
    found = finding.of_layer(layer)
    links = [
        {"rel": "self", "type": JSON, "href": f"{url}/snapshots"},
        page_link(f"{url}/snapshots?f=html"),
        {"rel": "collection", "type": JSON, "href": url},
    ]
    older = [*found, None][1:]
    said = [_document(layer, ask.reader, ask.base, *pair) for pair in zip(found, older, strict=True)]
    body = json.dumps({"snapshots": said, "links": links}, ensure_ascii=False).encode()
    identity = identified(ask, 0, JSON, today().isoformat(), item_version=f"snapshots.{sha256(body).hexdigest()[:16]}")
    return identity.unchanged(ask) or identity.answer(ask, body)


def layer_changes(ask: Ask, layer_id: str, before: str, after: str) -> Answer:
    """What differs between two snapshots of a collection, by pages in the order of the codes."""
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params, "limit", "cursor")
    parameters.form(ask.params, "json")
    limit, beyond = parameters.limit(ask.params), _beyond(ask.params)
    first, second = finding.find(layer, before), finding.find(layer, after)
    identity = identified(
        ask,
        0,
        JSON,
        second.day.isoformat(),
        item_version=frozen.version(layer, first.pk, second.pk),
        about=(first.day.isoformat(),),
    )
    if unchanged := identity.unchanged(ask):
        return unchanged
    found = comparing.changes(layer, ask.reader, first, second, limit=limit + 1, beyond=beyond)
    page = found.page[:limit]
    url = f"{ask.base}/api/collections/{layer.id}/snapshots/{first.pk}/changes/{second.pk}"
    links = [
        {"rel": "self", "type": JSON, "href": _with(url, ask.params)},
        {"rel": "up", "type": JSON, "href": f"{ask.base}/api/collections/{layer.id}/snapshots"},
    ]
    if len(found.page) > limit:
        links.append({"rel": "next", "type": JSON, "href": _with(url, {**ask.params, "cursor": page[-1].code})})
    document = {
        "before": _document(layer, ask.reader, ask.base, first),
        "after": _document(layer, ask.reader, ask.base, second),
        "added": found.added,
        "changed": found.changed,
        "gone": found.gone,
        "numberMatched": found.total,
        "numberReturned": len(page),
        "changes": [
            asdict(one) for one in page
        ],
        "links": links,
    }  # fmt: skip
    return identity.answer(ask, json.dumps(document, ensure_ascii=False).encode())


def _document(
    layer: Layer, reader: Reader, base: str, snapshot: Snapshot, older: Snapshot | None = None
) -> dict[str, Any]:
    """features: how many the reader sees; null for one who sees the unpublished rows of some counties alone."""
    url = f"{base}/api/collections/{layer.id}"
    is_bureau = reader.audience is Audience.BUREAU
    counted = None if reader.counties else snapshot.features if is_bureau else snapshot.offered
    links = [{"rel": "items", "type": GEOJSON, "href": f"{url}/items?snapshot={snapshot.pk}"}]
    if older is not None:
        href = f"{url}/snapshots/{older.pk}/changes/{snapshot.pk}"
        links.append({"rel": "related", "type": JSON, "href": href, "title": _("What changed since the one before")})
    of_bureau = {
        "takenBy": snapshot.taken_by,
        "note": snapshot.note,
        "sha256": snapshot.sha256,
        "dataVersion": snapshot.data_version,
    }
    return {
        "id": snapshot.pk,
        "day": snapshot.day.isoformat(),
        "takenAt": timezone.localtime(snapshot.taken_at).isoformat(),
        "features": counted,
        **(of_bureau if is_bureau else {}),
        "links": links,
    }


def _beyond(given: Mapping[str, str]) -> str:
    """The code after which the page begins."""
    text = given.get("cursor", "")
    if "\0" in text:
        raise BadParameter("cursor", text, _("follow the “next” link of the page before."))
    return text


def _with(url: str, params: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(params)}" if params else url
