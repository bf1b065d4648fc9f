/** Straight-line distances on the ellipsoid. */

const AXIS_M = 6_378_137; // CGCS2000
const FLATTENING = 1 / 298.257222101;
const ECCENTRICITY2 = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;

/**
 * Metres between two points, by the radii of curvature at the middle latitude: within a metre over 100 km.
 *
 * @param {{lon: number, lat: number}} from
 * @param {{lon: number, lat: number}} to
 */
export function distanceM(from, to) {
  const middle = ((from.lat + to.lat) / 2) * RADIANS;
  const w2 = 1 - ECCENTRICITY2 * Math.sin(middle) ** 2;
  const across = AXIS_M / Math.sqrt(w2);
  const along = (across * (1 - ECCENTRICITY2)) / w2;
  const turn = ((to.lon - from.lon + 540) % 360) - 180;
  const east = 2 * across * Math.cos(middle) * Math.sin((turn * RADIANS) / 2);
  const north = along * (to.lat - from.lat) * RADIANS;
  return Math.hypot(east, north);
}

const GRID = 10; // lines a degree: a cell is about 10 km wide

/**
 * A box that holds every point within a distance, with its edges on a coarse grid: sent to a server, it does not tell
 * where its centre was.
 *
 * @param {{lon: number, lat: number}} centre
 * @param {number} reachM
 * @returns {import("./config.js").Bounds}
 */
export function boxAround({ lon, lat }, reachM) {
  const north = reachM / 110_500;
  const east = reachM / (110_500 * Math.max(0.05, Math.cos(lat * RADIANS)));
  const down = (/** @type {number} */ degrees) => Math.floor(degrees * GRID) / GRID;
  const up = (/** @type {number} */ degrees) => Math.ceil(degrees * GRID) / GRID;
  return [Math.max(-180, down(lon - east)), Math.max(-90, down(lat - north)), Math.min(180, up(lon + east)), Math.min(90, up(lat + north))];
}
