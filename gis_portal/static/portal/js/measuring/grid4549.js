/**
 * EPSG:4549, CGCS2000 / 3-degree Gauss-Kruger CM 120E: the transverse Mercator projection by Krüger's series to the
 * sixth power of the third flattening, accurate to less than a millimetre in its strip.
 *
 * Source: Karney 2011, Transverse Mercator with an accuracy of a few nanometers, Journal of Geodesy 85, formulas 7 to 12 and 35.
 */

const AXIS_M = 6_378_137;
const FLATTENING = 1 / 298.257222101;
const MERIDIAN = 120;
const FALSE_EASTING_M = 500_000;
const HALF_STRIP = 1.5; // degrees

const N = FLATTENING / (2 - FLATTENING);
const ECCENTRICITY = Math.sqrt(FLATTENING * (2 - FLATTENING));
const RADIUS_M = (AXIS_M / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64 + N ** 6 / 256);
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3 + (41 / 180) * N ** 4 - (127 / 288) * N ** 5 + (7891 / 37800) * N ** 6,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3 + (557 / 1440) * N ** 4 + (281 / 630) * N ** 5 - (1983433 / 1935360) * N ** 6,
  (61 / 240) * N ** 3 - (103 / 140) * N ** 4 + (15061 / 26880) * N ** 5 + (167603 / 181440) * N ** 6,
  (49561 / 161280) * N ** 4 - (179 / 168) * N ** 5 + (6601661 / 7257600) * N ** 6,
  (34729 / 80640) * N ** 5 - (3418889 / 1995840) * N ** 6,
  (212378941 / 319334400) * N ** 6,
];
const RADIANS = Math.PI / 180;

/** @param {number} lon degrees @param {number} lat degrees @returns {{eastM: number, northM: number} | null} null outside the strip */
export function toGrid(lon, lat) {
  const turn = lon - MERIDIAN;
  if (Math.abs(turn) > HALF_STRIP || Math.abs(lat) >= 90) return null;
  const tangent = Math.tan(lat * RADIANS);
  const shift = Math.sinh(ECCENTRICITY * Math.atanh((ECCENTRICITY * tangent) / Math.hypot(1, tangent)));
  const conformal = tangent * Math.hypot(1, shift) - shift * Math.hypot(1, tangent);
  const along = Math.cos(turn * RADIANS);
  const xi = Math.atan2(conformal, along);
  const eta = Math.asinh(Math.sin(turn * RADIANS) / Math.hypot(conformal, along));
  let [north, east] = [xi, eta];
  ALPHA.forEach((factor, at) => {
    const times = 2 * (at + 1);
    north += factor * Math.sin(times * xi) * Math.cosh(times * eta);
    east += factor * Math.cos(times * xi) * Math.sinh(times * eta);
  });
  return { eastM: FALSE_EASTING_M + RADIUS_M * east, northM: RADIUS_M * north };
}
