"""Another map below the layers."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.archives import water_archive
from tests.browser.portal import PATIENCE_MS, Visit, Visitor

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

DRAWN = """async (part) => {
  const { map } = await import("/static/portal/js/main.js");
  return map().map.queryRenderedFeatures({ layers: [part] }).length;
}"""
GROUND = """async () => {
  const { map } = await import("/static/portal/js/main.js");
  return map().map.getPaintProperty("counties.ground", "fill-opacity");
}"""


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.BASEMAPS_DIR = tmp_path
    return tmp_path


def has_own_ground(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate(GROUND) != 0)


def test_without_another_base_there_is_no_choice(visit: Visit, folder: Path) -> None:
    assert list(folder.iterdir()) == []
    visitor = visit().open()
    expect(visitor.page.get_by_role("group", name="底图")).to_have_count(0)
    assert has_own_ground(visitor)


def test_archive_of_the_bureau_lies_below_the_layers(visit: Visit, folder: Path) -> None:
    water_archive(folder / "水系.pmtiles")
    visitor = visit().open()
    page = visitor.page
    page.get_by_role("radio", name="水系").check()
    credit = page.locator("#base-credit")
    expect(credit).to_have_text("底图：水系 · QQSURVEY", timeout=PATIENCE_MS)
    visitor.settle()
    assert page.evaluate(DRAWN, "base.water.fill") > 0
    assert not has_own_ground(visitor)
    assert visitor.drawn("eco-burial-sites")
    assert visitor.violations() == []
    visitor.picture("base-zh")

    again = visit().open(page.url.removeprefix(visitor.address))
    expect(again.page.locator("#base-credit")).to_contain_text("水系", timeout=PATIENCE_MS)
    again.page.get_by_role("radio", name="本站底图").check()
    expect(again.page.locator("#base-credit")).to_be_hidden()
    assert has_own_ground(again)
    assert "base=" not in again.page.url


def test_style_of_the_bureau_may_name_an_archive(visit: Visit, folder: Path) -> None:
    water_archive(folder / "tiles.pmtiles")
    fill = {"id": "sea", "type": "fill", "source": "s", "source-layer": "water", "paint": {"fill-color": "#abcdef"}}
    source = {"type": "vector", "url": "pmtiles:///basemaps/tiles.pmtiles"}
    (folder / "plain.json").write_text(json.dumps({"version": 8, "sources": {"s": source}, "layers": [fill]}))
    visitor = visit().open("/#base=plain.json")
    expect(visitor.page.locator("#base-credit")).to_contain_text("plain", timeout=PATIENCE_MS)
    visitor.settle()
    assert visitor.page.evaluate(DRAWN, "base.sea") > 0


@pytest.mark.parametrize("name", ["broken.pmtiles", "broken.json", "gone.json"])
def test_base_that_cannot_be_had_says_so_and_leaves_the_own_ground(visit: Visit, folder: Path, name: str) -> None:
    if not name.startswith("gone"):
        (folder / name).write_bytes(b"no map at all")
    visitor = visit(fails=True).open(f"/#base={name}")
    expect(visitor.said()).to_contain_text("已改用本站底图", timeout=PATIENCE_MS)
    assert has_own_ground(visitor)
    assert "base=" not in visitor.page.url
