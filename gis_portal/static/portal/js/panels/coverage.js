/** A target of the coverage plans on the map: its figure, division by division, as colours and as a table. */
import { NotFound, targetFigure, targetList } from "../api.js";
import { classesOf, classOf, isToldOfTownships, isYesOrNo, shades } from "../classes.js";
import { h, icon, present } from "../dom.js";
import { divisionName, formatDay, t } from "../i18n.js";
import { showPanel } from "../panels.js";
import { stageBox } from "../stage.js";
import { say } from "../status.js";
import { drawTarget, followPointer, outline, TOWNSHIPS_FROM } from "./coverage-map.js";
import { divisionTable, missingList } from "./coverage-table.js";
import { classText, figureText, fractionText, goalText, standing, statusText, valueText } from "./coverage-words.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../store.js").ShownTarget} ShownTarget */
/** @typedef {import("../classes.js").Part} Part */
/** @typedef {{level: "county" | "township", asOf: string, target: any, parts: Part[], classes: import("../classes.js").Class[]}} Figure level: of
 *   the parts, which is the county where townships have no figure */

/** @param {Store} store @param {() => import("../map.js").Controls | null} controls */
export function start(store, controls) {
  /** @type {{plan: any[] | null, figure: Figure | null, all: boolean, order: import("./coverage-table.js").Order}} */
  const shown = { plan: null, figure: null, all: false, order: { by: "value", descending: false } };
  let asked = new AbortController();
  let current = "";
  const map = controls()?.map;
  const close = () => {
    store.set({ target: null });
    /** @type {HTMLElement | null} */ (document.querySelector("#target-choice, #map canvas"))?.focus();
  };
  const open = (/** @type {import("../store.js").FeatureKey} */ feature) => store.set({ feature, side: "card", alsoHere: [], closer: true });

  async function load() {
    const { target } = store.get();
    asked.abort();
    asked = new AbortController();
    shown.figure = null;
    shown.all = false;
    draw();
    if (!target) return;
    try {
      shown.figure = await figureOf(target, asked.signal);
      if (isTooFar(map, shown.figure.level)) map.jumpTo({ zoom: TOWNSHIPS_FROM });
    } catch (error) {
      if (error instanceof DOMException) return;
      say(error instanceof NotFound ? t("target_unknown", { id: target.id }) : t("answer_failed"), { stays: true });
      store.set({ target: null });
    }
    draw();
  }

  function draw() {
    const { figure } = shown;
    if (map) styled(map, () => drawTarget(map, figure && drawnOf(figure)));
    legend();
    panel();
  }

  function legend() {
    const { figure } = shown;
    stageBox("target", t("targets_title"), figure ? legendOf(figure, map, { close, show: () => store.set({ side: "coverage" }) }) : []);
    point(current);
  }

  /** The division that is pointed at, on the map or in the table. @param {string} code */
  function point(code) {
    current = code;
    const part = shown.figure?.parts.find(({ adcode }) => adcode === code);
    const line = document.getElementById("target-current");
    if (line && shown.figure) line.textContent = code ? currentText(shown.figure, code, part) : t("target_point");
    if (map) outline(map, code);
    for (const row of document.querySelectorAll(".target-table tr")) row.classList.toggle("current", row.getAttribute("data-code") === code && code !== "");
  }

  async function panel() {
    if (store.get().side !== "coverage") return;
    if (!shown.plan) {
      showPanel(store, "coverage", t("targets_title"), [h("p", { role: "status" }, t("loading"))]);
      shown.plan = await targetList().then(({ targets }) => targets, () => []);
      if (!shown.plan?.length) say(t("answer_failed"));
      if (store.get().side !== "coverage") return;
    }
    const { figure, all, order } = shown;
    const { target } = store.get();
    const sort = (/** @type {typeof order} */ next) => {
      shown.order = next;
      panel();
    };
    const showAll = () => {
      shown.all = true;
      panel();
    };
    showPanel(store, "coverage", t("targets_title"), [
      choice(shown.plan ?? [], store),
      target && !figure && h("p", { role: "status" }, t("loading")),
      ...(figure ? [
        levels(figure, store),
        summary(figure),
        figure.parts.length > 0 && h("h3", { id: "target-parts" }, t("target_parts")),
        figure.parts.length > 0 ? divisionTable(figure, { order, sort, open, point }) : h("p", { class: "side-note" }, t("target_only_whole")),
        missingList(figure, { all, showAll, open }),
        notes(figure),
        h("button", { type: "button", class: "action", id: "target-remove", onclick: close }, icon("close"), h("span", {}, t("target_remove"))),
      ] : []),
    ]);
  }

  store.subscribe(["target"], load);
  store.subscribe(["side"], panel);
  if (map) {
    followPointer(map, (code) => shown.figure && point(code));
    map.on("zoomend", () => shown.figure && zoomHint(map, shown.figure));
  }
  load();
}

/** Does it when the map has its style. @param {any} map @param {() => void} then */
function styled(map, then) {
  if (document.body.dataset.map) then();
  else map.once("style.load", then);
}

/** The figure by divisions of the level asked for; by counties where townships have none. @param {ShownTarget} asked @param {AbortSignal} signal @returns {Promise<Figure>} */
async function figureOf({ id, level }, signal) {
  let found = await targetFigure(id, level, signal);
  const of = level === "township" && !isToldOfTownships(found.targets[0]) ? "county" : level;
  if (of !== level) found = await targetFigure(id, of, signal);
  const [target] = found.targets;
  const parts = target.parts.map((/** @type {Part} */ part) => ({ ...part, name: divisionName(part.adcode) ?? part.name }));
  const values = isYesOrNo(target, of) ? [0, 1] : parts.map((/** @type {Part} */ { value }) => value);
  return { level: of, asOf: found.as_of, target, parts, classes: classesOf(values, isYesOrNo(target, of) ? "count" : target.unit) };
}

/** @param {Figure} figure @returns {import("./coverage-map.js").Drawn | null} */
function drawnOf({ level, parts, classes }) {
  const dark = shades(classes.length);
  const codes = (/** @type {number} */ at) => parts.filter(({ value }) => classOf(value, classes) === at).map(({ adcode }) => adcode);
  const missed = parts.filter(({ status }) => status === "missed").map(({ adcode }) => adcode);
  return parts.length ? { level, classes: classes.map((_, at) => ({ shade: dark[at], codes: codes(at) })), missed } : null;
}

// The panel

/** @param {any[]} plan @param {Store} store */
function choice(plan, store) {
  const { target } = store.get();
  const owners = [...new Set(plan.map(({ owner }) => owner))];
  const change = (/** @type {Event} */ event) => {
    const id = /** @type {HTMLSelectElement} */ (event.target).value;
    const chosen = plan.find((one) => one.id === id);
    const before = plan.find((one) => one.id === target?.id);
    const kept = before && isToldOfTownships(before) ? target?.level : undefined;
    store.set({ target: chosen ? { id, level: kept ?? (isToldOfTownships(chosen) ? "township" : "county") } : null });
  };
  return h("p", { class: "target-choose" },
    h("label", { for: "target-choice" }, t("target_choose")),
    h("select", { id: "target-choice", onchange: change },
      h("option", { value: "" }, t("target_none")),
      ...owners.map((owner) => h("optgroup", { label: owner },
        ...plan.filter((one) => one.owner === owner).map(({ id, title }) => h("option", { value: id, selected: id === target?.id }, title))))));
}

/** @param {Figure} figure @param {Store} store */
function levels({ target, level }, store) {
  const isTold = isToldOfTownships(target);
  const one = (/** @type {"county" | "township"} */ by, /** @type {string} */ title) =>
    h("label", {}, h("input", { type: "radio", name: "target-level", id: `target-by-${by}`, checked: level === by, disabled: by === "township" && !isTold,
      onchange: () => store.set({ target: { id: target.id, level: by } }) }), title);
  return h("fieldset", { class: "target-levels" }, h("legend", {}, t("target_by")), one("county", t("county")), one("township", t("township")),
    !isTold && h("p", { class: "side-note" }, whyNot(target)));
}

/** Why townships have no figure. @param {any} target */
function whyNot({ metric, level }) {
  if (level === "county") return t("target_of_counties");
  return metric === "milestone" ? t("target_of_steps") : t("target_of_reports");
}

/** @param {Figure} figure */
function summary({ target, asOf }) {
  return h("div", { class: "target-summary" },
    h("p", { class: "target-figure" }, figureText(target)),
    h("p", {}, standing(target.status)),
    h("p", {}, goalText(target)),
    h("p", {}, t("as_of", { day: formatDay(asOf) })),
    h("p", { class: "side-note" }, target.definition),
    h("p", { class: "side-note" }, `${t("source")}: ${target.source.document} · ${target.source.clause}`));
}

/** @param {Figure} figure */
function notes({ target }) {
  return target.notes.length > 0 && h("section", {}, h("h3", {}, t("target_notes")),
    h("ul", { class: "target-notes" }, ...target.notes.map((/** @type {{text: string}} */ { text }) => h("li", {}, text))));
}

// The legend on the map

/** @param {Figure} figure @param {any} map @param {{close: () => void, show: () => void}} does */
function legendOf(figure, map, { close, show }) {
  const { target, level, parts, classes, asOf } = figure;
  const dark = shades(classes.length);
  const isWhole = parts.every(({ value }) => Number.isInteger(value));
  const swatch = (/** @type {string} */ kind, /** @type {string} */ text) => h("li", {}, h("span", { class: `target-swatch ${kind}`, "aria-hidden": "true" }), text);
  const badges = [
    target.boundaries === "approximate" && h("span", { class: "badge badge-approximate" }, t("approximate_boundary")),
    target.notes.some((/** @type {{kind: string}} */ { kind }) => kind.startsWith("demonstration")) && h("span", { class: "badge badge-demo" }, t("demonstration")),
  ];
  return present([
    h("div", { class: "stage-box-head" },
      h("h2", {}, target.title),
      h("button", { type: "button", class: "icon-button", id: "target-close", "aria-label": t("target_remove"), onclick: close }, icon("close"))),
    h("p", { class: "target-figure" }, figureText(target), " ", standing(target.status)),
    h("p", { class: "alone" }, goalText(target)),
    h("p", { class: "alone" }, t("as_of", { day: formatDay(asOf) })),
    badges.some(Boolean) && h("p", { class: "badges" }, ...badges),
    h("p", { class: "target-level" }, parts.length ? t("target_shown_by", { level: level === "county" ? t("county") : t("township") }) : t("target_only_whole")),
    parts.length > 0 && h("ul", { class: "target-classes" },
      ...classes.map((one, at) => swatch(`shade-${dark[at]}`, classText(one, target.unit, isYesOrNo(target, level), isWhole))),
      parts.some(({ status }) => status === "missed") && swatch("swatch-hatch", t("target_misses")),
      swatch("swatch-dots", t("target_unknown_here"))),
    h("p", { id: "target-zoom", class: "target-zoom", hidden: !isTooFar(map, level) }, t("target_zoom")),
    parts.length > 0 && map && h("p", { id: "target-current", class: "target-now" }, t("target_point")),
    h("button", { type: "button", class: "plain alone", id: "target-show", onclick: show }, t("target_show")),
  ]);
}

/** @param {any} map @param {"county" | "township"} level */
function isTooFar(map, level) {
  return level === "township" && map && map.getZoom() < TOWNSHIPS_FROM;
}

/** @param {any} map @param {Figure} figure */
function zoomHint(map, { level }) {
  const hint = document.getElementById("target-zoom");
  if (hint) hint.hidden = !isTooFar(map, level);
}

/** @param {Figure} figure @param {string} code @param {Part | undefined} part */
function currentText({ target }, code, part) {
  const name = part?.name ?? divisionName(code) ?? code;
  if (!part) return t("target_current", { name, figure: t("target_unknown_here") });
  const figure = [fractionText(part), part.denominator === null ? "" : valueText(part, target.unit), statusText(part.status)];
  return t("target_current", { name, figure: figure.filter(Boolean).join(" · ") });
}
