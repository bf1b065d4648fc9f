"""The data endpoints: what is asked to what is answered, knowing no web framework.

The Django views and the dispatcher in front of Django both call these functions.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from layers import registry
from layers.access import Reader
from layers.publish import (
    asking,
    compression,
    freshness,
    items,
    openapi,
    paging,
    parameters,
    schema,
    selection,
)
from layers.publish import collections as documents
from layers.publish.asking import SELECTING, WRITING, WRITING_ALL
from layers.publish.links import page_link
from layers.publish.media_types import GEOJSON, JSON, OPENAPI, SCHEMA
from layers.publish.streams import Body
from layers.rows import today

PAGING = ("limit", "cursor", "offset")
YEAR_S = 31_536_000
NEGOTIATED = (JSON, GEOJSON, SCHEMA)  # what is a page for a client that prefers one


@dataclass(frozen=True)
class Ask:
    """A request for data. base: the portal's public address, of which links are made. accept: the media types.

    is_head: only the headers are wanted, so that nothing is made. account: the id of who is signed in.
    """

    params: Mapping[str, str]
    reader: Reader
    language: str
    base: str
    if_none_match: str = ""
    accept_encoding: str = ""
    accept: str = ""
    is_head: bool = False
    account: int | None = None


@dataclass(frozen=True)
class Answer:
    """body: bytes, or blocks that are sent as they are made, and must then be closed."""

    body: Body
    content_type: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Endpoint = Callable[..., Answer]


def landing(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    return as_document(ask, registry.published(), lambda: documents.landing(ask.base), has_page=True)


def conformance(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    return as_document(ask, (), lambda: {"conformsTo": documents.CONFORMS_TO}, has_page=True)


def api(ask: Ask) -> Answer:
    """The OpenAPI document."""
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "json")
    layers, on = registry.published(), today()

    def body(version: int) -> bytes:
        return openapi.text(ask.reader, ask.base, freshness.stamp(version, on))

    return answered(ask, layers, body, OPENAPI, on.isoformat())


def collections(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    layers = registry.published()
    return as_document(ask, layers, lambda: documents.collections(layers, ask.reader, ask.base), has_page=True)


def collection(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    return as_document(ask, [layer], lambda: documents.collection(layer, ask.reader, ask.base), has_page=True)


def layer_schema(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    url = f"{ask.base}/api/collections/{layer.id}/schema"
    return as_document(ask, [layer], lambda: schema.document(layer, ask.reader, url), SCHEMA, has_page=True)


def layer_queryables(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    url = f"{ask.base}/api/collections/{layer.id}/queryables"
    return as_document(ask, [layer], lambda: schema.queryable_properties(layer, ask.reader, url), SCHEMA, has_page=True)


def layer_sortables(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    url = f"{ask.base}/api/collections/{layer.id}/sortables"
    return as_document(ask, [layer], lambda: schema.sortable_properties(layer, ask.reader, url), SCHEMA, has_page=True)


def layer_items(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    properties = selection.kinds(layer, ask.reader)
    parameters.refuse_unknown(ask.params, *PAGING, *SELECTING, *WRITING_ALL, *properties)
    parameters.form(ask.params, "json")
    limit, offset = parameters.limit(ask.params), parameters.offset(ask.params)
    asked = asking.selection(layer, ask.reader, ask.params)
    written = asking.writing(layer, ask.reader, ask.params)
    url = f"{ask.base}/api/collections/{layer.id}/items"

    def identity(version: int) -> Identity:
        crs = {"Content-Crs": f"<{written.crs.uri}>"}
        return identified(ask, version, GEOJSON, asked.period.said, crs, item_version=asked.fixed_version)

    if ask.if_none_match and (unchanged := identity(freshness.version([layer])).unchanged(ask)):
        return unchanged
    page = items.page(asked, written, limit=limit, offset=offset)
    is_whole = page.after is None and not (asked.after or offset)
    matched = page.returned if is_whole else paging.matched(asked.whole, page.version)
    links = [{"rel": "self", "type": GEOJSON, "href": _with(url, ask.params)}]
    links.append(page_link(_with(url, {**ask.params, "f": "html"})))
    if page.after is not None:
        following = {name: value for name, value in ask.params.items() if name != "offset"}
        following["cursor"] = paging.cursor(page.after, asked.sort)
        links.append({"rel": "next", "type": GEOJSON, "href": _with(url, following)})
    about: dict[str, Any] = {
        "numberReturned": page.returned,
        **({} if matched is None else {"numberMatched": matched}),
    }
    about |= {"asOf": asked.period.said, **({} if asked.snapshot is None else {"snapshot": asked.snapshot})}
    about["links"] = links
    tail = json.dumps(about, ensure_ascii=False).encode()
    # Joined at once: each copy of a large page costs a millisecond.
    body = b"".join((b'{"type":"FeatureCollection","features":[', page.features, b"],", tail[1:]))
    return identity(page.version).answer(ask, body)


def layer_item(ask: Ask, layer_id: str, code: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params, "datetime", "snapshot", *WRITING)
    parameters.form(ask.params, "json", has_page=True)
    asked = asking.everything(layer, ask.reader, ask.params)
    written = asking.writing(layer, ask.reader, ask.params)

    def identity(version: str) -> Identity:
        crs = {"Content-Crs": f"<{written.crs.uri}>"}
        return identified(ask, 0, GEOJSON, asked.period.said, crs, item_version=asked.fixed_version or version)

    if ask.if_none_match:
        known = "" if asked.fixed_version else items.version(asked, code)
        if unchanged := identity(known).unchanged(ask):
            return unchanged
    item = items.one(asked, code, written)
    collection_url = f"{ask.base}/api/collections/{layer.id}"
    url = f"{collection_url}/items/{quote(code)}"
    links = [
        {"rel": "self", "type": GEOJSON, "href": _with(url, ask.params)},
        page_link(_with(url, {**ask.params, "f": "html"})),
        {"rel": "collection", "type": JSON, "href": collection_url},
    ]
    body = item.feature[:-1] + b',"links":' + json.dumps(links, ensure_ascii=False).encode() + b"}"
    return identity(item.version).answer(ask, body)


@freshness.one_look()
def as_document(
    ask: Ask, layers: Any, make: Callable[[], dict[str, Any]], content_type: str = JSON, *, has_page: bool = False
) -> Answer:
    parameters.form(ask.params, "json", has_page=has_page)

    def body(_version: int) -> bytes:
        return json.dumps(make(), ensure_ascii=False).encode()

    return answered(ask, layers, body, content_type, today().isoformat())


def answered(
    ask: Ask,
    layers: Any,
    make: Callable[[int], Body],
    content_type: str,
    on: str,
    headers: dict[str, str] | None = None,
    item_version: str = "",
    about: tuple[str, ...] = (),
) -> Answer:
    """The answer made from a version of the layers, or 304 without making it when the asker has it already.

    The rest is ``identified``'s.
    """
    version = 0 if item_version else freshness.version(layers)
    identity = identified(ask, version, content_type, on, headers, item_version, about)
    return identity.unchanged(ask) or identity.answer(ask, make(version))


@dataclass(frozen=True)
class Identity:
    """What tells an answer from others: its headers with the tag, and the tag it has when it is packed."""

    content_type: str
    headers: dict[str, str]
    packed_tag: str

    def unchanged(self, ask: Ask) -> Answer | None:
        """304 when the asker has the answer already."""
        known = self.headers["ETag"] in ask.if_none_match or self.packed_tag in ask.if_none_match
        return Answer(b"", self.content_type, 304, self.headers) if known else None

    def answer(self, ask: Ask, body: Body) -> Answer:
        headers = self.headers
        if isinstance(body, bytes):
            is_kept = "immutable" in headers["Cache-Control"]
            body, encoding = compression.packed(body, ask.accept_encoding, is_kept=is_kept)
            if encoding:
                headers = {**headers, "Content-Encoding": encoding, "ETag": self.packed_tag}
        return Answer(body, self.content_type, 200, headers)


def identified(
    ask: Ask,
    version: int,
    content_type: str,
    on: str,
    headers: dict[str, str] | None = None,
    item_version: str = "",
    about: tuple[str, ...] = (),
) -> Identity:
    """on: the day or the period that the answer is about. about: what else tells it from others of the same address. An
    item's tag is of its own version instead, and strong in every encoding, for writes ask for it with If-Match.
    """
    said = (ask.language, *about)
    tag = freshness.etag(item_version or version, ask.reader, on, *said)
    packed_tag = freshness.etag(item_version, ask.reader, on, *said, "gzip") if item_version else f"W/{tag}"
    cached = cache_control(ask, "" if item_version else freshness.stamp(version, today()))
    vary = "Accept-Encoding, Accept-Language, Authorization, Cookie"
    if content_type in NEGOTIATED:
        vary += ", Accept"
    own = {"ETag": tag, "Cache-Control": cached, "Content-Language": ask.language, "Vary": vary}
    return Identity(content_type, {**(headers or {}), **own}, packed_tag)


def cache_control(ask: Ask, current: str) -> str:
    if ask.reader.audience is not registry.Audience.PUBLIC:
        return "private, no-cache"
    # Only the version there is: one that is yet to come would otherwise be kept for ever with today's rows.
    return f"public, max-age={YEAR_S}, immutable" if ask.params.get("v") == current else "public, no-cache"


def _with(url: str, params: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(params)}" if params else url
