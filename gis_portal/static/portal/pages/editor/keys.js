/** Keys of the editor. What an input method is composing is never taken for one. */
import { byId } from "../../js/dom.js";
import { isComposing } from "./about.js";
import { add, focusIn, listOf } from "./parts.js";
import { save } from "./saving.js";

addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (command && event.key.toLowerCase() === "s") void save();
  else if (command && event.key === "Enter") byId("f-reason").focus();
  else if (event.altKey && !event.ctrlKey && /^Digit[1-7]$/.test(event.code)) goTo(Number(event.code.slice(-1)));
  else if (event.altKey && !event.ctrlKey && event.code === "KeyN") focusIn(add(listOf("names")));
  else return;
  event.preventDefault();
});

/** @param {number} number */
function goTo(number) {
  const link = document.querySelectorAll(".entry-parts a")[number - 1];
  const part = document.querySelector(link?.getAttribute("href") ?? "#top");
  if (!part) return;
  part.scrollIntoView();
  focusIn(part);
}
