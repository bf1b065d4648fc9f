"""GDAL as the portal loads it."""

import json
import subprocess
import sys

PROGRAM = """
import json, os, django
django.setup()
from layers.publish.formats import gdal
from layers.drivers import USED, pyogrio
print(json.dumps([sorted(pyogrio.list_drivers()), sorted(USED), os.environ.get("GDAL_SKIP")]))
"""


def test_gdal_has_the_drivers_that_are_used_and_no_others() -> None:
    """In a process of its own, for pyogrio is imported by the tests themselves."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    drivers, used, left = json.loads(done.stdout)
    assert drivers == used
    assert left is None
