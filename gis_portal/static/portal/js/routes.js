/**
 * Links that hand a point over to other map services. Commercial Chinese maps are drawn in shifted degrees: a point that is
 * not shifted likewise lies some hundred metres off. The formulas are those of `layers/crs/shifted.py`.
 *
 * @typedef {{lon: number, lat: number}} Point degrees
 */

const BOX = { west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271 }; // outside of it nothing is shifted
const ORIGIN = { lon: 105, lat: 35 };
const AXIS_M = 6378245; // of Krassowsky's ellipsoid
const ECCENTRICITY_2 = 0.00669342162296594323;
const BAIDU_WAVE = (Math.PI * 3000) / 180;
const { PI, sin, cos, sqrt, abs } = Math;

/** @param {Point} point @returns {boolean} */
function isShifted({ lon, lat }) {
  return lon >= BOX.west && lon <= BOX.east && lat >= BOX.south && lat <= BOX.north;
}

/** The point in GCJ-02. @param {Point} point @returns {Point} */
export function gcj02(point) {
  if (!isShifted(point)) return point;
  const x = point.lon - ORIGIN.lon;
  const y = point.lat - ORIGIN.lat;
  const both = 20 * sin(6 * PI * x) + 20 * sin(2 * PI * x);
  const eastM = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    + (2 / 3) * (both + 20 * sin(PI * x) + 40 * sin((PI / 3) * x) + 150 * sin((PI / 12) * x) + 300 * sin((PI / 30) * x));
  const northM = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    + (2 / 3) * (both + 20 * sin(PI * y) + 40 * sin((PI / 3) * y) + 160 * sin((PI / 12) * y) + 320 * sin((PI / 30) * y));
  const lat = (point.lat * PI) / 180;
  const curved = 1 - ECCENTRICITY_2 * sin(lat) ** 2;
  const parallelM = (AXIS_M / sqrt(curved)) * cos(lat);
  const meridianM = (AXIS_M * (1 - ECCENTRICITY_2)) / (curved * sqrt(curved));
  return { lon: point.lon + (eastM / parallelM) * (180 / PI), lat: point.lat + (northM / meridianM) * (180 / PI) };
}

/** The point in BD-09. @param {Point} point @returns {Point} */
export function bd09(point) {
  if (!isShifted(point)) return point;
  const { lon: x, lat: y } = gcj02(point);
  const radius = Math.hypot(x, y) + 0.00002 * sin(BAIDU_WAVE * y);
  const angle = Math.atan2(y, x) + 0.000003 * cos(BAIDU_WAVE * x);
  return { lon: radius * cos(angle) + 0.0065, lat: radius * sin(angle) + 0.006 };
}

/**
 * The addresses that open a point elsewhere: by the device's own map (RFC 5870; CGCS2000 and WGS 84 differ by centimetres),
 * by Amap in GCJ-02, by Baidu in BD-09.
 *
 * @param {string} name
 * @param {Point} point
 */
export function routes(name, point) {
  const text = encodeURIComponent(name);
  const amap = gcj02(point);
  const baidu = bd09(point);
  const at = `${degrees(point.lat)},${degrees(point.lon)}`;
  return {
    device: `geo:${at}?q=${at}(${text})`,
    amap: `https://uri.amap.com/marker?position=${degrees(amap.lon)},${degrees(amap.lat)}&name=${text}&coordinate=gaode&callnative=1`,
    baidu: `https://api.map.baidu.com/marker?location=${degrees(baidu.lat)},${degrees(baidu.lon)}&title=${text}&content=${text}&coord_type=bd09ll&output=html&src=webapp.portal.map`,
  };
}

/** @param {number} value */
function degrees(value) {
  return value.toFixed(6);
}
