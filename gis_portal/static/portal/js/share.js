/** The addresses of what is on the screen, and how they are copied. */
import { config } from "./config.js";
import { t } from "./i18n.js";
import { say } from "./status.js";

/** The address of a view in this language: on the portal's map, or on another of its pages that show it. */
export function link(path = "/", hash = location.hash) {
  const address = new URL(path, location.href);
  address.searchParams.set("lang", config.language);
  address.hash = hash;
  return address.href;
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(t("copied"));
    return true;
  } catch {
    say(t("copy_failed"));
    return false;
  }
}

export async function copyLink() {
  if (!(await copy(link()))) history.replaceState(null, "", `${location.pathname}?lang=${config.language}${location.hash}`);
}
