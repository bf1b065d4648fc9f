"""A road of the made-up prefecture, kept as planners send one."""

import json
from pathlib import Path

from layers.access import BUREAU
from layers.models import SitingFile
from layers.siting import files
from tests.layers.coverage.world import Metres, at


def road(folder: Path, *corners: Metres) -> SitingFile:
    """One line over the corners."""
    path = folder / "路.geojson"
    line = {"type": "LineString", "coordinates": [at(corner).coords for corner in corners]}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": line}))
    return files.keep_roads(path, path.name, "", reader=BUREAU, by="a test")
