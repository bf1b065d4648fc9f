/**
 * Which name a place had in a year, and years as people write them. Knows no page.
 *
 * A year before Christ is negative, and there is no year 0. A bound that is null is not known.
 *
 * @typedef {{
 *   name: string, roman: string, role: string, time_text: string, start_earliest: number | null, start_latest: number | null,
 *   end_earliest: number | null, end_latest: number | null,
 * }} Named a name of a place, with its time
 * @typedef {{
 *   code: string, handle: string, name: string, category: string, lon: number | null, lat: number | null, picture: string | null,
 *   names: Named[],
 * }} Place names: those of known time; lon and lat are null where nobody is told where it lies
 * @typedef {{place: Place, named: Named, isCertain: boolean}} Then a place with the name it had
 */

const FIRST_NAMES = ["standard", "former"];

/** The years of the slider, from the first name that can be told to today. */
export const FIRST_YEAR = -500;

/** When dynasties began. A year that is not known to the year is the one that is usually given. */
export const ERAS = /** @type {const} */ ([
  ["yue", -500],
  ["qin", -221],
  ["han", -202],
  ["three_kingdoms", 220],
  ["jin", 265],
  ["southern", 420],
  ["sui", 581],
  ["tang", 618],
  ["five_dynasties", 907],
  ["song", 960],
  ["yuan", 1271],
  ["ming", 1368],
  ["qing", 1644],
  ["republic", 1912],
  ["prc", 1949],
]);

/** The era of a year; the first one for what is earlier. @param {number} year */
export function eraOf(year) {
  return ERAS.filter(([, from]) => from <= year).pop()?.[0] ?? ERAS[0][0];
}

/** The nearest year there is. @param {number} year @param {number} last */
export function yearWithin(year, last) {
  const whole = Math.min(Math.max(Math.round(year), FIRST_YEAR), last);
  return whole === 0 ? 1 : whole;
}

/** The year so many later, or earlier; from 1 before Christ to 1. @param {number} year @param {number} by @param {number} last */
export function stepped(year, by, last) {
  const counted = (year < 0 ? year + 1 : year) + by;
  return yearWithin(counted > 0 ? counted : counted - 1, last);
}

/**
 * Whether the name was in use in the year: "certain", "perhaps", or "" for what is not known of it then.
 *
 * Where no end is known, today's name lasts, and of another nobody knows how long it lasted. Where no beginning is known, nothing is said of the
 * years before it ended.
 *
 * @param {Named} named
 * @param {number} year
 * @returns {"certain" | "perhaps" | ""}
 */
export function usedIn({ role, start_earliest, start_latest, end_earliest, end_latest }, year) {
  const lasts = end_earliest === null && end_latest === null;
  const began = start_latest ?? Infinity;
  const ended = end_earliest ?? (lasts && role === "standard" ? Infinity : -Infinity);
  if (began <= year && year <= ended) return "certain";
  const from = start_earliest ?? start_latest ?? end_earliest ?? Infinity;
  const to = end_latest ?? end_earliest ?? (lasts && (start_earliest ?? start_latest) !== null ? Infinity : -Infinity);
  return from <= year && year <= to ? "perhaps" : "";
}

/**
 * The name that the place had: a certain one before one that perhaps was, the standard name before a former one and that before
 * others, then the one that came last. Null where none is known of the year.
 *
 * @param {Place} place
 * @param {number} year
 * @returns {Then | null}
 */
export function nameIn(place, year) {
  const rank = (/** @type {Named} */ { role }) => (FIRST_NAMES.indexOf(role) + FIRST_NAMES.length + 1) % (FIRST_NAMES.length + 1);
  const began = (/** @type {Named} */ { start_earliest, start_latest }) => start_latest ?? start_earliest ?? -Infinity;
  /** @type {Then | null} */
  let best = null;
  for (const named of place.names) {
    const used = usedIn(named, year);
    if (!used) continue;
    const isCertain = used === "certain";
    const difference = best && (Number(isCertain) - Number(best.isCertain) || rank(best.named) - rank(named) || began(named) - began(best.named));
    if (!best || Number(difference) > 0) best = { place, named, isCertain };
  }
  return best;
}

/** Places with the names they had, and those of which no name's time is known. @param {Place[]} places @param {number} year */
export function placesIn(places, year) {
  const timed = places.filter(({ names }) => names.length);
  return {
    then: timed.flatMap((place) => nameIn(place, year) ?? []),
    timed: timed.length,
    timeless: places.filter(({ names }) => !names.length),
  };
}

/** The places that lie within bounds. @template {{lon: number | null, lat: number | null}} P @param {P[]} places @param {[number, number, number, number]} bounds @returns {P[]} */
export function within(places, [west, south, east, north]) {
  return places.filter(({ lon, lat }) => lon !== null && lat !== null && west <= lon && lon <= east && south <= lat && lat <= north);
}

/**
 * The rows of the document as objects.
 *
 * @param {{columns: string[], of_name: string[], places: any[][]}} document
 * @returns {Place[]}
 */
export function readPlaces({ columns, of_name, places }) {
  const object = (/** @type {string[]} */ keys, /** @type {any[]} */ values) => Object.fromEntries(keys.map((key, at) => [key, values[at]]));
  return places.map((row) => {
    const place = object(columns, row);
    return /** @type {Place} */ ({ ...place, names: (place.names ?? []).map((/** @type {any[]} */ named) => object(of_name, named)) });
  });
}
