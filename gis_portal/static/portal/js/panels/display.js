/** @typedef {import("../store.js").Store} Store */
import { showPanel } from "../panels.js";

/** @param {Store} store */
export function start(store) {
  const show = () => {
    if (store.get().side === "display") showPanel(store, "display", "display", []);
  };
  store.subscribe(["side"], show);
  show();
}
