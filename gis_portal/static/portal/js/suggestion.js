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
const NUMBERED = /\p{L}\s*\d+\s*号?$/u; // the number of a door after its street

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
  const { layer: layerId, name_roman: roman, layer_title: title, township } = found.properties;
  const layer = layers.get(layerId);
  const kind = { feature: title, street: t("street"), point: layer ? title : t("position") }[kindOf(found)];
  const why = surprise(found, typed);
  return h(
    "li",
    { id, role: "option", "aria-selected": "false", class: "search-option", onclick: choose },
    symbol(layer ? layer.legend : PIN_SVG),
    h("span", { class: "place-name" }, h("span", {}, ...marked(shownName(found), typed)), roman && h("span", { class: "place-roman", lang: "zh-Latn-pinyin" }, ...marked(roman, typed))),
    h("span", { class: "place-where" }, [kind, placeName(township), distance(found, state)].filter(Boolean).join(" · ")),
    why && h("span", { class: "place-why" }, why),
  );
}

/** What it is called; a position so that one sees which number is which. @param {Feature} found */
export function shownName({ geometry, properties }) {
  const at = pointOf(geometry);
  return !properties.layer && at ? formatPosition(at.lon, at.lat) : nameInTown(properties);
}

/**
 * A door's address from its township on, which is said beside it; of anything else the name.
 *
 * @param {Record<string, any>} found
 * @returns {string}
 */
export function nameInTown({ layer, name, township_name: town }) {
  return layer === DOORS && town ? name.slice(name.indexOf(town) < 0 ? 0 : name.indexOf(town) + town.length) || name : name;
}

/** Why it was found, where one does not see that at once. @param {Feature} found @param {string} typed */
function surprise(found, typed) {
  const { name, match, matched, why, interpolated, township_differs: differs } = found.properties;
  if (differs) return why;
  if (kindOf(found) === "street" && NUMBERED.test(typed)) return t("number_unknown");
  return interpolated || GUESSED.includes(match) || !name.includes(matched) ? why : "";
}

/** From the visitor, where the page knows that, else from the middle of what the map shows. @param {Feature} found @param {State} state */
function distance(found, { position, view }) {
  const at = pointOf(found.geometry);
  if (!at || found.properties.match === "position") return "";
  if (position) return formatDistance(distanceM(position, at));
  return view && view.zoom >= NEAR_FROM ? t("distance_from_centre", { distance: formatDistance(distanceM(view, at)) }) : "";
}
