/** Pictures sent as soon as they are chosen; the entry then shows them. */
import { byId } from "../../js/dom.js";
import { changed, config, words } from "./about.js";
import { add, focusIn, listOf, newKey } from "./parts.js";

const input = /** @type {HTMLInputElement} */ (byId("new-picture"));
const wrong = byId("picture-wrong");

input.addEventListener("change", async () => {
  const file = input.files?.[0];
  if (!file) return;
  if (file.size > config.most_bytes) return refuse(words("too_large", { most: Math.floor(config.most_bytes / 1024 ** 2) }));
  wrong.textContent = words("sending");
  const body = new FormData();
  body.append("picture", file);
  try {
    const answer = await fetch(config.pictures, { method: "POST", body, headers: { "X-CSRFToken": config.token } });
    const said = await answer.json();
    if (!answer.ok) return refuse(said.detail);
    wrong.textContent = input.value = "";
    show(said);
  } catch {
    refuse(words("lost_picture"));
  }
});

/** @param {string} text */
function refuse(text) {
  wrong.textContent = text;
  input.value = "";
}

/** @param {{file: string, width: number, height: number}} kept */
function show(kept) {
  const key = newKey();
  const part = add(listOf("pictures"), key);
  for (const name of /** @type {const} */ (["file", "width", "height"])) {
    /** @type {HTMLInputElement} */ (part.querySelector(`[name="pictures/${key}/${name}"]`)).value = String(kept[name]);
  }
  /** @type {HTMLImageElement} */ (part.querySelector("[data-picture]")).src = config.picture.replace("FILE", kept.file);
  focusIn(part);
  changed();
}
