"""GDAL's drivers for OGC API – Features and for vector tiles read every collection."""

import json
import subprocess
from typing import Any

import pytest
import requests

from layers import registry
from layers.publish.tilesets import first_zoom

pytestmark = pytest.mark.django_db(databases=["default", "reader"])  # both are those of the test

LAYERS = [layer.id for layer in registry.published()]
DRAWN = [layer.id for layer in registry.published() if first_zoom(layer) <= 9]
ANSWERS_S = 30


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def features(portal: str, collection: str, *options: str) -> list[dict[str, Any]]:
    """The features as ogr2ogr reads them, a hundred at a time."""
    source = f"OAPIF:{portal}/api"
    said = run("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", source, collection, "-oo", "PAGE_SIZE=1000", *options)
    found: list[dict[str, Any]] = json.loads(said)["features"]
    return found


def served(portal: str, collection: str, **params: str) -> dict[str, Any]:
    answer = requests.get(
        f"{portal}/api/collections/{collection}/items", {"limit": "10000", **params}, timeout=ANSWERS_S
    )
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_ogrinfo_lists_every_collection(portal: str) -> None:
    said = run("ogrinfo", "-ro", "-q", f"OAPIF:{portal}/api")
    assert [line.split()[1] for line in said.splitlines()] == LAYERS


@pytest.mark.parametrize("collection", LAYERS)
def test_ogrinfo_summarises_the_collection(collection: str, portal: str) -> None:
    said = run("ogrinfo", "-ro", "-so", f"OAPIF:{portal}/api", collection)
    about = dict(line.partition(": ")[::2] for line in said.splitlines())
    assert int(about["Feature Count"]) == served(portal, collection)["numberMatched"]
    for feature in served(portal, collection)["features"][:1]:
        assert {"id", *feature["properties"]} <= set(about)


@pytest.mark.parametrize("collection", LAYERS)
def test_ogr2ogr_reads_every_feature_whole(collection: str, portal: str) -> None:
    found, expected = features(portal, collection), served(portal, collection)["features"]
    assert [one["properties"]["id"] for one in found] == [one["id"] for one in expected]
    for after, before in list(zip(found, expected, strict=True))[:1]:
        assert {"id": before["id"], **before["properties"]} == after["properties"]
        assert after["geometry"] == before["geometry"]


def test_ogr2ogr_lets_the_portal_filter(portal: str) -> None:
    found = features(
        portal, "eco-burial-sites", "-where", "status = 'operating'", "-spat", "120.4", "29.8", "120.8", "30.1"
    )
    expected = served(portal, "eco-burial-sites", status="operating", bbox="120.4,29.8,120.8,30.1")
    assert [one["properties"]["id"] for one in found] == [one["id"] for one in expected["features"]]
    assert 0 < len(found) < served(portal, "eco-burial-sites")["numberMatched"]


def test_ogrinfo_reads_a_tile_of_all_collections(portal: str) -> None:
    said = run("ogrinfo", "-ro", "-al", "-so", f"MVT:{portal}/api/tiles/9/427/211.pbf")
    layers = [line.removeprefix("Layer name: ") for line in said.splitlines() if line.startswith("Layer name: ")]
    assert {"counties", "townships", "eco-burial-sites"} <= set(layers)
    assert {name.partition(".")[0] for name in layers} <= set(DRAWN)
    counts = [int(line.partition(": ")[2]) for line in said.splitlines() if line.startswith("Feature Count: ")]
    assert counts[layers.index("counties")] == 6
