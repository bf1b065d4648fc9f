/** Words, numbers and values in the page's language. */
import { config } from "./config.js";

/** @typedef {import("./config.js").FieldFace} FieldFace */
/** @typedef {import("./config.js").Layer} Layer */

const numbers = whenAsked(() => new Intl.NumberFormat(config.language, { maximumFractionDigits: 2 }));
const percents = whenAsked(() => new Intl.NumberFormat(config.language, { style: "percent", maximumFractionDigits: 1 }));
const dates = whenAsked(() => new Intl.DateTimeFormat(config.language, { dateStyle: "long", timeZone: "UTC" }));
const lists = whenAsked(() => new Intl.ListFormat(config.language, { style: "narrow", type: "unit" }));
const english = config.language === "en";

/** Made at its first use, for the map comes sooner without what it does not need. @template T @param {() => T} make */
function whenAsked(make) {
  /** @type {T | undefined} */
  let made;
  return () => (made ??= make());
}

/**
 * The words of that name with their {…} filled in.
 *
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function t(name, values = {}) {
  return (config.words[name] ?? name).replace(/\{(\w+)\}/g, (all, key) => String(values[key] ?? all));
}

/** @param {number} value */
export function formatCount(value) {
  return numbers().format(value);
}

/** @param {string} day ISO date */
export function formatDay(day) {
  const time = Date.parse(day.slice(0, 10));
  return Number.isNaN(time) ? day : dates().format(time);
}

/** A distance as precise as a straight line deserves. @param {number} metres */
export function formatDistance(metres) {
  const space = "\u00a0";
  if (metres < 995) return `${Math.round(metres / 10) * 10}${space}${t("metres")}`;
  const digits = metres < 99_500 ? 1 : 0;
  return `${(metres / 1000).toFixed(digits)}${space}${t("kilometres")}`;
}

/** @param {number} lon @param {number} lat */
export function formatPosition(lon, lat) {
  const north = `${Math.abs(lat).toFixed(5)}°${lat < 0 ? t("south") : t("north")}`;
  const east = `${Math.abs(lon).toFixed(5)}°${lon < 0 ? t("west") : t("east")}`;
  return english ? `${north}, ${east}` : `${north}，${east}`;
}

/** The name of a county or township, or null. @param {unknown} code */
export function divisionName(code) {
  const found = typeof code === "string" ? config.divisions[code] : undefined;
  if (!found) return null;
  return english && found[1] ? `${found[1]} ${found[0]}` : found[0];
}

/** County and township of a township's code, larger first in Chinese. @param {unknown} code */
export function placeName(code) {
  if (typeof code !== "string") return "";
  const county = divisionName(code.slice(0, 6));
  const township = code.length > 6 ? divisionName(code.slice(0, 9)) : null;
  const parts = (english ? [township, county] : [county, township]).filter(Boolean);
  return parts.join(english ? ", " : " ");
}

/** Whether a property says nothing. @param {unknown} value */
export function isEmpty(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/**
 * A property as it is shown: choices by their label, divisions by name, days and numbers as the language writes them.
 *
 * @param {FieldFace} face
 * @param {unknown} value
 * @returns {string}
 */
export function formatValue(face, value) {
  if (Array.isArray(value)) {
    const shown = value.map((item) => formatValue(face, item));
    return english ? lists().format(shown) : shown.join("、");
  }
  if (face.choices) return face.choices[String(value)] ?? String(value);
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (face.type === "date" || face.type === "date-time") return formatDay(String(value));
  if (typeof value === "number") return formatNumber(face.unit, value);
  return divisionName(value) ?? String(value);
}

/** @param {string | undefined} unit @param {number} value */
function formatNumber(unit, value) {
  if (unit === "1") return percents().format(value);
  if (!unit) return Number.isInteger(value) && value > 1000 && value < 3000 ? String(value) : numbers().format(value);
  return `${numbers().format(value)} ${config.units[unit] ?? unit}`;
}

/**
 * The label of a status for the features of a layer.
 *
 * @param {Layer} layer
 * @param {unknown} status
 */
export function statusLabel(layer, status) {
  return isEmpty(status) ? "" : (layer.fields.status?.choices?.[String(status)] ?? String(status));
}
