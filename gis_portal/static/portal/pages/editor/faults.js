/** What has to be mended, beside its field and as a list; and what is proposed for names. */
import { byId, h } from "../../js/dom.js";
import { fieldOf, form, words } from "./about.js";

/** @typedef {{path: string, problem: string}} Fault */

/** Fields that the author has been in: others are not complained about before the entry is sent. @type {Set<string>} */
const touched = new Set();
let showAll = byId("mend").childElementCount > 0;

/** @param {Fault[]} faults @param {[string, string, string][]} summary the id of a field, its words, the problem */
export function showFaults(faults, summary) {
  for (const place of form.querySelectorAll("[data-faults], [data-faults-of]")) {
    const holder = place.closest("[data-path], [data-part]");
    const path = place.getAttribute("data-faults-of") ?? holder?.getAttribute("data-path") ?? holder?.getAttribute("data-part") ?? "";
    const own = faults.filter((fault) => fault.path === path && (showAll || touched.has(path)));
    const text = own.map((fault) => fault.problem).join(" ");
    if (place.textContent !== text) place.textContent = text;
    holder?.classList.toggle("field-wrong", own.length > 0);
    if (holder?.hasAttribute("data-path")) fieldOf(path)?.toggleAttribute("aria-invalid", own.length > 0);
  }
  showAll = showAll && faults.length > 0;
  byId("mend-count").textContent = faults.length ? words("mend", { count: faults.length }) : words("faultless");
  byId("mend").replaceChildren(...summary.map(([id, label, problem]) => h("li", {}, h("a", { href: `#${id}` }, label), " ", problem)));
}

/** @param {Record<string, {roman: string, unsure: string[], because: string}>} proposals by the key of the name */
export function showProposals(proposals) {
  for (const [key, { roman, unsure, because }] of Object.entries(proposals)) {
    const place = form.querySelector(`[data-part="names/${key}"] [data-proposal]`);
    if (!place) continue;
    place.replaceChildren(
      ...(roman ? [h("span", {}, words("proposed", { roman }))] : []),
      ...(unsure.length ? [h("span", { class: "unsure" }, words("unsure", { characters: unsure.join("、") }))] : []),
      ...(because ? [h("span", {}, words("because", { reason: because }))] : []),
    );
    askWhy(key, roman);
  }
}

/** A reason is asked for only where a name is confirmed in another spelling. @param {string} key @param {string} proposed */
function askWhy(key, proposed) {
  const said = (/** @type {string} */ name) => fieldOf(`names/${key}/${name}`)?.value ?? "";
  const isOther = said("spelling") === "confirmed" && said("roman") !== proposed;
  const box = form.querySelector(`[data-path="names/${key}/spelling_reason"]`);
  if (box instanceof HTMLElement) box.hidden = !isOther && !said("spelling_reason");
}

form.addEventListener("input", (event) => {
  if (event.target instanceof HTMLElement && "name" in event.target) touched.add(String(event.target.name));
});

for (const place of form.querySelectorAll("[data-proposal]")) {
  const [, key] = place.closest("[data-part]")?.getAttribute("data-part")?.split("/") ?? [];
  askWhy(key, place.getAttribute("data-roman") ?? "");
}
