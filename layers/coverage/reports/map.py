"""The map of a report: townships by whether a target misses them, and the features that count. It opens offline."""

import base64
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import folium
import shapely
from branca.element import Figure, MacroElement
from django.conf import settings
from django.utils.translation import gettext as _
from folium.template import Template

from layers.coverage.reports.boundaries import Places, simplified
from layers.coverage.reports.figures import Document
from layers.models.divisions import Level

LEAFLET = Path(settings.BASE_DIR) / "node_modules/leaflet/dist"
SCRIPT = Path(__file__).parent / "templates/map.js"
DECIMALS = 4  # about 10 m


class Layers(MacroElement):
    """What is drawn on the map, by templates/map.js."""

    def __init__(self, drawn: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium has no types
        self._template = Template(SCRIPT.read_text(encoding="utf-8"))
        self.drawn = drawn


def of_audit(document: Document) -> dict[str, str] | None:
    """The parts of a page that hold the map: style, html, script; and first, the id of the target that it shows first.
    None when the document knows no place.

    Nothing in them asks a server for anything: folium's links to libraries are left out, and Leaflet is all it needs.
    """
    drawn = _drawn(document)
    if not drawn["townships"] and not any(target["points"] for target in drawn["targets"]):
        return None
    shown = folium.Map(tiles=None, zoom_control=False)
    shown.default_js, shown.default_css = [], []
    shown._id = "coverage"  # by chance otherwise, and no two reports of one audit the same
    layers = Layers(drawn)
    layers._id = "townships"
    layers.add_to(shown)
    page = shown.get_root()
    assert isinstance(page, Figure)
    page.render()
    return {
        "first": _first(document, drawn["targets"]),
        "style": leaflet_style(),
        "html": page.html.render(),
        "script": f"{leaflet_script()}\n{page.script.render()}",
    }


def _first(document: Document, drawn: list[dict[str, Any]]) -> str:
    """The first target that is missed and has something on the map, else the first that has."""
    missed = {target["id"] for target in document["targets"] if target["status"] == "missed"}
    shown = [target["id"] for target in drawn if target["states"] or target["points"]]
    return next((one for one in shown if one in missed), next(iter(shown), ""))


@cache
def leaflet_script() -> str:
    return re.sub(r"//# sourceMappingURL=.*", "", (LEAFLET / "leaflet.js").read_text(encoding="utf-8"))


@cache
def leaflet_style() -> str:
    """Leaflet's own, with its pictures in it."""

    def embedded(found: re.Match[str]) -> str:
        picture = base64.b64encode((LEAFLET / found[1]).read_bytes()).decode()
        return f"url(data:image/png;base64,{picture})"

    return re.sub(r"url\((images/[a-z0-9-]+\.png)\)", embedded, (LEAFLET / "leaflet.css").read_text(encoding="utf-8"))


def _drawn(document: Document) -> dict[str, Any]:
    places = Places(document)
    return {
        "townships": [
            {
                "type": "Feature",
                "properties": {"adcode": code, "name": places.townships[code].name, "county": _county(places, code)},
                "geometry": _geometry(boundary),
            }
            for code, boundary in simplified(places.townships).items()
        ],
        "targets": [_target(places, target) for target in document["targets"]],
        "words": {
            "met": _("township that counts"),
            "missing": _("missing township"),
            "counts": _("feature that counts"),
            "gap": _("missing village or feature"),
            "none": _("not told of by this target"),
            "demonstration": _("demonstration data"),
            "zoomIn": _("Zoom in"),
            "zoomOut": _("Zoom out"),
        },
    }


def _county(places: Places, code: str) -> str:
    county = places.counties.get(places.townships[code].parent)
    return county.name if county else ""


def _target(places: Places, target: Document) -> dict[str, Any]:
    """states: township to whether it counts and why not. points: longitude, latitude, what it is, name and more words."""
    return {
        "id": target["id"],
        "title": target["title"],
        "states": _states(places, target),
        "points": [*_evidence(target), *_missing_points(places, target)],
    }


def _states(places: Places, target: Document) -> dict[str, list[str]]:
    """Of the townships that the target tells of. One that is not missing counts only if the denominator is all of them."""
    missing = {one["adcode"]: one["reason"] for one in target["missing"] if one["adcode"] and not one["feature"]}
    if target["value"] is None or target["level"] not in (Level.TOWNSHIP, Level.COUNTY):
        return {}
    is_of_townships = target["level"] == Level.TOWNSHIP
    unit_of = {code: code if is_of_townships else area.parent for code, area in places.townships.items()}
    is_whole = target["denominator"] == len(set(unit_of.values()))
    return {
        code: ["missing", missing[unit]] if unit in missing else ["met", ""]
        for code, unit in unit_of.items()
        if unit in missing or is_whole
    }


def _evidence(target: Document) -> Iterator[list[Any]]:
    for one in target["evidence"]:
        if one["place"] is not None:
            kind = "demonstration" if one["demonstration"] else "counts"
            yield [*(round(number, DECIMALS + 1) for number in one["place"]), kind, one["name"], one["feature"]]


def _missing_points(places: Places, target: Document) -> Iterator[list[Any]]:
    """What is missing and is no township or county: villages at their centres, features at their points."""
    for one in target["missing"]:
        place = _point(places, target, one)
        if place is not None:
            yield [round(place.x, DECIMALS + 1), round(place.y, DECIMALS + 1), "gap", one["name"], one["reason"]]


def _point(places: Places, target: Document, missing: Document) -> Any:
    if missing["feature"]:
        found = places.features.get((target["layer"], missing["feature"]))
        return None if found is None else shapely.point_on_surface(found)
    area = places.missing.get(missing["adcode"])
    is_drawn = target["level"] in (Level.TOWNSHIP, Level.COUNTY) and area is not None and area.boundary is not None
    return None if area is None or is_drawn else area.centre


def _geometry(boundary: shapely.Geometry) -> dict[str, Any]:
    rounded = shapely.transform(boundary, lambda places: places.round(DECIMALS))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return geometry
