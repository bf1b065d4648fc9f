/** What is shared: the view without the tool it is shared by, and the text that shows it in another page. */
import { PANELS } from "./store.js";
import { writeHash } from "./url.js";

/** Width and height of a frame, as HTML writes them. */
export const SIZES = { small: ["400", "300"], medium: ["640", "480"], wide: ["100%", "480"] };

/** The hash of a view as somebody else shall see it. @param {import("./store.js").State} state @param {string[]} usual the layers that need no mention */
export function viewHash(state, usual) {
  return writeHash(PANELS.some((name) => name === state.side) ? { ...state, side: null } : state, usual);
}

/** @param {string} address @param {keyof typeof SIZES} size @param {string} title what the frame is called, for who cannot see it */
export function embedCode(address, size, title) {
  const [width, height] = SIZES[size];
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="${width}" height="${height}" loading="lazy" referrerpolicy="no-referrer" allowfullscreen></iframe>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}
