/** What is drawn, on the map: the figure with its measure, the side that follows the pointer, the place that was asked for. */
import { geometry } from "./figures.js";

/** @typedef {import("../store.js").Drawing} Drawing */
/** @typedef {import("./figures.js").Corner} Corner */
/** @typedef {{drawn: Drawing | null, label: string, next: Corner | null, place: Corner | null}} Shown next: where the next corner would be */

const COLOUR = "#8e1b63";
const HALO = "#ffffff";

/** @param {any} map @param {Shown} shown */
export function show(map, { drawn, label, next, place }) {
  if (!map.getSource("drawn")) add(map);
  const features = drawn?.points.length ? figure(drawn, label) : [];
  if (drawn?.points.length && next) features.push(feature("next", { type: "LineString", coordinates: [drawn.points[drawn.points.length - 1], next] }));
  if (place) features.push(feature("place", { type: "Point", coordinates: place }));
  map.getSource("drawn").setData({ type: "FeatureCollection", features });
}

/** @param {Drawing} drawn @param {string} label */
function figure(drawn, label) {
  const { kind, points } = drawn;
  const mean = (/** @type {0 | 1} */ axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const at = kind === "area" && points.length > 2 ? [mean(0), mean(1)] : points[points.length - 1];
  return [
    feature("figure", geometry(drawn)),
    ...points.map((point) => feature("corner", { type: "Point", coordinates: point })),
    feature("label", { type: "Point", coordinates: at }, label),
  ];
}

/** @param {string} part @param {{type: string, coordinates: any}} geometry @param {string} [label] */
function feature(part, geometry, label = "") {
  return { type: "Feature", geometry, properties: { part, label } };
}

/** @param {any} map */
function add(map) {
  const is = (/** @type {string} */ part) => ["==", ["get", "part"], part];
  const isArea = ["==", ["geometry-type"], "Polygon"];
  const fonts = map.getStyle().layers.find((/** @type {any} */ layer) => layer.layout?.["text-font"])?.layout["text-font"];
  const round = { "line-join": "round", "line-cap": "round" };
  const circle = { "circle-color": HALO, "circle-radius": 4, "circle-stroke-color": COLOUR, "circle-stroke-width": 2 };
  map.addSource("drawn", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "drawn.ground", type: "fill", source: "drawn", filter: ["all", is("figure"), isArea], paint: { "fill-color": COLOUR, "fill-opacity": 0.12 } });
  map.addLayer({ id: "drawn.halo", type: "line", source: "drawn", filter: is("figure"), layout: round, paint: { "line-color": HALO, "line-width": 5, "line-opacity": 0.8 } });
  map.addLayer({ id: "drawn.line", type: "line", source: "drawn", filter: is("figure"), layout: round, paint: { "line-color": COLOUR, "line-width": 2.5 } });
  map.addLayer({ id: "drawn.next", type: "line", source: "drawn", filter: is("next"), paint: { "line-color": COLOUR, "line-width": 2, "line-dasharray": [2, 2] } });
  map.addLayer({ id: "drawn.corner", type: "circle", source: "drawn", filter: is("corner"), paint: circle });
  map.addLayer({ id: "drawn.place", type: "circle", source: "drawn", filter: is("place"), paint: { ...circle, "circle-radius": 6, "circle-stroke-width": 3.5 } });
  map.addLayer({
    id: "drawn.label",
    type: "symbol",
    source: "drawn",
    filter: is("label"),
    layout: { "text-field": ["get", "label"], "text-font": fonts, "text-size": 14, "text-variable-anchor": ["bottom", "top", "left", "right"], "text-radial-offset": 0.9, "text-allow-overlap": true, "text-ignore-placement": true },
    paint: { "text-color": COLOUR, "text-halo-color": HALO, "text-halo-width": 2 },
  });
}
