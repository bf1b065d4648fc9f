/** The nearest operating place of each kind, by straight line. */
import { items, pointOf } from "./api.js";
import { config, layers } from "./config.js";
import { boxAround, distanceM } from "./distance.js";
import { byId, h, icon, symbol } from "./dom.js";
import { formatDistance, placeName, t } from "./i18n.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./config.js").Layer} Layer */
/** @typedef {import("./api.js").Feature} Feature */
/** @typedef {{lon: number, lat: number}} Point */
/** @typedef {{layer: Layer, feature: Feature, distance: number}} Found */

const FIRST_REACH_M = 8_000;
const WIDER = 4;
const EVERYWHERE_M = 600_000;
const FEW = 150; // a layer this small is asked for at once
const PAGE = 2_000;
const LOCATE_MS = 8_000;
const MOST_OF_ONE = 5; // shown of a kind that is looked for alone

/** @param {Store} store */
export function startNearest(store) {
  /** @type {AbortController} */
  let asked = new AbortController();

  async function show() {
    asked.abort();
    const { side, position, layers: on, elder } = store.get();
    if (side !== "nearest") return;
    asked = new AbortController();
    const { signal } = asked;
    if (!position) return renderAsking(store, t("locating"));
    render(store, [h("p", { class: "side-note" }, t("loading"))]);
    try {
      const found = await nearestOfEach(position, signal, elder ? on : [...layers.keys()]);
      if (!signal.aborted) render(store, results(store, found));
    } catch {
      if (!signal.aborted) render(store, [h("p", { class: "side-note" }, t("answer_failed"))]);
    }
  }

  store.subscribe(["side", "position"], show);
  store.subscribe(["layers", "elder"], ({ elder }) => elder && show());
  byId("show-nearest").addEventListener("click", () => showNearest(store));
}

/** Opens the list of the nearest places; in the elder mode of the kinds switched on. @param {Store} store */
export function showNearest(store) {
  store.set({ side: "nearest" });
  if (!store.get().position) locate(store);
  byId("nearest-title").focus({ preventScroll: true });
}

/**
 * @param {Point} from
 * @param {AbortSignal} signal
 * @param {string[]} among ids of layers
 * @returns {Promise<Found[]>} nearest first: one of each kind, some of a kind alone
 */
async function nearestOfEach(from, signal, among) {
  const kinds = config.layers.filter((layer) => layer.facility && layer.count > 0 && among.includes(layer.id));
  const most = kinds.length === 1 ? MOST_OF_ONE : 1;
  const found = await Promise.all(kinds.map((layer) => nearest(layer, from, most, signal)));
  return found.flat().sort((one, other) => one.distance - other.distance);
}

/**
 * Looks in a box that grows until it surely holds so many nearest: a corner of a box lies farther than its sides.
 *
 * @param {Layer} layer
 * @param {Point} from
 * @param {number} most
 * @param {AbortSignal} signal
 * @returns {Promise<Found[]>} nearest first
 */
async function nearest(layer, from, most, signal) {
  for (let reach = layer.count <= FEW ? EVERYWHERE_M : FIRST_REACH_M; ; reach = Math.min(reach * WIDER, EVERYWHERE_M)) {
    const everywhere = reach >= EVERYWHERE_M;
    const { features } = await items(layer.id, { limit: PAGE, signal, ...(everywhere ? {} : { bbox: boxAround(from, reach) }) });
    const best = features.map((feature) => measured(layer, feature, from)).filter((one) => one !== null).sort((one, other) => one.distance - other.distance).slice(0, most);
    if (everywhere || (best.length === most && best[most - 1].distance <= reach)) return best;
  }
}

/** @param {Layer} layer @param {Feature} feature @param {Point} from @returns {Found | null} */
function measured(layer, feature, from) {
  const place = pointOf(feature.geometry);
  if (!place || feature.properties.status !== "operating") return null;
  return { layer, feature, distance: distanceM(from, place) };
}

/** Asks the browser where it is; the position never leaves this page. @param {Store} store */
function locate(store) {
  if (!navigator.geolocation) return renderAsking(store, t("position_unavailable"));
  renderAsking(store, t("locating"));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => store.set({ position: { lon: coords.longitude, lat: coords.latitude, chosen: false } }),
    (error) => {
      if (store.get().side === "nearest") renderAsking(store, t(error.code === error.PERMISSION_DENIED ? "position_denied" : "position_unavailable"));
    },
    { timeout: LOCATE_MS, maximumAge: 60_000, enableHighAccuracy: false },
  );
}

/** @param {Store} store @param {string} text */
function renderAsking(store, text) {
  render(store, [h("p", { class: "side-note", role: "status" }, text)]);
}

/** @param {Store} store */
function useCentre(store) {
  const { view } = store.get();
  const [west, south, east, north] = config.home;
  store.set({ position: view ? { lon: view.lon, lat: view.lat, chosen: true } : { lon: (west + east) / 2, lat: (south + north) / 2, chosen: true } });
}

/** @param {Store} store @param {Node[]} body */
function render(store, body) {
  const side = byId("side");
  const focused = side.contains(document.activeElement);
  const asking = [
    h("p", { class: "side-note" }, t("nearest_note")),
    h(
      "p",
      { class: "actions" },
      h("button", { type: "button", class: "action", onclick: () => { store.set({ position: null }); locate(store); } }, icon("target"), t("use_position")),
      h("button", { type: "button", class: "action", id: "use-centre", onclick: () => useCentre(store) }, t("use_centre")),
    ),
  ];
  side.setAttribute("aria-labelledby", "nearest-title");
  side.replaceChildren(
    h(
      "div",
      { class: "side-head" },
      h("h2", { id: "nearest-title", class: "side-title", tabindex: "-1" }, t("nearest_title")),
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => {
        store.set({ side: null, feature: null });
        byId("show-nearest").focus();
      } }, icon("close")),
    ),
    h("div", { class: "side-body" }, ...(store.get().elder ? [...body, ...asking] : [...asking, ...body])),
  );
  if (focused) byId("nearest-title").focus({ preventScroll: true });
}

/** @param {Store} store @param {Found[]} found */
function results(store, found) {
  const { position } = store.get();
  if (!found.length) return [h("p", { class: "side-note", role: "status" }, t("nearest_none"))];
  return [
    h("p", { class: "visually-hidden", role: "status" }, t("nearest_found", { count: found.length })),
    h("h3", {}, t(position?.chosen ? "chosen_point" : "your_position")),
    h("ol", { class: "places" }, ...found.map((one) => h("li", {}, place(store, one)))),
  ];
}

/** @param {Store} store @param {Found} found */
function place(store, { layer, feature, distance }) {
  const open = () => store.set({ feature: { layer: layer.id, code: feature.id }, side: "card", alsoHere: [], closer: true });
  return h(
    "button",
    { type: "button", class: "place", "data-layer": layer.id, onclick: open },
    symbol(layer.legend, 26),
    h("span", { class: "place-name" }, feature.properties.name),
    h("span", { class: "place-where" }, [layer.title, placeName(feature.properties.township_claimed)].filter(Boolean).join(" · ")),
    h("span", { class: "place-distance" }, t("straight_line", { distance: formatDistance(distance) })),
  );
}
