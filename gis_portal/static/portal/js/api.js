/** What the page asks the portal for. */
import { config } from "./config.js";

/**
 * @typedef {{type: string, coordinates: any}} Geometry
 * @typedef {{type: "Feature", id: string, geometry: Geometry | null, properties: Record<string, any>}} Feature
 * @typedef {{features: Feature[], numberMatched?: number, links?: {rel: string, href: string}[]}} FeatureCollection
 */

export class NotFound extends Error {}
export class AnswerFailed extends Error {}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
async function ask(path, signal) {
  let response;
  try {
    response = await fetch(path, { signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AnswerFailed(path);
  }
  if (response.status === 404) throw new NotFound(path);
  if (!response.ok) throw new AnswerFailed(path);
  return response.json();
}

/** @param {Record<string, string | number | undefined>} given undefined: not asked for */
function query(given) {
  const asked = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return new URLSearchParams([...asked, ["lang", config.language]]).toString();
}

/** @returns {Promise<any>} the map's style, its tiles on this page's own origin */
export async function portalStyle() {
  const style = await ask(config.style);
  style.sources.portal.tiles = [location.origin + config.tiles];
  delete style.sprite; // the page draws the markers itself, with the reader's own fonts
  return style;
}

/** @param {string} layer @param {string} code @param {AbortSignal} [signal] @returns {Promise<Feature>} */
export function item(layer, code, signal) {
  return ask(`/api/collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(code)}?${query({})}`, signal);
}

/**
 * @param {string} layer
 * @param {{bbox?: import("./config.js").Bounds, limit: number, filter?: string, signal?: AbortSignal}} options filter: CQL2 text
 * @returns {Promise<FeatureCollection>}
 */
export function items(layer, { bbox, limit, filter, signal }) {
  const box = bbox ? { bbox: bbox.map((degrees) => degrees.toFixed(6)).join(",") } : {};
  return ask(`/api/collections/${encodeURIComponent(layer)}/items?${query({ limit, filter, ...box })}`, signal);
}

/**
 * What is called so, the best first. note: what people should know of the question before they look.
 *
 * @param {string} text
 * @param {{near: {lon: number, lat: number} | null, signal?: AbortSignal}} options near: what lies there comes first
 * @returns {Promise<FeatureCollection & {note?: string}>}
 */
export function search(text, { near, signal }) {
  return ask(`/api/search?${query({ q: text, limit: 8, ...near })}`, signal);
}

/**
 * What is at a point: its township, and what is near, the nearest first.
 *
 * @param {{lon: number, lat: number}} point
 * @param {AbortSignal} [signal]
 * @returns {Promise<{geocoding: {township: {code: string} | null}, features: Feature[]}>}
 */
export function reverse({ lon, lat }, signal) {
  return ask(`/api/reverse?${query({ lon, lat })}`, signal);
}

/** @returns {Promise<{as_of: string, targets: any[]}>} the targets of the coverage plan, without their figures */
export function targetList() {
  return ask(`/api/coverage/targets?${query({})}`);
}

/**
 * A target measured now, with what each division of the level has.
 *
 * @param {string} id
 * @param {"county" | "township"} by
 * @param {AbortSignal} signal
 * @returns {Promise<{as_of: string, targets: any[]}>}
 */
export function targetFigure(id, by, signal) {
  return ask(`/api/coverage/targets/${encodeURIComponent(id)}?${query({ by })}`, signal);
}

/** @returns {Promise<{columns: string[], of_name: string[], places: any[][]}>} the public heritage places with their names of known time */
export function placeNames() {
  return ask("/api/places/names");
}

/** @param {string} handle @returns {Promise<{names: any[]}>} a heritage place in the Linked Places Format */
export function linkedPlace(handle) {
  return ask(`/api/places/${encodeURIComponent(handle)}`);
}

/**
 * A point that stands for a geometry: itself, or the middle of its bounds.
 *
 * @param {Geometry | null} geometry
 * @returns {{lon: number, lat: number} | null}
 */
export function pointOf(geometry) {
  const box = boundsOf(geometry);
  return box && { lon: (box[0] + box[2]) / 2, lat: (box[1] + box[3]) / 2 };
}

/** @param {Geometry | null} geometry @returns {import("./config.js").Bounds | null} */
export function boundsOf(geometry) {
  if (!geometry) return null;
  const numbers = geometry.coordinates.flat(Infinity);
  /** @type {import("./config.js").Bounds} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let place = 0; place + 1 < numbers.length; place += 2) {
    box[0] = Math.min(box[0], numbers[place]);
    box[1] = Math.min(box[1], numbers[place + 1]);
    box[2] = Math.max(box[2], numbers[place]);
    box[3] = Math.max(box[3], numbers[place + 1]);
  }
  return numbers.length ? box : null;
}
