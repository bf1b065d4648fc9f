/** What the page tells its scripts, and its words. */
import { byId } from "../../js/dom.js";

export const config = JSON.parse(byId("editor-config").textContent ?? "{}");

export const form = /** @type {HTMLFormElement} */ (byId("entry"));

/** The words of that name, what stands in braces given. @param {string} name @param {Record<string, string | number>} [given] */
export function words(name, given = {}) {
  return Object.entries(given).reduce((text, [key, value]) => text.replace(`{${key}}`, String(value)), config.words[name]);
}

/** Whether the key belongs to an input method that is composing hanzi: it is not ours then. @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** The field of that path. @param {string} path @returns {HTMLInputElement | null} */
export function fieldOf(path) {
  return form.querySelector(`[name="${CSS.escape(path)}"]`);
}

/** Tells the other scripts that the form changed without a key having been pressed. */
export function changed() {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
