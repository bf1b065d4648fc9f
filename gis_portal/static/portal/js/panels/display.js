/** How the page looks: colours, and the elder mode. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { chooseLook } from "../look.js";
import { showPanel } from "../panels.js";

/** @typedef {import("../store.js").Store} Store */

const LOOKS = /** @type {const} */ (["auto", "light", "dark"]);

/** @param {Store} store */
export function start(store) {
  const show = () => {
    if (store.get().side === "display") showPanel(store, "display", t("display_title"), [looks(store), elder(store), h("p", { class: "side-note" }, t("display_kept"))]);
  };
  store.subscribe(["side", "look", "elder"], show);
  show();
}

/** @param {Store} store */
function looks(store) {
  const names = { auto: t("look_auto"), light: t("look_light"), dark: t("look_dark") };
  const choice = (/** @type {typeof LOOKS[number]} */ look) =>
    h(
      "label",
      { class: "choice" },
      h("input", { type: "radio", name: "look", id: `look-${look}`, checked: store.get().look === look, onchange: () => chooseLook(store, { look }) }),
      names[look],
    );
  return h("fieldset", { class: "choices" }, h("legend", {}, t("look")), ...LOOKS.map(choice));
}

/** @param {Store} store */
function elder(store) {
  const change = (/** @type {any} */ event) => chooseLook(store, { elder: event.target.checked });
  return h(
    "div",
    { class: "choices" },
    h("label", { class: "choice" }, h("input", { type: "checkbox", id: "elder-on", checked: store.get().elder, onchange: change }), t("elder_on")),
    h("p", { class: "side-note" }, t("elder_note")),
  );
}
