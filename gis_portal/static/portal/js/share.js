/** Copies the address of what is on the screen. */
import { config } from "./config.js";
import { t } from "./i18n.js";
import { say } from "./status.js";

/** The address of this view, in this language. */
export function link() {
  const address = new URL(location.href);
  address.searchParams.set("lang", config.language);
  return address.href;
}

export async function copyLink() {
  try {
    await navigator.clipboard.writeText(link());
    say(t("copied"));
  } catch {
    history.replaceState(null, "", link());
    say(t("copy_failed"));
  }
}
