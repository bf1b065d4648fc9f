/** The map of a sheet: what the page's map shows, drawn anew for paper in the frame that the sheet leaves it. */
import { config } from "../config.js";
import { roundScale, scaleOf, zoomOf } from "./paper.js";

const DPI = 240;
const SCREEN_DPI = 96;
const OPERATING = "operating";
const MOST_LAYOUTS = 3;

/** @typedef {{layers: string[], marks: string[], idle: boolean, scale: number, bounds: import("../config.js").Bounds}} Drawn
 * layers: those of which something is seen; marks: what lies over them, chosen, pin, position; idle: hollow symbols, too;
 * scale: 1 to so much */

/**
 * Draws the map into the frame. What is drawn may change the sheet around it, and with it the frame: then it is drawn again.
 *
 * @param {{map: any, paperStyle: () => any}} page its map
 * @param {HTMLElement} frame
 * @param {(drawn: Drawn) => void} layOut
 * @param {AbortSignal} signal
 * Raises what the map complains of: no WebGL, tiles that cannot be loaded.
 */
export async function drawSheetMap({ map: live, paperStyle }, frame, layOut, signal) {
  const maplibre = await import(config.maplibre);
  const bounds = live.getBounds();
  layOut({ ...seen(live), scale: roundScale(scaleOf(live.getZoom(), live.getCenter().lat)) });
  const map = new maplibre.Map({
    container: frame,
    style: paperStyle(),
    center: live.getCenter(),
    zoom: live.getZoom(),
    pixelRatio: DPI / SCREEN_DPI,
    canvasContextAttributes: { preserveDrawingBuffer: true },
    interactive: false,
    attributionControl: false,
    fadeDuration: 0,
  });
  try {
    map.on("style.load", () => copyImages(live, map));
    for (let turn = 0; turn < MOST_LAYOUTS; turn += 1) {
      const { clientWidth: width, clientHeight: height } = frame;
      const scale = setScale(map, bounds);
      await idle(map, signal);
      layOut({ ...seen(map), scale });
      if (frame.clientWidth === width && frame.clientHeight === height) break;
      map.resize();
    }
    const picture = copyOf(map.getCanvas());
    map.remove();
    frame.replaceChildren(picture);
  } catch (error) {
    map.remove();
    throw error;
  }
}

/** The same middle at the closest round scale that shows all that the page shows. @param {any} map @param {any} bounds */
function setScale(map, bounds) {
  const { lat } = map.getCenter();
  const scale = roundScale(scaleOf(map.cameraForBounds(bounds, { padding: 0 }).zoom, lat));
  map.setZoom(zoomOf(scale, lat));
  return scale;
}

/** @param {any} live @param {any} map */
function copyImages(live, map) {
  for (const id of live.listImages()) {
    const { data, pixelRatio, sdf } = live.getImage(id);
    if (!map.hasImage(id)) map.addImage(id, { width: data.width, height: data.height, data: data.data }, { pixelRatio, sdf });
  }
}

/** When all of the map is drawn. @param {any} map @param {AbortSignal} signal @returns {Promise<void>} */
function idle(map, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason));
    map.on("error", (/** @type {any} */ event) => reject(event.error));
    map.once("idle", resolve);
    map.triggerRepaint();
  });
}

/** @param {any} map @returns {Omit<Drawn, "scale">} */
function seen(map) {
  /** @type {any[]} */
  const all = map.queryRenderedFeatures();
  const features = all.filter((/** @type {any} */ feature) => feature.layer.metadata?.layer);
  const marks = [...new Set(all.map((/** @type {any} */ feature) => feature.layer.source))];
  const found = new Set(features.map((feature) => feature.layer.metadata.layer));
  const facilities = new Set(config.layers.filter((layer) => layer.facility).map((layer) => layer.id));
  const isIdle = (/** @type {any} */ { layer, properties }) => facilities.has(layer.metadata.layer) && properties.status && properties.status !== OPERATING;
  const box = map.getBounds();
  return { layers: [...found], marks, idle: features.some(isIdle), bounds: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()] };
}

/** @param {HTMLCanvasElement} drawn */
function copyOf(drawn) {
  const copy = document.createElement("canvas");
  copy.width = drawn.width;
  copy.height = drawn.height;
  copy.getContext("2d")?.drawImage(drawn, 0, 0);
  return copy;
}
