/** Refuses a file that is too large before it is sent, and says that one is being sent. */
import { byId } from "../js/dom.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form.upload"));
const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
const wrong = byId("too-large");

function check() {
  const size = input.files?.[0]?.size ?? 0;
  const isTooLarge = size > Number(input.dataset.most);
  wrong.textContent = isTooLarge ? input.dataset.wrong ?? "" : "";
  wrong.hidden = !isTooLarge;
  return !isTooLarge;
}

input.addEventListener("change", check);
form.addEventListener("submit", (event) => {
  if (!check()) return event.preventDefault();
  const said = byId("sending");
  said.textContent = said.dataset.words ?? "";
});
