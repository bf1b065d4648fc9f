"""Files of basemaps as they are served, and what is offered below the layers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from gis_portal import basemaps
from gis_portal.pages.basemaps import MOST_BYTES
from tests.archives import water_archive
from tests.gis_portal.test_map_page import configuration, page

ROOT = Path(__file__).resolve().parents[3]
POLICY = "from django.conf import settings; print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['connect-src'])"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.BASEMAPS_DIR = tmp_path / "basemaps"
    settings.BASEMAPS_DIR.mkdir()
    return settings.BASEMAPS_DIR


def test_archive_is_served_in_pieces(client: Client, folder: Path) -> None:
    whole = water_archive(folder / "水系.pmtiles").read_bytes()
    answer = client.get("/basemaps/水系.pmtiles", headers={"Range": "bytes=0-6"})
    assert (answer.status_code, answer.content) == (206, b"PMTiles")
    assert answer.headers["Content-Range"] == f"bytes 0-6/{len(whole)}"
    assert answer.headers["Content-Length"] == "7"
    assert answer.headers["ETag"]
    for asked, piece in {"bytes=7-": whole[7:], "bytes=7-99999999": whole[7:]}.items():
        assert client.get("/basemaps/水系.pmtiles", headers={"Range": asked}).content == piece
    assert b"".join(client.get("/basemaps/水系.pmtiles").streaming_content) == whole


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=9-3", "bytes=-5", "bytes=0-1,4-5", "lines=0-1"])
def test_piece_that_cannot_be_given_is_refused(client: Client, folder: Path, asked: str) -> None:
    size = water_archive(folder / "a.pmtiles").stat().st_size
    answer = client.get("/basemaps/a.pmtiles", headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}")


def test_piece_is_never_larger_than_the_server_can_bear(client: Client, folder: Path) -> None:
    with (folder / "a.pmtiles").open("wb") as file:
        file.truncate(3 * MOST_BYTES)
    answer = client.get("/basemaps/a.pmtiles", headers={"Range": "bytes=0-"})
    assert len(answer.content) == MOST_BYTES
    assert answer.headers["Content-Range"] == f"bytes 0-{MOST_BYTES - 1}/{3 * MOST_BYTES}"


def test_nothing_but_plain_files_of_the_folder_is_served(client: Client, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "folder.json").mkdir()
    for name in ("notes.txt", ".hidden.json", "a b.json"):
        (folder / name).write_text("{}")
    assert basemaps.files(folder) == {}
    for name in ("link.json", "folder.json", "notes.txt", ".hidden.json", "%2e%2e%2fsecret.json", "..", "none.json"):
        assert client.get(f"/basemaps/{name}").status_code == 404


def test_folder_that_is_not_there_offers_nothing(tmp_path: Path) -> None:
    assert basemaps.files(tmp_path / "none") == {}


@pytest.mark.django_db(databases=["default", "reader"])
def test_page_offers_what_is_in_the_folder_and_tianditu_where_there_is_a_key(
    client: Client, folder: Path, settings: Settings
) -> None:
    assert configuration(page(client))["bases"] == []
    water_archive(folder / "水系.pmtiles")
    (folder / "roads.json").write_text("{}")
    settings.TIANDITU_KEY = "QQKEY"
    bases = {base["id"]: base for base in configuration(page(client))["bases"]}
    assert list(bases) == ["tianditu-map", "tianditu-imagery", "roads.json", "水系.pmtiles"]
    assert bases["roads.json"] == {"id": "roads.json", "title": "roads", "kind": "style", "url": "/basemaps/roads.json"}
    tiles = [source["tiles"] for source in bases["tianditu-imagery"]["style"]["sources"].values()]
    assert [len(hosts) for hosts in tiles] == [8, 8]
    assert tiles[0][0].startswith("https://t0.tianditu.gov.cn/img_w/wmts?")
    assert tiles[0][0].endswith("&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=QQKEY")


@pytest.mark.parametrize(("key", "hosts"), [("", []), ("QQKEY", basemaps.TIANDITU_HOSTS)])
def test_pages_may_ask_tianditu_only_where_there_is_a_key(key: str, hosts: list[str]) -> None:
    env = {**os.environ, "TIANDITU_KEY": key, "DJANGO_SETTINGS_MODULE": "gis_portal.settings"}
    done = subprocess.run([sys.executable, "-c", POLICY], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(["'self'", *hosts])
