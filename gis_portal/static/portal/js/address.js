/** What follows from the state on every page with a map: whether the side is there, and the address bar. */
import { layers, shownAtFirst } from "./config.js";
import { byId } from "./dom.js";
import { AT_FIRST } from "./store.js";
import { readHash, writeHash } from "./url.js";

/** @typedef {import("./store.js").Store} Store */

/** The side panel is there when it has something to show. @param {Store} store */
export function startSide(store) {
  const show = () => {
    const { side } = store.get();
    byId("side").hidden = side === null;
    if (side === null) byId("side").replaceChildren();
    document.body.dataset.side = side ?? "";
    document.getElementById("show-nearest")?.setAttribute("aria-pressed", String(side === "nearest"));
  };
  store.subscribe(["side"], show);
  show();
}

/**
 * State and address follow each other; choosing something can be undone with the browser's own button.
 *
 * @param {Store} store
 * @param {() => import("./map.js").AnyMap | null} map
 */
export function startAddress(store, map) {
  const write = (/** @type {boolean} */ step) => {
    const hash = writeHash(store.get(), shownAtFirst);
    for (const link of document.querySelectorAll("[data-same-view]")) /** @type {HTMLAnchorElement} */ (link).hash = hash;
    if (hash === location.hash) return;
    history[step ? "pushState" : "replaceState"](null, "", hash || location.pathname + location.search);
  };
  store.subscribe(["view", "layers", "opacity", "year", "drawn"], () => write(false));
  store.subscribe(["feature", "pin", "mode", "side", "target", "base", "look", "elder"], () => write(true));
  addEventListener("popstate", () => {
    const given = readHash(location.hash, [...layers.keys()]);
    const { feature, pin, side } = store.get();
    const kept = given.feature ?? null;
    const same = kept?.layer === feature?.layer && kept?.code === feature?.code;
    store.set({
      ...AT_FIRST,
      view: store.get().view,
      position: store.get().position,
      ...given,
      layers: given.layers ?? shownAtFirst,
      mode: map() ? given.mode ?? "map" : "list",
      feature: same ? feature : kept,
      pin: samePlace(given.pin, pin) ? pin : given.pin ?? null,
      side: given.side ?? (side === "nearest" ? side : null),
    });
  });
  write(false);
}

/** @param {import("./store.js").Pin | null | undefined} one @param {import("./store.js").Pin | null} other */
function samePlace(one, other) {
  return one?.lat === other?.lat && one?.lon === other?.lon;
}
