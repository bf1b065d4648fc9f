"""QGIS's own provider reads every collection, in a process of its own and without a screen."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from layers import registry

pytestmark = pytest.mark.django_db(databases=["default", "reader"])  # both are those of the test

PYTHON = "/usr/bin/python3"  # Debian's, whose python3-qgis cannot be installed into another
READER = Path(__file__).parent / "qgis_reader.py"
LAYERS = [layer.id for layer in registry.published()]


@pytest.fixture(scope="module")
def read(portal: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS found in each collection."""
    home = tmp_path_factory.mktemp("qgis")
    if subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True).returncode:
        pytest.skip("python3-qgis is not installed")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    home.chmod(0o700)
    done = subprocess.run(
        [PYTHON, READER, f"{portal}/api/", *LAYERS], env=environment, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("collection", LAYERS)
def test_qgis_reads_every_feature(collection: str, portal: str, read: dict[str, Any]) -> None:
    url = f"{portal}/api/collections/{collection}/items"
    expected = requests.get(url, {"limit": "10000"}, timeout=30).json()["features"]
    assert read[collection]["valid"]
    assert sorted(read[collection]["ids"]) == sorted(feature["id"] for feature in expected)
    for feature in expected[:1]:
        assert {"id", *feature["properties"]} == set(read[collection]["fields"])
        assert read[collection]["names"][feature["id"]] == feature["properties"]["name"]
