/** A target's figures as colours of the divisions, below lines, symbols and names. */
import { collectionOf } from "../classes.js";

/**
 * What is drawn. classes: the codes of each, with its shade of five. missed: of those that miss the goal.
 *
 * @typedef {{level: "county" | "township", classes: {shade: number, codes: string[]}[], missed: string[]}} Drawn
 */

const PARTS = ["target.ground", "target.unknown", "target.missed", "target.edge", "target.missed-edge", "target.current"];
const TILE_PX = 16;
export const TOWNSHIPS_FROM = 8; // the zoom from which tiles hold townships

/** A colour of the page. @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {any} map @param {Drawn | null} drawn null: nothing */
export function drawTarget(map, drawn) {
  for (const id of PARTS) if (map.getLayer(id)) map.removeLayer(id);
  if (!drawn) return;
  addPatterns(map);
  const collection = drawn.level === "county" ? "counties" : "townships";
  const base = { source: "portal", "source-layer": collection, metadata: { opens: collection } };
  const known = drawn.classes.flatMap(({ codes }) => codes);
  const shown = drawn.classes.filter(({ codes }) => codes.length);
  const fill = shown.length
    ? ["match", ["get", "code"], ...shown.flatMap(({ shade, codes }) => [codes, colour(`--target-${shade}`)]), colour("--target-unknown")]
    : colour("--target-unknown");
  const within = (/** @type {string[]} */ codes) => ["in", ["get", "code"], ["literal", codes]];
  const below = map.getStyle().layers.find((/** @type {any} */ part) => part.type === "line" && part.metadata?.layer)?.id;
  map.addLayer({ ...base, id: "target.ground", type: "fill", paint: { "fill-color": fill, "fill-opacity": 0.86 } }, below);
  map.addLayer({ ...base, id: "target.unknown", type: "fill", filter: ["!", within(known)], paint: { "fill-pattern": "target.dots" } }, below);
  map.addLayer({ ...base, id: "target.missed", type: "fill", filter: within(drawn.missed), paint: { "fill-pattern": "target.hatch" } }, below);
  map.addLayer({ ...base, id: "target.edge", type: "line", paint: { "line-color": colour("--target-edge"), "line-width": 1 } }, below);
  map.addLayer({ ...base, id: "target.missed-edge", type: "line", filter: within(drawn.missed), paint: { "line-color": colour("--target-missed"), "line-width": 1.8 } }, below);
  map.addLayer({ ...base, id: "target.current", type: "line", filter: within([]), paint: { "line-color": colour("--seal"), "line-width": 3 } }, below);
}

/** Draws a line around a division; an empty code: around none. @param {any} map @param {string} code */
export function outline(map, code) {
  if (map.getLayer("target.current")) map.setFilter("target.current", ["==", ["get", "code"], code]);
}

/** Tells of the division under the pointer, an empty code when there is none. @param {any} map @param {(code: string) => void} told */
export function followPointer(map, told) {
  let last = "";
  const tell = (/** @type {string} */ code) => {
    if (code !== last) told((last = code));
  };
  map.on("mousemove", (/** @type {any} */ event) => {
    if (!map.getLayer("target.ground")) return;
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["target.ground"] });
    const code = String(found?.properties.code ?? "");
    tell(collectionOf(code) ? code : "");
  });
  map.on("mouseout", () => tell(""));
}

/** Strokes say what is missed, dots what has no figure: neither is told by a colour alone. @param {any} map */
function addPatterns(map) {
  if (map.hasImage("target.hatch")) return;
  const tile = (/** @type {(draw: CanvasRenderingContext2D) => void} */ paint) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = TILE_PX;
    const draw = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    paint(draw);
    return draw.getImageData(0, 0, TILE_PX, TILE_PX);
  };
  const hatch = tile((draw) => {
    draw.strokeStyle = colour("--target-missed");
    draw.lineWidth = 2.2;
    for (const from of [-TILE_PX, 0, TILE_PX]) {
      draw.beginPath();
      draw.moveTo(from, TILE_PX);
      draw.lineTo(from + TILE_PX, 0);
      draw.stroke();
    }
  });
  const dots = tile((draw) => {
    draw.fillStyle = colour("--target-dot");
    draw.arc(TILE_PX / 2, TILE_PX / 2, 2, 0, 2 * Math.PI);
    draw.fill();
  });
  map.addImage("target.hatch", hatch, { pixelRatio: 2 });
  map.addImage("target.dots", dots, { pixelRatio: 2 });
}
