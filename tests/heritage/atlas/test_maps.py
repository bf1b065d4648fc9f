"""A county's map: what is drawn, to which scale, and once more larger where places crowd."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
import shapely

from heritage.atlas.maps import WIDTH, Drawing, Ground, Spot, Words, of_city, of_county

WORDS = Words(north="北", kilometres="千米", metres="米", detail="详图 %d")
SIDE_M = 20_000
COUNTY = shapely.box(0, 0, SIDE_M, SIDE_M)
GROUND = Ground(
    COUNTY,
    [("东镇", shapely.box(SIDE_M / 2, 0, SIDE_M, SIDE_M)), ("<西>镇", shapely.box(0, 0, SIDE_M / 2, SIDE_M))],
    [("邻县", shapely.box(SIDE_M, 0, 2 * SIDE_M, SIDE_M))],
)
SVG = "{http://www.w3.org/2000/svg}"


def root(drawing: Drawing) -> ET.Element:
    return ET.fromstring(drawing.svg)  # noqa: S314  our own


def texts(drawing: Drawing) -> list[str]:
    """Each text stands over a halo of its own."""
    found = [element.text or "" for element in root(drawing).iter(f"{SVG}text")]
    assert found[::2] == found[1::2]
    return found[::2]


def test_a_map_has_its_places_its_names_north_and_a_scale() -> None:
    (drawing,) = of_county(GROUND, [Spot(7, (5000, 5000)), Spot(8, (15000, 12000))], WORDS)
    assert sorted(texts(drawing)) == sorted(["7", "8", "东镇", "<西>镇", "北", "0", "5 千米"])
    assert (drawing.width, drawing.detail) == (WIDTH, 0)


def test_the_bar_is_as_long_as_it_says() -> None:
    (drawing,) = of_county(GROUND, [], WORDS)
    bar_mm = sum(
        float(half.get("width", 0)) for half in root(drawing).iter(f"{SVG}rect") if half.get("height") == "1.2"
    )
    outline = [path.get("d", "") for path in root(drawing).iter(f"{SVG}path") if path.get("stroke-width") == ".6"]
    corners = [tuple(map(float, corner.strip("Mz").split())) for corner in outline[0].split("L")]
    side_mm = max(abs(x - other) for (x, _y), (other, _) in pairwise(corners))
    assert bar_mm / side_mm == pytest.approx(5000 / SIDE_M, rel=0.001)


def test_a_protected_place_is_a_square_and_a_hollow_point() -> None:
    square = shapely.box(2500, 2500, 7500, 7500)
    (drawing,) = of_county(GROUND, [Spot(1, (5000, 5000), square), Spot(2, (15000, 5000))], WORDS)
    dashed = [path for path in root(drawing).iter(f"{SVG}path") if path.get("stroke-dasharray") == "1.2 .8"]
    assert len(dashed) == 1
    assert sorted(str(dot.get("fill")) for dot in root(drawing).iter(f"{SVG}circle")) == ["#9c2f22", "#ffffff"]


def test_places_that_crowd_are_numbered_on_a_larger_map() -> None:
    crowd = [Spot(number, (4000.0 + 100 * number, 4000.0)) for number in range(1, 11)]
    whole, detail = of_county(GROUND, [*crowd, Spot(11, (15000, 15000))], WORDS)
    assert {"详图 1", "11"} <= set(texts(whole))
    assert not {str(spot.number) for spot in crowd} & set(texts(whole))
    assert {str(spot.number) for spot in crowd} <= set(texts(detail))
    assert (whole.detail, detail.detail) == (0, 1)
    assert len(list(root(whole).iter(f"{SVG}circle"))) == 11


def test_a_crowd_all_over_the_map_is_halved_until_its_parts_are_small() -> None:
    crowd = [Spot(x * 30 + y, (1000.0 + 600 * x, 1000.0 + 600 * y)) for x in range(30) for y in range(30)]
    whole, *details = of_county(GROUND, crowd, WORDS)
    assert [drawing.detail for drawing in details] == list(range(1, len(details) + 1))
    assert len(details) >= 9
    numbers = {text for drawing in (whole, *details) for text in texts(drawing)}
    assert {str(spot.number) for spot in crowd} <= numbers


def test_the_map_of_the_maps_has_names_of_several_lines() -> None:
    drawing = of_city(
        [("甲县\n第 1 页", shapely.box(0, 0, 9000, 9000)), ("乙县", shapely.box(9000, 0, 18000, 9000))], WORDS
    )
    assert {"甲县", "第 1 页", "乙县"} <= set(texts(drawing))
