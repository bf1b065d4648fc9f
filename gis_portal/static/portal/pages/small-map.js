/**
 * The small map of a page: where the page's features lie, over the portal's own boundaries.
 * The page says everything without it; a browser that cannot draw it is shown none.
 */
import { byId } from "../js/dom.js";
import { recoloured } from "../js/dressed.js";
import { addMarkers, drawMarkers } from "../js/markers.js";

/**
 * @typedef {{id: string, area: boolean, facility: boolean, colour: string, marker: string, idle: string}} Drawn
 * @typedef {{path: string, fill: string, line: string, width: number, px: number, rank: number, is_many: boolean, text: string, text_size: number, words: string}} Role
 * @typedef {{
 *   maplibre: string, style: string, tiles: string, features: string | object, page: string, layer: Drawn,
 *   closest?: number, ground?: string[], counting?: {counted: string, missing: string},
 *   comparing?: {before: string, after: string, same: string}, roles?: Record<string, Role>,
 *   words: {zoom_in: string, zoom_out: string, map: string},
 * }} Config
 */

const GROUND = ["counties", "townships"];
const CLOSEST = 11; // near enough to be told from its neighbours, with names of places around it

const HATCH_PX = 16;
const BOX = 24; // of the path of a role
const MOST_SAID = 4; // places of one point
const SHARP = 2; // pixels of an image for one of the page

/** @type {Config} */
const config = JSON.parse(byId("small-map-config").textContent ?? "{}");
const container = byId("small-map");

try {
  if (canDraw()) await start();
} catch (error) {
  console.error(error);
}

function canDraw() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

async function start() {
  const images = drawMarkers([/** @type {any} */ (config.layer)]);
  const [maplibre, style, features, markers] = await Promise.all([import(config.maplibre), json(config.style), featuresOf(config), images]);
  container.hidden = false;
  const map = new maplibre.Map({
    container,
    // No sprite: the page draws the markers itself, with the reader's own fonts.
    style: { ...style, sprite: undefined, layers: parts(style), sources: sources(style, features) },
    bounds: boundsOf(features),
    fitBoundsOptions: { padding: 40, maxZoom: config.closest ?? CLOSEST },
    scrollZoom: false,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: { "Map.Title": config.words.map, "NavigationControl.ZoomIn": config.words.zoom_in, "NavigationControl.ZoomOut": config.words.zoom_out },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  map.on("style.load", () => {
    addMarkers(map, markers);
    const hatched = config.counting?.missing ?? config.comparing?.before;
    if (hatched) map.addImage("hatch", hatch(hatched), { pixelRatio: 2 });
    for (const [name, role] of Object.entries(config.roles ?? {})) map.addImage(`role.${name}`, shape(role), { pixelRatio: SHARP });
  });
  map.once("idle", () => (container.dataset.map = "idle"));
  followPointer(map, maplibre);
}

/** What is to be drawn: it stands in the page, or at an address. @param {Config} config */
async function featuresOf({ features }) {
  return typeof features === "string" ? json(features) : features;
}

/** @param {string} path */
async function json(path) {
  const response = await fetch(path, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** The features over the boundaries of the portal's style, which show where one is, and under their names. @param {any} style */
function parts(style) {
  const isDark = document.documentElement.dataset.look === "dark";
  const all = isDark ? recoloured(style.layers, style.metadata.dark) : style.layers;
  const ground = all.filter((/** @type {any} */ part) => part.type === "background" || (config.ground ?? GROUND).includes(part.metadata?.layer));
  const isName = (/** @type {any} */ part) => part.type === "symbol";
  const names = ground.filter(isName);
  const areas = ground.filter((/** @type {any} */ part) => !isName(part));
  return config.layer.area || config.counting || config.comparing || config.roles ? [...areas, ...drawn(), ...names] : [...ground, ...drawn()];
}

/** @param {any} style @param {any} features */
function sources(style, features) {
  const found = features.type === "Feature" ? { type: "FeatureCollection", features: [features] } : features;
  const named = found.features.map((/** @type {any} */ one) => ({ ...one, properties: { ...one.properties, code: one.id } }));
  return {
    portal: { ...style.sources.portal, tiles: [location.origin + config.tiles] },
    page: { type: "geojson", data: { ...found, features: named } },
  };
}

/** How the page's features are drawn: areas as a wash and a line, places by their marker. */
function drawn() {
  const { id, area, colour, facility } = config.layer;
  if (config.counting) return counting(config.counting);
  if (config.comparing) return comparing(config.comparing);
  if (config.roles) return playing(config.roles);
  if (area) {
    return [
      { id: "page.ground", type: "fill", source: "page", paint: { "fill-color": colour, "fill-opacity": 0.18 } },
      { id: "page.line", type: "line", source: "page", paint: { "line-color": colour, "line-width": 2 } },
    ];
  }
  const image = facility ? ["case", ["==", ["get", "status"], "operating"], id, `${id}.idle`] : id;
  return [{ id: "page.marker", type: "symbol", source: "page", layout: { "icon-image": image, "icon-size": 0.75, "icon-allow-overlap": true } }];
}

/**
 * Divisions that count and those that are missing, which are hatched too, so that colour is not all that tells; over them
 * the features that count.
 *
 * @param {{counted: string, missing: string}} colours
 */
function counting({ counted, missing }) {
  const isMissing = ["to-boolean", ["get", "is_missing"]];
  const isDivision = ["has", "is_missing"];
  const isPoint = ["==", ["geometry-type"], "Point"];
  const colour = ["case", isMissing, missing, counted];
  const size = ["interpolate", ["linear"], ["zoom"], 8, 1.5, 12, 5];
  return [
    { id: "page.ground", type: "fill", source: "page", filter: ["!", isPoint], paint: { "fill-color": colour, "fill-opacity": 0.16 } },
    { id: "page.hatch", type: "fill", source: "page", filter: ["all", ["!", isPoint], isMissing], paint: { "fill-pattern": "hatch" } },
    { id: "page.line", type: "line", source: "page", filter: ["!", isPoint], paint: { "line-color": colour, "line-width": ["case", isMissing, 2, 0.8] } },
    { id: "page.point", type: "circle", source: "page", filter: ["all", isPoint, isDivision], paint: { "circle-color": ["case", isMissing, "#fff", counted], "circle-radius": size, "circle-stroke-width": 1.5, "circle-stroke-color": colour } },
    { id: "page.marker", type: "symbol", source: "page", filter: ["all", isPoint, ["!", isDivision]], layout: { "icon-image": config.layer.id, "icon-size": 0.4, "icon-allow-overlap": true } },
  ];
}

/**
 * Shapes of a place before and after, told apart by more than colour: what was is dashed, hatched and hollow, what will be
 * solid and filled, what stays thin and small.
 *
 * @param {{before: string, after: string, same: string}} colours
 */
function comparing({ before, after, same }) {
  const is = (/** @type {string} */ side) => ["==", ["get", "side"], side];
  const isOf = (/** @type {string} */ kind) => ["in", kind, ["geometry-type"]]; // of MultiPolygon too
  const colour = ["match", ["get", "side"], "before", before, "after", after, same];
  const width = ["match", ["get", "side"], "after", 3, "before", 2, 1];
  const isLine = ["!", isOf("Point")];
  return [
    { id: "page.ground", type: "fill", source: "page", filter: isOf("Polygon"), paint: { "fill-color": colour, "fill-opacity": ["match", ["get", "side"], "after", 0.2, 0.05] } },
    { id: "page.hatch", type: "fill", source: "page", filter: ["all", isOf("Polygon"), is("before")], paint: { "fill-pattern": "hatch" } },
    { id: "page.line", type: "line", source: "page", filter: ["all", isLine, ["!", is("before")]], paint: { "line-color": colour, "line-width": width } },
    { id: "page.dashed", type: "line", source: "page", filter: ["all", isLine, is("before")], paint: { "line-color": colour, "line-width": width, "line-dasharray": [3, 2] } },
    { id: "page.point", type: "circle", source: "page", filter: isOf("Point"), paint: { "circle-color": ["case", is("before"), "#fff", colour], "circle-radius": ["case", is("same"), 4, 7], "circle-stroke-width": 2.5, "circle-stroke-color": ["case", is("before"), colour, "#fff"] } },
  ];
}

/** Places by their role, each drawn as a shape of its own; those of a higher rank lie over the others. @param {Record<string, Role>} roles */
function playing(roles) {
  const ranks = Object.entries(roles).flatMap(([name, role]) => [name, role.rank]);
  const small = Object.entries(roles).flatMap(([name, role]) => (role.is_many ? [name] : []));
  const size = ["interpolate", ["linear"], ["zoom"], 7, small.length ? ["match", ["get", "role"], small, 0.35, 0.85] : 0.85, 12, 1];
  const layout = { "icon-size": size, "icon-image": ["concat", "role.", ["get", "role"]], "icon-allow-overlap": true, "symbol-sort-key": ["match", ["get", "role"], ...ranks, 0] };
  return [{ id: "page.role", type: "symbol", source: "page", layout }];
}

/** @param {Role} role */
function shape({ path, fill, line, width, px, text, text_size }) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (px + 4) * SHARP;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser has no 2D canvas.");
  context.scale((px * SHARP) / BOX, (px * SHARP) / BOX);
  context.translate((2 * BOX) / px, (2 * BOX) / px);
  const outline = new Path2D(path);
  if (fill) {
    context.fillStyle = fill;
    context.fill(outline);
  }
  context.strokeStyle = line;
  context.lineWidth = width;
  context.stroke(outline);
  if (text) {
    context.fillStyle = "#fff";
    context.font = `700 ${text_size}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, BOX / 2, BOX / 2 + 1);
  }
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Slanting lines that fit each other. @param {string} colour */
function hatch(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = HATCH_PX;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser has no 2D canvas.");
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  for (const from of [-HATCH_PX, 0, HATCH_PX]) {
    context.moveTo(from, HATCH_PX);
    context.lineTo(from + HATCH_PX, 0);
  }
  context.stroke();
  return context.getImageData(0, 0, HATCH_PX, HATCH_PX);
}

/** West, south, east, north of every feature. @param {any} features */
function boundsOf(features) {
  const all = features.type === "Feature" ? [features] : features.features;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of all) {
    const numbers = geometry ? geometry.coordinates.flat(Infinity) : [];
    for (let place = 0; place + 1 < numbers.length; place += 2) {
      box[0] = Math.min(box[0], numbers[place]);
      box[1] = Math.min(box[1], numbers[place + 1]);
      box[2] = Math.max(box[2], numbers[place]);
      box[3] = Math.max(box[3], numbers[place + 1]);
    }
  }
  return box;
}

/** The parts of the style that a pointer finds. */
function topParts() {
  if (config.counting) return ["page.ground", "page.point", "page.marker"];
  if (config.comparing) return ["page.ground", "page.line", "page.dashed", "page.point"];
  if (config.roles) return ["page.role"];
  return [config.layer.area ? "page.ground" : "page.marker"];
}

/** What is under the pointer: a name, or of places with a role each one's, what it is and the zones that exclude it. @param {any[]} features */
function told(features) {
  const box = document.createElement("div");
  const say = (/** @type {string | undefined} */ line) => line && (box.appendChild(document.createElement("p")).textContent = line);
  if (!config.roles) say(features[0].properties.name || features[0].properties.code);
  else for (const { properties } of features.slice(0, MOST_SAID)) {
    const { name, code, role, zones } = properties;
    say(`${name || code} · ${config.roles[role].words}`);
    for (const zone of JSON.parse(zones ?? "[]")) say(`${zone.name}: ${zone.rule}`); // MapLibre gives lists as texts
  }
  return box;
}

/** A feature says its name under the pointer; a click opens its page. @param {any} map @param {any} maplibre */
function followPointer(map, maplibre) {
  const tip = new maplibre.Popup({ closeButton: false, closeOnClick: false, offset: 12, maxWidth: "240px" });
  const top = topParts();
  map.on("mousemove", top, (/** @type {any} */ event) => {
    if (config.page) map.getCanvas().style.cursor = "pointer";
    tip.setLngLat(event.lngLat).setDOMContent(told(event.features)).addTo(map);
  });
  if (config.roles) map.on("click", top, (/** @type {any} */ event) => tip.setLngLat(event.lngLat).setDOMContent(told(event.features)).addTo(map)); // where nothing hovers
  map.on("mouseleave", top, () => {
    map.getCanvas().style.cursor = "";
    tip.remove();
  });
  if (!config.page) return;
  map.on("click", top, (/** @type {any} */ event) => {
    const { code, collection } = event.features[0].properties;
    location.assign(config.page.replaceAll("COLLECTION", collection).replace("CODE", encodeURIComponent(code)));
  });
}
