/** The panel of layers: groups, switches, legend, counts, and what each layer is. */
import { config, shownAtFirst } from "./config.js";
import { byId, h, icon, symbol } from "./dom.js";
import { formatCount, formatDay, t } from "./i18n.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./config.js").Layer} Layer */

const FULL = 100; // percent

/** @param {Store} store */
export function startLayersPanel(store) {
  /** @type {Map<string, Layer[]>} */
  const groups = new Map();
  for (const layer of config.layers) groups.set(layer.group, [...(groups.get(layer.group) ?? []), layer]);
  byId("layer-groups").replaceChildren(...[...groups].map(([title, members]) => group(title, members, store)));
  byId("reset-layers").addEventListener("click", () => store.set({ layers: shownAtFirst, opacity: {} }));
  store.subscribe(["layers"], showSwitches);
  store.subscribe(["opacity"], showOpacity);
  store.subscribe(["view"], showHints);
  showSwitches(store.get());
  showOpacity(store.get());
  showHints(store.get());
  startDrawer();
}

/** @param {string} title @param {Layer[]} members @param {Store} store */
function group(title, members, store) {
  return h("fieldset", { class: "layer-group" }, h("legend", {}, title), ...members.map((layer) => row(layer, store)));
}

/** @param {Layer} layer @param {Store} store */
function row(layer, store) {
  const about = h("div", { class: "layer-about", id: `about-${layer.id}`, hidden: true }, ...description(layer), opacity(layer, store), alone(layer, store));
  const toggle = () => {
    about.hidden = !about.hidden;
    more.setAttribute("aria-expanded", String(!about.hidden));
  };
  const more = h(
    "button",
    { type: "button", class: "icon-button", "aria-expanded": "false", "aria-controls": about.id, "aria-label": t("about_layer", { title: layer.title }), onclick: toggle },
    icon("info"),
  );
  const change = (/** @type {any} */ event) => {
    const others = store.get().layers.filter((id) => id !== layer.id);
    const shown = event.target.checked ? [...others, layer.id] : others;
    store.set({ layers: config.layers.map(({ id }) => id).filter((id) => shown.includes(id)) });
  };
  return h(
    "div",
    { class: "layer", "data-layer": layer.id },
    h(
      "label",
      {},
      h("input", { type: "checkbox", value: layer.id, onchange: change }),
      symbol(layer.legend),
      h("span", { class: "layer-title" }, layer.title, h("span", { class: "layer-hint", hidden: true }, t("zoom_closer"))),
      h("span", { class: "layer-count", title: t("features", { count: formatCount(layer.count) }) }, formatCount(layer.count)),
    ),
    more,
    about,
  );
}

/** @param {Layer} layer */
function description(layer) {
  return [
    h("p", {}, layer.description),
    layer.demonstration && h("p", {}, h("span", { class: "badge badge-demo" }, t("demonstration"))),
    layer.sources.length > 0 && h("p", {}, `${t("sources")}: ${layer.sources.join("; ")}`),
    layer.asOf && h("p", {}, t("as_of", { day: formatDay(layer.asOf) })),
  ].filter(Boolean);
}

/** How much of the layer is seen. @param {Layer} layer @param {Store} store */
function opacity(layer, store) {
  const id = `opacity-${layer.id}`;
  const change = (/** @type {any} */ event) => {
    const { [layer.id]: _before, ...others } = store.get().opacity;
    const percent = Number(event.target.value);
    store.set({ opacity: percent < FULL ? { ...others, [layer.id]: percent } : others });
  };
  return h(
    "p",
    { class: "layer-opacity" },
    h("label", { for: id }, t("opacity")),
    h("input", { type: "range", id, min: 0, max: FULL, step: 10, "data-opacity": layer.id, oninput: change }),
    h("output", { for: id }),
  );
}

/** Switches off everything else but the ground. @param {Layer} layer @param {Store} store */
function alone(layer, store) {
  return h("button", { type: "button", class: "plain", onclick: () => store.set({ layers: withGround(layer) }) }, t("only_layer"));
}

/** The layer and the areas that are shown at first. @param {Layer} layer @returns {string[]} ids */
export function withGround(layer) {
  return config.layers.filter((other) => other.id === layer.id || (other.area && shownAtFirst.includes(other.id))).map(({ id }) => id);
}

/** @param {import("./store.js").State} state */
function showOpacity({ opacity }) {
  for (const found of document.querySelectorAll("input[data-opacity]")) {
    const input = /** @type {HTMLInputElement} */ (found);
    const percent = opacity[input.dataset.opacity ?? ""] ?? FULL;
    input.value = String(percent);
    if (input.nextElementSibling) input.nextElementSibling.textContent = `${percent}%`;
  }
}

/** @param {import("./store.js").State} state */
function showSwitches({ layers }) {
  for (const input of document.querySelectorAll("#layer-groups input[type=checkbox]")) {
    /** @type {HTMLInputElement} */ (input).checked = layers.includes(/** @type {HTMLInputElement} */ (input).value);
  }
}

/** Says of a layer that is drawn only closer that one has to zoom in. @param {import("./store.js").State} state */
function showHints({ view, layers }) {
  for (const layer of config.layers) {
    const hint = document.querySelector(`[data-layer="${layer.id}"] .layer-hint`);
    if (hint) /** @type {HTMLElement} */ (hint).hidden = !view || view.zoom >= layer.minZoom || !layers.includes(layer.id);
  }
}

/** On narrow screens the panel is a drawer. */
function startDrawer() {
  const opener = byId("show-layers");
  const set = (/** @type {boolean} */ open) => {
    byId("layers").classList.toggle("layers-open", open);
    opener.setAttribute("aria-expanded", String(open));
    if (open) byId("hide-layers").focus();
    else opener.focus();
  };
  opener.addEventListener("click", () => set(opener.getAttribute("aria-expanded") !== "true"));
  byId("hide-layers").addEventListener("click", () => set(false));
  byId("layers").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opener.getAttribute("aria-expanded") === "true") set(false);
  });
}
