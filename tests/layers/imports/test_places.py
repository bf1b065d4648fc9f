"""What is suspected of positions: every kind of mistake found and named, and nothing found in what is right."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.crs.said import UnknownCrs, said
from layers.imports.place_words import REFUSALS, TEXTS, Code, Suspicion, explain
from layers.imports.places import NUMBERED, UNNUMBERED, Known, Sample, suspicions
from layers.models.base import PositionQuality

DIVISIONS = Path(__file__).parents[3] / "fixtures/shaoxing/divisions"
CRSS = ("EPSG:4490", "EPSG:4326", "EPSG:4549", "EPSG:4528", "EPSG:3857", "GCJ-02", "BD-09")


def outlines(file: str, key: str) -> dict[str, BaseGeometry]:
    features = json.loads((DIVISIONS / file).read_text(encoding="utf-8"))["features"]
    return {feature["properties"][key]: shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features}


TOWNSHIPS = outlines("townships.geojson", "code")
AREA = shapely.union_all(list(TOWNSHIPS.values()))
PLAIN = Known(area=AREA, quality="surveyed")
WITH_TOWNSHIPS = Known(area=AREA, quality="surveyed", townships=TOWNSHIPS)


def places(number: int, seed: int = 0) -> tuple[np.ndarray, list[str]]:
    """Random places of the area and the townships they lie in."""
    rng = np.random.default_rng(seed)
    west, south, east, north = AREA.bounds
    found = rng.uniform((west, south), (east, north), (number * 4 + 100, 2))
    codes, shapes = list(TOWNSHIPS), list(TOWNSHIPS.values())
    points, numbers = shapely.STRtree(shapes).query(shapely.points(found), predicate="within")
    first = dict(zip(points[::-1], numbers[::-1], strict=True))
    rows = sorted(first)[:number]
    return found[rows], [codes[first[row]] for row in rows]


def registered(stored: np.ndarray, *, noise_m: float = 10, seed: int = 0) -> dict[str, tuple[float, float]]:
    moved = stored + np.random.default_rng(seed).normal(0, noise_m / 111_320, stored.shape)
    return {f"c-{number}": (float(x), float(y)) for number, (x, y) in enumerate(moved)}


def codes(number: int) -> list[str]:
    return [f"c-{row}" for row in range(number)]


def one(found: list[Suspicion]) -> tuple[Code, int, int, Any]:
    [suspicion] = found
    return suspicion.code, suspicion.count, suspicion.total, suspicion.params.get("fits")


# What is right


@given(
    number=st.integers(1, 300),
    seed=st.integers(0, 2**32),
    crs=st.sampled_from(CRSS),
    quality=st.sampled_from(list(PositionQuality)),
    share=st.floats(0, 1),
)
def test_nothing_is_suspected_of_clean_positions(
    number: int, seed: int, crs: str, quality: PositionQuality, share: float
) -> None:
    stored, townships = places(number, seed)
    known = Known(
        area=AREA,
        quality=quality,
        registered=dict(list(registered(stored, seed=seed).items())[: int(share * len(stored))]),
        townships=TOWNSHIPS,
    )
    sample = Sample(xy=said(crs).from_stored(stored), codes=codes(len(stored)), townships=townships)
    assert suspicions(sample, said(crs), known) == []


@given(seed=st.integers(0, 2**32), crs=st.sampled_from(CRSS), wrong=st.floats(0, 0.5), moved=st.floats(0, 0.4))
def test_some_wrong_claims_and_moved_sites_are_no_shift(seed: int, crs: str, wrong: float, moved: float) -> None:
    rng = np.random.default_rng(seed)
    stored, townships = places(400, seed)
    claims = np.where(rng.random(400) < wrong, rng.choice(list(TOWNSHIPS), 400), townships).tolist()
    there = registered(stored, seed=seed)
    for code in list(there)[: int(moved * len(there))]:
        there[code] = tuple(places(1, int(rng.integers(2**32)))[0][0])
    xy = said(crs).from_stored(stored)
    assert suspicions(Sample(xy=xy, townships=claims), said(crs), WITH_TOWNSHIPS) == []
    known = Known(area=AREA, quality="surveyed", registered=there)
    assert suspicions(Sample(xy=xy, codes=codes(len(stored))), said(crs), known) == []


def test_rows_without_a_position_are_left_aside() -> None:
    nowhere = np.full((5, 2), np.nan)
    assert suspicions(Sample(xy=nowhere), said("4490"), PLAIN) == []
    assert suspicions(Sample(xy=np.empty((0, 2))), said("4490"), PLAIN) == []
    assert one(suspicions(Sample(xy=np.vstack([nowhere, [[100, 30]]])), said("4490"), PLAIN))[1:3] == (1, 1)


def test_edge_of_an_approximate_outline_is_wide() -> None:
    west, _south, _east, _north = AREA.bounds
    edge = np.array([[west - 0.01, shapely.get_coordinates(AREA)[shapely.get_coordinates(AREA)[:, 0].argmin(), 1]]])
    assert suspicions(Sample(xy=edge), said("4490"), Known(area=AREA, quality="approximate")) == []
    assert one(suspicions(Sample(xy=edge), said("4490"), PLAIN))[0] is Code.OUTSIDE


def test_without_an_outline_nothing_is_outside() -> None:
    known = Known(area=shapely.Polygon(), quality="approximate")
    assert suspicions(Sample(xy=np.array([(116.4, 39.9)])), said("4490"), known) == []


# What is read in the wrong way


@pytest.mark.parametrize(
    ("made_in", "was_said", "swapped", "code", "fits"),
    [
        ("4490", "4490", True, Code.LONGITUDE_LATITUDE_SWAPPED, None),
        ("4490", "GCJ-02", True, Code.LONGITUDE_LATITUDE_SWAPPED, None),
        ("4549", "4549", True, Code.AXES_SWAPPED, None),
        ("4528", "4528", True, Code.AXES_SWAPPED, None),
        ("4549", "4528", False, Code.ZONE_NUMBER_MISSING, "EPSG:4549"),
        ("4549", "4528", True, Code.ZONE_NUMBER_MISSING, "EPSG:4549"),
        ("4528", "4549", False, Code.ZONE_NUMBER_PRESENT, "EPSG:4528"),
        ("4507", "4496", False, Code.ZONE_NUMBER_MISSING, "EPSG:4507"),
        ("4490", "4549", False, Code.DEGREES_IN_METRES, "EPSG:4490"),
        ("4490", "3857", True, Code.DEGREES_IN_METRES, "EPSG:4490"),
        ("4549", "4490", False, Code.METRES_IN_DEGREES, "EPSG:4549"),
        ("4528", "4326", True, Code.METRES_IN_DEGREES, "EPSG:4528"),
        ("3857", "GCJ-02", False, Code.METRES_IN_DEGREES, "EPSG:3857"),
        ("3857", "4549", False, Code.ANOTHER_CRS, "EPSG:3857"),
        ("4549", "3857", False, Code.ANOTHER_CRS, "EPSG:4549"),
    ],
)
@pytest.mark.parametrize("wrong", [1, 50])
def test_numbers_that_fit_another_reading(
    made_in: str, was_said: str, swapped: bool, code: Code, fits: str | None, wrong: int
) -> None:
    """Of fifty rows one or all; the others are as was said."""
    stored, _townships = places(50)
    xy = said(was_said).from_stored(stored)
    xy[:wrong] = said(made_in).from_stored(stored[:wrong])[:, :: -1 if swapped else 1]
    [found] = suspicions(Sample(xy=xy), said(was_said), PLAIN)
    assert (found.code, found.count, found.total, found.share) == (code, wrong, 50, wrong / 50)
    assert found.params.get("fits") == fits
    with translation.override("en"):
        assert ("Swap the two columns too." in found.remedy) == (swapped and fits is not None)
        assert fits is None or fits in found.remedy


def test_several_mistakes_are_each_counted() -> None:
    stored, _townships = places(60)
    xy = said("4490").from_stored(stored)
    xy[:10] = xy[:10, ::-1]
    xy[10:14] = said("4549").from_stored(stored[10:14])
    xy[14:16] = 0
    xy[16:19] = (116.4, 39.9)
    xy[19] = np.nan
    found = {one.code: (one.count, one.total) for one in suspicions(Sample(xy=xy), said("4490"), PLAIN)}
    assert found == {
        Code.AT_ZERO: (2, 59),
        Code.LONGITUDE_LATITUDE_SWAPPED: (10, 59),
        Code.METRES_IN_DEGREES: (4, 59),
        Code.OUTSIDE: (3, 59),
    }


def test_all_outside_under_every_crs_says_so() -> None:
    [found] = suspicions(Sample(xy=np.array([(116.4, 39.9)] * 20)), said("4490"), PLAIN)
    with translation.override("en"):
        assert (found.code, found.share, found.text) == (Code.OUTSIDE, 1, "20 of 20 positions lie outside the area.")
        assert found.remedy.startswith("Nearly all lie outside, under every coordinate system tried")


def test_zones_are_epsgs() -> None:
    for numbered, without in UNNUMBERED.items():
        with_number, plain = said(str(numbered)), said(str(without))
        place = plain.to_stored([(500_000, 3_300_000)])
        zone = int(with_number.from_stored(place)[0, 0] / 1e6)
        assert f"zone {zone}" in with_number.title, numbered
        assert " CM " in plain.title, without
    assert len(NUMBERED) == len(UNNUMBERED) == 32


# What is shifted


SHIFTED = pytest.mark.parametrize(
    ("made_in", "was_said", "code", "fits"),
    [
        ("GCJ-02", "4490", Code.SHIFTED, "GCJ-02"),
        ("GCJ-02", "4326", Code.SHIFTED, "GCJ-02"),
        ("BD-09", "4490", Code.SHIFTED, "BD-09"),
        ("BD-09", "GCJ-02", Code.SHIFTED, "BD-09"),
        ("GCJ-02", "BD-09", Code.SHIFTED, "GCJ-02"),
        ("4490", "GCJ-02", Code.NOT_SHIFTED, "EPSG:4490"),
        ("4490", "BD-09", Code.NOT_SHIFTED, "EPSG:4490"),
    ],
)


@SHIFTED
def test_shift_is_seen_by_registered_points(made_in: str, was_said: str, code: Code, fits: str) -> None:
    stored, _townships = places(40)
    known = Known(area=shapely.buffer(AREA, 0.1), quality="surveyed", registered=registered(stored[:10]))
    sample = Sample(xy=said(made_in).from_stored(stored), codes=codes(40))
    assert one(suspicions(sample, said(was_said), known)) == (code, 10, 10, fits)


@SHIFTED
def test_shift_is_seen_by_the_townships_claimed(made_in: str, was_said: str, code: Code, fits: str) -> None:
    stored, townships = places(2000)
    known = Known(area=shapely.buffer(AREA, 0.1), quality="surveyed", townships=TOWNSHIPS)
    sample = Sample(xy=said(made_in).from_stored(stored), townships=townships)
    found = one(suspicions(sample, said(was_said), known))
    assert (found[0], found[2], found[3]) == (code, 2000, fits)
    assert found[1] > 50


def test_metres_in_which_the_shift_was_kept_are_seen_too() -> None:
    """Coordinates of a commercial map that somebody projected."""
    stored, _townships = places(40)
    xy = said("4549").from_stored(said("GCJ-02").from_stored(stored))
    known = Known(area=shapely.buffer(AREA, 0.1), quality="surveyed", registered=registered(stored))
    found = suspicions(Sample(xy=xy, codes=codes(40)), said("4549"), known)
    assert one(found) == (Code.SHIFTED, 40, 40, "GCJ-02")
    assert 450 < found[0].params["metres"] < 550


def test_swapped_and_shifted_are_both_seen() -> None:
    stored, _townships = places(40)
    known = Known(area=shapely.buffer(AREA, 0.1), quality="surveyed", registered=registered(stored))
    sample = Sample(xy=said("GCJ-02").from_stored(stored)[:, ::-1], codes=codes(40))
    found = suspicions(sample, said("4490"), known)
    assert [one.code for one in found] == [Code.LONGITUDE_LATITUDE_SWAPPED, Code.SHIFTED]


def test_another_offset_of_the_same_length_is_no_shift() -> None:
    """The direction counts: 500 m to the north-west are a mistake of another kind."""
    stored, _townships = places(40)
    gcj = said("GCJ-02").from_stored(stored)
    known = Known(area=shapely.buffer(AREA, 0.1), quality="surveyed", registered=registered(stored))
    sample = Sample(xy=stored - (gcj - stored), codes=codes(40))
    assert suspicions(sample, said("4490"), known) == []


def test_two_registered_points_are_too_few() -> None:
    stored, _townships = places(40)
    known = Known(area=shapely.buffer(AREA, 0.1), quality="surveyed", registered=registered(stored[:2]))
    assert suspicions(Sample(xy=said("GCJ-02").from_stored(stored), codes=codes(40)), said("4490"), known) == []


# Words


def test_every_suspicion_and_refusal_reads_in_both_languages() -> None:
    params = {"said": "EPSG:4490", "fits": "GCJ-02", "metres": 500}
    for code in Code:
        suspicion = Suspicion(code=code, count=1, total=2, params=params)
        for language, is_hanzi in (("en", False), ("zh-hans", True)):
            with translation.override(language):
                for text in (suspicion.text, suspicion.remedy):
                    assert any("一" <= letter <= "鿿" for letter in text) == is_hanzi, (code, text)
                    assert "%" not in text
    assert set(TEXTS) == set(Code)
    for text in ("", "x", "99999", "4979", "4610"):
        with pytest.raises(UnknownCrs) as refused, translation.override("en"):
            said(text)
        assert explain(refused.value)
    assert set(REFUSALS) == {*type(refused.value.reason)}
