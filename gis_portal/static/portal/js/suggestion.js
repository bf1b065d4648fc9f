/** A suggestion of the search: what it is, where, and, where that is not plain, why it is one. */
import { pointOf } from "./api.js";
import { layers } from "./config.js";
import { distanceM } from "./distance.js";
import { h, symbol } from "./dom.js";
import { formatDistance, formatPosition, placeName, t } from "./i18n.js";
import { marked } from "./marked.js";
import { PIN_SVG } from "./markers.js";

/** @typedef {import("./api.js").Feature} Feature */
/** @typedef {import("./store.js").State} State */

const GUESSED = ["initials", "sound", "typo"]; // the ways of matching that surprise
const NEAR_FROM = 11; // the zoom from which a view says where somebody looks
const DOORS = "doorplates";

/**
 * What has been found: a feature; a street whose doors are known; or a point that is no feature.
 *
 * @param {Feature} found
 * @returns {"feature" | "street" | "point"}
 */
export function kindOf({ id, properties }) {
  if (id) return "feature";
  return properties.layer === DOORS && !properties.interpolated ? "street" : "point";
}

/**
 * The middle of the map once it shows a part of the area, to a hundredth of a degree: what is near comes first, and
 * nobody is told where exactly somebody looks. Never the visitor's own position.
 *
 * @param {State} state
 */
export function nearOf({ view }) {
  const round = (/** @type {number} */ degrees) => Math.round(degrees * 100) / 100;
  return view && view.zoom >= NEAR_FROM ? { lon: round(view.lon), lat: round(view.lat) } : null;
}

/**
 * @param {Feature} found
 * @param {{id: string, typed: string, state: State, choose: () => void}} options
 */
export function suggestion(found, { id, typed, state, choose }) {
  const { layer: layerId, name, name_roman: roman, layer_title: title, township, why } = found.properties;
  const kind = kindOf(found);
  const layer = layers.get(layerId);
  const at = pointOf(found.geometry);
  const shown = !layer && at ? formatPosition(at.lon, at.lat) : name; // which of two numbers is which
  const where = [kind === "street" ? t("street") : layer ? title : t("position"), placeName(township), distance(found, state)];
  return h(
    "li",
    { id, role: "option", "aria-selected": "false", class: "search-option", onclick: choose },
    symbol(layer ? layer.legend : PIN_SVG),
    h("span", { class: "place-name" }, ...marked(shown, typed), roman && h("span", { class: "place-roman", lang: "zh-Latn-pinyin" }, ...marked(roman, typed))),
    h("span", { class: "place-where" }, where.filter(Boolean).join(" · ")),
    isPlain(found) ? "" : h("span", { class: "place-why" }, why),
  );
}

/** Whether one sees at once why it was found. @param {Feature} found */
function isPlain({ properties: { name, match, matched, interpolated } }) {
  return !interpolated && !GUESSED.includes(match) && name.includes(matched);
}

/** From the visitor, where the page knows that, else from the middle of what the map shows. @param {Feature} found @param {State} state */
function distance(found, { position, view }) {
  const at = pointOf(found.geometry);
  if (!at || found.properties.match === "position") return "";
  if (position) return formatDistance(distanceM(position, at));
  return view && view.zoom >= NEAR_FROM ? t("distance_from_centre", { distance: formatDistance(distanceM(view, at)) }) : "";
}
