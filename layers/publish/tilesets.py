"""The documents that describe tiles: tile sets (TileJSON 3 and OGC metadata in one), their lists, the matrix set."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from layers.access import Reader, visible_fields
from layers.crs import CRS84
from layers.models.cells import GRID, HALF_WORLD_M
from layers.publish import extents, schema, tiles
from layers.publish.links import REL, link
from layers.publish.matrix import MATRIX, MAX_ZOOM, MOST_NORTHERN, THINNING_GRID
from layers.publish.media_types import MVT, STYLE
from layers.registry import Layer

Json = dict[str, Any]

WEB_MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
MATRIX_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRIX}"
WELL_KNOWN_SCALES = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
PIXELS = 256  # along a tile, by the definition of the matrix set
PIXEL_M = 0.00028  # of the standardised screen that scales are told for


def tileset(layers: Sequence[Layer], reader: Reader, base: str, version: str) -> Json:
    """The tile set of one layer, or of all: its TileJSON 3 document, which is its OGC metadata too."""
    url = _url(layers, base)
    west, south, east, north = _bounds(layers, reader)
    first, last = _zooms(layers)
    return {
        "tilejson": "3.0.0",
        "name": _title(layers),
        "tiles": [f"{url}/{{z}}/{{y}}/{{x}}?v={version}"],
        "minzoom": first,
        "maxzoom": last,
        "bounds": [west, south, east, north],
        "vector_layers": [drawn for layer in layers for drawn in _vector_layers(layer, reader)],
        **_summary(layers, base),
        "description": _description(layers),
        "tileMatrixSetLimits": [_whole(zoom) for zoom in range(first, last + 1)],
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri},
        "layers": [_layer(layer) for layer in layers],
    }


def listed(layers: Sequence[Layer], base: str) -> Json:
    """The list of the tile sets of one layer, or of all: there is one."""
    url = _url(layers, base).removesuffix(f"/{MATRIX}")
    return {"links": [link("self", url, _title(layers))], "tilesets": [_summary(layers, base)]}


def matrix_sets(base: str) -> Json:
    url = f"{base}/api/tileMatrixSets"
    one = {"id": MATRIX, "title": "Web Mercator Quad", "uri": MATRIX_URI, "crs": WEB_MERCATOR}
    return {
        "links": [link("self", url, _("Tile matrix sets"))],
        "tileMatrixSets": [one | {"links": [link("self", f"{url}/{MATRIX}", MATRIX)]}],
    }


def matrix_set() -> Json:
    """The definition of the matrix set (OGC 17-083r4, Annex D)."""
    return {
        "id": MATRIX,
        "title": "Web Mercator Quad",
        "uri": MATRIX_URI,
        "crs": WEB_MERCATOR,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": WELL_KNOWN_SCALES,
        "tileMatrices": [_tile_matrix(zoom) for zoom in range(MAX_ZOOM + 1)],
    }


def first_zoom(layer: Layer) -> int:
    """The first zoom at which its tiles hold something: its features, or how many there are in each cell."""
    return 0 if layer.cells else layer.min_zoom


def last_zoom(layer: Layer) -> int:
    return min(layer.max_zoom, MAX_ZOOM)


def _tile_matrix(zoom: int) -> Json:
    cell_m = 2 * HALF_WORLD_M / PIXELS / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell_m / PIXEL_M,
        "cellSize": cell_m,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_WORLD_M, HALF_WORLD_M],
        "tileWidth": PIXELS,
        "tileHeight": PIXELS,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def _whole(zoom: int) -> Json:
    """All tiles of a zoom are answered, empty ones with 204: data may come anywhere."""
    last = 2**zoom - 1
    return {"tileMatrix": str(zoom), "minTileRow": 0, "maxTileRow": last, "minTileCol": 0, "maxTileCol": last}


def _summary(layers: Sequence[Layer], base: str) -> Json:
    url, title = _url(layers, base), _title(layers)
    scheme = f"{base}/api/tileMatrixSets/{MATRIX}"
    style = f"{base}/api/styles/{layers[0].id if len(layers) == 1 else 'portal'}"
    template = f"{url}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return {
        "title": title,
        "dataType": "vector",
        "crs": WEB_MERCATOR,
        "tileMatrixSetURI": MATRIX_URI,
        "links": [
            link("self", url, title),
            link(f"{REL}/tiling-scheme", scheme, MATRIX),
            {"rel": "item", "type": MVT, "href": template, "templated": True, "title": _("Tiles")},
            link("describedby", style, _("Style"), STYLE),
        ],
    }


def _url(layers: Sequence[Layer], base: str) -> str:
    of_one = f"/collections/{layers[0].id}" if len(layers) == 1 else ""
    return f"{base}/api{of_one}/tiles/{MATRIX}"


def _title(layers: Sequence[Layer]) -> str:
    return str(layers[0].title) if len(layers) == 1 else _("All layers")


def _description(layers: Sequence[Layer]) -> str:
    if len(layers) == 1:
        return " ".join([str(layers[0].description), *_manners(layers[0])])
    return _("All published layers in one tile, each as its own tiles hold it.")


def _manners(layer: Layer) -> list[str]:
    """What tiles do with the features that do not fit into them."""
    said = []
    if layer.has_points:
        manner = _(
            "Below zoom %(zoom)d each cell of 1/%(grid)d of a tile draws at most %(most)d features; “count” says how "
            "many the last one stands for."
        )
        always = _(
            "Each cell of 1/%(grid)d of a tile draws at most %(most)d features; “count” says how many the last one "
            "stands for."
        )
        about = {"zoom": layer.thinning.below, "grid": THINNING_GRID, "most": layer.thinning.most}
        said.append((manner if layer.thinning.below <= last_zoom(layer) else always) % about)
    if layer.cells:
        counts = _("Below zoom %(zoom)d “%(name)s” says how many features lie in each cell of 1/%(grid)d of a tile.")
        said.append(counts % {"zoom": layer.min_zoom, "name": tiles.cells_name(layer), "grid": GRID})
    return said


def _zooms(layers: Sequence[Layer]) -> tuple[int, int]:
    return min(map(first_zoom, layers)), max(map(last_zoom, layers))


def _bounds(layers: Sequence[Layer], reader: Reader) -> extents.Bounds:
    found = [bounds for layer in layers if (bounds := extents.of(layer, reader))]
    if not found:
        return -180.0, -MOST_NORTHERN, 180.0, MOST_NORTHERN
    wests, souths, easts, norths = zip(*found, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _vector_layers(layer: Layer, reader: Reader) -> list[Json]:
    """The MVT layers of a layer: its features, names of areas where they stand, counts below its zoom."""
    visible = [field for field in visible_fields(layer, reader) if field.name in layer.tile_fields]
    fields = {"code": _("code")} | {field.name: str(schema.describe(layer, field)["title"]) for field in visible}
    about = {"minzoom": layer.min_zoom, "maxzoom": last_zoom(layer)}
    count = {"count": _("How many features it stands for")}
    thinned = fields | (count if layer.has_points else {})
    found = [{"id": layer.id, "description": str(layer.title), "fields": thinned, **about}]
    if layer.label:
        found.append({"id": f"{layer.id}.label", "description": str(layer.title), "fields": fields, **about})
    if layer.cells:
        zooms = {"minzoom": 0, "maxzoom": layer.min_zoom - 1}
        found.append({"id": tiles.cells_name(layer), "description": str(layer.title), "fields": count, **zooms})
    return found


def _layer(layer: Layer) -> Json:
    return {
        "id": layer.id,
        "title": str(layer.title),
        "description": str(layer.description),
        "dataType": "vector",
        "geometryDimension": 0 if layer.has_points else 2,
        "minTileMatrix": str(first_zoom(layer)),
        "maxTileMatrix": str(last_zoom(layer)),
    }
