/** Search over names: a combobox whose suggestions say what each thing is and where. */
import { pointOf, search } from "./api.js";
import { layers } from "./config.js";
import { distanceM } from "./distance.js";
import { byId, h, symbol } from "./dom.js";
import { formatDistance, placeName, t } from "./i18n.js";
import { say } from "./status.js";

/** @typedef {import("./api.js").Feature} Feature */

const WAIT_MS = 160;

/** @param {import("./store.js").Store} store */
export function startSearch(store) {
  const input = /** @type {HTMLInputElement} */ (byId("search-input"));
  const list = byId("search-options");
  /** @type {Feature[]} */
  let found = [];
  let active = -1;
  let asked = new AbortController();
  let timer = 0;

  /** @param {number} place */
  function activate(place) {
    active = found.length ? (place + found.length) % found.length : -1;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    const option = list.children[active];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
    active = -1;
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {Feature | undefined} feature */
  function choose(feature) {
    if (!feature) return;
    input.value = feature.properties.name;
    close();
    store.set({ feature: { layer: feature.properties.layer, code: feature.id }, side: "card", alsoHere: [], closer: true });
  }

  /** @param {string} text */
  async function look(text) {
    asked.abort();
    if (!text) return close();
    asked = new AbortController();
    try {
      found = (await search(text, asked.signal)).features;
    } catch (error) {
      if (!asked.signal.aborted) say(t("answer_failed"));
      return;
    }
    show(text);
  }

  /** @param {string} text */
  function show(text) {
    list.replaceChildren(
      ...found.map((feature, place) => option(feature, place, store, () => choose(feature))),
      found.length ? "" : h("li", { class: "search-nothing", role: "option", "aria-disabled": "true" }, t("search_nothing", { text })),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    active = -1;
    byId("search-said").textContent = found.length ? t("search_found", { count: found.length }) : t("search_nothing", { text });
  }

  byId("search").append(h("span", { id: "search-said", class: "visually-hidden", "aria-live": "polite" }));
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (/** @type {InputEvent} */ (event).isComposing) return; // pinyin still being turned into hanzi
    timer = setTimeout(() => look(input.value.trim()), WAIT_MS);
  });
  input.addEventListener("compositionend", () => look(input.value.trim()));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look(input.value.trim());
      else activate(event.key === "ArrowDown" ? active + 1 : active < 0 ? found.length - 1 : active - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  byId("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (list.hidden || !found.length) await look(input.value.trim());
    choose(found[Math.max(active, 0)]);
  });
}

/** @param {Feature} feature @param {number} place @param {import("./store.js").Store} store @param {() => void} choose */
function option(feature, place, store, choose) {
  const { layer: id, name, name_roman: roman, layer_title: kind, township } = feature.properties;
  const layer = layers.get(id);
  const { position } = store.get();
  const at = pointOf(feature.geometry);
  const away = position && at ? formatDistance(distanceM(position, at)) : "";
  return h(
    "li",
    { id: `search-option-${place}`, role: "option", "aria-selected": "false", class: "search-option", onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: choose },
    layer && symbol(layer.legend),
    h("span", { class: "place-name" }, name, roman ? h("span", { class: "place-roman" }, roman) : ""),
    h("span", { class: "place-where" }, [kind, placeName(township), away].filter(Boolean).join(" · ")),
  );
}
