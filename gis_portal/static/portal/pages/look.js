/** A page to read looks as the visitor chose on the map, and its own button changes between large type and the standard. */
import { byId } from "../js/dom.js";
import { chooseLook, remembered, startLook } from "../js/look.js";
import { AT_FIRST, createStore } from "../js/store.js";
import { readHash } from "../js/url.js";

const store = createStore({ ...AT_FIRST, layers: [], ...remembered(), ...readHash(location.hash, []) });
startLook(store);
byId("elder").addEventListener("click", () => chooseLook(store, { elder: !store.get().elder }));
