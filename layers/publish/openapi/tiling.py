"""The addresses of tiles, tile sets and styles."""

from django.utils.translation import gettext as _

from layers import registry
from layers.publish.matrix import MATRIX
from layers.publish.media_types import JSON, MVT, PNG, STYLE, SVG
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import ADDRESS, TEXT, links, many, thing
from layers.publish.openapi.shared import Described, answer, given, path, reading

BYTES: Described = {"type": "string", "format": "binary"}
NUMBER: Described = {"type": "integer"}


def schemas() -> dict[str, Described]:
    fields = {"type": "object", "additionalProperties": TEXT}
    drawn = {"type": "object", "required": ["id", "fields"], "properties": {"id": TEXT, "fields": fields}}
    image = thing(["width", "height", "x", "y"], width=NUMBER, height=NUMBER, x=NUMBER, y=NUMBER)
    return {
        "TileSets": thing(["links", "tilesets"], links=links(), tilesets=many({"type": "object"})),
        "TileSet": thing(
            ["tilejson", "name", "tiles", "vector_layers", "links"],
            tilejson={**TEXT, "enum": ["3.0.0"]},
            name=TEXT,
            description=TEXT,
            tiles=many(TEXT),
            minzoom=NUMBER,
            maxzoom=NUMBER,
            bounds=many({"type": "number"}),
            vector_layers=many(drawn),
            dataType=TEXT,
            crs=ADDRESS,
            tileMatrixSetURI=ADDRESS,
            links=links(),
        ),
        "TileMatrixSets": thing(["links", "tileMatrixSets"], links=links(), tileMatrixSets=many({"type": "object"})),
        "TileMatrixSet": thing(
            ["id", "crs", "tileMatrices"], id=TEXT, crs=ADDRESS, tileMatrices=many({"type": "object"})
        ),
        "Style": thing(
            ["version", "sources", "layers"],
            version={**NUMBER, "enum": [8]},
            name=TEXT,
            sources={"type": "object"},
            layers=many({"type": "object"}),
        ),
        "Sprite": {"type": "object", "additionalProperties": image},
    }


def paths() -> dict[str, Described]:
    which, place = given("collectionId"), given("tileMatrix", "tileRow", "tileCol")
    own, matrix = "/collections/{collectionId}/tiles", f"/tileMatrixSets/{MATRIX}"
    tile = {MVT: BYTES}
    return {
        own: _get("getTileSets", _("The tile sets of a collection"), {JSON: ref("TileSets")}, which),
        f"{own}/{MATRIX}": _get("getTileSet", _("The tile set of a collection"), {JSON: ref("TileSet")}, which),
        f"{own}/{MATRIX}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _tile(
            _get("getTile", _("A tile of a collection"), tile, [*which, *place], form="mvt")
        ),
        "/tiles": _get("getTileSetsOfAll", _("The tile sets of all collections"), {JSON: ref("TileSets")}),
        f"/tiles/{MATRIX}": _get("getTileSetOfAll", _("The tile set of all collections"), {JSON: ref("TileSet")}),
        f"/tiles/{MATRIX}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _tile(
            _get("getTileOfAll", _("A tile of all collections"), tile, place, form="mvt")
        ),
        "/tiles/{tileMatrix}/{tileCol}/{tileRow}.pbf": _tile(
            _get("getTileByColumn", _("A tile of all collections, column before row"), tile, place, form="mvt")
        ),
        "/tileMatrixSets": _get("getTileMatrixSets", _("Tile matrix sets"), {JSON: ref("TileMatrixSets")}),
        matrix: _get("getTileMatrixSet", _("A tile matrix set"), {JSON: ref("TileMatrixSet")}),
        **_styles(),
    }


def _styles() -> dict[str, Described]:
    ids = ["portal", *(layer.id for layer in registry.published())]
    about = _("The id of a collection, or “portal” for all together.")
    which = [path("styleId", about, {"type": "string", "enum": ids})]
    found = {
        "/styles/{styleId}": _get("getStyle", _("A MapLibre style"), {STYLE: ref("Style")}, which),
        "/styles/{collectionId}/legend": _get(
            "getLegend", _("A collection's symbol"), {SVG: TEXT}, given("collectionId"), form="svg"
        ),
    }
    for ratio, name in (("", "sprite"), ("@2x", "sprite@2x")):
        places, picture = _("Where each symbol stands in the picture"), _("The symbols of a style in one picture")
        suffix = ratio.removeprefix("@").capitalize()
        index = _get(f"getSpriteIndex{suffix}", places, {JSON: ref("Sprite")}, which)
        found[f"/styles/{{styleId}}/{name}.json"] = index
        found[f"/styles/{{styleId}}/{name}.png"] = _get(f"getSprite{suffix}", picture, {PNG: BYTES}, which, form="png")
    return found


def _get(
    operation: str,
    summary: str,
    content: dict[str, Described],
    asked: list[Described] | None = None,
    *,
    form: str = "json",
) -> Described:
    success = answer(summary, content)
    return {"get": reading(operation, _("Tiles and styles"), summary, success, asked or [], form)}


def _tile(described: Described) -> Described:
    """The path of a tile, which may be empty."""
    described["get"]["responses"]["204"] = {"description": _("There is nothing in the tile.")}
    return described
