/** Boxes in which a place or a work is chosen by its name; what they send is its handle or code. */
import { h } from "../../js/dom.js";
import { changed, config, isComposing, words } from "./about.js";
import { addWork } from "./works.js";

const PAUSE_MS = 250;
let made = 0;

/** Makes choosers of the boxes within. @param {ParentNode} within */
export function choosers(within) {
  for (const field of within.querySelectorAll("input[data-find]")) new Chooser(/** @type {HTMLInputElement} */ (field));
}

class Chooser {
  /** @param {HTMLInputElement} field */
  constructor(field) {
    this.field = field;
    this.find = field.dataset.find ?? "";
    this.shown = field.dataset.shown || field.value;
    this.chosen = -1;
    this.list = h("ul", { class: "options", role: "listbox", id: `options-${(made += 1)}`, "aria-label": field.labels?.[0]?.textContent, hidden: true });
    const id = field.id;
    this.box = /** @type {HTMLInputElement} */ (
      h("input", { id, role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, "aria-describedby": `${id}-note` })
    );
    this.box.value = this.shown;
    field.removeAttribute("id");
    field.removeAttribute("data-find");
    field.type = "hidden";
    field.parentElement?.querySelector(".chosen")?.remove();
    field.after(this.box, this.list);
    this.box.addEventListener("input", (event) => this.type(event));
    this.box.addEventListener("compositionend", () => this.later());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => this.press(event));
  }

  /** @param {Event} event */
  type(event) {
    event.stopPropagation(); // only what is chosen changes the entry
    if (/** @type {InputEvent} */ (event).isComposing) return;
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  async look() {
    const text = this.box.value.trim();
    if (!text) return this.close();
    try {
      const answer = await fetch(`${this.find}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      const { found } = await answer.json();
      if (this.box.value.trim() === text) this.offer(found, text);
    } catch {
      this.close(); // the next key asks again
    }
  }

  /** @param {{value: string, title: string, note: string}[]} found @param {string} text */
  offer(found, text) {
    const options = found.map(({ value, title, note }) =>
      h("li", { role: "option", id: `${this.list.id}-${value}`, "data-value": value, "data-title": title }, title, " ", h("span", { class: "option-note" }, note)),
    );
    if (this.find === config.find_works) options.push(h("li", { role: "option", id: `${this.list.id}-new`, "data-new": text }, words("add_work", { title: text })));
    if (!options.length) options.push(h("li", { role: "option", "aria-disabled": "true", id: `${this.list.id}-none` }, words("none_found")));
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    this.mark(found.length ? 0 : -1);
  }

  close() {
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
    this.chosen = -1;
  }

  /** @param {number} place */
  mark(place) {
    const options = [...this.list.children];
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    this.chosen = place;
    if (options[place]) this.box.setAttribute("aria-activedescendant", options[place].id);
    options[place]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isComposing(event)) return;
    const count = this.list.children.length;
    if (event.key === "ArrowDown" && !this.list.hidden) this.mark((this.chosen + 1) % count);
    else if (event.key === "ArrowUp" && !this.list.hidden) this.mark((this.chosen - 1 + count) % count);
    else if (event.key === "Enter") this.take(this.list.hidden ? null : this.list.children[this.chosen]);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  press(event) {
    event.preventDefault(); // the box keeps the focus
    if (event.target instanceof Element) this.take(event.target.closest("li"));
  }

  /** @param {Element | null} option */
  async take(option) {
    if (!(option instanceof HTMLElement)) return;
    let { value, title } = option.dataset;
    if (option.dataset.new !== undefined) {
      this.close();
      const work = await addWork(option.dataset.new);
      if (work) ({ value, title } = work);
    }
    if (value) this.put(value, title ?? value);
    this.box.focus();
  }

  /** @param {string} value @param {string} title */
  put(value, title) {
    this.field.value = value;
    this.shown = this.box.value = title;
    this.close();
    changed();
  }

  leave() {
    this.close();
    if (!this.box.value.trim() && this.field.value) return this.put("", "");
    this.box.value = this.shown;
  }
}
