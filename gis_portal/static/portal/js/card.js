/** The card of the chosen feature. */
import { item, NotFound, pointOf } from "./api.js";
import { config, layers } from "./config.js";
import { distanceM } from "./distance.js";
import { byId, h, icon, symbol } from "./dom.js";
import { divisionName, formatDay, formatDistance, formatPosition, formatValue, isEmpty, placeName, statusLabel, t } from "./i18n.js";
import { namesOfPlace } from "./names-of-place.js";
import { routes } from "./routes.js";
import { copyLink } from "./share.js";
import { readAloudButton } from "./speech.js";
import { say } from "./status.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./config.js").Layer} Layer */
/** @typedef {import("./api.js").Feature} Feature */

// Said elsewhere on the card, each in its own way.
const APART = ["name", "name_roman", "handle", "status", "source", "as_of", "township", "township_claimed", "township_located", "phone", "opening_hours"];
const SPOKEN = ["address", "township_claimed", "opening_hours", "phone"];
const DEMONSTRATION = "demonstration";

/**
 * Keeps the card true to the chosen feature of the state.
 *
 * @param {Store} store
 * @param {() => import("./map.js").AnyMap | null} map
 */
export function startCard(store, map) {
  let asked = new AbortController();
  /** @type {{key: string, feature: Feature} | null} */
  let marked = null;
  let opened = "";

  async function show() {
    const { feature: key, side } = store.get();
    asked.abort();
    if (!key) {
      map()?.mark(null, "");
      marked = null;
      opened = "";
      return;
    }
    const name = `${key.layer}/${key.code}`;
    const layer = layers.get(key.layer);
    if (!layer) return lost(store, t("unknown_layer", { layer: key.layer }));
    asked = new AbortController();
    try {
      const feature = marked?.key === name ? marked.feature : await item(key.layer, key.code, asked.signal);
      marked = { key: name, feature };
      switchOn(store, layer);
      map()?.mark(feature, isIdle(layer, feature.properties) ? `${layer.id}.idle` : layer.id);
      if (side !== "card") return; // another panel lies over the card
      render(layer, feature, store, map);
      if (opened !== name) {
        opened = name;
        byId("side").scrollTop = 0;
        map()?.goTo(feature, store.get().closer, drawnFrom(layer));
        byId("card-name").focus({ preventScroll: true });
      }
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      lost(store, error instanceof NotFound ? t("gone", { code: key.code }) : t("answer_failed"));
    }
  }

  store.subscribe(["feature", "side", "position", "alsoHere", "elder"], show);
  show();
  return show;
}

/** @param {Store} store @param {string} why */
function lost(store, why) {
  const { side } = store.get();
  store.set({ feature: null, side: side === "card" ? null : side });
  say(why, { stays: true });
}

/** The zoom at which a place of the layer is surely seen. @param {Layer} layer */
export function drawnFrom(layer) {
  return layer.area ? 0 : layer.minZoom + 1;
}

/** A feature that is chosen can be seen. @param {Store} store @param {Layer} layer */
export function switchOn(store, layer) {
  const { layers: on } = store.get();
  if (!on.includes(layer.id)) store.set({ layers: [...layers.keys()].filter((id) => on.includes(id) || id === layer.id) });
}

/** @param {Layer} layer @param {Feature} feature @param {Store} store @param {() => import("./map.js").AnyMap | null} map */
function render(layer, feature, store, map) {
  const { properties } = feature;
  const name = String(properties.name || feature.id);
  const close = () => {
    store.set({ feature: null, side: null, alsoHere: [] });
    /** @type {HTMLElement | null} */ (document.querySelector(store.get().mode === "list" ? "#list table button" : "#map canvas, #map[tabindex]"))?.focus();
  };
  const back = () => {
    store.set({ feature: null, side: "nearest", alsoHere: [] });
    byId("nearest-title").focus({ preventScroll: true });
  };
  const side = byId("side");
  side.setAttribute("aria-labelledby", "card-name");
  side.replaceChildren(
    h(
      "div",
      { class: "side-head" },
      store.get().position && h("button", { type: "button", class: "icon-button", "aria-label": t("back_to_nearest"), onclick: back }, icon("back")),
      symbol(isIdle(layer, properties) ? layer.idle : layer.legend, 26),
      h("p", { class: "side-kind" }, layer.title),
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: close }, icon("close")),
    ),
    h(
      "div",
      { class: "side-body card" },
      h("h2", { id: "card-name", tabindex: "-1" }, name),
      !isEmpty(properties.name_roman) && h("p", { class: "card-roman", lang: "zh-Latn-pinyin" }, properties.name_roman),
      badges(layer, properties),
      reach(feature, store),
      store.get().elder && elderActions(layer, feature),
      actions(layer, feature, map),
      hours(layer, properties),
      elsewhere(name, feature),
      namesOfPlace(layer, properties),
      facts(layer, feature),
      provenance(layer, properties),
      h("p", { class: "card-report" }, h("a", { href: `/report/${key(layer, feature)}?lang=${config.language}` }, t("report_mistake"))),
      alsoHere(store),
    ),
  );
}

/** @param {Layer} layer @param {Record<string, any>} properties */
function isIdle(layer, properties) {
  return layer.facility && properties.status !== "operating";
}

/** @param {Layer} layer @param {Record<string, any>} properties */
function badges(layer, properties) {
  const status = statusLabel(layer, properties.status);
  const shown = [
    status && h("span", { class: `badge badge-status badge-${properties.status}` }, status),
    isDemonstration(properties) && h("span", { class: "badge badge-demo", title: t("demonstration_only") }, t("demonstration")),
    properties.position_quality === "approximate" && h("span", { class: "badge badge-approximate" }, t("approximate_position")),
    properties.boundary_quality === "approximate" && h("span", { class: "badge badge-approximate" }, t("approximate_boundary")),
  ].filter(Boolean);
  return shown.length > 0 && h("p", { class: "badges" }, ...shown);
}

/** @param {Record<string, any>} properties */
function isDemonstration(properties) {
  return [properties.source, properties.centre_source].some((source) => String(source ?? "").startsWith(DEMONSTRATION));
}

/** The straight-line distance, when there is something to measure from. @param {Feature} feature @param {Store} store */
function reach(feature, store) {
  const { position } = store.get();
  const place = feature.geometry?.type === "Point" ? pointOf(feature.geometry) : null;
  if (!position || !place) return null;
  const distance = formatDistance(distanceM(position, place));
  return h("p", { class: "card-reach" }, `${t("straight_line", { distance })} `, h("span", {}, t(position.chosen ? "from_centre" : "from_you")));
}

/** @param {Layer} layer @param {Feature} feature @param {() => import("./map.js").AnyMap | null} map */
function actions(layer, feature, map) {
  const phone = feature.properties.phone;
  return h(
    "p",
    { class: "actions" },
    h("a", { class: "action", href: ownPage(layer, feature) }, t("own_page")),
    phone && h("a", { class: "action", href: `tel:${String(phone).replace(/[^\d+]/g, "")}` }, icon("phone"), h("span", {}, t("call", { phone }))),
    map() && h("button", { type: "button", class: "action", onclick: () => showOnMap(layer, feature, map) }, icon("target"), h("span", {}, t("show_on_map"))),
    h("button", { type: "button", class: "action", onclick: copyLink }, icon("share"), h("span", {}, t("share"))),
  );
}

/** When one finds it open. @param {Layer} layer @param {Record<string, any>} properties */
function hours({ fields }, { opening_hours: times }) {
  return !isEmpty(times) && h("p", { class: "card-hours" }, `${fields.opening_hours?.title}: ${times}`);
}

/** Links to other services that show the way; nothing is asked of them before one is followed. @param {string} name @param {Feature} feature */
function elsewhere(name, { geometry }) {
  const place = geometry?.type === "Point" ? pointOf(geometry) : null;
  if (!place) return null;
  const { device, amap, baidu } = routes(name, place);
  const link = (/** @type {string} */ href, /** @type {string} */ text) => h("a", { href, target: "_blank", rel: "noreferrer noopener" }, text);
  return h("p", { class: "card-routes" }, h("span", {}, t("routes_elsewhere")), h("a", { href: device }, t("map_of_device")), link(amap, t("amap")), link(baidu, t("baidu")));
}

/** @param {Layer} layer @param {Feature} feature */
function key(layer, { id }) {
  return `${encodeURIComponent(layer.id)}/${encodeURIComponent(id)}`;
}

/** The address of the feature's own page, in the page's language. @param {Layer} layer @param {Feature} feature */
function ownPage(layer, feature) {
  const { properties } = feature;
  if (!layer.page) return `/api/collections/${key(layer, feature).replace("/", "/items/")}?f=html&lang=${config.language}`;
  const path = layer.page.replace(/{(\w+)}/, (_whole, name) => encodeURIComponent(String(properties[name])));
  return `${path}?lang=${config.language}`;
}

/** @param {Layer} layer @param {Feature} feature @param {() => import("./map.js").AnyMap | null} map */
function showOnMap(layer, feature, map) {
  document.dispatchEvent(new CustomEvent("portal:map"));
  map()?.goTo(feature, true, drawnFrom(layer));
}

/** What the elder mode has more: the card read aloud, and a number to call where the place itself has none. @param {Layer} layer @param {Feature} feature */
function elderActions(layer, feature) {
  const { servicePhone } = config;
  return h(
    "p",
    { class: "actions" },
    servicePhone && layer.facility && !feature.properties.phone && h("a", { class: "action", href: `tel:${servicePhone}` }, icon("phone"), h("span", {}, t("call_service", { phone: servicePhone }))),
    readAloudButton(spoken(layer, feature)),
  );
}

/** The card as it is read aloud: what it is, where, when, and how to call. @param {Layer} layer @param {Feature} feature */
function spoken(layer, { id, properties }) {
  const told = SPOKEN.filter((name) => layer.fields[name] && !isEmpty(properties[name]));
  return [
    properties.name || id,
    layer.title,
    statusLabel(layer, properties.status),
    ...told.map((name) => `${layer.fields[name].title}: ${formatValue(layer.fields[name], properties[name])}`),
    isDemonstration(properties) && t("demonstration_only"),
  ].filter(Boolean).join("\n");
}

/** @param {Layer} layer @param {Feature} feature */
function facts(layer, { id, geometry, properties }) {
  const place = pointOf(geometry);
  const rows = [
    ...whereabouts(layer, properties),
    ...Object.entries(layer.fields)
      .filter(([name]) => !APART.includes(name) && !isEmpty(properties[name]))
      .map(([name, face]) => [face.title, formatValue(face, properties[name])]),
    geometry?.type === "Point" && place && [t("coordinates"), h("span", {}, formatPosition(place.lon, place.lat), h("small", {}, ` ${t("datum")}`))],
    [t("code"), id],
  ];
  return h("dl", { class: "facts" }, ...rows.filter(Boolean).flatMap((row) => {
    const [title, value] = /** @type {[string, string | Node]} */ (row);
    return [h("dt", {}, title), h("dd", {}, value)];
  }));
}

/** Where it lies: once when the claim and the point agree, else both. @param {Layer} layer @param {Record<string, any>} properties */
function whereabouts(layer, { township, township_claimed: claimed, township_located: located }) {
  const code = claimed ?? township;
  if (!divisionName(code)) return [];
  const where = [t("township"), placeName(code)];
  if (!located || located === code) return [where];
  return [where, [layer.fields.township_located?.title ?? t("township"), placeName(located)]];
}

/** @param {Layer} layer @param {Record<string, any>} properties */
function provenance(layer, properties) {
  return h(
    "div",
    { class: "provenance" },
    isDemonstration(properties) ? h("p", {}, t("demonstration_only")) : h("p", {}, `${t("source")}: ${properties.source ?? ""}`),
    properties.as_of && h("p", {}, t("as_of", { day: formatDay(properties.as_of) })),
  );
}

/** @param {Store} store */
function alsoHere(store) {
  const { alsoHere: others } = store.get();
  if (!others.length) return null;
  const open = (/** @type {import("./store.js").FeatureKey} */ { layer, code }) => store.set({ feature: { layer, code }, side: "card", closer: false });
  return h(
    "section",
    { class: "also-here" },
    h("h3", {}, t("also_here")),
    h("ul", { class: "places" }, ...others.map((other) => {
      const layer = layers.get(other.layer);
      return h("li", {}, h("button", { type: "button", class: "place", onclick: () => open(other) },
        layer && symbol(layer.legend), h("span", { class: "place-name" }, other.name), h("span", { class: "place-where" }, layer?.title)));
    })),
  );
}
