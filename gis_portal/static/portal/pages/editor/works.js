/** A work that is not known yet, added without leaving the entry. */
import { byId } from "../../js/dom.js";
import { config } from "./about.js";

const dialog = /** @type {HTMLDialogElement} */ (byId("new-work"));
const form = /** @type {HTMLFormElement} */ (byId("new-work-form"));
const wrong = byId("new-work-wrong");

/** Asks for a work; what was added, or null. @param {string} title @returns {Promise<{value: string, title: string} | null>} */
export function addWork(title) {
  form.reset();
  wrong.hidden = true;
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("title"));
  field.value = title;
  dialog.showModal();
  return new Promise((done) => {
    const send = async (/** @type {Event} */ event) => {
      event.preventDefault();
      const made = await post();
      if (made) end(made);
    };
    const end = (/** @type {any} */ made) => {
      form.removeEventListener("submit", send);
      dialog.onclose = null;
      dialog.close();
      done(made);
    };
    form.addEventListener("submit", send);
    dialog.onclose = () => end(null);
    byId("new-work-close").onclick = () => end(null);
  });
}

async function post() {
  try {
    const answer = await fetch(config.works, { method: "POST", body: new FormData(form), headers: { Accept: "application/json", "X-CSRFToken": config.token } });
    const said = await answer.json();
    if (answer.ok) return said;
    tell(Object.values(said.faults).flat().join(" "));
  } catch {
    tell(config.words.lost_work);
  }
  return null;
}

/** @param {string} text */
function tell(text) {
  wrong.textContent = text;
  wrong.hidden = false;
}
