/** Points as other map services draw them: values computed by layers/crs/shifted.py. */
import assert from "node:assert/strict";
import test from "node:test";

import { bd09, gcj02, routes } from "../../../gis_portal/static/portal/js/routes.js";

const POINTS = [[120.58, 30.0], [120.8713, 29.7142], [116.391, 39.907], [2.35, 48.85]];
const GCJ02 = [[120.58407960843125, 29.997364328754024], [120.87535181504296, 29.711557641040297], [116.39724095859891, 39.9084011088464], [2.35, 48.85]];
const BD09 = [[120.59051644354315, 30.003606842461398], [120.88186541781783, 29.717454634616455], [116.40361442376565, 39.91474390075958], [2.35, 48.85]];
const EXACT_DEG = 1e-11;

for (const [name, shift, expected] of [["GCJ-02", gcj02, GCJ02], ["BD-09", bd09, BD09]]) {
  test(`points in ${name} are those of the portal's own files`, () => {
    for (const [at, [lon, lat]] of POINTS.entries()) {
      const found = shift({ lon, lat });
      assert.ok(Math.abs(found.lon - expected[at][0]) < EXACT_DEG, `${found.lon} ${expected[at][0]}`);
      assert.ok(Math.abs(found.lat - expected[at][1]) < EXACT_DEG, `${found.lat} ${expected[at][1]}`);
    }
  });
}

test("links carry the name escaped and the point as each service counts", () => {
  assert.deepEqual(routes("会稽山 & co", { lon: 120.58, lat: 30 }), {
    device: "geo:30.000000,120.580000?q=30.000000,120.580000(%E4%BC%9A%E7%A8%BD%E5%B1%B1%20%26%20co)",
    amap: "https://uri.amap.com/marker?position=120.584080,29.997364&name=%E4%BC%9A%E7%A8%BD%E5%B1%B1%20%26%20co&coordinate=gaode&callnative=1",
    baidu: "https://api.map.baidu.com/marker?location=30.003607,120.590516&title=%E4%BC%9A%E7%A8%BD%E5%B1%B1%20%26%20co&content=%E4%BC%9A%E7%A8%BD%E5%B1%B1%20%26%20co&coord_type=bd09ll&output=html&src=webapp.portal.map",
  });
});
