/** Puts the parts of the page together. */
import { startAddress, startSide } from "./address.js";
import { startBase } from "./base.js";
import { startCard } from "./card.js";
import { layers, shownAtFirst } from "./config.js";
import { byId } from "./dom.js";
import { startElder } from "./elder.js";
import { startLayersPanel } from "./layers-panel.js";
import { startList } from "./list.js";
import { remembered, startLook } from "./look.js";
import { startMap } from "./map.js";
import { startNearest } from "./nearest.js";
import { startPanels } from "./panels.js";
import { startPin } from "./pin.js";
import { startSearch } from "./search.js";
import { AT_FIRST, createStore } from "./store.js";
import { readHash } from "./url.js";
import { tellNoMap } from "./without-map.js";

const store = createStore({ ...AT_FIRST, layers: shownAtFirst, ...remembered(), ...readHash(location.hash, [...layers.keys()]) });

/** @type {import("./map.js").Controls | null} */
let controls = null;
const map = () => controls;

startLook(store);
startLayersPanel(store);
startSide(store);
startNearest(store);
startElder(store);
startSearch(store, map);
const showPin = startPin(store, map);
const showCard = startCard(store, map);
startAddress(store, map);
document.addEventListener("portal:map", () => controls && store.set({ mode: "map" }));
document.querySelector("[data-skip-list]")?.addEventListener("click", (event) => {
  event.preventDefault();
  store.set({ mode: "list" });
  byId("show-list").focus();
});

try {
  controls = await startMap(store);
  await showCard();
  showPin();
} catch (error) {
  tellNoMap(error);
  store.set({ mode: "list" }); // which takes the place of the map
  byId("show-list").hidden = true;
}
startBase(store, map);
startList(store, map);
startPanels(store, map);

export { map, store };
