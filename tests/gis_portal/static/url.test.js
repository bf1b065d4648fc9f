import assert from "node:assert/strict";
import { test } from "node:test";
import { AT_FIRST } from "../../../gis_portal/static/portal/js/store.js";
import { readHash, writeHash } from "../../../gis_portal/static/portal/js/url.js";

const KNOWN = ["counties", "townships", "eco-burial-sites"];
const USUAL = ["counties", "eco-burial-sites"];

const whole = {
  ...AT_FIRST,
  view: { zoom: 12.5, lat: 29.99912, lon: 120.58001 },
  layers: ["townships"],
  opacity: { townships: 40 },
  feature: { layer: "eco-burial-sites", code: "330602/É 1" },
  mode: "list",
  side: "measure",
  target: { id: "eco-burial-township-provision", level: "township" },
  year: -490,
  drawn: { kind: "area", points: [[120.5, 30], [120.6, 30], [120.55, 30.1]] },
  base: "imagery",
  look: "dark",
  elder: true,
};

test("what is written is read again", () => {
  const { pin: _pin, position: _position, alsoHere: _alsoHere, closer: _closer, ...kept } = whole;
  assert.deepEqual(readHash(writeHash(whole, USUAL), KNOWN), kept);
});

test("a page that nobody has touched has no hash", () => {
  assert.equal(writeHash({ ...AT_FIRST, layers: USUAL }, USUAL), "");
});

test("links of earlier releases mean what they meant", () => {
  assert.deepEqual(readHash("#map=12.50/29.99000/120.58000&layers=counties,townships&feature=townships/330602001&view=list", KNOWN), {
    view: { zoom: 12.5, lat: 29.99, lon: 120.58 },
    layers: ["counties", "townships"],
    feature: { layer: "townships", code: "330602001" },
    side: "card",
    mode: "list",
  });
  assert.deepEqual(readHash("#pin=30.1/120.2", KNOWN).pin, { lat: 30.1, lon: 120.2, name: "", why: "", isDoor: false });
});

test("a zoom of 30 is the closest there is", () => {
  assert.equal(readHash("#map=30/30/120", KNOWN).view?.zoom, 20);
});

for (const nonsense of ["", "a", "<b>", "1/2/3/4", "//", "1e999/1e999/1e999", "NaN/NaN/NaN", "0", "99999999", ";;,,", "\u202e", "x".repeat(10_000)]) {
  test(`nonsense in every field is left out: ${nonsense.slice(0, 20)}`, () => {
    const fields = ["map", "opacity", "pin", "view", "panel", "target", "year", "line", "area", "look", "elder"];
    assert.deepEqual(readHash(`#${fields.map((name) => `${name}=${encodeURIComponent(nonsense)}`).join("&")}`, KNOWN), {});
  });
}

test("more corners than can be drawn are left out", () => {
  assert.equal(readHash(`#line=${"120,30;".repeat(5_000)}120,30`, KNOWN).drawn?.points.length, 200);
});
