/** The simple page: the parts of the main page around a map that needs no WebGL. */
import { startAddress, startSide } from "../js/address.js";
import { startCard } from "../js/card.js";
import { layers, shownAtFirst } from "../js/config.js";
import { byId } from "../js/dom.js";
import { startLayersPanel } from "../js/layers-panel.js";
import { startList } from "../js/list.js";
import { chooseLook, remembered, startLook } from "../js/look.js";
import { startNearest } from "../js/nearest.js";
import { startPin } from "../js/pin.js";
import { startSearch } from "../js/search.js";
import { AT_FIRST, createStore, PANELS } from "../js/store.js";
import { readHash } from "../js/url.js";
import { startLeaflet } from "./leaflet-map.js";

const store = createStore({ ...AT_FIRST, layers: shownAtFirst, ...remembered(), ...readHash(location.hash, [...layers.keys()]) });

/** @type {import("../js/map.js").AnyMap | null} */
let controls = null;
const map = () => controls;

startLook(store);
byId("elder").addEventListener("click", () => chooseLook(store, { elder: !store.get().elder }));
closePanels();
store.subscribe(["side"], closePanels);
startLayersPanel(store);
startSide(store);
startNearest(store);
startSearch(store, map);
controls = startLeaflet(store);
startPin(store, map);
startCard(store, map);
startAddress(store, map);
startList(store, map);
document.addEventListener("portal:map", () => store.set({ mode: "map" }));
document.querySelector("[data-skip-list]")?.addEventListener("click", (event) => {
  event.preventDefault();
  store.set({ mode: "list" });
  byId("show-list").focus();
});

/** The tools of the main page, which a link may name, are not on this one. */
function closePanels() {
  if (PANELS.some((name) => name === store.get().side)) store.set({ side: null });
}

export { map, store };
