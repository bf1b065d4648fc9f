/** The markers of the layers as images for the map, drawn from the same SVG as the legend. */
import { dataUrl } from "./dom.js";

export const PIN = "pin";
/** A pin whose point is at the middle of the lower edge. */
export const PIN_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32"><path d="M16 31C10 23 6 18 6 12a10 10 0 0 1 20 0c0 6-4 11-10 19Z" fill="#c0392b" stroke="#fff" stroke-width="1.6"/><circle cx="16" cy="12" r="4" fill="#fff"/></svg>';
const SIZE = 32;
const RATIO = 2; // drawn at twice the size, for sharp screens

/**
 * @param {import("./config.js").Layer[]} layers
 * @returns {Promise<Map<string, ImageData>>} by the name that the style calls them
 */
export async function drawMarkers(layers) {
  const wanted = layers
    .filter((layer) => !layer.area)
    .flatMap((layer) => [[layer.id, layer.marker], [`${layer.id}.idle`, layer.idle]])
    .concat([[PIN, PIN_SVG]]);
  const drawn = await Promise.all(wanted.map(([name, svg]) => draw(svg).then((image) => /** @type {const} */ ([name, image]))));
  return new Map(drawn);
}

/** @param {any} map @param {Map<string, ImageData>} markers */
export function addMarkers(map, markers) {
  for (const [name, image] of markers) {
    if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: RATIO });
  }
}

/** @param {string} svg @returns {Promise<ImageData>} */
async function draw(svg) {
  const image = new Image(SIZE * RATIO, SIZE * RATIO);
  image.src = dataUrl(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const context = canvas.getContext("2d", { willReadFrequently: true }); // kept where it is read
  if (!context) throw new Error("This browser has no 2D canvas.");
  context.drawImage(image, 0, 0, SIZE * RATIO, SIZE * RATIO);
  return context.getImageData(0, 0, SIZE * RATIO, SIZE * RATIO);
}
