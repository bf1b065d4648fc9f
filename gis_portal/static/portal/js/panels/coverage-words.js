/** The figures of a target as people read them. */
import { percent } from "../classes.js";
import { h } from "../dom.js";
import { formatCount, formatDay, t } from "../i18n.js";

/** @typedef {import("../classes.js").Part} Part */
/** @typedef {import("../classes.js").Class} Class */

const MARKS = { met: "✓", missed: "✗", not_assessable: "?" };
const SIGNS = { ">=": "≥", ">": ">", "<=": "≤" };

/** @param {string} unit */
function unitName(unit) {
  if (unit === "people") return t("unit_people");
  if (unit === "beds") return t("unit_beds");
  if (unit === "10k_yuan") return t("unit_10k_yuan");
  if (unit === "per_10000") return t("unit_per_10000");
  return unit === "per_1000" ? t("unit_per_1000") : "";
}

/** A number of that unit; a share in percent. @param {number} value @param {string} unit */
export function amount(value, unit) {
  return unit === "ratio" ? `${formatCount(value * 100)}%` : [formatCount(value), unitName(unit)].filter(Boolean).join(" ");
}

/** @param {Part | {numerator: number, denominator: number | null, value: number | null}} found @param {string} unit */
export function valueText(found, unit) {
  if (found.value === null) return "–";
  return unit === "ratio" ? `${percent(/** @type {Part} */ (found))}%` : amount(found.value, unit);
}

/** 4/6, or the number alone where nothing is divided. @param {{numerator: number | null, denominator: number | null}} found */
export function fractionText({ numerator, denominator }) {
  if (numerator === null) return "–";
  return denominator === null ? formatCount(numerator) : `${formatCount(numerator)}/${formatCount(denominator)}`;
}

/** 4/6 = 66.6%. @param {any} target */
export function figureText(target) {
  if (target.value === null) return "–";
  return target.denominator === null ? valueText(target, target.unit) : `${fractionText(target)} = ${valueText(target, target.unit)}`;
}

/** @param {any} target */
export function goalText({ goal, unit }) {
  if (!goal) return t("target_no_goal");
  const sign = SIGNS[/** @type {keyof typeof SIGNS} */ (goal.op)];
  return t("target_goal", { goal: `${sign} ${amount(goal.value, unit)}`, day: formatDay(goal.by) });
}

/** @param {string} status */
export function statusText(status) {
  if (status === "met") return t("target_met");
  return status === "missed" ? t("target_missed") : t("target_not_assessable");
}

/** The status by shape and word. @param {string} status */
export function standing(status) {
  const mark = MARKS[/** @type {keyof typeof MARKS} */ (status)];
  return h("span", { class: `target-standing target-${status}` }, h("span", { class: "target-mark", "aria-hidden": "true" }, mark), ` ${statusText(status)}`);
}

/** What is in a class. @param {Class} one @param {string} unit @param {boolean} isYesOrNo @param {boolean} isWhole whether values are whole numbers */
export function classText({ from, to }, unit, isYesOrNo, isWhole) {
  if (isYesOrNo) return from ? t("target_has") : t("target_has_not");
  if (from === to || to === Infinity) return amount(from, unit);
  if (isWhole && unit !== "ratio") return to - from === 1 ? amount(from, unit) : `${formatCount(from)}–${amount(to - 1, unit)}`;
  return t("target_between", { from: amount(from, unit), to: amount(to, unit) });
}
