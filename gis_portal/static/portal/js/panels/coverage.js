/** @typedef {import("../store.js").Store} Store */
import { showPanel } from "../panels.js";

/** @param {Store} store */
export function start(store) {
  const show = () => {
    if (store.get().side === "coverage") showPanel(store, "coverage", "coverage", []);
  };
  store.subscribe(["side"], show);
  show();
}
