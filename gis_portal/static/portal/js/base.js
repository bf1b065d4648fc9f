/** What lies below the layers: the choice of it, where there is one. A base that cannot be had leaves the own ground. */
import { config } from "./config.js";
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { isDark } from "./look.js";
import { say } from "./status.js";

/** @typedef {import("./store.js").Store} Store */

export const PREFIX = "base."; // of its sources and layers, among the portal's

/** @param {Store} store @param {() => import("./map.js").Controls | null} map */
export function startBase(store, map) {
  if (config.bases.length) byId("base-choice").replaceChildren(choice(store));
  let turn = 0;
  let seen = false;

  const failed = (/** @type {string} */ title) => {
    store.set({ base: "" });
    say(t("base_failed", { title }), { stays: true });
  };

  async function show() {
    const { base: id } = store.get();
    const controls = map();
    const mine = (turn += 1);
    showChoice(id);
    if (!controls) return;
    const laying = id || byId("base-credit").textContent ? await import("./bases/laying.js") : null;
    if (!laying || mine !== turn) return;
    if (!id) {
      laying.lift(controls.map);
      controls.showGround(true);
      return credit("");
    }
    const base = config.bases.find((one) => one.id === id);
    if (!base) return failed(id);
    try {
      const style = await laying.styleOf(base, isDark());
      if (mine !== turn) return;
      seen = false;
      const credits = laying.lay(controls.map, style, isDark());
      controls.showGround(false);
      credit([t("base_credit", { title: base.title }), ...credits].join(" · "));
    } catch (error) {
      console.warn(error);
      if (mine === turn) failed(base.title);
    }
  }

  const watched = map()?.map;
  watched?.on("sourcedata", (/** @type {any} */ event) => (seen ||= isOfBase(event) && Boolean(event.tile)));
  watched?.on("error", (/** @type {any} */ event) => {
    const base = config.bases.find((one) => one.id === store.get().base);
    if (base && isOfBase(event) && !seen) failed(base.title);
  });
  store.subscribe(["base"], show);
  document.addEventListener("portal:look", () => store.get().base && show());
  if (store.get().base) show();
}

/** Whether it is about the base. @param {any} event of the map */
export function isOfBase(event) {
  return String(event.sourceId ?? "").startsWith(PREFIX);
}

/** @param {Store} store */
function choice(store) {
  const option = (/** @type {string} */ id, /** @type {string} */ title) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name: "base", value: id, checked: store.get().base === id, onchange: () => store.set({ base: id }) }), h("span", {}, title));
  return h("fieldset", { class: "layer-group" }, h("legend", {}, t("base")), option("", t("base_own")), ...config.bases.map(({ id, title }) => option(id, title)));
}

/** @param {string} id */
function showChoice(id) {
  for (const input of byId("base-choice").querySelectorAll("input")) input.checked = input.value === id;
}

/** Says whose map lies below. @param {string} text */
function credit(text) {
  byId("base-credit").textContent = text;
  byId("base-credit").hidden = !text;
}
