/** The boxes that say, on the map itself, what else is drawn there: the target, the year. */
import { h } from "./dom.js";

/**
 * The box of that name, at the edge of the map, with that content; without any it is taken away.
 *
 * @param {string} name
 * @param {string} label what it is called to who does not see it
 * @param {(Node | string | null | false)[]} content
 */
export function stageBox(name, label, content) {
  const stage = /** @type {HTMLElement} */ (document.querySelector(".stage"));
  let boxes = stage.querySelector(".stage-boxes");
  if (!boxes) stage.append((boxes = h("div", { class: "stage-boxes" })));
  const id = `stage-${name}`;
  const focused = boxes.querySelector(`#${id}`)?.contains(document.activeElement) ? document.activeElement?.id : "";
  boxes.querySelector(`#${id}`)?.remove();
  if (content.length) boxes.append(h("section", { class: `stage-box ${id}`, id, "aria-label": label }, ...content));
  if (focused) document.getElementById(focused)?.focus();
}
