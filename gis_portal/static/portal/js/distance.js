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

/**
 * The box that holds every point within a distance.
 *
 * @param {{lon: number, lat: number}} centre
 * @param {number} reachM
 * @returns {import("./config.js").Bounds}
 */
export function boxAround({ lon, lat }, reachM) {
  const north = reachM / 110_500;
  const east = reachM / (110_500 * Math.max(0.05, Math.cos(lat * RADIANS)));
  return [Math.max(-180, lon - east), Math.max(-90, lat - north), Math.min(180, lon + east), Math.min(90, lat + north)];
}
