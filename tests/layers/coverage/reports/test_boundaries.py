"""Where an audit's divisions and features are."""

from datetime import date

import pytest
import shapely

from layers.coverage.reports.boundaries import Places, simplified
from layers.models import Division
from tests.layers.coverage.place import OPENED, A, B, C, D, found_township, inside, open_site, square
from tests.layers.coverage.reports.documents import audit, missing, target

pytestmark = pytest.mark.usefixtures("prefecture")


def test_townships_are_those_of_the_audited_division() -> None:
    assert list(Places(audit()).townships) == [A, B, C, D]
    assert list(Places(audit(division="9999")).townships) == [A, B, C, D]
    assert list(Places(audit(division="999902")).townships) == [C, D]


def test_divisions_are_those_of_the_day() -> None:
    Division.objects.filter(code=A).update(valid_to=date(2022, 6, 30))
    found_township(A, square(0, 0.5), valid_from=date(2022, 6, 30))
    widths = [Places(audit(as_of=day)).townships[A].boundary.bounds[2] for day in ("2022-06-29", "2022-06-30")]
    assert widths == [120.1, 120.05]


def test_divisions_that_are_missing_are_found_whatever_their_level() -> None:
    Division.objects.create(code="999901001001", level="village", kind="村", name="甲村", parent_code=A, source="test")
    found = Places(audit(target(missing=[missing("999901001001"), missing("999901"), missing("000000001")]))).missing
    assert {code: (area.name, area.boundary, area.quality) for code, area in found.items()} == {
        "999901": ("东县", None, ""),
        "999901001001": ("甲村", None, ""),
    }


def test_features_are_found_in_their_layer_on_the_day() -> None:
    open_site("one", A, inside(A))
    open_site("later", A, inside(A), states=[("operating", date(2023, 1, 1), None)])
    open_site("nowhere", A, states=[("operating", OPENED, None)])
    wanted = [missing(None, feature=code) for code in ("one", "later", "nowhere", "nosuch")]
    found = Places(audit(target(missing=wanted), target("other", layer=None, missing=wanted))).features
    assert {key: (point.x, point.y) for key, point in found.items()} == {("eco-burial-sites", "one"): (120.05, 30.05)}


def test_neighbours_keep_their_common_border_when_they_are_simplified() -> None:
    Division.objects.filter(code=B).update(boundary=None, boundary_quality="")
    areas = Places(audit()).townships
    found = simplified(areas)
    assert list(found) == [A, C, D]
    assert shapely.intersection(found[C], found[D]).length == pytest.approx(0.1)
    assert simplified({}) == {}
