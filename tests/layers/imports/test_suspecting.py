"""Likely mistakes in the positions of a real register: swapped, shifted, or in another system."""

from typing import Any

import numpy as np
import pytest

from layers.crs.said import said
from layers.models import Division
from tests.layers.imports.filling import load

pytestmark = pytest.mark.django_db
LAYER = "villages"


def villages(crs: str = "EPSG:4490", *, swapped: bool = False, shift: str = "") -> list[dict[str, str]]:
    """Registered villages as they would be written in the CRS."""
    found = Division.objects.filter(level="village", centre__isnull=False, valid_to=None).order_by("code")[:60]
    rows = [(row.code, row.name, row.centre.coords) for row in found]
    xy = said(shift or crs).from_stored(np.array([place for _code, _name, place in rows]))
    return [
        {"编码": code, "名称": name, "经度": repr(float(x)), "纬度": repr(float(y))}
        for (code, name, _place), (x, y) in zip(rows, xy[:, ::-1] if swapped else xy, strict=True)
    ]


def codes(rows: list[dict[str, str]], **about: Any) -> list[str]:
    return [one["code"] for one in load(LAYER, rows, **about).suspicions]


def test_what_is_right_is_not_suspected() -> None:
    for crs in ("EPSG:4490", "EPSG:4549", "EPSG:4528", "GCJ-02"):
        assert codes(villages(crs), crs=crs) == []


@pytest.mark.parametrize(
    ("written", "crs", "code"),
    [
        ({"swapped": True}, "EPSG:4490", "longitude-latitude-swapped"),
        ({"shift": "GCJ-02"}, "EPSG:4490", "shifted-undeclared"),
        ({"shift": "EPSG:4490"}, "GCJ-02", "shift-declared-but-absent"),
        ({"shift": "EPSG:4549"}, "EPSG:4490", "metres-in-degrees-crs"),
        ({"shift": "EPSG:4490"}, "EPSG:4549", "degrees-in-metres-crs"),
        ({"shift": "EPSG:4549"}, "EPSG:4528", "zone-number-missing"),
        ({"shift": "EPSG:4528"}, "EPSG:4549", "zone-number-present"),
        ({"shift": "EPSG:4549", "swapped": True}, "EPSG:4549", "axes-swapped"),
    ],
    ids=str,
)
def test_mistake_is_suspected(written: dict[str, Any], crs: str, code: str) -> None:
    assert code in codes(villages(**written), crs=crs)
