"""The gaps of an audit as GeoJSON."""

import json
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import Point

from layers.coverage.reports import gaps
from layers.models import Division
from layers.models.base import SRID
from tests.layers.coverage.place import A, B, D, inside, open_site
from tests.layers.coverage.reports.documents import audit, missing, target

pytestmark = pytest.mark.usefixtures("prefecture", "english")


def collection(*targets: dict, **given: Any) -> Any:
    return json.loads(gaps.as_geojson(audit(*targets, **given)))


def test_the_collection_says_what_it_is_of() -> None:
    found = collection()
    head = {key: found[key] for key in found if key not in ("features", "notes")}
    assert head == {
        "type": "FeatureCollection",
        "as_of": "2022-12-31",
        "audit": "12",
        "snapshot": None,
        "division": None,
        "data_version": "0123456789ab",
        "boundaries": "approximate",
    }
    every = ["eco-burial", "care-homes", "not-known", "beds"]
    assert found["notes"] == [
        {"targets": every, "kind": "boundaries", "text": "The divisions have approximate boundaries."},
        {"targets": ["eco-burial"], "kind": "demonstration_only", "text": "1 个乡镇仅由演示数据支撑。"},
        {"targets": ["not-known"], "kind": "layer_empty", "text": "无法考核：图层没有数据。"},
        {"targets": ["care-homes"], "kind": "contradiction", "text": "80 + 21 ≠ 100"},
    ]


def test_a_township_has_its_boundary_and_the_reason() -> None:
    (found,) = collection()["features"]
    assert found["id"] == f"eco-burial/{D}"
    assert found["properties"] == {
        "target": "eco-burial",
        "target_title": "乡镇（街道）节地生态安葬点建有率",
        "adcode": D,
        "feature": None,
        "name": "丁乡",
        "county": "西县",
        "reason": '“=1+1” 已停用 <script>alert("x")</script>',
        "geometry_is": "boundary",
        "boundary_quality": "published",
    }
    shape = shapely.from_geojson(json.dumps(found["geometry"]))
    assert shape.bounds == (120.3, 30.0, 120.4, 30.1)
    assert shape.geoms[0].exterior.is_ccw


def test_what_has_no_boundary_has_its_centre_or_nothing() -> None:
    Division.objects.filter(code=A).update(boundary=None, boundary_quality="", centre=Point(120.05, 30.05, srid=SRID))
    Division.objects.filter(code=B).update(boundary=None, boundary_quality="")
    open_site("one", A, inside(A))
    listed = [missing(A), missing(B), missing("000000000"), missing(A, feature="one"), missing(None, feature="nosuch")]
    found = collection(target(missing=listed))["features"]
    assert [(one["id"], one["properties"]["geometry_is"], one["geometry"]) for one in found] == [
        (f"eco-burial/{A}", "centre", {"type": "Point", "coordinates": [120.05, 30.05]}),
        (f"eco-burial/{B}", None, None),
        ("eco-burial/000000000", None, None),
        ("eco-burial/one", "feature", {"type": "Point", "coordinates": [120.05, 30.05]}),
        ("eco-burial/nosuch", None, None),
    ]


def test_nothing_missing_is_an_empty_collection() -> None:
    assert collection(target(missing=[]))["features"] == []
