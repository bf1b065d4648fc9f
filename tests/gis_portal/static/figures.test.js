import assert from "node:assert/strict";
import { test } from "node:test";
import { asArea, asLength, asMu, corner, crosses, geometry, sexagesimal, wellKnownText } from "../../../gis_portal/static/portal/js/measuring/figures.js";

const SQUARE = [[120, 30], [121, 30], [121, 31], [120, 31]];

test("an area crosses itself when sides that are no neighbours meet", () => {
  assert.equal(crosses(SQUARE), false);
  assert.equal(crosses([[120, 30], [121, 30], [120.5, 30.1]]), false);
  assert.equal(crosses([[120, 30], [121, 31], [121, 30], [120, 31]]), true); // a bow tie
  assert.equal(crosses([[120, 30], [122, 30], [122, 31], [121, 30], [120, 31]]), true); // a corner on a side
  assert.equal(crosses([[120, 30], [122, 30], [122, 32], [121, 30.5], [120, 32]]), false);
  assert.equal(crosses([]), false);
});

test("geometries grow with their corners, and rings run anticlockwise", () => {
  const area = (/** @type {[number, number][]} */ ...points) => geometry({ kind: "area", points });
  assert.deepEqual(area([120, 30]), { type: "Point", coordinates: [120, 30] });
  assert.deepEqual(area([120, 30], [121, 30]), { type: "LineString", coordinates: [[120, 30], [121, 30]] });
  const ring = [...SQUARE, SQUARE[0]];
  assert.deepEqual(area(...SQUARE), { type: "Polygon", coordinates: [ring] });
  assert.deepEqual(area(...[...SQUARE].reverse()), { type: "Polygon", coordinates: [ring] });
});

test("well-known text has longitude before latitude", () => {
  assert.equal(wellKnownText({ kind: "line", points: [[120.5, 30]] }), "POINT (120.5 30)");
  assert.equal(wellKnownText({ kind: "line", points: [[120.5, 30], [121, 31.25]] }), "LINESTRING (120.5 30, 121 31.25)");
  assert.equal(wellKnownText({ kind: "area", points: SQUARE }), "POLYGON ((120 30, 121 30, 121 31, 120 31, 120 30))");
});

test("seconds are carried into minutes and degrees", () => {
  assert.equal(sexagesimal(120.58), "120°34′48.00″");
  assert.equal(sexagesimal(29.99999999), "30°00′00.00″");
  assert.equal(sexagesimal(-0.5025), "0°30′09.00″");
});

test("a corner is kept as the link keeps it", () => {
  assert.deepEqual(corner(120.123456789, 30), [120.123457, 30]);
});

test("no quantity is rounded up to a thousand of its unit", () => {
  assert.equal(asLength(999.96).unit, "kilometres");
  assert.equal(asArea(9_999.7).unit, "hectares");
});

test("quantities have the unit that suits their size", () => {
  assert.deepEqual(asLength(12.34), { value: 12.34, unit: "metres", digits: 1 });
  assert.deepEqual(asLength(1500), { value: 1.5, unit: "kilometres", digits: 3 });
  assert.deepEqual(asLength(250_000), { value: 250, unit: "kilometres", digits: 1 });
  assert.deepEqual(asArea(50), { value: 50, unit: "square_metres", digits: 1 });
  assert.deepEqual(asArea(25_000), { value: 2.5, unit: "hectares", digits: 2 });
  assert.deepEqual(asArea(8.279e9), { value: 8279, unit: "square_kilometres", digits: 0 });
  assert.equal(asMu(10_000).value, 15);
});
