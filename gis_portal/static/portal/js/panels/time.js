/** The names that heritage places had in a year: on the map, and in a list. */
import { items, placeNames } from "../api.js";
import { config } from "../config.js";
import { h, icon } from "../dom.js";
import { formatCount, t } from "../i18n.js";
import { showPanel } from "../panels.js";
import { stageBox } from "../stage.js";
import { say } from "../status.js";
import { datedText, periodText } from "../year-words.js";
import { placesIn, readPlaces, stepped, within, yearWithin } from "../years.js";
import { clearThen, drawThen, showToday } from "./time-map.js";
import { yearControls } from "./time-slider.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../years.js").Place} Place */
/** @typedef {import("../years.js").Then} Then */

const LISTED = 60;
const STORIES = 12;
const STORY_LETTERS = 70;
const TICK_MS = 700;
const YEARS_A_TICK = 10;
const WAIT_MS = 250;
const NOW = new Date().getFullYear();

/** @param {Store} store @param {() => import("../map.js").Controls | null} controls */
export function start(store, controls) {
  /** @type {Place[] | null} */
  let places = null;
  let hasTimeless = false;
  let playing = 0;
  let waiting = 0;
  let asked = new AbortController();
  /** @type {ReturnType<typeof build> | null} */
  let parts = null;
  const map = controls()?.map;

  const choose = (/** @type {number | null} */ year) => {
    pause();
    store.set({ year: year === null ? null : yearWithin(year, NOW) });
  };
  const open = (/** @type {string} */ code) => store.set({ feature: { layer: "heritage-places", code }, side: "card", alsoHere: [], closer: true });

  function pause() {
    clearInterval(playing);
    playing = 0;
  }

  function play() {
    if (playing) pause();
    else {
      playing = setInterval(() => {
        const year = store.get().year ?? NOW;
        if (year >= NOW) pause();
        else store.set({ year: stepped(year, YEARS_A_TICK, NOW) });
        show();
      }, TICK_MS);
      if ((store.get().year ?? NOW) >= NOW) store.set({ year: yearWithin(-Infinity, NOW) });
    }
    show();
  }

  async function load() {
    if (places) return;
    try {
      places = readPlaces(await placeNames());
    } catch {
      places = null;
      say(t("answer_failed"));
    }
  }

  function draw() {
    const { year, layers } = store.get();
    if (!map || !document.body.dataset.map) return;
    if (year === null) {
      clearThen(map);
      showToday(map, layers.includes("heritage-places"));
      return;
    }
    showToday(map, false);
    const { then, timeless } = placesIn(places ?? [], year);
    drawThen(map, then, hasTimeless ? timeless : [], labelOf);
  }

  function chip() {
    const { year } = store.get();
    const close = () => {
      choose(null);
      /** @type {HTMLElement | null} */ (document.querySelector("#year-range, #map canvas"))?.focus();
    };
    stageBox("year", t("names_title"), year === null || !places ? [] : [
      h("div", { class: "stage-box-head" },
        h("h2", {}, datedText(year)),
        h("button", { type: "button", class: "icon-button", id: "year-close", "aria-label": t("names_of_today"), onclick: close }, icon("close"))),
      h("p", {}, countText(placesIn(places, year).then)),
      h("button", { type: "button", class: "plain alone", id: "year-show", onclick: () => store.set({ side: "time" }) }, t("year_choose")),
    ]);
  }

  async function show() {
    const isOpen = store.get().side === "time";
    if (!isOpen) pause();
    if (!isOpen && store.get().year === null) {
      draw();
      chip();
      return;
    }
    if (!places && isOpen) showPanel(store, "time", t("names_title"), [h("p", { role: "status" }, t("loading"))]);
    await load();
    draw();
    chip();
    if (store.get().side !== "time") return;
    const isNew = !document.getElementById("year-range");
    panel();
    if (isNew) tell();
  }

  function panel() {
    if (!parts || !document.getElementById("year-range")) parts = build();
    const { year } = store.get();
    const bounds = controls()?.bounds() ?? config.home;
    const { then } = placesIn(places ?? [], year ?? NOW);
    const visible = year === null ? [] : within(then.map((one) => ({ ...one, lon: one.place.lon, lat: one.place.lat })), bounds);
    parts.slider.show(year, playing !== 0);
    parts.count.textContent = year === null ? t("names_move") : countText(then);
    parts.timeless.disabled = year === null;
    parts.today.hidden = parts.list.hidden = year === null;
    parts.list.replaceChildren(
      h("h3", {}, t("names_in_view", { count: formatCount(visible.length) })),
      h("ul", { class: "names-then" }, ...visible.slice(0, LISTED).map((one) => line(one, open))),
      ...(visible.length > LISTED ? [h("p", { class: "side-note" }, t("names_more", { count: formatCount(visible.length - LISTED) }))] : []),
    );
  }

  /** The panel as it is opened; what changes with the year is filled in by ``panel``. */
  function build() {
    const { timed, timeless } = placesIn(places ?? [], NOW);
    const toggle = () => {
      hasTimeless = made.timeless.checked;
      draw();
    };
    const made = {
      slider: yearControls({ now: NOW, choose, play }),
      count: h("p", { role: "status", class: "names-count" }),
      timeless: /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: "names-timeless", checked: hasTimeless, onchange: toggle })),
      today: h("button", { type: "button", class: "action", id: "year-today", onclick: () => choose(null) }, t("names_of_today")),
      list: h("section", {}),
      stories: h("section", {}),
    };
    showPanel(store, "time", t("names_title"), [
      h("p", {}, t("names_known", { timed: formatCount(timed), count: formatCount(timed + timeless.length) })),
      ...made.slider.elements,
      made.count,
      h("label", { class: "names-timeless" }, made.timeless, t("names_timeless", { count: formatCount(timeless.length) })),
      made.today,
      made.list,
      made.stories,
    ]);
    return made;
  }

  /** Fills in the stories of the places in view, whatever the year. */
  async function tell() {
    asked.abort();
    asked = new AbortController();
    const bbox = controls()?.bounds() ?? config.home;
    const found = await items("heritage-places", { bbox, limit: STORIES, filter: "meaning <> ''", signal: asked.signal }).catch(() => null);
    if (!found || !parts) return;
    const pictures = new Map(places?.map(({ code, picture }) => [code, picture]));
    parts.stories.replaceChildren(
      h("h3", {}, t("names_stories")),
      found.features.length
        ? h("ul", { class: "stories" }, ...found.features.map((feature) => storyOf(feature, pictures.get(feature.id) ?? null)))
        : h("p", { class: "side-note" }, t("names_no_stories")),
    );
  }

  function moved() {
    if (store.get().side !== "time") return;
    panel();
    tell();
  }

  store.subscribe(["year", "side"], show);
  store.subscribe(["layers"], () => store.get().year !== null && draw());
  store.subscribe(["view"], (state) => {
    clearTimeout(waiting);
    if (state.side === "time" && places) waiting = setTimeout(moved, WAIT_MS);
  });
  if (map && !document.body.dataset.map) map.once("style.load", draw);
  show();
}

/** A name that was perhaps in use is said to be so. @param {Then} one */
function labelOf({ named, isCertain }) {
  return isCertain ? named.name : t("name_perhaps", { name: named.name });
}

/** @param {Then[]} then */
function countText(then) {
  const perhaps = then.filter(({ isCertain }) => !isCertain).length;
  return perhaps
    ? t("names_count_perhaps", { count: formatCount(then.length), perhaps: formatCount(perhaps) })
    : t("names_count", { count: formatCount(then.length) });
}

/** The old name and today's. @param {Then} one @param {(code: string) => void} open */
function line(one, open) {
  const { place, named } = one;
  const years = [named.start_earliest, named.start_latest, named.end_earliest, named.end_latest];
  const period = [named.time_text, periodText(years, named.role === "standard")].filter(Boolean).join(" · ");
  return h("li", {},
    h("button", { type: "button", class: "link", id: `then-${place.code}`, onclick: () => open(place.code) },
      h("span", { lang: "zh-Hans" }, labelOf(one)), named.name !== place.name && h("span", { class: "name-now" }, t("name_now", { name: place.name }))),
    h("small", {}, period));
}

/** @param {import("../api.js").Feature} feature @param {string | null} picture */
function storyOf({ properties }, picture) {
  const { name, handle, meaning } = properties;
  const text = meaning.length > STORY_LETTERS ? `${meaning.slice(0, STORY_LETTERS)}…` : meaning;
  return h("li", {},
    picture && h("img", { src: `/pictures/${picture}/small`, alt: "", loading: "lazy", width: 64, height: 64 }),
    h("div", {}, h("a", { href: `/places/${encodeURIComponent(handle)}?lang=${config.language}` }, name), h("p", { lang: "zh-Hans" }, text)));
}
