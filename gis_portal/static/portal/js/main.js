/** Puts the parts of the page together. */
import { startBase } from "./base.js";
import { startCard } from "./card.js";
import { layers, shownAtFirst } from "./config.js";
import { byId } from "./dom.js";
import { startElder } from "./elder.js";
import { t } from "./i18n.js";
import { startLayersPanel } from "./layers-panel.js";
import { startList } from "./list.js";
import { remembered, startLook } from "./look.js";
import { canDraw, startMap } from "./map.js";
import { startNearest } from "./nearest.js";
import { startPanels } from "./panels.js";
import { startPin } from "./pin.js";
import { startSearch } from "./search.js";
import { say } from "./status.js";
import { AT_FIRST, createStore } from "./store.js";
import { readHash, writeHash } from "./url.js";

const known = [...layers.keys()];

const store = createStore({ ...AT_FIRST, layers: shownAtFirst, ...remembered(), ...readHash(location.hash, known) });

/** @type {import("./map.js").Controls | null} */
let controls = null;
const map = () => controls;

startLook(store);
startLayersPanel(store);
startSide();
startNearest(store);
startElder(store);
startSearch(store, map);
const showPin = startPin(store, map);
const showCard = startCard(store, map);
startAddress();
document.addEventListener("portal:map", () => controls && store.set({ mode: "map" }));
document.querySelector("[data-skip-list]")?.addEventListener("click", (event) => {
  event.preventDefault();
  store.set({ mode: "list" });
  byId("show-list").focus();
});

if (canDraw()) {
  try {
    controls = await startMap(store);
    await showCard();
    showPin();
  } catch (error) {
    console.error(error);
    withoutMap(t("answer_failed"));
  }
} else withoutMap(t("no_webgl"));
startBase(store, map);
startList(store, map);
startPanels(store, map);

/** The list takes the place of a map that cannot be drawn. @param {string} why */
function withoutMap(why) {
  document.body.dataset.map = "none";
  say(why, { stays: true });
  store.set({ mode: "list" });
  byId("show-list").hidden = true;
}

/** The side panel is there when it has something to show. */
function startSide() {
  const show = () => {
    const { side } = store.get();
    byId("side").hidden = side === null;
    if (side === null) byId("side").replaceChildren();
    document.body.dataset.side = side ?? "";
    byId("show-nearest").setAttribute("aria-pressed", String(side === "nearest"));
  };
  store.subscribe(["side"], show);
  show();
}

/** State and address follow each other; choosing something can be undone with the browser's own button. */
function startAddress() {
  const write = (/** @type {boolean} */ step) => {
    const hash = writeHash(store.get(), shownAtFirst);
    const language = /** @type {HTMLAnchorElement} */ (byId("language"));
    language.hash = hash;
    if (hash === location.hash) return;
    history[step ? "pushState" : "replaceState"](null, "", hash || location.pathname + location.search);
  };
  store.subscribe(["view", "layers", "opacity", "year", "drawn"], () => write(false));
  store.subscribe(["feature", "pin", "mode", "side", "target", "base", "look", "elder"], () => write(true));
  addEventListener("popstate", () => {
    const given = readHash(location.hash, known);
    const { feature, pin, side } = store.get();
    const kept = given.feature ?? null;
    const same = kept?.layer === feature?.layer && kept?.code === feature?.code;
    store.set({
      ...AT_FIRST,
      view: store.get().view,
      position: store.get().position,
      ...given,
      layers: given.layers ?? shownAtFirst,
      mode: controls ? given.mode ?? "map" : "list",
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

export { map, store };
