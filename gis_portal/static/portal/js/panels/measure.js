/** The panel of measuring: a line or an area is drawn by clicks or by Enter, and the coordinates of a place are told. */
import "../../../lib/geographiclib/geographiclib-geodesic.min.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { corner, crosses, geometry, wellKnownText } from "../measuring/figures.js";
import { measure } from "../measuring/geodesy.js";
import { show as showOnMap } from "../measuring/overlay.js";
import { areaText, lengthText, positionTexts } from "../measuring/words.js";
import { showPanel } from "../panels.js";
import { say } from "../status.js";
import { MOST_CORNERS } from "../url.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../store.js").Drawing} Drawing */
/** @typedef {import("../measuring/figures.js").Corner} Corner */

const SAME_PX = 8; // a click so near a corner means that corner
/** @type {import("../measuring/geodesy.js").Geodesics} */
const geodesics = /** @type {any} */ (window).geodesic; // the library is no module: it leaves its name there

/** @param {Store} store @param {() => import("../map.js").Controls | null} map */
export function start(store, map) {
  /** @type {Drawing["kind"] | null} */
  let drawing = null;
  /** @type {Corner | null} */
  let place = null;
  /** @type {Corner | null} */
  let next = null;
  /** @type {(() => void) | null} */
  let giveBack = null;
  const controls = map();
  const parts = panelParts({ begin, undo, finish, clear, useCentre });

  function follow() {
    const { side, mode } = store.get();
    const open = side === "measure";
    const taking = open && mode === "map" && controls !== null;
    if (taking) giveBack ??= controls.takeClicks(take);
    else {
      giveBack?.();
      giveBack = drawing = place = next = null;
    }
    if (open && !parts.body[0].isConnected) showPanel(store, "measure", t("measure_title"), parts.body);
    update();
  }

  function update() {
    const { drawn } = store.get();
    parts.update({ drawn, drawing, place, hasMap: controls !== null });
    if (controls && document.body.dataset.map) showOnMap(controls.map, { drawn, label: labelOf(drawn), next, place: drawing ? null : place });
  }

  /** @param {Drawing["kind"]} kind */
  function begin(kind) {
    drawing = kind;
    next = null;
    store.set({ drawn: null });
    update();
    controls?.map.getCanvas().focus();
  }

  /** A click, or Enter at the centre: where there is a corner already that would end the figure, it ends it. @param {{lng: number, lat: number}} at */
  function take({ lng, lat }) {
    place = corner(lng, lat);
    const points = store.get().drawn?.points ?? [];
    if (!drawing) return update();
    if (points.length && (isAt(points[points.length - 1], place) || (drawing === "area" && points.length > 2 && isAt(points[0], place)))) return finish();
    store.set({ drawn: { kind: drawing, points: [...points, place] } });
    if (points.length + 1 === MOST_CORNERS) {
      say(t("measure_full", { count: MOST_CORNERS }));
      finish();
    }
  }

  /** @param {Corner} one @param {Corner} other */
  function isAt(one, other) {
    const [a, b] = [controls?.map.project(one), controls?.map.project(other)];
    return Math.hypot(a.x - b.x, a.y - b.y) <= SAME_PX;
  }

  function undo() {
    const { drawn } = store.get();
    if (!drawn) return;
    const points = drawn.points.slice(0, -1);
    store.set({ drawn: points.length ? { ...drawn, points } : null });
  }

  function finish() {
    drawing = next = null;
    update();
  }

  function clear() {
    drawing = place = next = null;
    store.set({ drawn: null });
    update();
  }

  function useCentre() {
    if (controls) take(controls.map.getCenter());
  }

  store.subscribe(["side", "mode"], follow);
  store.subscribe(["drawn"], update);
  controls?.map.on("style.load", update);
  controls?.map.on("mousemove", (/** @type {any} */ { lngLat }) => {
    if (!drawing || !store.get().drawn) return;
    next = [lngLat.lng, lngLat.lat];
    update();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (!drawing || typing) return;
    if (event.key === "Backspace") undo();
    else if (event.key === "Escape") finish();
  });
  follow();
}

/** @param {Drawing | null} drawn */
function labelOf(drawn) {
  if (!drawn || drawn.points.length < 2) return "";
  const { lengthM, areaM2 } = measure(geodesics, drawn);
  if (drawn.kind === "line" || drawn.points.length === 2) return lengthText(lengthM);
  return crosses(drawn.points) ? t("measure_crossing_short") : areaText(areaM2);
}

/** The sentences on what is drawn. @param {Drawing | null} drawn @returns {string[]} */
function findings(drawn) {
  if (!drawn || drawn.points.length < 2) return [];
  const { lengthM, areaM2 } = measure(geodesics, drawn);
  const length = lengthText(lengthM);
  if (drawn.kind === "line") return [t("measure_length", { length })];
  if (drawn.points.length === 2) return [t("measure_few")];
  return [crosses(drawn.points) ? t("measure_crossing") : t("measure_size", { area: areaText(areaM2) }), t("measure_perimeter", { length })];
}

/**
 * The panel's parts, made once, so that what is said in them is read aloud and the focus stays.
 *
 * @param {{begin: (kind: Drawing["kind"]) => void, undo: () => void, finish: () => void, clear: () => void, useCentre: () => void}} actions
 */
function panelParts({ begin, undo, finish, clear, useCentre }) {
  const kinds = { line: button(t("measure_line"), () => begin("line")), area: button(t("measure_area"), () => begin("area")) };
  const help = h("div", { class: "measure-help" }, h("p", {}, t("measure_help")), h("p", {}, t("measure_help_keys")));
  const result = h("div", { class: "measure-result", role: "status" });
  const steps = { undo: button(t("measure_undo"), undo), finish: button(t("measure_finish"), finish), clear: button(t("measure_clear"), clear) };
  const copies = h("div", { class: "measure-copies" });
  const places = h("div", { class: "measure-place" });
  const centre = button(t("measure_centre"), useCentre);
  const choice = h("div", { class: "actions", role: "group", "aria-label": t("measure_what") }, kinds.line, kinds.area);
  const noMap = h("p", { class: "side-note" }, t("measure_no_map"));
  const body = [
    noMap,
    choice,
    help,
    result,
    h("div", { class: "actions" }, steps.undo, steps.finish, steps.clear),
    copies,
    h("section", { class: "measure-position", "aria-labelledby": "measure-position" },
      h("h3", { id: "measure-position" }, t("measure_position")),
      h("p", { class: "actions" }, centre),
      places,
      h("p", { class: "side-note" }, t("measure_datum"))),
  ];

  /** @param {{drawn: Drawing | null, drawing: Drawing["kind"] | null, place: Corner | null, hasMap: boolean}} shown */
  function update({ drawn, drawing, place, hasMap }) {
    noMap.hidden = hasMap;
    choice.hidden = centre.hidden = !hasMap;
    for (const [kind, choose] of Object.entries(kinds)) choose.setAttribute("aria-pressed", String(kind === drawing));
    help.hidden = !drawing;
    const said = findings(drawn);
    if (drawing && drawn) said.push(t("measure_corners", { count: drawn.points.length }));
    if (said.join() !== result.dataset.said) {
      result.dataset.said = said.join();
      result.replaceChildren(...said.map((text) => h("p", {}, text)), ...(said.length ? [h("p", { class: "side-note" }, t("measure_basis"))] : []));
    }
    hide(steps.undo, !drawing || !drawn);
    hide(steps.finish, !drawing);
    hide(steps.clear, !drawn);
    const key = drawing ? "" : JSON.stringify(drawn);
    if (key !== copies.dataset.of) {
      copies.dataset.of = key;
      copies.replaceChildren(...(drawn && !drawing ? [copyRow("GeoJSON", JSON.stringify(geometry(drawn))), copyRow("WKT", wellKnownText(drawn))] : []));
    }
    const at = JSON.stringify(place);
    if (at !== places.dataset.of) {
      places.dataset.of = at;
      places.replaceChildren(...positionRows(place));
    }
  }

  /** A button that goes leaves the focus to the first of the panel. @param {HTMLElement} step @param {boolean} hidden */
  function hide(step, hidden) {
    const focused = step === document.activeElement;
    step.hidden = hidden;
    if (hidden && focused) kinds.line.focus();
  }

  return { body, update };
}

/** @param {Corner | null} place */
function positionRows(place) {
  if (!place) return [h("p", {}, t("measure_position_help"))];
  const texts = positionTexts(...place);
  return [
    copyRow(t("measure_degrees"), texts.degrees),
    copyRow(t("measure_sexagesimal"), texts.sexagesimal),
    texts.grid ? copyRow(t("measure_grid"), texts.grid) : h("p", { class: "side-note" }, t("measure_outside")),
  ];
}

/** @param {string} text @param {() => void} onclick */
function button(text, onclick) {
  return h("button", { type: "button", class: "action", onclick }, text);
}

/** @param {string} title @param {string} text */
function copyRow(title, text) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(t("measure_copied", { what: title }));
    } catch {
      getSelection()?.selectAllChildren(value);
      say(t("measure_copy_failed"));
    }
  };
  const value = h("code", { class: "measure-text", tabindex: "0", role: "group", "aria-label": title }, text);
  return h("div", { class: "measure-copy" }, h("span", { class: "measure-name" }, title),
    h("button", { type: "button", class: "action", "aria-label": t("measure_copy_what", { what: title }), onclick: copy }, t("measure_copy")), value);
}
