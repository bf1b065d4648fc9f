/**
 * The state in the address bar. The language stands in ?lang=, because the server writes the page in it.
 *
 *     #map=zoom/lat/lon & layers=a,b & opacity=a:50 & feature=layer/code & pin=lat/lon & view=list & panel=measure
 *     & target=id/township & year=1644 & line=lon,lat;lon,lat (or area=) & base=id & look=dark & elder=1
 *
 * What was written once is read for ever.
 */
import { AT_FIRST, PANELS } from "./store.js";

/** @typedef {import("./store.js").State} State */

const ZOOM = [3, 20];
const YEARS = [-10_000, 2100];
export const MOST_CORNERS = 200;
const FILE = /^[\p{L}\p{N}_.-]{1,80}$/u; // a base is named as its file
const NAME = /^[\w.-]{1,80}$/;
const LOOKS = /** @type {const} */ (["light", "dark"]);
const LEVELS = /** @type {const} */ (["county", "township"]);
const DRAWN = /** @type {const} */ (["line", "area"]);

/**
 * The part of the state that an address gives; what cannot be read is left out, never an error.
 *
 * @param {string} hash
 * @param {string[]} known ids of the layers there are
 * @returns {Partial<State>}
 */
export function readHash(hash, known) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {Partial<State>} */
  const state = {};
  const view = readView(given.get("map"));
  if (view) state.view = view;
  const layers = given.get("layers");
  if (layers !== null) state.layers = known.filter((id) => layers.split(",").includes(id));
  const opacity = readOpacity(given.get("opacity"), known);
  if (opacity) state.opacity = opacity;
  const feature = readFeature(given.get("feature"));
  if (feature) {
    state.feature = feature;
    state.side = "card";
  }
  const pin = feature ? null : readPin(given.get("pin"));
  if (pin) {
    state.pin = pin;
    state.side = "pin";
  }
  if (given.get("view") === "list") state.mode = "list";
  const panel = PANELS.find((name) => name === given.get("panel"));
  if (panel) state.side = panel;
  const target = readTarget(given.get("target"));
  if (target) state.target = target;
  const year = readYear(given.get("year"));
  if (year !== null) state.year = year;
  const drawn = readDrawn(given);
  if (drawn) state.drawn = drawn;
  const base = given.get("base");
  if (base && FILE.test(base)) state.base = base;
  const look = LOOKS.find((name) => name === given.get("look"));
  if (look) state.look = look;
  if (given.get("elder") === "1") state.elder = true;
  return state;
}

/**
 * @param {State} state
 * @param {string[]} usual the layers that need no mention
 * @returns {string}
 */
export function writeHash(state, usual) {
  const { view, layers, opacity, feature, pin, mode, side, target, year, drawn, base, look, elder } = state;
  const parts = [];
  if (view) parts.push(`map=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}`);
  if (layers.length !== usual.length || layers.some((id) => !usual.includes(id))) parts.push(`layers=${layers.join(",")}`);
  const faint = Object.entries(opacity).map(([id, percent]) => `${id}:${percent}`);
  if (faint.length) parts.push(`opacity=${faint.join(",")}`);
  if (feature) parts.push(`feature=${encodeURIComponent(feature.layer)}/${encodeURIComponent(feature.code)}`);
  if (pin) parts.push(`pin=${pin.lat}/${pin.lon}`);
  if (mode === "list") parts.push("view=list");
  if (PANELS.some((name) => name === side)) parts.push(`panel=${side}`);
  if (target) parts.push(`target=${encodeURIComponent(target.id)}/${target.level}`);
  if (year !== null) parts.push(`year=${year}`);
  if (drawn) parts.push(`${drawn.kind}=${drawn.points.map(([lon, lat]) => `${+lon.toFixed(6)},${+lat.toFixed(6)}`).join(";")}`);
  if (base) parts.push(`base=${encodeURIComponent(base)}`);
  if (look !== AT_FIRST.look) parts.push(`look=${look}`);
  if (elder) parts.push("elder=1");
  return parts.length ? `#${parts.join("&")}` : "";
}

/** @param {string | null} text @param {number} count @returns {number[] | null} exactly so many */
function readNumbers(text, count, separator = "/") {
  const numbers = (text ?? "").split(separator).map((part) => (part.trim() === "" ? NaN : Number(part)));
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : null;
}

/** @param {number} lon @param {number} lat */
function isOnMap(lon, lat) {
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
}

/** @param {string | null} text @returns {State["pin"]} */
function readPin(text) {
  const [lat, lon] = readNumbers(text, 2) ?? [NaN, NaN];
  return isOnMap(lon, lat) ? { lon, lat, name: "", why: "", isDoor: false } : null;
}

/** @param {string | null} text @returns {State["view"]} */
function readView(text) {
  const [zoom, lat, lon] = readNumbers(text, 3) ?? [NaN, NaN, NaN];
  return isOnMap(lon, lat) ? { zoom: Math.min(Math.max(zoom, ZOOM[0]), ZOOM[1]), lat, lon } : null;
}

/** @param {string | null} text @returns {State["feature"]} */
function readFeature(text) {
  const slash = text?.indexOf("/") ?? -1;
  if (!text || slash < 1 || slash === text.length - 1) return null;
  return { layer: text.slice(0, slash), code: text.slice(slash + 1) };
}

/** @param {string | null} text @param {string[]} known @returns {State["opacity"] | null} */
function readOpacity(text, known) {
  /** @type {State["opacity"]} */
  const found = {};
  for (const part of (text ?? "").split(",")) {
    const [id, percent] = part.split(":");
    const share = Number(percent);
    if (known.includes(id) && Number.isInteger(share) && share >= 0 && share < 100) found[id] = share;
  }
  return Object.keys(found).length ? found : null;
}

/** @param {string | null} text @returns {State["target"]} */
function readTarget(text) {
  const [id, by] = (text ?? "").split("/");
  const level = LEVELS.find((name) => name === by);
  return level && NAME.test(id) ? { id, level } : null;
}

/** @param {string | null} text @returns {State["year"]} there is no year 0 */
function readYear(text) {
  const year = /^-?\d{1,5}$/.test(text ?? "") ? Number(text) : 0;
  return year !== 0 && year >= YEARS[0] && year <= YEARS[1] ? year : null;
}

/** @param {URLSearchParams} given @returns {State["drawn"]} */
function readDrawn(given) {
  const kind = DRAWN.find((name) => given.has(name));
  if (!kind) return null;
  const corners = (given.get(kind) ?? "").split(";").slice(0, MOST_CORNERS);
  const points = corners.map((corner) => readNumbers(corner, 2, ",")).map((found) => found ?? [NaN, NaN]);
  return points.every(([lon, lat]) => isOnMap(lon, lat)) ? { kind, points: points.map(([lon, lat]) => [lon, lat]) } : null;
}
