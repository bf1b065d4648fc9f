/** The line that says what happened. It is read aloud, stays a while, and never covers the map. */
import { byId, h, icon } from "./dom.js";
import { t } from "./i18n.js";

const STAYS_MS = 12_000;
let timer = 0;

/**
 * @param {string} text
 * @param {{stays?: boolean}} [options] stays: until something else is said or it is closed
 */
export function say(text, { stays = false } = {}) {
  const line = byId("status");
  clearTimeout(timer);
  line.replaceChildren(
    h("span", {}, text),
    h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: hush }, icon("close")),
  );
  line.classList.add("status-shown");
  if (!stays) timer = setTimeout(hush, STAYS_MS);
}

export function hush() {
  const line = byId("status");
  line.classList.remove("status-shown");
  line.replaceChildren();
}
