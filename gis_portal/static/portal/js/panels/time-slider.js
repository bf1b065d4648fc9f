/** Where a year is chosen: a slider with the eras on it, a field for the number, steps from era to era. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { datedText, eraName, yearText } from "../year-words.js";
import { ERAS, FIRST_YEAR } from "../years.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Years without a gap where there is no year 0, which a slider needs. @param {number} year */
function counted(year) {
  return year < 0 ? year + 1 : year;
}

/**
 * The controls, which stay the same elements while the year changes, so that a slider can be dragged.
 *
 * @param {{now: number, choose: (year: number) => void, play: () => void}} does
 * @returns {{elements: HTMLElement[], show: (year: number | null, isPlaying: boolean) => void}} year: null for today's names
 */
export function yearControls({ now, choose, play }) {
  const [first, last] = [counted(FIRST_YEAR), now];
  let shown = now;
  const value = (/** @type {Event} */ event) => Number(/** @type {HTMLInputElement} */ (event.target).value);
  const slide = (/** @type {Event} */ event) => choose(value(event) > 0 ? value(event) : value(event) - 1);
  const type = (/** @type {Event} */ event) => value(event) && choose(value(event));
  const before = () => [...ERAS].reverse().find(([, from]) => from < shown);
  const after = () => ERAS.find(([, from]) => from > shown);
  const go = (/** @type {(typeof ERAS)[number] | undefined} */ era) => era && choose(era[1]);
  const title = h("p", { class: "year-shown" });
  const range = /** @type {HTMLInputElement} */ (h("input", { type: "range", id: "year-range", min: first, max: last, step: 1, oninput: slide }));
  const number = /** @type {HTMLInputElement} */ (h("input", { type: "number", id: "year-number", min: FIRST_YEAR, max: now, step: 1, onchange: type }));
  const back = h("button", { type: "button", class: "action", id: "year-back", onclick: () => go(before()) }, t("era_before"));
  const on = h("button", { type: "button", class: "action", id: "year-on", onclick: () => go(after()) }, t("era_after"));
  const player = h("button", { type: "button", class: "action", id: "year-play", hidden: calm.matches, onclick: play }, t("year_play"));
  const marks = ERAS.map(([, from]) => mark((counted(from) - first) / (last - first)));
  const eras = ERAS.map(([era, from]) => h("li", {}, h("button", { type: "button", class: "plain", onclick: () => choose(from) }, t("era_from", { era: eraName(era), year: yearText(from) }))));
  return {
    elements: [
      title,
      h("div", { class: "year-slider" }, h("label", { class: "visually-hidden", for: "year-range" }, t("year")), range, h("ol", { class: "year-marks", "aria-hidden": "true" }, ...marks)),
      h("p", { class: "year-row" }, h("label", { for: "year-number" }, t("year_number")), number),
      h("p", { class: "actions" }, back, on, player),
      h("details", { class: "year-eras" }, h("summary", {}, t("eras")), h("ul", {}, ...eras)),
    ],
    show(year, isPlaying) {
      shown = year ?? now;
      title.textContent = datedText(shown);
      range.value = String(counted(shown));
      range.setAttribute("aria-valuetext", datedText(shown));
      number.value = String(shown);
      back.toggleAttribute("disabled", !before());
      on.toggleAttribute("disabled", !after());
      player.textContent = isPlaying ? t("year_pause") : t("year_play");
    },
  };
}

/** Where an era begins on the slider. @param {number} at from 0 to 1 */
function mark(at) {
  const element = h("li", {});
  element.style.setProperty("left", `${at * 100}%`);
  return element;
}
