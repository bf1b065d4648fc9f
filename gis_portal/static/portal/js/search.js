/** Search over names, addresses and coordinates: a combobox whose suggestions say what each thing is and where. */
import { pointOf, search } from "./api.js";
import { drawnFrom, switchOn } from "./card.js";
import { layers } from "./config.js";
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { kindOf, nearOf, shownName, suggestion } from "./suggestion.js";

/** @typedef {import("./api.js").Feature} Feature */
/** @typedef {import("./store.js").Store} Store */

const WAIT_MS = 120;

/**
 * @param {Store} store
 * @param {() => import("./map.js").AnyMap | null} map
 */
export function startSearch(store, map) {
  const input = /** @type {HTMLInputElement} */ (byId("search-input"));
  const popup = byId("search-popup");
  const list = byId("search-options");
  const note = byId("search-note");
  const said = byId("search-said");
  /** @type {Feature[]} */
  let found = [];
  let answered = ""; // the text that they were found for
  let active = -1;
  let composing = false; // pinyin still being turned into hanzi
  let asked = new AbortController();
  let timer = 0;

  const typed = () => input.value.trim();

  /** @param {number} place */
  function activate(place) {
    active = found.length && place >= 0 ? place % found.length : -1;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    const option = list.children[active];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  /** Opens the suggestions with what is said above them. @param {Feature[]} features @param {...string} notes */
  function open(features, ...notes) {
    found = features;
    const { length } = features;
    list.replaceChildren(...features.map((feature, at) => suggestion(feature, { id: `search-option-${at}`, typed: answered, state: store.get(), choose: () => choose(feature) })));
    note.replaceChildren(...notes.filter(Boolean).map((text) => h("span", {}, text)));
    note.hidden = !note.hasChildNodes();
    list.hidden = !length;
    popup.hidden = note.hidden && list.hidden;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    activate(-1);
    said.textContent = [...notes, length && t("search_found", { count: length })].filter(Boolean).join(" ");
  }

  function close() {
    clearTimeout(timer);
    asked.abort();
    answered = "";
    open([]);
  }

  /** Asks for what is typed; whether the answer is still wanted when it comes. */
  async function look() {
    clearTimeout(timer);
    asked.abort();
    const text = typed();
    if (!text) {
      close();
      open([], t("search_help"));
      return false;
    }
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await search(text, { near: nearOf(store.get()), signal });
      if (signal.aborted) return false;
      answered = text;
      const nothing = answer.features.length ? [] : [t("search_nothing", { text }), t("search_advice")];
      open(answer.features, ...(answer.note ? [answer.note] : nothing));
      return true;
    } catch {
      if (!signal.aborted) open([], t("answer_failed"));
      return false;
    }
  }

  /** @param {Feature | undefined} feature */
  function choose(feature) {
    if (!feature) return;
    const { layer: id, name, why, township_name: town } = feature.properties;
    const kind = kindOf(feature);
    const place = pointOf(feature.geometry);
    input.value = kind === "street" ? `${town}${name}` : name;
    close();
    if (kind === "feature") store.set({ feature: { layer: id, code: feature.id }, side: "card", alsoHere: [], closer: true });
    else if (kind === "street") showStreet(feature);
    else if (place) {
      const { lon, lat } = { lon: Number(place.lon.toFixed(6)), lat: Number(place.lat.toFixed(6)) };
      store.set({ feature: null, pin: { lon, lat, name: shownName(feature), why, isDoor: id !== "" }, side: "pin", alsoHere: [], closer: true });
    }
  }

  /** The doors along a street; the box waits for a number. @param {Feature} street */
  function showStreet(street) {
    const layer = layers.get(street.properties.layer);
    if (layer) switchOn(store, layer);
    store.set({ feature: null, pin: null, side: null });
    map()?.goTo(street, true, layer ? drawnFrom(layer) : 0);
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
    open([], t("street_hint", { name: street.properties.name }));
  }

  input.addEventListener("compositionstart", () => {
    composing = true;
    clearTimeout(timer);
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    look();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("click", () => popup.hidden && look());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = found.length - 1;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => (list.hidden ? look() : activate(active + 1)),
      ArrowUp: () => (list.hidden ? look() : activate(active > 0 ? active - 1 : last)),
      ...(active >= 0 && { Home: () => activate(0), End: () => activate(last) }),
      ...(!popup.hidden && { Escape: close }),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  popup.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  byId("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (active >= 0) choose(found[active]);
    else if ((answered && answered === typed()) || (await look())) choose(found[0]);
  });
}
