"""MapLibre styles of the layers, made from the registry's symbols alone.

Three things tell a layer on the map: a dot for every feature, a marker where there is room for it, a name once the
marker stands alone. Each begins at the zoom that the number of the layer's features leaves room for. Names of areas come before names of places, counties before townships.
The markers' images are named by layer ("funeral-homes", and "funeral-homes.idle" for what does not operate);
whoever shows the style draws them with ``symbols.marker``, or takes the sprite. Without them dots and names remain.
No ``glyphs``: the browser draws every character with its own fonts, and asks no server for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Any

from layers import registry
from layers.publish import colours, tiles
from layers.publish.colours import COUNTY_INK, HALO, INK, SOFT_INK
from layers.registry import Layer, Shape

Json = dict[str, Any]

SOURCE = "portal"
MAX_ZOOM = 18  # of the tiles; beyond it they are enlarged
CELL_ZOOMS = 6  # over so many zooms below a layer's own its counts are drawn beside other layers
OPERATING = "operating"

# The first of a stack is also read for its weight: MapLibre draws "Medium" and "Bold" stacks so.
HANZI = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"]
LATIN = ["Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans"]
SONG = ["Songti SC", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC"]


def _fonts(lang: str, weight: str, hanzi: list[str] = HANZI) -> list[str]:
    """The stack of a weight; the language's own letters first, since the other's fonts hold its punctuation too."""
    return [f"Portal {weight}", *(LATIN + hanzi if lang == "en" else hanzi + LATIN)]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """tiles_url: template with {z}, {x} and {y}. lang: "zh-Hans" or "en", the language of names. counts: features by
    layer id; a layer of few features shows its markers from farther away. sprite_url: of the markers' images.
    """

    tiles_url: str
    lang: str
    counts: Mapping[str, int] = field(default_factory=dict)
    sprite_url: str = ""


def portal_style(setting: Setting) -> Json:
    """The style of all published layers over the portal's own tiles."""
    return _style("portal", registry.published(), setting)


def layer_style(layer: Layer, setting: Setting) -> Json:
    """The style of one layer alone, on a plain background."""
    return _style(layer.id, [layer], setting)


def _style(name: str, layers: Sequence[Layer], setting: Setting) -> Json:
    counts, lang = setting.counts, setting.lang
    areas = [layer for layer in layers if is_area(layer)]
    points = [layer for layer in layers if not is_area(layer)][::-1]
    # What is rare lies on top, and its markers and names are placed first; then the order of the catalogue decides.
    points.sort(key=lambda layer: counts.get(layer.id, 0), reverse=True)
    by_rank = sorted(areas, key=lambda layer: layer.symbol.size_px)
    surroundings = {"background-color": colours.SURROUNDINGS}
    drawn: list[Json] = [{"id": "background", "type": "background", "paint": surroundings}]
    drawn += [part for layer in reversed(by_rank) for part in _grounds(layer)]
    drawn += [_cells(layer, alone=len(layers) == 1) for layer in points if layer.cells]
    drawn += [part for layer in by_rank for part in _lines(layer)]
    drawn += [_dots(layer, first_zoom(layer, counts.get(layer.id))) for layer in points]
    drawn += [_names(layer, lang, marker_zoom(layer, counts.get(layer.id))) for layer in points]
    drawn += [_area_names(layer, lang) for layer in by_rank if layer.label]
    return {
        "version": 8,
        "name": name,
        "metadata": {"lang": lang, "dark": colours.dark(layers)},
        **({"sprite": setting.sprite_url} if setting.sprite_url else {}),
        "sources": {SOURCE: _source(layers, setting.tiles_url)},
        "layers": drawn,
    }


def _source(layers: Sequence[Layer], tiles_url: str) -> Json:
    """The tiles; where there are none, none are asked for."""
    first = min(0 if layer.cells else layer.min_zoom for layer in layers)
    return {"type": "vector", "tiles": [tiles_url], "minzoom": first, "maxzoom": MAX_ZOOM}


def is_area(layer: Layer) -> bool:
    return layer.symbol.shape in {Shape.AREA, Shape.OUTLINE}


def marker_zoom(layer: Layer, count: int | None) -> float:
    """The zoom from which markers of the layer stand about 150 pixels apart, were it alone on a 100 km square."""
    if count is None:
        return max(10.0, layer.min_zoom)
    return round(min(17.0, max(6.7 + log2(max(count, 1)) / 2, layer.min_zoom)), 1)


def first_zoom(layer: Layer, count: int | None) -> float:
    """The zoom from which the layer is drawn at all: its dots stand about 22 pixels apart."""
    if is_area(layer) or count is None:
        return layer.min_zoom
    return round(max(marker_zoom(layer, count) - log2(150 / 22), layer.min_zoom), 1)


def _part(layer: Layer, part: str, kind: str, *, of: str = "", minzoom: float = 0, **rest: Any) -> Json:
    """One style layer; the metadata says whose it is, so that all of a layer can be shown and hidden."""
    return {
        "id": f"{layer.id}.{part}",
        "type": kind,
        "source": SOURCE,
        "source-layer": of or layer.id,
        "minzoom": minzoom or layer.min_zoom,
        "metadata": {"layer": layer.id},
        **rest,
    }


def _by_zoom(*stops: float) -> list[Any]:
    return ["interpolate", ["linear"], ["zoom"], *stops]


def _is(name: str, value: str) -> list[Any]:
    return ["==", ["get", name], value]


# Areas


def _grounds(layer: Layer) -> list[Json]:
    """The ground of an area: land under the highest outlines, a wash for zones, nothing to be seen elsewhere."""
    if layer.symbol.shape is Shape.AREA:
        return [_part(layer, "ground", "fill", paint={"fill-color": layer.symbol.colour, "fill-opacity": 0.12})]
    if not _is_county_like(layer):  # still there to be clicked
        return [_part(layer, "ground", "fill", paint={"fill-opacity": 0})]
    number = ["to-number", ["slice", ["get", "code"], -2], 0]
    tints = [part for nth, tint in enumerate(colours.LAND[1:], 1) for part in (nth, tint)]
    land = ["match", ["%", number, len(colours.LAND)], *tints, colours.LAND[0]]
    ground = _part(layer, "ground", "fill", paint={"fill-color": land})
    ground["metadata"] |= {"ground": True}
    return [ground]


def _lines(layer: Layer) -> list[Json]:
    """The line of an area, soft while its course is approximate; a band along the highest ones.

    Not broken lines: neighbours draw their common line twice, and their dashes would fill each other's gaps.
    """
    colour, width = layer.symbol.colour, layer.symbol.size_px
    county = _is_county_like(layer)
    round_joins = {"line-join": "round", "line-cap": "round"}
    line: Json = {
        "line-color": colour,
        "line-width": _by_zoom(7, width * 0.4, 11, width * 0.75, 15, width * 1.2),
        "line-opacity": 0.85 if county else _by_zoom(8, 0.25, 10, 0.55, 12, 0.8),
    }
    if "boundary_quality" in layer.tile_fields:
        line["line-blur"] = ["case", _is("boundary_quality", "approximate"), 0.6, 0]
    drawn = [_part(layer, "line", "line", layout=round_joins, paint=line)]
    if county:
        band = {"line-color": colours.BAND, "line-opacity": 0.16, "line-width": _by_zoom(7, 4, 10, 8, 14, 15)}
        drawn.insert(0, _part(layer, "band", "line", layout=round_joins, paint=band))
    return drawn


def _is_county_like(layer: Layer) -> bool:
    return layer.symbol.shape is Shape.OUTLINE and layer.symbol.size_px >= 2


def _area_names(layer: Layer, lang: str) -> Json:
    """Names of areas: larger and wider set for the higher rank, which gives way once its parts fill the view."""
    county = _is_county_like(layer)
    layout = {
        "text-field": _name(lang, layer),
        "text-font": _fonts(lang, "Bold" if county else "Medium"),
        "text-size": _by_zoom(7, 12.5, 9, 17, 11, 22) if county else _by_zoom(9, 10.5, 11, 12.5, 14, 17),
        "text-letter-spacing": (0.18 if county else 0.04) if lang != "en" else 0.02,
        "text-line-height": 1.15,
        "text-padding": _by_zoom(7, 1, 9, 6) if county else _by_zoom(9, 8, 12, 3),
        "text-max-width": 12,
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
        "text-radial-offset": 0.8,
        "symbol-sort-key": 0,
    }
    paint = {
        "text-color": COUNTY_INK if county else SOFT_INK,
        "text-halo-color": HALO,
        "text-halo-width": 2 if county else 1.6,
        "text-opacity": _by_zoom(11.5, 1, 12.5, 0) if county else _by_zoom(9.2, 0, 9.6, 1),
    }
    zooms = {"minzoom": 6, "maxzoom": 12.5} if county else {"minzoom": max(layer.min_zoom, 9.2)}
    return _part(layer, "name", "symbol", of=f"{layer.id}.label", layout=layout, paint=paint) | zooms


# Points


def _cells(layer: Layer, *, alone: bool) -> Json:
    """How many features lie in each cell, the more the darker. Circles touch without crossing the edge of their cell."""
    first = 0 if alone else layer.min_zoom - CELL_ZOOMS
    paint = {
        "circle-color": layer.symbol.colour,
        "circle-opacity": ["interpolate", ["linear"], ["log2", ["get", "count"]], 0, 0.12, 14, 0.7],
        "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], first, 7, first + 1, 14],
    }
    part = _part(layer, "cells", "circle", of=tiles.cells_name(layer), paint=paint)
    return part | {"minzoom": first, "maxzoom": layer.min_zoom}


def _dots(layer: Layer, from_zoom: float) -> Json:
    """A dot for every feature, hollow when it does not operate."""
    colour = layer.symbol.colour
    scale = min(1.0, layer.symbol.size_px / 14 + 0.25)
    works = _works(layer)
    paint: Json = {
        "circle-color": ["case", works, colour, HALO] if works else colour,
        "circle-stroke-color": ["case", works, HALO, colour] if works else HALO,
        "circle-stroke-width": _by_zoom(8, 0.4, 11, 1),
        "circle-radius": _by_zoom(7, 1.5 * scale, 9, 2.2 * scale, 11, 3.6 * scale, 13, 5 * scale, 17, 7 * scale),
        "circle-opacity": _by_zoom(8, 0.75, 10, 1),
    }
    return _part(layer, "dot", "circle", minzoom=from_zoom, paint=paint)


def _names(layer: Layer, lang: str, from_zoom: float) -> Json:
    """Markers where there is room, with the name beside them once they stand apart, and “+n” where one stands for more."""
    old_name = "category" in layer.tile_fields
    named_from = from_zoom + 1.6 if layer.symbol.glyph and not old_name else from_zoom
    is_many, more = ["has", "count"], ["concat", "+", ["-", ["get", "count"], 1]]
    named = ["case", is_many, more, _name(lang, layer)]
    text = ["step", ["zoom"], ["case", is_many, more, ""], named_from, named] if named_from > from_zoom else named
    layout: Json = {
        "text-field": text,
        "text-font": _fonts(lang, "Semibold", SONG) if old_name else _fonts(lang, "Regular"),
        "text-size": _by_zoom(10, 11.5, 14, 13.5),
        "text-max-width": 11,
        "text-line-height": 1.15,
        "text-padding": 3,
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 1.25 if layer.symbol.glyph else 0.7,
        "text-justify": "auto",
    }
    works = _works(layer)
    if works:
        layout["symbol-sort-key"] = ["case", works, 0, 1]
    if layer.symbol.glyph:
        idle = f"{layer.id}.idle"
        size = min(1.0, layer.symbol.size_px / 14)
        layout |= {
            "icon-image": ["case", works, layer.id, idle] if works else layer.id,
            "icon-size": _by_zoom(8, 0.56 * size, 10, 0.66 * size, 13, 0.82 * size, 16, size),
            "icon-padding": _by_zoom(8, 3, 12, 1),
            "text-optional": True,
        }
    paint: Json = {
        "text-color": layer.symbol.colour if old_name else INK,
        "text-halo-color": HALO,
        "text-halo-width": 1.5,
    }
    return _part(layer, "marker", "symbol", minzoom=from_zoom, layout=layout, paint=paint)


def _works(layer: Layer) -> list[Any] | None:
    """Whether a feature operates, for layers whose tiles say so."""
    return _is("status", OPERATING) if "status" in layer.tile_fields and layer.states is not None else None


def _name(lang: str, layer: Layer) -> list[Any]:
    """The name in the language: hanzi, or roman letters with the hanzi below where the tiles carry both."""
    shown = "name" if "name" in layer.tile_fields else layer.tile_fields[0]
    hanzi = ["coalesce", ["get", shown], ""]
    if lang != "en" or "name_roman" not in layer.tile_fields:
        return hanzi
    roman = ["coalesce", ["get", "name_roman"], ""]
    both = ["format", roman, {}, "\n", {}, hanzi, {"font-scale": 0.8}]
    return ["case", ["==", roman, ""], ["format", hanzi, {}], both]
