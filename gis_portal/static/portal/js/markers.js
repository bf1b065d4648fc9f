/** The markers of the layers as images for the map, drawn from the same SVG as the legend. */
import { dataUrl } from "./dom.js";

export const PIN = "pin";
/** A pin whose point is at the middle of the lower edge. */
export const PIN_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32"><path d="M16 31C10 23 6 18 6 12a10 10 0 0 1 20 0c0 6-4 11-10 19Z" fill="#c0392b" stroke="#fff" stroke-width="1.6"/><circle cx="16" cy="12" r="4" fill="#fff"/></svg>';
const SIZE = 32;
const RATIO = 2; // drawn at twice the size, for sharp screens
const SHARP = SIZE * RATIO;

/**
 * All on one sheet, side by side: a browser takes as long for an image of forty markers as for one of one.
 *
 * @param {import("./config.js").Layer[]} layers
 * @returns {Promise<Map<string, ImageData>>} by the name that the style calls them
 */
export async function drawMarkers(layers) {
  const wanted = layers
    .filter((layer) => !layer.area)
    .flatMap((layer) => [[layer.id, layer.marker], [`${layer.id}.idle`, layer.idle]])
    .concat([[PIN, PIN_SVG]]);
  const sheet = await drawSheet(wanted.map(([, svg]) => svg));
  return new Map(wanted.map(([name], place) => [name, sheet.getImageData(place * SHARP, 0, SHARP, SHARP)]));
}

/** @param {any} map @param {Map<string, ImageData>} markers */
export function addMarkers(map, markers) {
  for (const [name, image] of markers) {
    if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: RATIO });
  }
}

/** @param {string[]} svgs each of SIZE by SIZE */
async function drawSheet(svgs) {
  const [width, height] = [svgs.length * SHARP, SHARP];
  const placed = svgs.map((svg, place) => `<g transform="translate(${place * SIZE})">${svg}</g>`).join("");
  const image = new Image(width, height);
  image.src = dataUrl(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width / RATIO} ${SIZE}">${placed}</svg>`);
  await image.decode();
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true }); // kept where it is read
  if (!context) throw new Error("This browser has no 2D canvas.");
  context.drawImage(image, 0, 0, width, height);
  return context;
}
