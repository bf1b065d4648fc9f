/** What the colours say, as a table, and what is missing, each opening its card. */
import { collectionOf, ordered } from "../classes.js";
import { layers } from "../config.js";
import { h } from "../dom.js";
import { divisionName, formatCount, t } from "../i18n.js";
import { fractionText, standing, valueText } from "./coverage-words.js";

/** @typedef {import("./coverage.js").Figure} Figure */
/** @typedef {import("../store.js").FeatureKey} FeatureKey */
/** @typedef {{by: "name" | "fraction" | "value" | "status", descending: boolean}} Order */

const AT_ONCE = 40; // of what is missing

/**
 * @param {Figure} figure
 * @param {{order: Order, sort: (order: Order) => void, open: (key: FeatureKey) => void, point: (code: string) => void}} table
 */
export function divisionTable({ target, parts, level }, { order, sort, open, point }) {
  const columns = /** @type {const} */ ([
    ["name", level === "county" ? t("county") : t("township")],
    ["fraction", target.denominator === null ? t("target_counted") : t("target_fraction")],
    ...(target.denominator === null ? [] : [["value", t("target_value")]]),
    ["status", t("status")],
  ]);
  const heading = (/** @type {Order["by"]} */ by, /** @type {string} */ title) => {
    const sorted = order.by === by;
    const change = () => sort({ by, descending: sorted && !order.descending });
    return h("th", { scope: "col", "aria-sort": sorted ? (order.descending ? "descending" : "ascending") : null },
      h("button", { type: "button", id: `target-sort-${by}`, title: t("sort_by", { column: title }), onclick: change },
        title, h("span", { class: "sort-mark", "aria-hidden": "true" }, sorted ? (order.descending ? "▼" : "▲") : "")));
  };
  const line = (/** @type {Figure["parts"][number]} */ part) => {
    const at = { onmouseenter: () => point(part.adcode), onmouseleave: () => point(""), onfocusin: () => point(part.adcode), onfocusout: () => point("") };
    return h("tr", { "data-code": part.adcode, ...at },
      h("th", { scope: "row" },
        h("button", { type: "button", class: "link", id: `target-at-${part.adcode}`, onclick: () => open({ layer: collectionOf(part.adcode), code: part.adcode }) }, part.name),
        level === "township" && h("small", {}, divisionName(part.adcode.slice(0, 6)))),
      h("td", {}, fractionText(part)),
      target.denominator !== null && h("td", {}, valueText(part, target.unit)),
      h("td", {}, standing(part.status)));
  };
  return h("table", { class: "target-table", "aria-labelledby": "target-parts" },
    h("thead", {}, h("tr", {}, ...columns.map(([by, title]) => heading(/** @type {Order["by"]} */ (by), title)))),
    h("tbody", {}, ...ordered(parts, order.by, order.descending).map(line)));
}

/**
 * @param {Figure} figure
 * @param {{all: boolean, showAll: () => void, open: (key: FeatureKey) => void}} list
 */
export function missingList({ target }, { all, showAll, open }) {
  const { missing } = target;
  const line = (/** @type {any} */ one) => {
    const key = placeOf(target, one);
    const name = (one.feature ? null : divisionName(one.adcode)) ?? one.name ?? t("target_not_public");
    const county = one.adcode ? divisionName(one.adcode.slice(0, 6)) ?? one.county : "";
    return h("li", {},
      key ? h("button", { type: "button", class: "link", onclick: () => open(key) }, name) : h("strong", {}, name),
      county !== name && h("small", {}, county), h("span", { class: "target-reason" }, one.reason));
  };
  if (!missing.length) return null;
  return h("section", {},
    h("h3", {}, t("target_missing", { count: formatCount(missing.length) })),
    h("ul", { class: "target-missing-list" }, ...missing.slice(0, all ? undefined : AT_ONCE).map(line)),
    !all && missing.length > AT_ONCE && h("button", { type: "button", class: "action", id: "target-all", onclick: showAll }, t("target_all", { count: formatCount(missing.length) })));
}

/** The feature or the division that is missing, where the map has it. @param {any} target @param {any} one @returns {FeatureKey | null} */
function placeOf(target, one) {
  const layer = one.feature ? target.layer : collectionOf(one.adcode ?? "");
  return layers.has(layer) ? { layer, code: one.feature ?? one.adcode } : null;
}
