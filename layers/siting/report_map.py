"""The map of a plan's report, over the boundaries of townships. It opens offline."""

import json
from pathlib import Path
from typing import Any

import folium
import shapely
from branca.element import Figure, MacroElement
from django.utils.translation import gettext as _
from folium.template import Template

from layers import registry
from layers.access import BUREAU
from layers.coverage.reports.boundaries import Area, simplified
from layers.coverage.reports.map import leaflet_script, leaflet_style
from layers.models import SitingProblem
from layers.publish.statements import DATABASE
from layers.rows import rows
from layers.siting import asking, figures, mapping, shapes

SCRIPT = Path(__file__).parent / "templates/report-map.js"
DECIMALS = 4  # about 10 m


class Plan(MacroElement):
    """What is drawn on the map, by templates/report-map.js."""

    def __init__(self, drawn: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium has no types
        self._template = Template(SCRIPT.read_text(encoding="utf-8"))
        self.drawn = drawn


def of_problem(problem: SitingProblem) -> dict[str, str]:
    """The parts of a page that hold the map: style, html, script. Nothing in them asks a server for anything."""
    shown = folium.Map(tiles=None, zoom_control=False)
    shown.default_js, shown.default_css = [], []
    shown._id = "siting"  # by chance otherwise, and no two reports of one problem the same
    plan = Plan(_drawn(problem))
    plan._id = "plan"
    plan.add_to(shown)
    page = shown.get_root()
    assert isinstance(page, Figure)
    page.render()
    return {
        "style": leaflet_style(),
        "html": page.html.render(),
        "script": f"{leaflet_script()}\n{page.script.render()}",
    }


def _drawn(problem: SitingProblem) -> dict[str, Any]:
    numbers = {site["code"]: number for number, site in enumerate(problem.answer["sites"], 1)}  # type: ignore[index]  # it is solved
    return {
        "townships": _townships(problem),
        "roles": {
            role: {**document, "words": figures.role(role)} for role, document in shapes.documents(shapes.ROLES).items()
        },
        "box": shapes.BOX,
        "places": [_place(feature, numbers) for feature in mapping.features(problem)["features"]],
        "words": {"zoomIn": _("Zoom in"), "zoomOut": _("Zoom out")},
    }


def _place(feature: dict[str, Any], numbers: dict[str, int]) -> list[Any]:
    """Longitude, latitude, role, name, the zones that exclude it, and the number that its site has in the tables."""
    told, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
    zones = [f"{zone['name']}: {zone['rule']}" for zone in told.get("zones", ())]
    number = numbers.get(told["code"]) if told["role"] in ("new", "existing") else None
    return [round(lon, DECIMALS + 1), round(lat, DECIMALS + 1), told["role"], told["name"], zones, number]


def _townships(problem: SitingProblem) -> list[dict[str, Any]]:
    asked = asking.question(problem.question)
    found = rows(registry.get("townships"), BUREAU, asked.as_of).using(DATABASE).filter(boundary__isnull=False)
    columns = ("code", "name", "parent_code", "boundary", "boundary_quality")
    areas = {
        code: Area(code, name, parent, shapely.from_wkb(bytes(boundary.wkb)), quality, None)
        for code, name, parent, boundary, quality in found.values_list(*columns)
        if code.startswith(asked.division)
    }
    return [
        {"type": "Feature", "properties": {"name": areas[code].name}, "geometry": _geometry(boundary)}
        for code, boundary in simplified(areas).items()
    ]


def _geometry(boundary: shapely.Geometry) -> dict[str, Any]:
    rounded = shapely.transform(boundary, lambda places: places.round(DECIMALS))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return geometry
