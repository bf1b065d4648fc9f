/** Where meridians and parallels of round degrees meet the frame of a map in Web Mercator. */

const STEPS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18_000, 36_000]; // of arc
const MOST = 7; // marks on a side

/** @typedef {{share: number, text: string}} Mark share: how far along the side, from west or from north, of 1 */

/** @param {import("../config.js").Bounds} bounds @returns {{meridians: Mark[], parallels: Mark[]}} */
export function graticule([west, south, east, north]) {
  const [top, bottom] = [stretched(north), stretched(south)];
  return {
    meridians: roundSeconds(west, east).map((s) => ({ share: (s / 3600 - west) / (east - west), text: text(s) })),
    parallels: roundSeconds(south, north).map((s) => ({ share: (top - stretched(s / 3600)) / (top - bottom), text: text(s) })),
  };
}

/** How far north a latitude is drawn. @param {number} lat degrees */
function stretched(lat) {
  return Math.asinh(Math.tan((lat * Math.PI) / 180));
}

/** Seconds of arc in even steps, of the smallest that are not too many. @param {number} from degrees @param {number} to degrees */
function roundSeconds(from, to) {
  const step = STEPS_S.find((size) => ((to - from) * 3600) / size <= MOST) ?? STEPS_S[STEPS_S.length - 1];
  const first = Math.ceil((from * 3600) / step);
  const last = Math.floor((to * 3600) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
}

/** As short as it can be written: 120°, 120°30′ or 120°30′20″. @param {number} seconds */
function text(seconds) {
  const size = Math.abs(seconds);
  const parts = [`${Math.floor(size / 3600)}°`, `${String(Math.floor(size / 60) % 60).padStart(2, "0")}′`, `${String(size % 60).padStart(2, "0")}″`];
  return parts.slice(0, size % 60 ? 3 : size % 3600 ? 2 : 1).join("");
}
