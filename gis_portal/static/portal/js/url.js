/**
 * The state in the address bar: #map=zoom/lat/lon&layers=a,b&feature=layer/code&pin=lat/lon&view=list.
 * The language stands in ?lang=, because the server writes the page in it.
 */

/** @typedef {import("./store.js").State} State */

const ZOOM = [3, 20];

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
  return state;
}

/**
 * @param {State} state
 * @param {string[]} usual the layers that need no mention
 * @returns {string}
 */
export function writeHash({ view, layers, feature, pin, mode }, usual) {
  const parts = [];
  if (view) parts.push(`map=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}`);
  if (layers.length !== usual.length || layers.some((id) => !usual.includes(id))) parts.push(`layers=${layers.join(",")}`);
  if (feature) parts.push(`feature=${encodeURIComponent(feature.layer)}/${encodeURIComponent(feature.code)}`);
  if (pin) parts.push(`pin=${pin.lat}/${pin.lon}`);
  if (mode === "list") parts.push("view=list");
  return parts.length ? `#${parts.join("&")}` : "";
}

/** @param {string | null} text @param {number} count @returns {number[] | null} exactly so many */
function readNumbers(text, count) {
  const numbers = (text ?? "").split("/").map((part) => (part.trim() === "" ? NaN : Number(part)));
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : null;
}

/** @param {string | null} text @returns {State["pin"]} */
function readPin(text) {
  const [lat, lon] = readNumbers(text, 2) ?? [NaN, NaN];
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lon, lat, name: "", why: "", isDoor: false } : null;
}

/** @param {string | null} text @returns {State["view"]} */
function readView(text) {
  const numbers = readNumbers(text, 3);
  if (!numbers) return null;
  const [zoom, lat, lon] = numbers;
  if (Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom: Math.min(Math.max(zoom, ZOOM[0]), ZOOM[1]), lat, lon };
}

/** @param {string | null} text @returns {State["feature"]} */
function readFeature(text) {
  const slash = text?.indexOf("/") ?? -1;
  if (!text || slash < 1 || slash === text.length - 1) return null;
  return { layer: text.slice(0, slash), code: text.slice(slash + 1) };
}
