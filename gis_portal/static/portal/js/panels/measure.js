/** @typedef {import("../store.js").Store} Store */
import { showPanel } from "../panels.js";

/** @param {Store} store */
export function start(store) {
  const show = () => {
    if (store.get().side === "measure") showPanel(store, "measure", "measure", []);
  };
  store.subscribe(["side"], show);
  show();
}
