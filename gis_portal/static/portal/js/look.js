/**
 * How the page looks: light or dark, and the large type of the elder mode. The page waits for this script before it is
 * painted. What the visitor chose is kept in the browser; an address says it too, and comes first.
 */
import { AT_FIRST } from "./store.js";
import { readHash } from "./url.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {Pick<import("./store.js").State, "look" | "elder">} Look */

const KEPT_AS = "portal.look";
const GROUNDS = { light: "#ffffff", dark: "#1a222a" };
const darkScreen = matchMedia("(prefers-color-scheme: dark)");

/** What the visitor chose at an earlier visit. @returns {Partial<Look>} */
export function remembered() {
  try {
    return readHash(localStorage.getItem(KEPT_AS) ?? "", []);
  } catch {
    return {}; // a browser that keeps nothing
  }
}

/** Changes how the page looks, and keeps it for the next visit. @param {Store} store @param {Partial<Look>} chosen */
export function chooseLook(store, chosen) {
  store.set(chosen);
  const { look, elder } = store.get();
  try {
    localStorage.setItem(KEPT_AS, [look !== AT_FIRST.look && `look=${look}`, elder && "elder=1"].filter(Boolean).join("&"));
  } catch {} // the address still holds it
}

/** Keeps the page true to the state and to the screen's own setting. @param {Store} store */
export function startLook(store) {
  store.subscribe(["look", "elder"], show);
  darkScreen.addEventListener("change", () => show(store.get()));
}

/** Whether the page is dark now; "portal:look" is sent when that changes. */
export function isDark() {
  return document.documentElement.dataset.look === "dark";
}

/** @param {Look} state */
function show({ look, elder }) {
  const shown = look === "auto" ? (darkScreen.matches ? "dark" : "light") : look;
  document.documentElement.dataset.look = shown;
  document.documentElement.toggleAttribute("data-elder", elder);
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", GROUNDS[shown]);
  document.dispatchEvent(new Event("portal:look"));
}

show({ ...AT_FIRST, ...remembered(), ...readHash(location.hash, []) });
