/** The pin: a place that is no feature, with the township it lies in and what is around it. */
import { reverse } from "./api.js";
import { layers } from "./config.js";
import { byId, h, icon, symbol } from "./dom.js";
import { formatDistance, formatPosition, placeName, t } from "./i18n.js";
import { PIN_SVG } from "./markers.js";
import { copyLink } from "./share.js";
import { nameInTown } from "./suggestion.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Pin} Pin */
/** @typedef {import("./api.js").Feature} Feature */

const SEEN_FROM = 15; // the zoom at which a pin stands among what is around it
const DOOR_SEEN_FROM = 17;

/**
 * Keeps the pin and its card true to the state. A feature that is chosen takes its place.
 *
 * @param {Store} store
 * @param {() => import("./map.js").AnyMap | null} map
 * @returns {() => void} shows the pin of the state, for a map that has only now come
 */
export function startPin(store, map) {
  let asked = new AbortController();
  /** @type {Pin | null} */
  let shown = null;

  async function show() {
    const { pin, side } = store.get();
    asked.abort();
    map()?.pin(pin);
    if (!pin || side !== "pin") {
      if (!pin) shown = null;
      return;
    }
    asked = new AbortController();
    const { signal } = asked;
    const isNew = shown !== pin;
    shown = pin;
    render(store, pin, [h("p", { class: "side-note" }, t("loading"))]);
    if (isNew) {
      byId("side").scrollTop = 0;
      map()?.goTo({ geometry: { type: "Point", coordinates: [pin.lon, pin.lat] } }, store.get().closer, pin.isDoor ? DOOR_SEEN_FROM : SEEN_FROM);
      byId("pin-name").focus({ preventScroll: true });
    }
    try {
      const { geocoding, features } = await reverse(pin, signal);
      if (!signal.aborted) render(store, pin, around(store, pin, geocoding.township?.code ?? null, features));
    } catch {
      if (!signal.aborted) render(store, pin, [...facts(pin, ""), h("p", { class: "side-note" }, t("answer_failed"))]);
    }
  }

  store.subscribe(["feature"], ({ feature, pin }) => feature && pin && store.set({ pin: null }));
  store.subscribe(["pin", "side"], show);
  show();
  return () => {
    shown = null;
    show();
  };
}

/** @param {Store} store @param {Pin} pin @param {(Node | null)[]} body */
function render(store, pin, body) {
  const side = byId("side");
  const focused = side.contains(document.activeElement);
  const close = () => {
    store.set({ pin: null, side: null });
    /** @type {HTMLElement | null} */ (document.querySelector(store.get().mode === "list" ? "#list table button" : "#map canvas, #map[tabindex]"))?.focus();
  };
  side.setAttribute("aria-labelledby", "pin-name");
  side.replaceChildren(
    h(
      "div",
      { class: "side-head" },
      symbol(PIN_SVG, 26),
      h("p", { class: "side-kind" }, t("position")),
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: close }, icon("close")),
    ),
    h(
      "div",
      { class: "side-body card" },
      h("h2", { id: "pin-name", tabindex: "-1" }, pin.name || formatPosition(pin.lon, pin.lat)),
      pin.why && h("p", { class: "side-note" }, pin.why),
      h("p", { class: "actions" }, h("button", { type: "button", class: "action", onclick: copyLink }, icon("share"), h("span", {}, t("share")))),
      ...body,
    ),
  );
  if (focused) byId("pin-name").focus({ preventScroll: true });
}

/** @param {Pin} pin @param {string} where */
function facts(pin, where) {
  const position = h("dd", {}, formatPosition(pin.lon, pin.lat), h("small", {}, ` ${t("datum")}`));
  return [h("dl", { class: "facts" }, where && h("dt", {}, t("township")), where && h("dd", {}, where), h("dt", {}, t("coordinates")), position)];
}

/** @param {Store} store @param {Pin} pin @param {string | null} township @param {Feature[]} found */
function around(store, pin, township, found) {
  return [
    ...facts(pin, township ? placeName(township) : t("outside")),
    found.length > 0 && h("h3", {}, t("around")),
    found.length > 0 && h("ol", { class: "places" }, ...found.map((feature) => h("li", {}, place(store, feature)))),
  ].filter((part) => part instanceof Node);
}

/** @param {Store} store @param {Feature} feature */
function place(store, { properties: { geocoding: found } }) {
  const layer = layers.get(found.layer);
  const open = () => store.set({ feature: { layer: found.layer, code: found.code }, side: "card", alsoHere: [], closer: true });
  return h(
    "button",
    { type: "button", class: "place", onclick: open },
    layer && symbol(layer.legend, 26),
    h("span", { class: "place-name" }, nameInTown(found)),
    h("span", { class: "place-where" }, [layer?.title, placeName(found.township)].filter(Boolean).join(" · ")),
    h("span", { class: "place-distance" }, t("straight_line", { distance: formatDistance(found.distance) })),
  );
}
