/** @typedef {import("../store.js").Store} Store */
import { showPanel } from "../panels.js";

/** @param {Store} store */
export function start(store) {
  const show = () => {
    if (store.get().side === "time") showPanel(store, "time", "time", []);
  };
  store.subscribe(["side"], show);
  show();
}
