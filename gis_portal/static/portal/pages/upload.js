/** Refuses files that are too large before they are sent, and says that something is being sent. */
import { byId } from "../js/dom.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form.upload"));
const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type=file]")]);
const wrong = byId("too-large");

function check() {
  const tooLarge = inputs.find((input) => (input.files?.[0]?.size ?? 0) > Number(input.dataset.most));
  wrong.textContent = tooLarge?.dataset.wrong ?? "";
  wrong.hidden = !tooLarge;
  return !tooLarge;
}

for (const input of inputs) input.addEventListener("change", check);
form.addEventListener("submit", (event) => {
  if (!check()) return event.preventDefault();
  const said = byId("sending");
  said.textContent = said.dataset.words ?? "";
});
