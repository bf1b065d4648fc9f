/** Keeps the draft: after every pause, on leaving, and again until the portal answers. A draft that was saved elsewhere is
 * compared field by field and never overwritten. */
import { byId } from "../../js/dom.js";
import { config, fieldOf, form, words } from "./about.js";
import { decide } from "./comparing.js";
import { showFaults, showProposals } from "./faults.js";

const AGAIN_MS = 4000;
const KEEPALIVE_BYTES = 60_000; // what browsers send for a page that is closed
const OWN = new Set(["csrfmiddlewaretoken", "version", "reason", "picture"]);
const MERGED = "entry-merged";

/** @typedef {Record<string, string>} Fields */

let version = config.version;
let saved = state();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Promise<void> | null} */
let busy = null;
let isLeaving = false;

/** @returns {Fields} */
function fields() {
  /** @type {Fields} */
  const found = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && !OWN.has(name)) found[name] = value;
  return found;
}

function state() {
  return { fields: fields(), reason: /** @type {HTMLTextAreaElement} */ (byId("f-reason")).value };
}

function isDirty() {
  return JSON.stringify(state()) !== JSON.stringify(saved);
}

/** @param {string} text @param {boolean} [wrong] */
function tell(text, wrong = false) {
  const place = byId("saving");
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle("entry-wrong", wrong);
}

/** @param {number} ms */
function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(save, ms);
}

/** Saves what changed. */
export async function save() {
  clearTimeout(timer);
  while (busy) await busy;
  if (!isDirty()) return;
  busy = send().finally(() => (busy = null));
  await busy;
}

async function send() {
  const sent = state();
  tell(words("saving"));
  const answer = await post(config.save, { version, ...sent });
  if (!answer) {
    tell(words("lost"), true);
    return later(AGAIN_MS);
  }
  if (answer.status === 409 && "version" in answer.said) return compare(sent);
  if (!answer.ok) return tell(words("refused", { reason: answer.said.detail ?? answer.status }), true);
  take(answer.said, sent);
  tell(words("saved", { time: new Date().toLocaleTimeString(document.documentElement.lang) }));
}

/** What the portal answers; null when it does not. @param {string} path @param {object} body */
async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": config.token },
    });
    if (response.redirected) return { ok: false, status: 401, said: { detail: words("signed_out") } };
    const isJson = response.headers.get("Content-Type")?.includes("json");
    if (!isJson && response.status >= 500) return null;
    return { ok: response.ok, status: response.status, said: isJson ? await response.json() : { detail: words("gone") } };
  } catch {
    return null;
  }
}

/** @param {any} said @param {{fields: Fields, reason: string}} sent */
function take(said, sent) {
  version = said.version;
  /** @type {HTMLInputElement} */ (fieldOf("version")).value = version;
  saved = sent;
  for (const [path, text] of Object.entries(/** @type {Fields} */ (said.set))) {
    const field = fieldOf(path);
    if (!field) continue;
    // What was written since it was sent is left alone: it differs from what is saved, and is sent next.
    if (field.value === sent.fields[path]) field.value = text;
    saved.fields[path] = text;
  }
  form.dispatchEvent(new CustomEvent("settled"));
  showFaults(said.faults, said.summary);
  showProposals(said.proposals);
  if (said.title) /** @type {HTMLElement} */ (form.querySelector("h1")).textContent = said.title;
}

/** The draft was saved elsewhere since this page had it: both are brought together, the author deciding where they contradict.
 * @param {{fields: Fields, reason: string}} sent */
async function compare(sent) {
  /** @type {Fields} */
  let choices = {};
  let compared = version;
  for (;;) {
    const answer = await post(config.merge, { version: compared, base: saved.fields, fields: sent.fields, choices });
    if (!answer) {
      tell(words("lost"), true);
      return later(AGAIN_MS);
    }
    if (answer.ok) {
      sessionStorage.setItem(MERGED, "yes");
      isLeaving = true;
      return location.reload();
    }
    if (!answer.said.conflicts) return tell(words("refused", { reason: answer.said.detail }), true);
    tell(words("compare"), true);
    compared = answer.said.version;
    choices = await decide(answer.said.conflicts);
  }
}

/** Before the page goes: what can be sent without it, is. */
function leave() {
  if (isLeaving || !isDirty()) return;
  const body = JSON.stringify({ version, ...state() });
  if (busy || new Blob([body]).size > KEEPALIVE_BYTES) return;
  const sent = state();
  void fetch(config.save, { method: "POST", body, keepalive: true, headers: { "Content-Type": "application/json", "X-CSRFToken": config.token } })
    .then(async (answer) => answer.ok && take(await answer.json(), sent))
    .catch(() => later(AGAIN_MS));
}

form.addEventListener("input", (event) => {
  if (event instanceof InputEvent && event.isComposing) return;
  if (isDirty()) tell(words("unsaved"));
  later(config.pause);
});
form.addEventListener("compositionend", () => later(config.pause));
form.addEventListener("change", () => later(config.pause));
form.addEventListener("focusout", () => isDirty() && later(config.pause));
addEventListener("online", () => void save());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
addEventListener("pagehide", leave);
addEventListener("beforeunload", (event) => {
  if (!isLeaving && isDirty()) event.preventDefault();
});

form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
  if (button?.value === "save") {
    event.preventDefault();
    return void save();
  }
  if (busy) {
    event.preventDefault();
    return void busy.then(() => form.requestSubmit(button));
  }
  isLeaving = true;
});

if (sessionStorage.getItem(MERGED)) {
  sessionStorage.removeItem(MERGED);
  tell(words("merged"));
}
