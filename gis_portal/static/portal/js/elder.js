/** The elder mode: few controls, all of them large. */
import { config, layers, shownAtFirst } from "./config.js";
import { byId, h, symbol } from "./dom.js";
import { withGround } from "./layers-panel.js";
import { chooseLook } from "./look.js";
import { showNearest } from "./nearest.js";
import { hush } from "./speech.js";

/** @typedef {import("./store.js").Store} Store */

/** @param {Store} store */
export function startElder(store) {
  byId("elder").addEventListener("click", () => {
    const elder = !store.get().elder;
    chooseLook(store, { elder });
    if (!elder) store.set({ layers: shownAtFirst });
  });
  byId("show-nearest").addEventListener("click", () => store.get().elder && store.set({ layers: shownAtFirst }));
  store.subscribe(["feature", "side"], hush);
  store.subscribe(["elder", "layers"], (state) => showKinds(state, store));
  showKinds(store.get(), store);
}

/** @param {import("./store.js").State} state @param {Store} store */
function showKinds({ elder, layers: on }, store) {
  const list = byId("elder-kinds");
  if (elder && !list.firstChild) list.append(...config.elderKinds.flatMap((id) => layers.get(id) ?? []).map((layer) => h("li", {}, kind(layer, store))));
  const places = on.filter((id) => !layers.get(id)?.area);
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(places.length === 1 && places[0] === button.dataset.kind));
  }
}

/** One kind of facility alone, and the nearest of it. @param {import("./config.js").Layer} layer @param {Store} store */
function kind(layer, store) {
  const choose = () => {
    store.set({ layers: withGround(layer) });
    byId("layers").classList.remove("layers-open");
    byId("show-layers").setAttribute("aria-expanded", "false");
    showNearest(store);
  };
  return h("button", { type: "button", class: "elder-kind", "data-kind": layer.id, onclick: choose }, symbol(layer.legend, 40), h("span", {}, layer.title));
}
