import assert from "node:assert/strict";
import { test } from "node:test";
import { genericStyle } from "../../../gis_portal/static/portal/js/bases/generic.js";

test("every vector layer is drawn as areas, lines and points, water in blue", () => {
  const source = { type: "vector", url: "pmtiles://a" };
  const { sources, layers } = genericStyle(source, [{ id: "roads" }, { id: "Waterways" }], false);
  assert.deepEqual(sources, { archive: source });
  assert.deepEqual(layers.map(({ id }) => id), ["ground", "roads.fill", "Waterways.fill", "roads.line", "Waterways.line", "roads.circle", "Waterways.circle"]);
  assert.deepEqual(layers[3].filter, ["==", ["geometry-type"], "LineString"]);
  assert.notEqual(layers[3].paint["line-color"], layers[4].paint["line-color"]);
  assert.equal(layers[2].paint["fill-color"], layers[4].paint["line-color"]);
});

test("pictures are drawn as they are", () => {
  const { layers } = genericStyle({ type: "raster" }, [], true);
  assert.deepEqual(layers.map(({ id, type }) => [id, type]), [["ground", "background"], ["pictures", "raster"]]);
});

test("the dark theme has a dark ground", () => {
  const grounds = [false, true].map((dark) => genericStyle({ type: "vector" }, [], dark).layers[0].paint["background-color"]);
  assert.notEqual(grounds[0], grounds[1]);
});
