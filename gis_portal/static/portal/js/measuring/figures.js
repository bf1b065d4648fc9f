/** What is drawn: its sides, and how it and its measures are written. */

/** @typedef {import("../store.js").Drawing} Drawing */
/** @typedef {[number, number]} Corner longitude and latitude */

const DIGITS = 6; // of degrees: a tenth of a metre, as in the link
const MU_M2 = 10_000 / 15;

/** A corner as the link keeps it. @param {number} lon @param {number} lat @returns {Corner} */
export function corner(lon, lat) {
  return [+lon.toFixed(DIGITS), +lat.toFixed(DIGITS)];
}

/** Whether sides of an area that are no neighbours cross or touch. @param {Corner[]} points */
export function crosses(points) {
  const sides = points.map((from, at) => [from, points[(at + 1) % points.length]]);
  return sides.some(([a, b], one) =>
    sides.some(([c, d], other) => other > one + 1 && !(one === 0 && other === sides.length - 1) && meet(a, b, c, d)),
  );
}

/** @param {Corner} a @param {Corner} b @param {Corner} c @param {Corner} d */
function meet(a, b, c, d) {
  const [left, right] = [side(a, b, c), side(a, b, d)];
  const [before, after] = [side(c, d, a), side(c, d, b)];
  if (left * right < 0 && before * after < 0) return true;
  return (left === 0 && within(a, b, c)) || (right === 0 && within(a, b, d)) || (before === 0 && within(c, d, a)) || (after === 0 && within(c, d, b));
}

/** On which side of the line through a and b a point lies: 1, -1, or 0 on it. @param {Corner} a @param {Corner} b @param {Corner} point */
function side(a, b, point) {
  return Math.sign((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]));
}

/** Whether a point on the line through a and b lies between them. @param {Corner} a @param {Corner} b @param {Corner} point */
function within(a, b, point) {
  return [0, 1].every((axis) => point[axis] >= Math.min(a[axis], b[axis]) && point[axis] <= Math.max(a[axis], b[axis]));
}

/** The geometry, its type by the corners there are; rings of areas run anticlockwise (RFC 7946). @param {Drawing} drawing */
export function geometry({ kind, points }) {
  if (points.length === 1) return { type: "Point", coordinates: points[0] };
  if (kind === "line" || points.length === 2) return { type: "LineString", coordinates: points };
  const turning = points.reduce((sum, [lon, lat], at) => {
    const [nextLon, nextLat] = points[(at + 1) % points.length];
    return sum + lon * nextLat - nextLon * lat;
  }, 0);
  const ring = turning < 0 ? [...points].reverse() : points;
  return { type: "Polygon", coordinates: [[...ring, ring[0]]] };
}

/** Well-known text, longitude before latitude. @param {Drawing} drawing */
export function wellKnownText(drawing) {
  const { type, coordinates } = geometry(drawing);
  const pairs = (/** @type {any} */ corners) => corners.map((/** @type {Corner} */ pair) => pair.join(" ")).join(", ");
  if (type === "Point") return `POINT (${coordinates.join(" ")})`;
  return type === "LineString" ? `LINESTRING (${pairs(coordinates)})` : `POLYGON ((${pairs(coordinates[0])}))`;
}

/** Degrees, minutes and seconds to a hundredth, without the hemisphere. @param {number} degrees */
export function sexagesimal(degrees) {
  const hundredths = Math.round(Math.abs(degrees) * 360_000);
  const seconds = (hundredths % 6_000) / 100;
  const minutes = Math.floor(hundredths / 6_000) % 60;
  return `${Math.floor(hundredths / 360_000)}°${String(minutes).padStart(2, "0")}′${seconds.toFixed(2).padStart(5, "0")}″`;
}

/** @typedef {{value: number, unit: "metres" | "kilometres" | "square_metres" | "hectares" | "square_kilometres", digits: number}} Quantity */

/** @param {number} metres @returns {Quantity} */
export function asLength(metres) {
  if (metres < 999.95) return { value: metres, unit: "metres", digits: 1 };
  return { value: metres / 1_000, unit: "kilometres", digits: metres < 100_000 ? 3 : 1 };
}

/** @param {number} m2 @returns {Quantity} */
export function asArea(m2) {
  if (m2 < 9_999.5) return { value: m2, unit: "square_metres", digits: m2 < 100 ? 1 : 0 };
  if (m2 < 999_950) return { value: m2 / 10_000, unit: "hectares", digits: 2 };
  return { value: m2 / 1_000_000, unit: "square_kilometres", digits: m2 < 1e9 ? 3 : 0 };
}

/** A fifteenth of a hectare. @param {number} m2 @returns {{value: number, digits: number}} */
export function asMu(m2) {
  const value = m2 / MU_M2;
  return { value, digits: value < 100 ? 2 : 0 };
}
