import assert from "node:assert/strict";
import { test } from "node:test";
import { toGrid } from "../../../gis_portal/static/portal/js/measuring/grid4549.js";

// What PROJ 9.5.1 gives: pyproj.Transformer.from_crs(4490, 4549, always_xy=True).
const PLACES = [
  [120, 0, 500000, 0],
  [120, 30, 500000, 3320113.3978],
  [120.58, 30, 555962.5241, 3320255.0268],
  [119.9, 29.3, 490284.3752, 3242524.9465],
  [121.2, 30.25, 615496.4133, 3348436.3945],
  [118.5, 29, 353832.7245, 3210197.0578],
  [121.5, 31, 643264.1353, 3431940.3239],
  [120.0001, 52.5, 500006.791, 5818979.5982],
  [121.3, 18.2, 637530.001, 2013605.6147],
];

for (const [lon, lat, eastM, northM] of PLACES) {
  test(`${lon}, ${lat} lies where PROJ says, to a millimetre`, () => {
    const found = toGrid(lon, lat);
    assert.ok(found && Math.abs(found.eastM - eastM) < 1e-3 && Math.abs(found.northM - northM) < 1e-3, JSON.stringify(found));
  });
}

test("outside its strip the grid gives nothing", () => {
  assert.equal(toGrid(118.49, 30), null);
  assert.equal(toGrid(121.51, 30), null);
  assert.equal(toGrid(120, 90), null);
});
