"""GDAL as the portal loads it."""

import json
import subprocess
import sys

PROGRAM = """
import json, os, django
django.setup()
from layers.publish.formats import gdal
from layers.drivers import SKIPPED, pyogrio
print(json.dumps([sorted(pyogrio.list_drivers()), SKIPPED, os.environ.get("GDAL_SKIP")]))
"""


def test_drivers_that_follow_names_elsewhere_are_not_there() -> None:
    """In a process of its own, for pyogrio is imported by the tests themselves."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    drivers, skipped, left = json.loads(done.stdout)
    assert {"GPKG", "FlatGeobuf", "ESRI Shapefile", "KML"} <= set(drivers)
    assert set(drivers) & set(skipped) == set()
    assert "OGR_VRT" in skipped
    assert left is None
