/** The tools that take the side while they are used. Each is loaded when it is first needed. */
import { byId, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { say } from "./status.js";
import { PANELS } from "./store.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").State} State */
/** @typedef {import("./store.js").Panel} Panel */
/** @typedef {() => import("./map.js").Controls | null} MapOf */
/** @typedef {{start: (store: Store, map: MapOf) => void}} PanelModule start: called once; keeps the panel true to the state from then on */

/** @type {Record<Panel, () => Promise<PanelModule>>} */
const MODULES = {
  measure: () => import("./panels/measure.js"),
  coverage: () => import("./panels/coverage.js"),
  time: () => import("./panels/time.js"),
  print: () => import("./panels/print.js"),
  share: () => import("./panels/share.js"),
  display: () => import("./panels/display.js"),
};

/** What a panel draws on the map stays there when its side is closed. @param {State} state @returns {Panel[]} */
function needed({ side, drawn, target, year }) {
  return PANELS.filter(
    (name) => name === side || (name === "measure" && drawn) || (name === "coverage" && target) || (name === "time" && year !== null),
  );
}

/** @param {Store} store @param {MapOf} map */
export function startPanels(store, map) {
  /** @type {Set<Panel>} */
  const started = new Set();
  const start = (/** @type {State} */ state) => {
    for (const name of needed(state)) {
      if (started.has(name)) continue;
      started.add(name);
      MODULES[name]().then(
        (module) => module.start(store, map),
        () => {
          started.delete(name);
          say(t("answer_failed"));
        },
      );
    }
  };
  store.subscribe(["side", "drawn", "target", "year"], start);
  start(store.get());
  startMenu(store);
}

/** The menu of the tools in the header. @param {Store} store */
function startMenu(store) {
  const opener = byId("show-tools");
  const menu = byId("tools");
  const set = (/** @type {boolean} */ open) => {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  };
  opener.addEventListener("click", () => set(menu.hidden));
  for (const choice of menu.querySelectorAll("button")) {
    choice.addEventListener("click", () => {
      set(false);
      store.set({ side: /** @type {Panel} */ (choice.dataset.panel) });
    });
  }
  menu.parentElement?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    set(false);
    opener.focus();
  });
  menu.parentElement?.addEventListener("focusout", (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (to && !menu.parentElement?.contains(to)) set(false);
  });
  document.addEventListener("click", (event) => {
    if (!menu.parentElement?.contains(/** @type {Node} */ (event.target))) set(false);
  });
}

/**
 * Fills the side with a panel. Its heading has the focus when the panel has just come; else the focus stays on the element
 * with the same id.
 *
 * @param {Store} store
 * @param {Panel} name
 * @param {string} title
 * @param {(Node | null | false)[]} body
 */
export function showPanel(store, name, title, body) {
  const side = byId("side");
  const heading = `${name}-title`;
  const isNew = side.getAttribute("aria-labelledby") !== heading || !side.querySelector(`#${heading}`);
  const focused = side.contains(document.activeElement) ? document.activeElement?.id : "";
  const close = () => {
    store.set({ side: null });
    byId("show-tools").focus();
  };
  side.setAttribute("aria-labelledby", heading);
  side.replaceChildren(
    h(
      "div",
      { class: "side-head" },
      h("h2", { id: heading, class: "side-title", tabindex: "-1" }, title),
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: close }, icon("close")),
    ),
    h("div", { class: "side-body" }, ...body),
  );
  const next = isNew ? heading : focused;
  if (next) document.getElementById(next)?.focus({ preventScroll: true });
}
