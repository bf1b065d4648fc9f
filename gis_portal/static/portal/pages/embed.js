/** The map within a page of others: the view of its address, a card for what is chosen, and the way to the portal. */
import { startSide } from "../js/address.js";
import { startCard } from "../js/card.js";
import { layers, shownAtFirst } from "../js/config.js";
import { byId } from "../js/dom.js";
import { startMap } from "../js/map.js";
import { startPin } from "../js/pin.js";
import { viewHash } from "../js/sharing.js";
import { AT_FIRST, createStore, PANELS } from "../js/store.js";
import { readHash } from "../js/url.js";
import { tellNoMap } from "../js/without-map.js";

const given = readHash(location.hash, [...layers.keys()]);
const isPanel = PANELS.some((name) => name === given.side);
const store = createStore({ ...AT_FIRST, layers: shownAtFirst, ...given, mode: "map", side: isPanel ? null : given.side ?? null });

/** @type {import("../js/map.js").Controls | null} */
let controls = null;
const map = () => controls;

const portal = /** @type {HTMLAnchorElement} */ (byId("portal"));
const keepLink = () => (portal.hash = viewHash(store.get(), shownAtFirst));
store.subscribe(["view", "feature", "pin"], keepLink);
keepLink();
startSide(store);
const showPin = startPin(store, map);
const showCard = startCard(store, map);
try {
  controls = await startMap(store);
  await showCard();
  showPin();
} catch (error) {
  tellNoMap(error);
}

export { map, store };
