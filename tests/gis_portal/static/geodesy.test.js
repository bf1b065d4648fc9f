import assert from "node:assert/strict";
import { test } from "node:test";
import geodesics from "geographiclib-geodesic";
import { measure } from "../../../gis_portal/static/portal/js/measuring/geodesy.js";

// What PROJ 9.5.1 gives: pyproj.Geod(a=6378137, rf=298.257222101).line_length and .geometry_area_perimeter.
const LINES = [
  [[[120.58, 30], [120.6, 30.02]], 2939.1179963717],
  [[[119.9, 29.3], [121.2, 30.2]], 160511.143795666],
  [[[120.1, 29.9], [120.1001, 29.9]], 9.658287025938],
  [[[116.4, 39.9], [120.58, 30], [113.3, 23.1]], 2215699.558570972],
  [[[0, 0], [179.5, 0.3]], 19955728.94018857],
];
const AREAS = [
  [[[120.5, 30], [120.6, 30], [120.55, 30.1]], 53474042.72974396, 33825.90272735811],
  [[[119.9, 29.2], [121.2, 29.3], [121.1, 30.2], [120, 30.25]], 12545394614.724243, 449911.16737438145],
  [[[120.58, 30], [120.5805, 30], [120.5805, 30.0004], [120.58, 30.0004]], 2139.143742352724, 185.16804346992282],
  [[[120.58, 30], [120.62, 30.01], [120.6, 30.02], [120.61, 30.05], [120.57, 30.04]], 14435370.76418209, 18254.808583412563],
];

for (const [points, lengthM] of LINES) {
  test(`a line of ${lengthM} m is as long as PROJ says`, () => {
    const found = measure(geodesics, { kind: "line", points });
    assert.ok(Math.abs(found.lengthM - lengthM) < 1e-5, String(found.lengthM));
    assert.equal(found.areaM2, 0);
  });
}

for (const [points, areaM2, lengthM] of AREAS) {
  for (const corners of [points, [...points].reverse()]) {
    test(`an area of ${areaM2} m² is as large as PROJ says, from ${corners[0]} on`, () => {
      const found = measure(geodesics, { kind: "area", points: corners });
      assert.ok(Math.abs(found.areaM2 / areaM2 - 1) < 1e-8, String(found.areaM2));
      assert.ok(Math.abs(found.lengthM - lengthM) < 1e-5, String(found.lengthM));
    });
  }
}

test("what has too few corners measures nothing", () => {
  assert.deepEqual(measure(geodesics, { kind: "line", points: [] }), { lengthM: 0, areaM2: 0 });
  assert.deepEqual(measure(geodesics, { kind: "area", points: [[120, 30]] }), { lengthM: 0, areaM2: 0 });
});

test("points opposite each other, twice the same, and at the edges give numbers", () => {
  for (const points of [[[0, 0], [180, 0]], [[0, 0], [179.9999, 0.0001]], [[120, 30], [-60, -30]], [[120, 30], [120, 30]], [[-180, 85], [180, -85]]]) {
    for (const kind of ["line", "area"]) {
      const { lengthM, areaM2 } = measure(geodesics, { kind, points: [...points, points[0]] });
      assert.ok(lengthM >= 0 && lengthM < 5e7 && areaM2 >= 0 && areaM2 < 5.2e14);
    }
  }
});
