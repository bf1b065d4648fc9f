import assert from "node:assert/strict";
import { test } from "node:test";
import { roundScale, scaleBar, scaleOf, zoomOf } from "../../../gis_portal/static/portal/js/printing/paper.js";

test("at zoom 0 the world is 512 pixels of 96 to the inch wide", () => {
  assert.equal(Math.round(scaleOf(0, 0)), Math.round((2 * Math.PI * 6378137) / (512 * (0.0254 / 96))));
  assert.ok(Math.abs(scaleOf(10, 60) - scaleOf(11, 0)) < 1e-6); // at 60° half as long, as a zoom closer
});

test("a zoom has the scale it was made from", () => {
  for (const scale of [5_000, 150_000, 2_000_000]) assert.ok(Math.abs(scaleOf(zoomOf(scale, 30), 30) / scale - 1) < 1e-12);
});

test("the round scale is the next that shows as much", () => {
  assert.deepEqual([99_999, 100_000, 100_001, 137_234, 812_000, 1].map(roundScale), [100_000, 100_000, 125_000, 150_000, 1_000_000, 1]);
});

test("the bar is the longest of a round length", () => {
  assert.deepEqual(scaleBar(150_000, 42), { metres: 5_000, mm: (5_000 / 150_000) * 1000 });
  assert.deepEqual(scaleBar(40_000, 42), { metres: 1_000, mm: 25 });
  for (const scale of [1_000, 12_500, 60_000, 4_000_000]) {
    const { metres, mm } = scaleBar(scale, 42);
    assert.ok(mm <= 42 && mm > 42 / 2.6 && Math.abs((metres * 1000) / scale - mm) < 1e-9);
  }
});
