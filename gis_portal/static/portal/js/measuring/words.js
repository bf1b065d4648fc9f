/** Measures and coordinates in the page's language. */
import { config } from "../config.js";
import { t } from "../i18n.js";
import { asArea, asLength, asMu, sexagesimal } from "./figures.js";
import { toGrid } from "./grid4549.js";

const SPACE = "\u00a0";

/** @param {number} value @param {number} digits */
function number(value, digits) {
  return new Intl.NumberFormat(config.language, { maximumFractionDigits: digits }).format(value);
}

/** @param {import("./figures.js").Quantity} quantity */
function written({ value, unit, digits }) {
  const units = { metres: t("metres"), kilometres: t("kilometres"), square_metres: t("square_metres"), hectares: t("hectares"), square_kilometres: t("square_kilometres") };
  return `${number(value, digits)}${SPACE}${units[unit]}`;
}

/** @param {number} metres */
export function lengthText(metres) {
  return written(asLength(metres));
}

/** @param {number} m2 */
export function areaText(m2) {
  const mu = asMu(m2);
  return t("measure_area_and_mu", { area: written(asArea(m2)), mu: number(mu.value, mu.digits) });
}

/**
 * A place as texts to copy: degrees, sexagesimal degrees, and metres of EPSG:4549 or null outside its strip.
 *
 * @param {number} lon
 * @param {number} lat
 */
export function positionTexts(lon, lat) {
  const north = t(lat < 0 ? "south" : "north");
  const east = t(lon < 0 ? "west" : "east");
  const grid = toGrid(lon, lat);
  return {
    degrees: `${Math.abs(lat).toFixed(6)}°${north}, ${Math.abs(lon).toFixed(6)}°${east}`,
    sexagesimal: `${sexagesimal(lat)}${north}, ${sexagesimal(lon)}${east}`,
    grid: grid && t("measure_grid_value", { north: grid.northM.toFixed(1), east: grid.eastM.toFixed(1) }),
  };
}
