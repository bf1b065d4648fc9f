/** Reading aloud, with the browser's own voices. */
import { config } from "./config.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

/**
 * A button that reads the text aloud, and stops. Where there is no voice for the page's language it is not shown; voices
 * may come late.
 *
 * @param {string} text
 * @returns {HTMLElement | null}
 */
export function readAloudButton(text) {
  const speech = window.speechSynthesis;
  if (!speech) return null;
  const words = h("span", {}, t("read_aloud"));
  const set = (/** @type {boolean} */ reads) => (words.textContent = t(reads ? "stop_reading" : "read_aloud"));
  const button = h("button", { type: "button", class: "action", id: "read-aloud", onclick: () => {
    const wasReading = speech.speaking;
    hush();
    if (wasReading) return set(false);
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.voice = voice() ?? null;
    spoken.lang = spoken.voice?.lang ?? config.language;
    spoken.rate = 0.9;
    spoken.onend = spoken.onerror = () => set(false);
    speech.speak(spoken);
    set(true);
  } }, words);
  button.hidden = !voice();
  if (button.hidden) speech.addEventListener("voiceschanged", () => (button.hidden = !voice()), { once: true });
  return button;
}

/** Ends the reading. */
export function hush() {
  window.speechSynthesis?.cancel();
}

function voice() {
  const language = config.language.slice(0, 2);
  return window.speechSynthesis.getVoices().find(({ lang }) => lang.slice(0, 2).toLowerCase() === language);
}
