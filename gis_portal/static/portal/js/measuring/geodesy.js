/** Lengths and areas on the ellipsoid of CGCS2000, by Karney's geodesics. */

/** @typedef {typeof import("geographiclib-geodesic")} Geodesics */
/** @typedef {import("../store.js").Drawing} Drawing */

const AXIS_M = 6_378_137;
const FLATTENING = 1 / 298.257222101;

/**
 * How long a line is, or how long the boundary of an area is and what it encloses.
 *
 * @param {Geodesics} geodesics
 * @param {Drawing} drawing
 * @returns {{lengthM: number, areaM2: number}} areaM2: 0 for a line; of an area whose sides cross it means nothing
 */
export function measure({ Geodesic }, { kind, points }) {
  const figure = new Geodesic.Geodesic(AXIS_M, FLATTENING).Polygon(kind === "line");
  for (const [lon, lat] of points) figure.AddPoint(lat, lon);
  const { perimeter, area = 0 } = figure.Compute(false, true);
  return { lengthM: points.length > 1 ? perimeter : 0, areaM2: points.length > 2 ? Math.abs(area) : 0 };
}
