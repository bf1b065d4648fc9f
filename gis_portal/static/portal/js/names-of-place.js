/** The names of a heritage place through time, for its card. */
import { linkedPlace } from "./api.js";
import { config } from "./config.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { periodText } from "./year-words.js";

const UNKNOWN = [null, null, null, null];

/**
 * A part of the card that fills itself; it stays empty of a place with one name only, and of one that cannot be asked for.
 *
 * @param {import("./config.js").Layer} layer
 * @param {Record<string, any>} properties
 */
export function namesOfPlace(layer, properties) {
  if (layer.id !== "heritage-places" || !properties.handle) return null;
  const part = h("section", { class: "card-names", hidden: true });
  linkedPlace(properties.handle).then((place) => fill(part, place, properties.handle), console.error);
  return part;
}

/** @param {HTMLElement} part @param {any} place @param {string} handle */
function fill(part, place, handle) {
  const names = place.names.filter((/** @type {any} */ name) => name["portal:role"]);
  if (names.length < 2 && !names[0]?.when) return;
  const years = (/** @type {any} */ name) => name.when?.["portal:years"] ?? UNKNOWN;
  const first = (/** @type {any} */ name) => years(name).find((/** @type {number | null} */ year) => year !== null) ?? Infinity;
  const isNow = (/** @type {any} */ name) => name["portal:role"] === "standard";
  names.sort((/** @type {any} */ one, /** @type {any} */ other) => first(one) - first(other) || Number(isNow(one)) - Number(isNow(other)));
  part.hidden = false;
  part.replaceChildren(
    h("h3", {}, t("names_through_time")),
    h("ol", {}, ...names.map((/** @type {any} */ name) => {
      const said = name.when?.label ?? name.when?.periods?.[0]?.name;
      const period = [said, periodText(years(name), isNow(name))].filter(Boolean).join(" · ");
      return h("li", {}, h("strong", { lang: "zh-Hans" }, name.toponym), isNow(name) && h("span", { class: "badge" }, t("name_of_today")), h("span", { class: "name-period" }, period || t("time_not_known")));
    })),
    h("p", {}, h("a", { href: `/places/${encodeURIComponent(handle)}?lang=${config.language}` }, t("place_story"))),
  );
}
