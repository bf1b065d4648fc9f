/** The three-way notice: what a field was, what it is here, and what it was saved as elsewhere. */
import { byId, h } from "../../js/dom.js";
import { words } from "./about.js";

/**
 * @typedef {{path: string, label: string, base: string, mine: string, theirs: string}} Conflict
 */

/** Asks which value of each field stays. @param {Conflict[]} conflicts @returns {Promise<Record<string, string>>} by path */
export function decide(conflicts) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("compare"));
  byId("h-compare").textContent = words("compare");
  byId("compare-lead").textContent = words("compare_lead");
  byId("compare-fields").replaceChildren(...conflicts.map(asked));
  const keep = byId("compare-keep");
  keep.textContent = words("keep_choices");
  dialog.oncancel = (event) => event.preventDefault(); // nothing is saved before it is decided
  if (!dialog.open) dialog.showModal();
  return new Promise((done) => {
    keep.onclick = () => {
      const chosen = conflicts.map(({ path }, number) => [path, value(number)]);
      dialog.close();
      done(Object.fromEntries(chosen));
    };
  });
}

/** @param {number} number */
function value(number) {
  return /** @type {HTMLInputElement} */ (document.querySelector(`input[name="compare-${number}"]:checked`)).value;
}

/** @param {Conflict} conflict @param {number} number */
function asked({ label, base, mine, theirs }, number) {
  const shown = (/** @type {string} */ text) => text || words("nothing");
  const choice = (/** @type {string} */ whose, /** @type {string} */ text) =>
    h("label", { class: "compare-choice" }, h("input", { type: "radio", name: `compare-${number}`, value: whose, checked: whose === "mine" }), h("span", { class: "compare-whose" }, words(whose)), h("span", {}, shown(text)));
  return h("fieldset", { class: "compare-field" }, h("legend", {}, label), h("p", { class: "compare-base" }, h("span", { class: "compare-whose" }, words("before")), shown(base)), choice("mine", mine), choice("theirs", theirs));
}
