/** Parts of the entry added, taken away and put in another order. */
import { byId } from "../../js/dom.js";
import { changed, form, words } from "./about.js";
import { choosers } from "./chooser.js";

const NEW_KEY = "__KEY__";

/** A key for a new part. Pages without https have no randomUUID. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** Adds an empty part to the end of a list. @param {Element} list @param {string} [key] */
export function add(list, key = newKey()) {
  const kind = list.getAttribute("data-parts") ?? "";
  const template = byId(`new-${kind}`);
  list.insertAdjacentHTML("beforeend", template.innerHTML.replaceAll(NEW_KEY, key));
  const part = /** @type {HTMLElement} */ (list.lastElementChild);
  const about = part.querySelector(`[name="${kind}/${key}/about"]`);
  if (about instanceof HTMLInputElement) about.value = list.getAttribute("data-about") ?? "";
  choosers(part);
  changed();
  return part;
}

/** @param {string} kind */
export function listOf(kind) {
  return /** @type {HTMLElement} */ (form.querySelector(`[data-parts="${kind}"]`));
}

/** @param {Element} part */
export function focusIn(part) {
  /** @type {HTMLElement | null} */ (part.querySelector(".box input:not([type=hidden]), .box select, .box textarea"))?.focus();
}

/** @param {HTMLButtonElement} button */
function addFor(button) {
  const [kind, about] = button.value.split("/");
  const own = button.closest(".asserted, .part, section") ?? form;
  const lists = [...own.querySelectorAll(`[data-parts="${kind}"]`)];
  const list = lists.find((each) => about === undefined || each.getAttribute("data-about") === about);
  if (list) focusIn(add(list));
}

/** @param {HTMLButtonElement} button */
function remove(button) {
  const part = button.closest("[data-part]");
  const list = part?.parentElement;
  part?.remove();
  /** @type {HTMLElement | null} */ (list?.nextElementSibling?.querySelector("button") ?? null)?.focus();
  say(words("removed", { what: part?.querySelector("legend")?.textContent ?? "" }));
  changed();
}

/** @param {HTMLButtonElement} button */
function raise(button) {
  const part = button.closest("[data-part]");
  if (part?.previousElementSibling) part.parentElement?.insertBefore(part, part.previousElementSibling);
  button.focus();
  changed();
}

/** @param {string} text */
export function say(text) {
  byId("saving").textContent = text;
}

form.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const act = { add: addFor, remove, up: raise }[button?.name ?? ""];
  if (!button || !act) return;
  event.preventDefault();
  act(button);
});
