/** The arithmetic of a printed map: scales, and the bar that shows them. */

export const PAPERS = /** @type {const} */ (["a4-portrait", "a4-landscape", "a3-portrait", "a3-landscape"]);

/** @typedef {typeof PAPERS[number]} Paper */

const EQUATOR_M = 2 * Math.PI * 6_378_137;
const TILE_PX = 512; // the world's width at zoom 0
const PX_M = 0.0254 / 96; // of paper
const ROUND = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const BAR_STEPS = [5, 2, 1];

/** The denominator of the scale at a latitude of a map in Web Mercator. @param {number} zoom @param {number} lat degrees */
export function scaleOf(zoom, lat) {
  return (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * 2 ** zoom * PX_M);
}

/** The zoom at which a map has the scale. @param {number} denominator @param {number} lat degrees */
export function zoomOf(denominator, lat) {
  return Math.log2(scaleOf(0, lat) / denominator);
}

/** The next round scale that shows as much. @param {number} denominator */
export function roundScale(denominator) {
  const power = 10 ** Math.floor(Math.log10(denominator));
  const step = ROUND.find((round) => round * power >= denominator * (1 - 1e-9)) ?? 10;
  return Math.round(step * power);
}

/** The longest bar of a round length. @param {number} denominator @param {number} longestMm @returns {{metres: number, mm: number}} */
export function scaleBar(denominator, longestMm) {
  const longest = (longestMm / 1000) * denominator;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = (BAR_STEPS.find((step) => step * power <= longest) ?? 1) * power;
  return { metres, mm: (metres / denominator) * 1000 };
}
