/** The markers of the layers as images for the map, drawn from the same SVG as the legend. */
import { dataUrl } from "./dom.js";

const SIZE = 32;
const RATIO = 2; // drawn at twice the size, for sharp screens

/**
 * @param {import("./config.js").Layer[]} layers
 * @returns {Promise<Map<string, ImageData>>} by the name that the style calls them
 */
export async function drawMarkers(layers) {
  const wanted = layers
    .filter((layer) => !layer.area)
    .flatMap((layer) => [[layer.id, layer.marker], [`${layer.id}.idle`, layer.idle]]);
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
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser has no 2D canvas.");
  context.drawImage(image, 0, 0, SIZE * RATIO, SIZE * RATIO);
  return context.getImageData(0, 0, SIZE * RATIO, SIZE * RATIO);
}
