"""The abstract tests of CQL2 about space and time (OGC 21-065r2, annex A), each under its identifier."""

import pytest

from layers.publish.filters import BadFilter, Reason, read_text
from tests.conformance.test_cql2 import BASIC, PLACED
from tests.filtering import assert_combines, compiled, found

pytestmark = pytest.mark.usefixtures("table")

WORLD = "BBOX(-180,-90,180,90)"
WORLD_RING = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
LINE = "LINESTRING(7 50,10 51)"


def refused(text: str) -> Reason:
    with pytest.raises(BadFilter) as caught:
        compiled(read_text(text))
    return caught.value.reason


# Basic Spatial Functions, and with additional spatial literals

BOXES = {
    "S_INTERSECTS(geometry,BBOX(0,40,10,50))": {1, 2, 3, 4, 5},
    "S_INTERSECTS(geometry,BBOX(160,-50,-170,-40))": {6},
    "S_INTERSECTS(geometry,BBOX(0,40,-100,10,50,900))": {1, 2, 3, 4, 5},
    "S_INTERSECTS(geometry,POINT(7.02 49.92))": {1, 4},
    "S_INTERSECTS(geometry,BBOX(0,40,10,50)) and S_INTERSECTS(geometry,BBOX(7,50,10,60))": {3, 4, 5},
    "S_INTERSECTS(geometry,BBOX(0,40,10,50)) and not S_INTERSECTS(geometry,BBOX(7,50,10,60))": {1, 2},
    "S_INTERSECTS(geometry,BBOX(4,44,6,46)) or S_INTERSECTS(geometry,BBOX(169,-46,171,-44))": {2, 4, 6},
}
SHAPES = {
    "S_INTERSECTS(geometry,LINESTRING(-180 -45, 180 -45))": {6},
    "S_INTERSECTS(geometry,MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45)))": {2, 4},
    "S_INTERSECTS(geometry,POLYGON((0 40, 10 40, 10 60, 0 60, 0 40), (4 44, 6 44, 6 46, 4 46, 4 44)))": {1, 3, 4, 5},
    "S_INTERSECTS(geometry,MULTIPOLYGON(((169 -46, 171 -46, 171 -44, 169 -46)),((6 49, 8 49, 8 51, 6 49))))": {
        1,
        3,
        4,
        5,
    }
    | {6},
    "S_INTERSECTS(geometry,GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((169 -46, 171 -46, 171 -44, 169 -46))))": {
        1,
        4,
        6,
    },
    "S_INTERSECTS(geometry,MULTIPOINT(7.02 49.92, 170 -45))": {1, 4, 6},
}


def test_conf_basic_spatial_functions_s_intersects() -> None:
    assert found(f"S_INTERSECTS(geometry,{WORLD})") == PLACED
    assert found("S_INTERSECTS(geometry,POINT(7.02 49.92))") == {1, 4}
    assert refused("S_INTERSECTS(geometry,POINT(90 180))") is Reason.OUT_OF_REACH
    west, east = "BBOX(-180,-90,-90,90)", "BBOX(90,-90,180,90)"
    assert found(f"S_INTERSECTS(geometry,{west}) AND S_INTERSECTS(geometry,{east})") == set()


def test_conf_basic_spatial_functions_test_data() -> None:
    assert {text: found(text) for text in BOXES} == BOXES


def test_conf_basic_spatial_functions_logical() -> None:
    assert_combines([*BASIC, *BOXES])


def test_conf_basic_spatial_functions_plus_s_intersects() -> None:
    assert refused("S_INTERSECTS(geometry,MULTIPOINT(7.02 49.92, 90 180))") is Reason.OUT_OF_REACH
    assert found("S_INTERSECTS(geometry,LINESTRING(-180 -45, 0 -45))") == set()


def test_conf_basic_spatial_functions_plus_test_data() -> None:
    assert {text: found(text) for text in SHAPES} == SHAPES


# Spatial Functions

SPATIAL = {
    f"S_DISJOINT(geometry,{LINE})": {2, 6, 1},
    "S_DISJOINT(geometry,POINT(7.02 49.92))": {2, 3, 5, 6},
    "S_DISJOINT(geometry,BBOX(0,40,10,50))": {6},
    "S_EQUALS(geometry,POINT(7.02 49.92))": {1},
    "S_EQUALS(geometry,LINESTRING(10 51,7 50))": {3},
    "S_EQUALS(geometry,BBOX(0,40,10,50))": {4},
    "S_TOUCHES(geometry,POLYGON((0 40,10 40,10 50,0 50,0 40)))": {3, 5},
    f"S_TOUCHES(geometry,{LINE})": {4, 5},
    "S_TOUCHES(geometry,POINT(7 50))": {3, 4},
    "S_CROSSES(geometry,LINESTRING(8 51,9 50))": {3},
    "S_CROSSES(geometry,BBOX(6,49,8,50.5))": {3, 5},
    "S_WITHIN(geometry,BBOX(0,40,10,50))": {1, 2, 4},
    "S_WITHIN(geometry,BBOX(-1,39,11,52))": {1, 2, 3, 4, 5},
    "S_CONTAINS(geometry,POINT(7.02 49.92))": {1, 4},
    "S_CONTAINS(geometry,MULTIPOINT(7 50,10 51))": {5},
    "S_CONTAINS(geometry,BBOX(1,41,9,49))": {4},
    "S_OVERLAPS(geometry,BBOX(5,45,15,55))": {4},
    "S_OVERLAPS(geometry,MULTIPOINT(7 50,8 8))": {5},
    "S_OVERLAPS(geometry,LINESTRING(8.5 50.5,11.5 51.5))": {3},
}


def test_conf_spatial_functions_s_intersects() -> None:
    assert found(f"S_INTERSECTS(geometry,{WORLD})") == found(f"S_INTERSECTS(geometry,{WORLD_RING})") == PLACED
    assert found(f"S_INTERSECTS(geometry,{LINE})") == {3, 4, 5}
    assert found("S_INTERSECTS(geometry,POINT(7.02 49.92))") == {1, 4}
    assert refused("S_INTERSECTS(geometry,POINT(90 180))") is Reason.OUT_OF_REACH


def test_conf_spatial_functions_s_disjoint() -> None:
    assert found(f"S_DISJOINT(geometry,{WORLD})") == found(f"S_DISJOINT(geometry,{WORLD_RING})") == set()
    for shape in (LINE, "POINT(7.02 49.92)"):
        disjoint, meeting = (found(f"{function}(geometry,{shape})") for function in ("S_DISJOINT", "S_INTERSECTS"))
        assert (disjoint & meeting, disjoint | meeting) == (set(), PLACED)
    assert refused("S_DISJOINT(geometry,POINT(90 180))") is Reason.OUT_OF_REACH


def test_conf_spatial_functions_s_equals() -> None:
    assert found(f"S_EQUALS(geometry,{WORLD_RING})") == set()
    assert found(f"S_EQUALS(geometry,{LINE})") == {3}
    assert found("S_EQUALS(geometry,POINT(7.02 49.92))") == {1}


def test_conf_spatial_functions_s_touches() -> None:
    assert found(f"S_TOUCHES(geometry,{WORLD})") == found(f"S_TOUCHES(geometry,{WORLD_RING})") == set()
    assert found(f"S_TOUCHES(geometry,{LINE})") == {4, 5}


def test_conf_spatial_functions_s_crosses() -> None:
    assert found(f"S_CROSSES(geometry,{WORLD})") == found(f"S_CROSSES(geometry,{WORLD_RING})") == set()
    assert found(f"S_CROSSES(geometry,{LINE})") == set()


def test_conf_spatial_functions_s_within() -> None:
    assert found(f"S_WITHIN(geometry,{WORLD})") == found(f"S_WITHIN(geometry,{WORLD_RING})") == PLACED
    assert found(f"S_WITHIN(geometry,{LINE})") == {3}
    assert found("S_WITHIN(geometry,MULTIPOINT(7 50,10 51))") == {5}


def test_conf_spatial_functions_s_contains() -> None:
    assert found(f"S_CONTAINS(geometry,{WORLD})") == found(f"S_CONTAINS(geometry,{WORLD_RING})") == set()
    assert found(f"S_CONTAINS(geometry,{LINE})") == {3}
    assert found("S_CONTAINS(geometry,MULTIPOINT(7 50,10 51))") == {5}


def test_conf_spatial_functions_s_overlaps() -> None:
    assert found("S_OVERLAPS(geometry,MULTIPOINT(7 50,10 51))") == set()
    assert found(f"S_OVERLAPS(geometry,{LINE})") == set()
    assert found(f"S_OVERLAPS(geometry,{WORLD_RING})") == set()


def test_conf_spatial_functions_test_data() -> None:
    assert {text: found(text) for text in SPATIAL} == SPATIAL


def test_conf_spatial_functions_logical() -> None:
    assert_combines([*BASIC, *BOXES, *SHAPES, *SPATIAL])


# Temporal Functions

YEAR = "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')"
YEAR_OF_DAYS = "INTERVAL('2021-01-01','2021-12-31')"
INSTANTS = {
    "T_AFTER(start,TIMESTAMP('2022-04-14T14:48:46Z'))": {1, 3, 6},
    f"T_AFTER(start,{YEAR})": {1, 3, 5, 6},
    "T_BEFORE(start,TIMESTAMP('2022-04-14T14:48:46Z'))": {2, 4},
    f"T_BEFORE(start,{YEAR})": set(),
    "T_DISJOINT(start,TIMESTAMP('2022-04-14T14:48:46Z'))": {1, 2, 3, 4, 6},
    f"T_DISJOINT(start,{YEAR})": {1, 3, 5, 6},
    "T_EQUALS(start,TIMESTAMP('2022-04-14T14:48:46Z'))": {5},
    f"T_EQUALS(start,{YEAR})": set(),
    "T_INTERSECTS(start,TIMESTAMP('2022-04-14T14:48:46Z'))": {5},
    f"T_INTERSECTS(start,{YEAR})": {2, 4},
    "T_AFTER(day,DATE('2022-04-15'))": {1, 3},
    f"T_AFTER(day,{YEAR_OF_DAYS})": {1, 3, 5, 6},
    "T_BEFORE(day,DATE('2022-04-15'))": {2, 4, 5},
    "T_BEFORE(day,INTERVAL('2022-04-15','..'))": {2, 4, 5},
    "T_DISJOINT(day,DATE('2022-04-15'))": {1, 2, 3, 4, 5},
    f"T_DISJOINT(day,{YEAR_OF_DAYS})": {1, 3, 5, 6},
    "T_EQUALS(day,DATE('2022-04-15'))": {6},
    f"T_EQUALS(day,{YEAR_OF_DAYS})": set(),
    "T_EQUALS(day,INTERVAL('2022-04-15','2022-04-15'))": {6},
    "T_INTERSECTS(day,DATE('2022-04-15'))": {6},
    f"T_INTERSECTS(day,{YEAR_OF_DAYS})": {2, 4},
    "T_INTERSECTS(day,INTERVAL('..','2021-01-01'))": {2},
}
# Against the year 2021 and against 2022-04-16T10:13:19Z to 10:15:10Z, the time of row 1.
WHILE = "INTERVAL('2022-04-16T10:13:19Z','2022-04-16T10:15:10Z')"
INTERVALS = {
    "T_AFTER": ({1, 3, 5, 6}, {3}),
    "T_BEFORE": (set(), {4, 5, 6}),
    "T_DISJOINT": ({1, 3, 5, 6}, {3, 4, 5, 6}),
    "T_EQUALS": ({4}, {1}),
    "T_INTERSECTS": ({2, 4}, {1, 2}),
    "T_CONTAINS": (set(), {2}),
    "T_DURING": (set(), set()),
    "T_FINISHEDBY": (set(), set()),
    "T_FINISHES": (set(), set()),
    "T_MEETS": (set(), set()),
    "T_METBY": (set(), set()),
    "T_OVERLAPPEDBY": ({2}, set()),
    "T_OVERLAPS": (set(), set()),
    "T_STARTEDBY": (set(), set()),
    "T_STARTS": (set(), set()),
}
TEMPORAL = {
    "T_AFTER(INTERVAL(start,\"end\"),INTERVAL('..','2022-04-16T10:13:18Z'))": {1, 3},
    "T_DURING(INTERVAL(start,\"end\"),INTERVAL('2022-01-01T00:00:00Z','2022-12-31T23:59:59Z'))": {1, 3, 5, 6},
    "T_DURING(INTERVAL(start,\"end\"),INTERVAL('..','2022-04-16T10:16:06Z'))": {1, 4, 5, 6},
    "T_FINISHES(INTERVAL(start,\"end\"),INTERVAL('2020-01-01T00:00:00Z','2022-04-16T10:16:06Z'))": {2},
    "T_FINISHEDBY(INTERVAL(start,\"end\"),INTERVAL('2022-04-15T10:13:19Z','2022-04-16T10:16:06Z'))": {2},
    "T_MEETS(INTERVAL(start,\"end\"),INTERVAL('2022-07-02T00:00:00Z','..'))": {3},
    "T_METBY(INTERVAL(start,\"end\"),INTERVAL('..','2021-01-01T00:00:00Z'))": {4},
    "T_OVERLAPPEDBY(INTERVAL(start,\"end\"),INTERVAL('2020-04-16T10:13:19Z','2022-04-16T10:15:00Z'))": {1, 2},
    "T_OVERLAPS(INTERVAL(start,\"end\"),INTERVAL('2022-04-16T10:14:00Z','2023-04-16T10:15:10Z'))": {1, 2},
    "T_STARTEDBY(INTERVAL(start,\"end\"),INTERVAL('2022-04-16T10:13:19Z','2022-04-16T10:15:00Z'))": {1},
    "T_STARTS(INTERVAL(start,\"end\"),INTERVAL('2022-04-16T10:13:19Z','..'))": {1},
    "T_EQUALS(INTERVAL(day,until),INTERVAL('2021-01-01','2021-12-31'))": {2},
    "T_CONTAINS(INTERVAL(day,until),INTERVAL('2022-05-01','2022-06-01'))": {1},
    "T_INTERSECTS(INTERVAL(day,until),DATE('2022-04-16'))": {1, 6},
    "T_OVERLAPS(INTERVAL(day,until),INTERVAL('2021-06-01','2022-06-01'))": {2},
}


def test_conf_temporal_functions_temporal_functions_1() -> None:
    assert {text: found(text) for text in INSTANTS} == INSTANTS


@pytest.mark.parametrize("function", INTERVALS)
def test_conf_temporal_functions_temporal_functions_2(function: str) -> None:
    of_moments = 'INTERVAL(start,"end")'
    year, hour = (found(f"{function}({of_moments},{literal})") for literal in (YEAR, WHILE))
    assert (year, hour) == INTERVALS[function]


def test_conf_temporal_functions_test_data() -> None:
    assert {text: found(text) for text in TEMPORAL} == TEMPORAL


def test_conf_temporal_functions_logical() -> None:
    assert_combines([*BASIC, *INSTANTS, *TEMPORAL])
