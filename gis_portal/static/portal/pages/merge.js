/**
 * Two places made one: the pane of the result follows what is chosen. Without it a button shows the same.
 */
import { byId } from "../js/dom.js";

const form = byId("merge");

form.addEventListener("change", (event) => {
  const chosen = event.target;
  if (!(chosen instanceof HTMLInputElement)) return;
  if (chosen.name === "part") showPart(chosen);
  if (chosen.name.startsWith("field:")) showValue(chosen);
});

/** @param {HTMLInputElement} chosen */
function showPart(chosen) {
  const part = form.querySelector(`[data-part="${CSS.escape(chosen.value)}"]`);
  if (part instanceof HTMLElement) part.hidden = !chosen.checked;
}

/** @param {HTMLInputElement} chosen */
function showValue(chosen) {
  const said = chosen.labels?.[0]?.querySelector(".prose");
  const result = chosen.closest("fieldset")?.querySelector("output");
  if (said && result) result.textContent = said.textContent;
}
