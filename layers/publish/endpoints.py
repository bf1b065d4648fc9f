"""The data endpoints: what is asked to what is answered, knowing no web framework.

The Django views and the dispatcher in front of Django both call these functions.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from layers import registry
from layers.access import Reader
from layers.publish import (
    asking,
    freshness,
    items,
    paging,
    parameters,
    schema,
    selection,
    styles,
    summary,
    symbols,
    tiles,
)
from layers.publish import collections as documents
from layers.publish.asking import SELECTING, WRITING
from layers.publish.streams import Body
from layers.registry import Layer
from layers.rows import today
from layers.search import names

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
STYLE = "application/vnd.mapbox.style+json"
MVT = "application/vnd.mapbox-vector-tile"
PAGING = ("limit", "cursor", "offset")
WORTH_COMPRESSING = 1400  # bytes: less than a packet gains nothing
YEAR_S = 31_536_000


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
    accepts_gzip: bool = False
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
    return _document(ask, registry.published(), lambda: documents.landing(ask.base))


def conformance(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    return _document(ask, (), lambda: {"conformsTo": documents.CONFORMS_TO})


def collections(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    layers = registry.published()
    return _document(ask, layers, lambda: documents.collections(layers, ask.reader, ask.base))


def collection(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    return _document(ask, [layer], lambda: documents.collection(layer, ask.reader, ask.base))


def layer_schema(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    url = f"{ask.base}/api/collections/{layer.id}/schema"
    return _document(ask, [layer], lambda: schema.document(layer, ask.reader, url), SCHEMA)


def layer_items(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    properties = selection.kinds(layer, ask.reader)
    parameters.refuse_unknown(ask.params, *PAGING, *SELECTING, *WRITING, *properties)
    parameters.form(ask.params, "json")
    limit, offset = parameters.limit(ask.params), parameters.offset(ask.params)
    asked = asking.selection(layer, ask.reader, ask.params)
    written = asking.writing(layer, ask.reader, ask.params)
    url = f"{ask.base}/api/collections/{layer.id}/items"

    def body(version: int) -> bytes:
        page = items.page(asked, written, limit=limit, offset=offset)
        is_whole = page.after is None and not (asked.after or offset)
        matched = page.returned if is_whole else paging.matched(asked.whole, version)
        links = [{"rel": "self", "type": GEOJSON, "href": _with(url, ask.params)}]
        if page.after is not None:
            following = {name: value for name, value in ask.params.items() if name != "offset"}
            following["cursor"] = paging.cursor(page.after, asked.sort)
            links.append({"rel": "next", "type": GEOJSON, "href": _with(url, following)})
        about: dict[str, Any] = {
            "numberReturned": page.returned,
            **({} if matched is None else {"numberMatched": matched}),
        }
        about |= {"asOf": asked.period.said, "links": links}
        tail = json.dumps(about, ensure_ascii=False).encode()
        return b'{"type":"FeatureCollection","features":[' + page.features + b"]," + tail[1:]

    return _answer(ask, [layer], body, GEOJSON, asked.period.said, {"Content-Crs": f"<{written.crs.uri}>"})


def layer_item(ask: Ask, layer_id: str, code: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params, "datetime", *WRITING)
    parameters.form(ask.params, "json")
    on = parameters.period(ask.params, "datetime", today())
    written = asking.writing(layer, ask.reader, ask.params)
    collection_url = f"{ask.base}/api/collections/{layer.id}"

    def body(_version: int) -> bytes:
        links = [
            {"rel": "self", "type": GEOJSON, "href": _with(f"{collection_url}/items/{quote(code)}", ask.params)},
            {"rel": "collection", "type": JSON, "href": collection_url},
        ]
        asked = selection.Selection(layer_id=layer.id, reader=ask.reader, period=on)
        feature = items.one(asked, code, written)
        return feature[:-1] + b',"links":' + json.dumps(links, ensure_ascii=False).encode() + b"}"

    return _answer(ask, [layer], body, GEOJSON, on.said, {"Content-Crs": f"<{written.crs.uri}>"})


def tileset(ask: Ask, layer_id: str) -> Answer:
    """The tile set's metadata, which is also a TileJSON 3 document."""
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)

    def document() -> dict[str, Any]:
        return documents.tileset(layer, ask.reader, ask.base, freshness.url_version([layer], today()))

    return _document(ask, [layer], document)


def layer_tile(ask: Ask, layer_id: str, zoom: str, row: str, column: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "mvt")
    tile = tiles.tile_of(zoom, row, column)
    return _tile(ask, [layer], lambda on: tiles.one_layer(layer, ask.reader, on, tile))


def tile(ask: Ask, zoom: str, column: str, row: str) -> Answer:
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "mvt")
    place = tiles.tile_of(zoom, row, column)
    return _tile(ask, registry.published(), lambda on: tiles.all_layers(ask.reader, on, place))


def style(ask: Ask, style_id: str) -> Answer:
    """The MapLibre style of one layer, or of the portal: all layers together."""
    parameters.refuse_unknown(ask.params)
    language = "en" if ask.language == "en" else "zh-Hans"
    layers = registry.published() if style_id == "portal" else [registry.get(style_id)]

    def document() -> dict[str, Any]:
        version = freshness.url_version(layers, today())
        if style_id == "portal":
            url = f"{ask.base}/api/tiles/{{z}}/{{x}}/{{y}}.pbf?v={version}"
            return styles.portal_style(tiles_url=url, lang=language, counts=summary.counts(ask.reader))
        url = f"{ask.base}/api/collections/{style_id}/tiles/{tiles.MATRIX}/{{z}}/{{y}}/{{x}}?v={version}"
        return styles.layer_style(layers[0], tiles_url=url, lang=language)

    return _document(ask, layers, document, STYLE)


def legend(ask: Ask, layer_id: str) -> Answer:
    """The layer's symbol as SVG."""
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "svg")
    return _answer(ask, [layer], lambda _version: symbols.legend(layer).encode(), "image/svg+xml", today().isoformat())


def search(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params, "q", "limit")
    text, limit = names.query(ask.params), min(parameters.limit(ask.params), names.MOST)
    return _document(
        ask,
        registry.published(),
        lambda: {"type": "FeatureCollection", "features": names.search(text, ask.reader, today(), limit=limit)},
        GEOJSON,
    )


def _tile(ask: Ask, layers: list[Layer], draw: Callable[[date], bytes]) -> Answer:
    answer = _answer(ask, layers, lambda _version: draw(today()), MVT, today().isoformat())
    if answer.status == 200 and not answer.body:
        return Answer(b"", MVT, 204, answer.headers)
    return answer


def _document(ask: Ask, layers: Any, make: Callable[[], dict[str, Any]], content_type: str = JSON) -> Answer:
    parameters.form(ask.params, "json")

    def body(_version: int) -> bytes:
        return json.dumps(make(), ensure_ascii=False).encode()

    return _answer(ask, layers, body, content_type, today().isoformat())


def _answer(
    ask: Ask,
    layers: Any,
    make: Callable[[int], Body],
    content_type: str,
    on: str,
    headers: dict[str, str] | None = None,
    *about: str,
) -> Answer:
    """The answer made from a version of the layers, or 304 without making it when the asker has it already.

    on: the day or the period that the answer is about. about: what else tells it from others of the same address.
    """
    version = freshness.version(layers)
    tag = freshness.etag(version, ask.reader, on, ask.language, *about)
    cached = _cache_control(ask, freshness.stamp(version, today()))
    headers = {**(headers or {}), "ETag": tag, "Cache-Control": cached, "Content-Language": ask.language}
    headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    if tag in ask.if_none_match or f"W/{tag}" in ask.if_none_match:
        return Answer(b"", content_type, 304, headers)
    body = make(version)
    if ask.accepts_gzip and isinstance(body, bytes) and len(body) > WORTH_COMPRESSING:
        # Level 1: a higher one costs more time than it saves on the wire.
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = packer.compress(body) + packer.flush()
        headers["Content-Encoding"] = "gzip"
        headers["ETag"] = f"W/{tag}"
    return Answer(body, content_type, 200, headers)


def _cache_control(ask: Ask, current: str) -> str:
    if ask.reader.audience is not registry.Audience.PUBLIC:
        return "private, no-cache"
    # Only the version there is: one that is yet to come would otherwise be kept for ever with today's rows.
    return f"public, max-age={YEAR_S}, immutable" if ask.params.get("v") == current else "public, no-cache"


def _with(url: str, params: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(params)}" if params else url
