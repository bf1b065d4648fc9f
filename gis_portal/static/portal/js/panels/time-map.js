/** The names of a year on the map, in the place of today's. */

/** @typedef {import("../years.js").Then} Then */
/** @typedef {import("../years.js").Place} Place */

const HERITAGE = "heritage-places";
const PARTS = ["then.dot", "then.name"];

/** A colour of the page. @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {any} map */
function todays(map) {
  return map.getStyle().layers.filter((/** @type {any} */ part) => part.metadata?.layer === HERITAGE);
}

/** Today's names and symbols are hidden while those of a year are drawn. @param {any} map @param {boolean} isShown */
export function showToday(map, isShown) {
  for (const part of todays(map)) map.setLayoutProperty(part.id, "visibility", isShown ? "visible" : "none");
}

/** @param {any} map */
export function clearThen(map) {
  for (const id of PARTS) if (map.getLayer(id)) map.removeLayer(id);
  if (map.getSource("then")) map.removeSource("then");
}

/**
 * @param {any} map
 * @param {Then[]} then
 * @param {Place[]} timeless by today's names
 * @param {(then: Then) => string} label
 */
export function drawThen(map, then, timeless, label) {
  const point = (/** @type {Place} */ { code, lon, lat }, /** @type {object} */ about) => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { code, ...about } });
  const placed = (/** @type {Place} */ { lon }) => lon !== null;
  const features = [
    ...timeless.filter(placed).map((place) => point(place, { name: place.name, kind: "timeless", order: 2 })),
    ...then.filter(({ place }) => placed(place)).map((one) => point(one.place, { name: label(one), kind: one.isCertain ? "certain" : "perhaps", order: one.isCertain ? 0 : 1 })),
  ];
  const data = { type: "FeatureCollection", features };
  const source = map.getSource("then");
  if (source) source.setData(data);
  else add(map, data);
}

/** @param {any} map @param {any} data */
function add(map, data) {
  const ink = ["match", ["get", "kind"], "timeless", colour("--then-timeless"), colour("--then-ink")];
  const isCertain = ["==", ["get", "kind"], "certain"];
  const fonts = todays(map).find((/** @type {any} */ part) => part.type === "symbol")?.layout["text-font"];
  const base = { source: "then", metadata: { opens: HERITAGE } };
  map.addSource("then", { type: "geojson", data });
  map.addLayer({
    ...base,
    id: "then.dot",
    type: "circle",
    layout: { "circle-sort-key": ["-", ["get", "order"]] },
    paint: {
      "circle-radius": ["match", ["get", "kind"], "timeless", 3.5, 5],
      "circle-color": ["case", isCertain, colour("--then-ink"), colour("--then-halo")],
      "circle-stroke-color": ["case", isCertain, colour("--then-halo"), ink],
      "circle-stroke-width": ["case", isCertain, 1.2, 2],
    },
  });
  map.addLayer({
    ...base,
    id: "then.name",
    type: "symbol",
    layout: {
      "text-field": ["get", "name"],
      "text-font": fonts,
      "text-size": ["match", ["get", "kind"], "certain", 15, "perhaps", 13.5, 12],
      "text-variable-anchor": ["left", "right", "top", "bottom"],
      "text-radial-offset": 0.7,
      "text-justify": "auto",
      "symbol-sort-key": ["get", "order"],
    },
    paint: { "text-color": ink, "text-opacity": ["match", ["get", "kind"], "certain", 1, 0.85], "text-halo-color": colour("--then-halo"), "text-halo-width": 1.6 },
  });
}
