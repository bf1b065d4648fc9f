/** The list that mirrors what the map shows, for those who do not use a map. */
import { items, pointOf } from "./api.js";
import { config } from "./config.js";
import { distanceM } from "./distance.js";
import { byId, h, present, symbol } from "./dom.js";
import { formatCount, formatDistance, placeName, statusLabel, t } from "./i18n.js";
import { say } from "./status.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {{layer: import("./config.js").Layer, feature: import("./api.js").Feature, name: string, where: string, distance: number}} Row */

const EACH = 1_000; // rows asked for of one layer
const STEP = 100; // rows shown at once
const WAIT_MS = 150;

/** @param {Store} store @param {() => import("./map.js").AnyMap | null} map */
export function startList(store, map) {
  /** @type {{rows: Row[], matched: number, sort: string, descending: boolean, shown: number}} */
  const table = { rows: [], matched: 0, sort: "distance", descending: false, shown: STEP };
  let asked = new AbortController();
  let timer = 0;

  async function load() {
    asked.abort();
    const { mode, layers: on } = store.get();
    byId("list").hidden = mode !== "list";
    byId("show-list").setAttribute("aria-pressed", String(mode === "list"));
    document.body.dataset.mode = mode;
    if (mode !== "list") return;
    asked = new AbortController();
    const { signal } = asked;
    const bbox = map()?.bounds() ?? config.home;
    const centre = store.get().position ?? { lon: (bbox[0] + bbox[2]) / 2, lat: (bbox[1] + bbox[3]) / 2 };
    const zoom = map() ? store.get().view?.zoom ?? 0 : Infinity;
    const wanted = config.layers.filter((layer) => on.includes(layer.id) && !isOutline(layer) && layer.count > 0 && zoom >= layer.minZoom);
    try {
      const pages = await Promise.all(wanted.map((layer) => items(layer.id, { bbox, limit: EACH, signal })));
      table.rows = pages.flatMap((page, at) => page.features.map((feature) => row(wanted[at], feature, centre)));
      table.matched = pages.reduce((sum, page) => sum + (page.numberMatched ?? page.features.length), 0);
      table.shown = STEP;
      render(table, store);
    } catch {
      if (!signal.aborted) say(t("answer_failed"));
    }
  }

  store.subscribe(["mode", "layers", "view", "position"], (state) => {
    clearTimeout(timer);
    if (state.mode === "list") timer = setTimeout(load, WAIT_MS);
    else load();
  });
  byId("show-list").addEventListener("click", () => store.set({ mode: store.get().mode === "list" ? "map" : "list" }));
  load();
}

/** Divisions are the ground of the map, not places to be listed. @param {import("./config.js").Layer} layer */
function isOutline(layer) {
  return layer.area && "level" in layer.fields;
}

/** @param {import("./config.js").Layer} layer @param {import("./api.js").Feature} feature @param {{lon: number, lat: number}} centre @returns {Row} */
function row(layer, feature, centre) {
  const { properties } = feature;
  const place = pointOf(feature.geometry);
  return {
    layer,
    feature,
    name: String(properties.name || feature.id),
    where: placeName(properties.township_claimed ?? properties.township ?? properties.parent_code),
    distance: place ? distanceM(centre, place) : Infinity,
  };
}

/** @param {any} table @param {Store} store */
function render(table, store) {
  const near = store.get().position ? t("distance") : t("distance_centre");
  const columns = { name: t("name"), kind: t("kind"), where: t("township"), status: t("status"), distance: near };
  sort(table);
  const focused = document.activeElement?.id;
  byId("list").replaceChildren(...present([
    h("div", { class: "list-head" },
      h("h2", { id: "list-title", tabindex: "-1" }, t("list_title")),
      h("p", { role: "status" }, table.rows.length
        ? t("list_shown", { shown: formatCount(Math.min(table.shown, table.rows.length)), matched: formatCount(table.matched) })
        : t("list_empty"))),
    table.rows.length > 0 && h("div", { class: "list-scroll" },
      h("table", { "aria-labelledby": "list-title" },
        h("thead", {}, h("tr", {}, ...Object.entries(columns).map(([id, title]) => heading(id, title, table, store)))),
        h("tbody", {}, ...table.rows.slice(0, table.shown).map((/** @type {Row} */ one) => line(one, store))))),
    table.rows.length > table.shown && h("button", { type: "button", class: "action list-more", onclick: () => { table.shown += STEP; render(table, store); } }, t("list_more")),
  ]));
  if (focused) document.getElementById(focused)?.focus();
}

/** @param {string} id @param {string} title @param {any} table @param {Store} store */
function heading(id, title, table, store) {
  const sorted = table.sort === id;
  const change = () => {
    table.descending = sorted && !table.descending;
    table.sort = id;
    render(table, store);
  };
  return h("th", { scope: "col", class: `column-${id}`, "aria-sort": sorted ? (table.descending ? "descending" : "ascending") : null },
    h("button", { type: "button", id: `sort-${id}`, title: t("sort_by", { column: title }), onclick: change },
      title, h("span", { class: "sort-mark", "aria-hidden": "true" }, sorted ? (table.descending ? "▼" : "▲") : "")));
}

/** @param {any} table */
function sort(table) {
  const compare = new Intl.Collator("zh-Hans-u-co-pinyin").compare;
  const keys = {
    name: (/** @type {Row} */ one) => one.name,
    kind: (/** @type {Row} */ one) => one.layer.title,
    where: (/** @type {Row} */ one) => one.where,
    status: (/** @type {Row} */ one) => statusLabel(one.layer, one.feature.properties.status),
  };
  const key = keys[/** @type {keyof keys} */ (table.sort)];
  table.rows.sort((/** @type {Row} */ one, /** @type {Row} */ other) => (key ? compare(key(one), key(other)) : 0) || one.distance - other.distance);
  if (table.descending) table.rows.reverse();
}

/** @param {Row} one @param {Store} store */
function line({ layer, feature, name, where, distance }, store) {
  const { properties } = feature;
  const open = () => store.set({ feature: { layer: layer.id, code: feature.id }, side: "card", alsoHere: [], closer: true });
  const idle = layer.facility && properties.status !== "operating";
  return h("tr", {},
    h("th", { scope: "row" }, h("button", { type: "button", class: "link", onclick: open }, name),
      properties.name_roman && h("span", { class: "place-roman", lang: "zh-Latn-pinyin" }, properties.name_roman)),
    h("td", { class: "column-kind" }, symbol(idle ? layer.idle : layer.legend, 18), layer.title),
    h("td", { class: "column-where" }, where),
    h("td", { class: "column-status" }, statusLabel(layer, properties.status)),
    h("td", { class: "column-distance" }, Number.isFinite(distance) ? formatDistance(distance) : ""));
}
