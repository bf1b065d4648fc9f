/** The panel of printing: a sheet with the map drawn anew for paper, or the list where there is no map. */
import { config } from "../config.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { showPanel } from "../panels.js";
import { PAPERS } from "../printing/paper.js";
import { createSheet } from "../printing/sheet.js";
import { drawSheetMap } from "../printing/sheet-map.js";

/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../map.js").Controls} Controls */

/** @param {Store} store @param {() => Controls | null} map */
export function start(store, map) {
  const controls = map();
  const { body, cancel } = controls ? form(store, controls) : { body: listOnly(), cancel: () => {} };
  const show = () => {
    if (store.get().side !== "print") cancel();
    else if (!body[0].isConnected) showPanel(store, "print", t("print_title"), body);
  };
  store.subscribe(["side"], show);
  show();
}

function listOnly() {
  return [h("p", {}, t("print_no_map")), h("p", { class: "actions" }, h("button", { type: "button", class: "action", onclick: () => window.print() }, t("print_list")))];
}

/** @param {Store} store @param {Controls} controls */
function form(store, controls) {
  const names = { "a4-portrait": t("print_a4_portrait"), "a4-landscape": t("print_a4_landscape"), "a3-portrait": t("print_a3_portrait"), "a3-landscape": t("print_a3_landscape") };
  const title = /** @type {HTMLInputElement} */ (h("input", { id: "print-name", type: "text", value: config.name, maxlength: 60, autocomplete: "off" }));
  const paper = /** @type {HTMLSelectElement} */ (h("select", { id: "print-paper" }, ...PAPERS.map((value) => h("option", { value }, names[value]))));
  const go = h("button", { type: "submit", class: "action print-go" }, t("print_go"));
  const stop = h("button", { type: "button", class: "action", hidden: true, onclick: cancel }, t("print_cancel"));
  const progress = h("p", { class: "print-progress", role: "status" });
  let asked = new AbortController();

  function cancel() {
    asked.abort();
  }

  async function print() {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    document.querySelector(".map-sheet")?.remove();
    const sheet = createSheet({
      title: title.value.trim() || config.name,
      paper: PAPERS[paper.selectedIndex],
      hasDrawing: store.get().drawn !== null,
    });
    document.body.append(sheet.element);
    busy(true);
    progress.textContent = t("print_drawing");
    try {
      await drawSheetMap(controls, sheet.frame, sheet.fill, signal);
      signal.throwIfAborted();
    } catch (error) {
      sheet.element.remove();
      progress.textContent = signal.aborted ? t("print_cancelled") : t("print_failed");
      if (!signal.aborted) console.warn(error);
      return;
    } finally {
      busy(false);
    }
    progress.textContent = t("print_ready");
    addEventListener("afterprint", () => sheet.element.remove(), { once: true });
    window.print();
  }

  /** @param {boolean} drawing */
  function busy(drawing) {
    const focused = document.activeElement;
    go.hidden = drawing;
    stop.hidden = !drawing;
    if (focused === go || focused === stop) (drawing ? stop : go).focus();
  }

  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    print();
  };
  const body = [
    h("form", { class: "print-form", onsubmit: submit },
      h("label", { for: "print-name" }, t("print_name")), title,
      h("label", { for: "print-paper" }, t("print_paper")), paper,
      h("p", { class: "actions" }, go, stop)),
    progress,
    !config.approval && h("p", { class: "print-unapproved" }, t("print_no_approval")),
    h("p", { class: "side-note" }, t("print_help")),
  ].filter((part) => part instanceof Node);
  return { body, cancel };
}
