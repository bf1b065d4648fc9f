/** A page whose map could not be drawn says so, and leads to the simple map with the same view. */
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { say } from "./status.js";

/** @param {unknown} error what the map failed of */
export function tellNoMap(error) {
  const failed = canDraw();
  if (failed) console.error(error);
  document.body.dataset.map = "none";
  say(t(failed ? "answer_failed" : "no_webgl"), { stays: true });
  byId("status").firstElementChild?.append(" ", h("a", { href: `/simple${location.search}${location.hash}` }, t("simple_map")));
}

/** Asked only when the map failed, for the answer takes as long as a WebGL context does. */
function canDraw() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}
