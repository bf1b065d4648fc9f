"""The endpoints of tiles: tile sets and their lists, the tiles themselves, styles, legends and sprites."""

from datetime import date
from functools import cache
from typing import Any

from layers import registry
from layers.access import Reader
from layers.errors import TileNotDrawn
from layers.publish import (
    compression,
    freshness,
    matrix,
    parameters,
    sprites,
    styles,
    summary,
    symbols,
    tiles,
    tilesets,
)
from layers.publish.endpoints import Answer, Ask, answered, as_document, cache_control
from layers.publish.flights import Flights
from layers.publish.matrix import MATRIX, Tile
from layers.publish.media_types import MVT, PNG, STYLE, SVG
from layers.publish.tiles import Drawn
from layers.registry import Layer
from layers.rows import today

PORTAL = "portal"  # the style of all layers
PATIENCE_S = 5.0  # with somebody else's tile
UNDER_WAY: Flights[Drawn] = Flights(patience_s=PATIENCE_S)


def layer_tilesets(ask: Ask, layer_id: str) -> Answer:
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    return as_document(ask, (), lambda: tilesets.listed([layer], ask.base))


def layer_tileset(ask: Ask, layer_id: str) -> Answer:
    """The tile set's metadata, which is also a TileJSON 3 document."""
    return _tileset(ask, [registry.get(layer_id)])


def layer_tile(ask: Ask, layer_id: str, zoom: str, row: str, column: str) -> Answer:
    layer = registry.get(layer_id)
    place = matrix.tile_of(zoom, row, column)
    first, last = tilesets.first_zoom(layer), tilesets.last_zoom(layer)
    if not first <= place.zoom <= last:
        raise TileNotDrawn(layer.id, place.zoom, first, last)
    return _tile(ask, (layer.id,), place)


def tilesets_of_all(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    return as_document(ask, (), lambda: tilesets.listed(registry.published(), ask.base))


def tileset_of_all(ask: Ask) -> Answer:
    return _tileset(ask, registry.published())


def tile_of_all(ask: Ask, zoom: str, column: str, row: str) -> Answer:
    return _tile(ask, tiles.published_ids(), matrix.tile_of(zoom, row, column))


def tile_matrix_sets(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    return as_document(ask, (), lambda: tilesets.matrix_sets(ask.base))


def tile_matrix_set(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params)
    return as_document(ask, (), tilesets.matrix_set)


def style(ask: Ask, style_id: str) -> Answer:
    """The MapLibre style of one layer, or of the portal: all layers together."""
    parameters.refuse_unknown(ask.params)
    language = "en" if ask.language == "en" else "zh-Hans"
    layers = _layers_of_style(style_id)

    def document() -> dict[str, Any]:
        version, sprite = freshness.url_version(layers, today()), f"{ask.base}/api/styles/{style_id}/sprite"
        if style_id == PORTAL:
            url = f"{ask.base}/api/tiles/{{z}}/{{x}}/{{y}}.pbf?v={version}"
            counts = summary.counts(ask.reader)
            return styles.portal_style(styles.Setting(tiles_url=url, lang=language, counts=counts, sprite_url=sprite))
        url = f"{ask.base}/api/collections/{style_id}/tiles/{MATRIX}/{{z}}/{{y}}/{{x}}?v={version}"
        return styles.layer_style(layers[0], styles.Setting(tiles_url=url, lang=language, sprite_url=sprite))

    return as_document(ask, layers, document, STYLE)


def sprite_index(ask: Ask, style_id: str, *, ratio: int = 1) -> Answer:
    """Where each marker of a style stands in its picture. ratio: pixels of the picture to one of the screen."""
    parameters.refuse_unknown(ask.params)
    layers = _layers_of_style(style_id)
    return as_document(ask, (), lambda: sprites.index(layers, ratio))


def sprite_picture(ask: Ask, style_id: str, *, ratio: int = 1) -> Answer:
    """The markers of a style as PNG."""
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "png")
    ids = tuple(layer.id for layer in _layers_of_style(style_id))
    return answered(ask, (), lambda _version: _picture(ids, ratio), PNG, today().isoformat())


@cache
def _picture(layer_ids: tuple[str, ...], ratio: int) -> bytes:
    return sprites.picture([registry.get(layer_id) for layer_id in layer_ids], ratio)


def _layers_of_style(style_id: str) -> list[Layer]:
    """The layers of a style by its id. Raises UnknownLayer."""
    return registry.published() if style_id == PORTAL else [registry.get(style_id)]


def legend(ask: Ask, layer_id: str) -> Answer:
    """The layer's symbol as SVG."""
    layer = registry.get(layer_id)
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "svg")
    return answered(ask, [layer], lambda _version: symbols.legend(layer).encode(), SVG, today().isoformat())


def _tileset(ask: Ask, layers: list[Layer]) -> Answer:
    parameters.refuse_unknown(ask.params)

    def document() -> dict[str, Any]:
        return tilesets.tileset(layers, ask.reader, ask.base, freshness.url_version(layers, today()))

    return as_document(ask, layers, document)


def _tile(ask: Ask, layer_ids: tuple[str, ...], place: Tile) -> Answer:
    """The tile, 204 when it is empty; 304 without looking at a row when the asker has it."""
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "mvt")
    on = today()
    if ask.if_none_match:
        headers = _headers(ask, freshness.version_of(layer_ids), on)
        if headers["ETag"] in ask.if_none_match:
            return Answer(b"", MVT, 304, headers)
    drawn = _drawn(layer_ids, ask.reader, on, place)
    headers = _headers(ask, drawn.version, on)
    if not drawn.data:
        return Answer(b"", MVT, 204, headers)
    is_kept = "immutable" in headers["Cache-Control"]
    body, encoding = compression.packed(drawn.data, ask.accept_encoding, is_kept=is_kept)
    if encoding:
        headers["Content-Encoding"] = encoding
    return Answer(body, MVT, 200, headers)


def _drawn(layer_ids: tuple[str, ...], reader: Reader, on: date, place: Tile) -> Drawn:
    """The tile, drawn once for all who ask for it at the same time, but never from before one of them asked."""
    landed = UNDER_WAY.once((layer_ids, reader, on, place), lambda: tiles.draw(layer_ids, reader, on, place))
    if landed.was_shared and landed.made.version != freshness.version_of(layer_ids):
        return tiles.draw(layer_ids, reader, on, place)
    return landed.made


def _headers(ask: Ask, version: int, on: date) -> dict[str, str]:
    """A tile is the same in every language; the tag is weak, for the order of the features in it is the database's."""
    return {
        "ETag": f"W/{freshness.etag(version, ask.reader, on.isoformat())}",
        "Cache-Control": cache_control(ask, freshness.stamp(version, on)),
        "Content-Language": ask.language,
        "Vary": "Accept-Encoding, Authorization, Cookie",
    }
