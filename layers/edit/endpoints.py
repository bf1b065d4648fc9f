"""The history of an item, as what is asked to what is answered."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from layers import registry
from layers.edit import history
from layers.publish import parameters
from layers.publish.endpoints import Answer, Ask
from layers.publish.media_types import JSON


def item_changes(ask: Ask, layer_id: str, code: str) -> Answer:
    """The changes of an item, newest first; kept by nobody on the way."""
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params, "limit", "cursor")
    parameters.form(ask.params, "json")
    limit = parameters.limit(ask.params)
    before = parameters.cursor(ask.params) if "cursor" in ask.params else 0
    found = history.of_item(layer, ask.reader, code, limit=limit, before=before)
    item = f"{ask.base}/api/collections/{layer.id}/items/{quote(code, safe='')}"
    links = [{"rel": "self", "type": JSON, "href": _page(item, ask.params)}, {"rel": "up", "href": item}]
    if found.before is not None:
        links.append({"rel": "next", "type": JSON, "href": _page(item, {**ask.params, "cursor": str(found.before)})})
    document: dict[str, Any] = {"changes": found.changes, "links": links}
    headers = {"Cache-Control": "no-store", "Content-Language": ask.language}
    return Answer(json.dumps(document, ensure_ascii=False).encode(), JSON, 200, headers)


def _page(item: str, params: Any) -> str:
    return f"{item}/changes?{urlencode(params)}" if params else f"{item}/changes"
