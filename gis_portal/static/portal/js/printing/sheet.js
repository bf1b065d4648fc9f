/** The sheet that is printed: title, map, legend, scale, north, and all that a printed map has to say of itself. */
import { config } from "../config.js";
import { dataUrl, h, present, symbol } from "../dom.js";
import { formatCount, formatDay, t } from "../i18n.js";
import { PIN_SVG } from "../markers.js";
import { link } from "../share.js";
import { graticule } from "./graticule.js";
import { scaleBar } from "./paper.js";

/** @typedef {import("../config.js").Layer} Layer */

const LEAST_PERCENT = 60; // of the type, for a long legend
const BAR_MM = 42;
const BAR_PARTS = 4;
const NEAT_MM = 3.6; // between the map and its outer frame, as in print.css
const NORTH_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 32"><path d="M12 1 21 30 12 24Z" fill="#1f2a35"/><path d="M12 1 3 30 12 24Z" fill="#fff" stroke="#1f2a35" stroke-width="1" stroke-linejoin="round"/></svg>';
const DRAWN_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M5 25 14 9l13 10" fill="none" stroke="#8e1b63" stroke-width="3" stroke-linejoin="round"/></svg>';
const CHOSEN_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="12" fill="none" stroke="#c0392b" stroke-width="4"/></svg>';
const POSITION_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#1b5e93" fill-opacity=".16"/><circle cx="16" cy="16" r="7" fill="#1b5e93" stroke="#fff" stroke-width="2.5"/></svg>';

/**
 * An empty sheet with the frame for its map. fill says what is around the map once it is known what is on it.
 *
 * @param {{title: string, paper: import("./paper.js").Paper, hasDrawing: boolean}} wanted
 */
export function createSheet({ title, paper, hasDrawing }) {
  const frame = h("div", { class: "sheet-map", role: "img", "aria-label": t("print_map_of", { title }) });
  const degrees = h("div");
  const legend = h("section", { class: "sheet-legend" });
  const scale = h("section", { class: "sheet-scale" });
  const notes = h("section", { class: "sheet-notes" });
  const warnings = h("ul", { class: "sheet-warnings" });
  const element = h(
    "article",
    { class: `map-sheet map-sheet-${paper}`, lang: config.language },
    h("header", { class: "sheet-head" }, h("h1", {}, title), warnings),
    h("div", { class: "sheet-neat" }, frame, degrees),
    legend,
    scale,
    notes,
  );

  /** @param {import("./sheet-map.js").Drawn} drawn */
  function fill(drawn) {
    const layers = config.layers.filter((layer) => drawn.layers.includes(layer.id));
    degrees.replaceChildren(...degreesAround(drawn.bounds));
    warnings.replaceChildren(...warningsOf(layers).map((text) => h("li", {}, text)));
    legend.replaceChildren(h("h2", {}, t("print_legend")), h("ul", {}, ...entries(layers, drawn.marks, hasDrawing)), ...present([drawn.idle && h("p", {}, t("print_hollow"))]), ...boxes());
    scale.replaceChildren(...scaleParts(drawn.scale));
    fit(legend);
    notes.replaceChildren(...notesOn(layers));
  }
  return { element, frame, fill };
}

/** A long legend is set smaller, so that it stays in its place. @param {HTMLElement} legend */
function fit(legend) {
  for (let percent = 100; percent >= LEAST_PERCENT; percent -= 5) {
    legend.style.fontSize = `${percent}%`;
    if (legend.scrollHeight <= legend.clientHeight) return;
  }
}

/** @param {import("../config.js").Bounds} bounds */
function degreesAround(bounds) {
  const { meridians, parallels } = graticule(bounds);
  const along = (/** @type {number} */ share) => `calc(${NEAT_MM}mm + ${share} * (100% - ${2 * NEAT_MM}mm))`;
  return ["top", "bottom", "left", "right"].flatMap((side) => {
    const upright = side === "left" || side === "right";
    return (upright ? parallels : meridians).map(({ share, text }) => {
      const mark = h("span", { class: `sheet-degrees sheet-degrees-${side}` }, text);
      mark.style[upright ? "top" : "left"] = along(share);
      return mark;
    });
  });
}

/** @param {Layer[]} layers */
function warningsOf(layers) {
  return [
    ...(layers.some((layer) => layer.demonstration) ? [t("print_demonstration")] : []),
    ...(layers.some((layer) => layer.area && layer.approximate) ? [t("print_approximate")] : []),
  ];
}

/** @param {Layer[]} layers @param {string[]} marks @param {boolean} hasDrawing */
function entries(layers, marks, hasDrawing) {
  const shown = layers.map((layer) => [layer.legend, layer.title]);
  if (marks.includes("chosen")) shown.push([CHOSEN_SVG, t("print_chosen")]);
  if (marks.includes("pin")) shown.push([PIN_SVG, t("print_pin")]);
  if (marks.includes("position")) shown.push([POSITION_SVG, t("print_position")]);
  if (hasDrawing) shown.push([DRAWN_SVG, t("print_drawn")]);
  return shown.map(([svg, title]) => h("li", {}, symbol(svg, 17), h("span", {}, title)));
}

/** What the boxes on the map say of it, without what is there to be pressed. */
function boxes() {
  return [...document.querySelectorAll(".stage .stage-box")].map((box) => {
    const copy = /** @type {HTMLElement} */ (box.cloneNode(true));
    for (const part of copy.querySelectorAll("button, .target-now, [hidden]")) part.remove();
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    return copy;
  });
}

/** @param {number} denominator */
function scaleParts(denominator) {
  const { metres, mm } = scaleBar(denominator, BAR_MM);
  const bar = h("div", { class: "sheet-bar" }, ...Array.from({ length: BAR_PARTS }, () => h("span")));
  const marks = h("div", { class: "sheet-bar-marks" }, h("span", {}, "0"), h("span", {}, barText(metres / 2)), h("span", {}, barText(metres)));
  bar.style.width = marks.style.width = `${mm}mm`;
  return [
    h("img", { class: "sheet-north", src: dataUrl(NORTH_SVG), alt: t("print_north") }),
    h("div", {}, h("p", { class: "sheet-ratio" }, t("print_scale", { scale: formatCount(denominator) })), bar, marks, h("p", { class: "sheet-small" }, t("print_scale_note"))),
  ];
}

/** @param {number} metres */
function barText(metres) {
  return metres >= 1000 ? `${formatCount(metres / 1000)} ${t("kilometres")}` : `${formatCount(metres)} ${t("metres")}`;
}

/** @param {Layer[]} layers */
function notesOn(layers) {
  const days = layers.flatMap(({ asOf }) => asOf ?? []).sort();
  const sources = [...new Set(layers.flatMap((layer) => layer.sources.map(sourceName)))];
  const today = new Date();
  const printed = new Date(today.getTime() - today.getTimezoneOffset() * 60_000).toISOString();
  const dates = [days.length && t("print_as_of", { day: formatDay(days[days.length - 1]) }), t("print_day", { day: formatDay(printed) })].filter(Boolean);
  return [
    h("div", {},
      h("p", { class: config.approval ? "sheet-approval" : "sheet-approval sheet-unapproved" }, config.approval ? t("print_approval", { number: config.approval }) : t("print_no_approval")),
      h("p", {}, dates.join(t("print_between"))),
      h("p", {}, t("print_datum"))),
    h("div", {}, sources.length > 0 && h("p", {}, t("print_sources", { sources: sources.join("; ") })), h("p", { class: "sheet-address" }, link())),
  ];
}

/** A source without how a single feature was taken from it: "geonames" of "geonames:exact". @param {string} source */
function sourceName(source) {
  return source.replace(/^([a-z]+):(?!\/\/).*$/, "$1");
}
