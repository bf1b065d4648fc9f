/** Shows how far the check or the import of a file is, and opens its page anew once that has ended. */
import { byId } from "../js/dom.js";

const EVERY_MS = 1000;

const place = byId("progress");
const rows = byId("progress-rows");
const bar = /** @type {HTMLProgressElement} */ (byId("progress-bar"));

/** @param {{running: boolean, words: string, done: number, total: number | null, best?: string}} told */
function show(told) {
  const words = byId("progress-words");
  if (words.textContent !== told.words) words.textContent = told.words; // said once by a screen reader
  const best = document.getElementById("progress-best");
  if (best && best.textContent !== told.best) best.textContent = told.best ?? "";
  const text = told.total ? rows.dataset.words : rows.dataset.some;
  const number = (/** @type {number} */ value) => value.toLocaleString(document.documentElement.lang);
  rows.textContent = told.done
    ? (text ?? "").replace("{done}", number(told.done)).replace("{total}", number(told.total ?? 0))
    : "";
  if (told.total && told.done) {
    bar.max = told.total;
    bar.value = Math.min(told.done, told.total);
  } else bar.removeAttribute("value");
}

async function look() {
  let told = null;
  try {
    const answer = await fetch(place.dataset.progress ?? "");
    if (answer.ok && !answer.redirected) told = await answer.json();
    else if (answer.redirected) return location.reload(); // signed out meanwhile
  } catch {
    // There is no connection; it is tried again.
  }
  byId("progress-lost").hidden = told !== null;
  if (told && (!told.running || told.state !== place.dataset.state)) return location.reload();
  if (told) show(told);
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
