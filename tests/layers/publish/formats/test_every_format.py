"""Every layer in every format, read back by programs that are not ours and compared value by value with the page."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.test import Client
from shapely.geometry.base import BaseGeometry

from layers import registry
from layers.publish.filters import Kind
from layers.publish.formats import FORMATS
from layers.publish.formats.gdal import TEXT_BYTES, short_names
from layers.publish.selection import kind
from layers.registry import Layer
from tests.asking import get, problem
from tests.layers.publish.formats.readers import EXCEL_EPOCH, READERS, Read, features
from tests.samples import sample

every_layer = pytest.mark.parametrize("layer", registry.published(), ids=lambda layer: layer.id)
SOME = "12"


@pytest.fixture
def stored(layer: Layer) -> None:
    """A row with every column filled, quirks and all, and one without a place where the register has such."""
    sample(layer)
    if layer.model._meta.get_field(layer.geometry).null:
        sample(layer, **{layer.geometry: None} | ({"boundary_quality": ""} if layer.geometry == "boundary" else {}))


def url(layer: Layer) -> str:
    return f"/api/collections/{layer.id}/items"


def download(client: Client, layer_id: str, form: str, **params: str) -> bytes:
    response = client.get(f"/api/collections/{layer_id}/items", {"f": form, **params})
    assert response.status_code == 200, response.content.decode()
    assert response.headers["Content-Type"] == FORMATS[form].media_type
    content: bytes = response.content
    return content


def as_held(value: Any, of_kind: Kind, form: str) -> Any:
    """A value of the page as the format holds it."""
    if form in ("geojson", "geojsonseq"):
        return value
    if of_kind is Kind.TEXT_ARRAY and value is not None:
        value = ";".join(value)
    if of_kind is Kind.DATE and value is not None and form != "csv":
        value = date.fromisoformat(value)
    if form == "xlsx" and isinstance(value, date):
        value = value.toordinal() - EXCEL_EPOCH
    if form == "csv":
        value = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return value


def held(value: Any, expected: Any, form: str) -> Any:
    """What was read, in the type of what is expected where the format has no other."""
    if isinstance(value, datetime):
        value = value.date()
    if form == "csv" and re.fullmatch(r"-?\d+\.0", expected):
        return f"{value}.0"
    if form == "kml" and value is None:
        return expected if expected == "" else None
    if form == "kml" and isinstance(expected, int | float) and not isinstance(expected, bool):
        return type(expected)(value)
    if form == "kml" and isinstance(expected, date):
        return date.fromisoformat(str(value).replace("/", "-"))
    if form in ("kml", "shp") and isinstance(expected, bool):
        return value in (1, True, "T", "1", "true")
    if form == "shp" and expected == "":
        return value or ""
    return value


def same_place(found: BaseGeometry | None, expected: BaseGeometry | None) -> bool:
    if found is None or expected is None:
        return found is expected
    if isinstance(found, shapely.Polygon):  # a Shapefile knows no difference
        found = shapely.MultiPolygon([found])
    return bool(shapely.equals_exact(found, expected, tolerance=1e-6, normalize=True))


def compare(layer: Layer, form: str, found: list[Read], expected: list[Read], *, has_place: bool = True) -> None:
    assert [code for code, _properties, _place in found] == [code for code, _properties, _place in expected]
    assert len(found) > 0
    kinds = {field.name: kind(layer, field) for field in layer.fields}
    for (code, properties, place), (_code, named, shown) in zip(found, expected, strict=True):
        names = list(named)
        short = short_names(["code", *names]) if form == "shp" else {name: name for name in names}
        if form == "kml":
            short["name"] = "Name"
        assert {short[name] for name in names} <= set(properties), code
        for name in names:
            value = as_held(named[name], kinds[name], form)
            assert held(properties[short[name]], value, form) == value, (code, name)
        if has_place:
            assert same_place(place, shown), code


def too_long(expected: list[Read]) -> bool:
    texts = (value for _code, properties, _place in expected for value in properties.values())
    return any(isinstance(text, str) and len(text.encode()) > TEXT_BYTES for text in texts)


@every_layer
def test_file_holds_what_the_page_shows(layer: Layer, stored: None, public: Client, tmp_path: Path) -> None:
    expected = features(get(public, url(layer), limit=SOME, sortby="-id"))
    for form, read in READERS.items():
        if form == "shp" and too_long(expected):
            status, said = problem(public, url(layer), f=form, limit=SOME, sortby="-id")
            assert (status, "254 bytes" in said) == (400, True)
            continue
        found = read(download(public, layer.id, form, limit=SOME, sortby="-id"), tmp_path)
        # A workbook holds no boundary.
        has_place = not (form == "xlsx" and layer.geometry == "boundary")
        compare(layer, form, found, expected, has_place=has_place)


def test_every_format_is_read_here() -> None:
    assert set(READERS) == set(FORMATS)
