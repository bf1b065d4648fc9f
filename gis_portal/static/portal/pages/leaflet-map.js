/** The simple map: drawn by Leaflet from the API's features, with the same controls as the map of the main page. */
import { boundsOf, items, pointOf } from "../js/api.js";
import { config } from "../js/config.js";
import { byId, dataUrl, h } from "../js/dom.js";
import { divisionName, formatCount, t } from "../js/i18n.js";
import { PIN_SVG } from "../js/markers.js";
import { say } from "../js/status.js";

/** @typedef {import("../js/store.js").Store} Store */
/** @typedef {import("../js/api.js").Feature} Feature */
/** @typedef {import("../js/config.js").Layer} Layer */

const L = /** @type {any} */ (window).L;
const STEP = 1; // Leaflet counts tiles of half the size: its zoom is one more than that of the address
const ZOOMS = [4, 20];
const MOST = 150; // features asked of one layer
const WAIT_MS = 200;
const MARKER_PX = 26;
const DOT_PX = 5;
const GROUND_INDEX = 300; // Leaflet's lines and dots lie at 400
const CHOSEN_ZOOM = 14;
const NAMED = { counties: [0, 10], townships: [10.5, 99] }; // the zooms at which these areas carry their names
const FAR = 11; // the zoom below which there is no room for markers: places are dots
const ACCENT = "#c0392b";
const VISITOR = "#1b5e93";
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Leaflet's own, with its units in the page's language. */
const ScaleBar = L.Control.Scale.extend({
  /** @param {number} longest metres of the longest bar */
  _updateMetric(longest) {
    const metres = this._getRoundNum(longest);
    this._updateScale(this._mScale, metres < 1000 ? `${metres} ${t("metres")}` : `${metres / 1000} ${t("kilometres")}`, metres / longest);
  },
});

/**
 * Starts the map.
 *
 * @param {Store} store
 * @returns {import("../js/map.js").AnyMap}
 */
export function startLeaflet(store) {
  const { view } = store.get();
  const map = L.map(byId("map"), {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0,
    minZoom: ZOOMS[0] + STEP,
    maxZoom: ZOOMS[1] + STEP,
    ...(calm && { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false }),
  });
  const [west, south, east, north] = config.home;
  if (view) map.setView([view.lat, view.lon], view.zoom + STEP);
  else map.fitBounds([[south, west], [north, east]], { padding: [24, 24] });
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", t("map_help"));
  L.control.zoom({ position: "bottomright", zoomInTitle: t("zoom_in"), zoomOutTitle: t("zoom_out") }).addTo(map);
  new ScaleBar({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
  drawLayers(map, store);
  followKeyboard(map);
  const chosen = L.layerGroup().addTo(map);
  const pin = L.layerGroup().addTo(map);
  drawPosition(map, store);
  map.on("moveend", () => store.set({ view: viewOf(map) }));
  store.set({ view: viewOf(map) });
  store.subscribe(["view"], (state) => follow(map, state.view));
  return {
    bounds: () => boundsInView(map),
    resize: () => map.invalidateSize(),
    map,

    mark(feature) {
      chosen.clearLayers();
      if (feature?.geometry) chosen.addLayer(outline(feature));
    },

    pin(point) {
      pin.clearLayers();
      if (point) pin.addLayer(L.marker([point.lat, point.lon], { icon: image(PIN_SVG, 32, [16, 31]), interactive: false, keyboard: false, alt: "" }));
    },

    goTo({ geometry }, closer, drawnFrom = 0) {
      map.invalidateSize({ animate: false });
      const box = boundsOf(geometry);
      if (!box) return;
      if (geometry?.type !== "Point") {
        map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [60, 60], maxZoom: CHOSEN_ZOOM + STEP, animate: !calm });
        return;
      }
      const to = L.latLng(box[1], box[0]);
      const zoom = closer ? Math.max(map.getZoom(), Math.max(CHOSEN_ZOOM, drawnFrom) + STEP) : map.getZoom();
      if (closer || !map.getBounds().pad(-0.1).contains(to)) map.setView(aboveSide(map, to, zoom), zoom, { animate: !calm });
    },
  };
}

/** The centre that brings a point into the part of the map that a sheet from below leaves free. @param {any} map @param {any} to @param {number} zoom */
function aboveSide(map, to, zoom) {
  const side = byId("side");
  const { width, bottom } = map.getContainer().getBoundingClientRect();
  const box = side.getBoundingClientRect();
  const covered = !side.hidden && box.width > width * 0.8 ? Math.max(0, bottom - box.top) : 0;
  return map.unproject(map.project(to, zoom).add([0, covered / 2]), zoom);
}

/** @param {any} map @returns {import("../js/config.js").Bounds} */
function boundsInView(map) {
  const box = map.getBounds();
  return [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
}

/** @param {any} map */
function viewOf(map) {
  const { lat, lng } = map.getCenter();
  return { zoom: map.getZoom() - STEP, lat, lon: lng };
}

/** Moves the map to a view that came from the address bar. @param {any} map @param {import("../js/store.js").View | null} view */
function follow(map, view) {
  const now = viewOf(map);
  const same = !view || (Math.abs(now.zoom - view.zoom) < 0.006 && Math.abs(now.lat - view.lat) < 6e-6 && Math.abs(now.lon - view.lon) < 6e-6);
  if (view && !same) map.setView([view.lat, view.lon], view.zoom + STEP, { animate: false });
}

/**
 * Draws what is switched on and lies in view, and says when it is not all of it.
 *
 * @param {any} map
 * @param {Store} store
 */
function drawLayers(map, store) {
  /** @type {Map<string, any>} */
  const drawn = new Map(); // by how it is drawn, layer and code
  let asked = new AbortController();
  let timer = 0;
  for (const [at, { id, area }] of config.layers.entries()) {
    if (area) map.createPane(id).style.zIndex = String(GROUND_INDEX + at); // below the dots, however late an area comes
  }

  async function load() {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const { layers: on } = store.get();
    const { zoom } = viewOf(map);
    const wanted = config.layers.filter((layer) => on.includes(layer.id) && layer.count > 0 && zoom >= layer.minZoom);
    try {
      const bbox = boundsInView(map);
      const pages = await Promise.all(wanted.map((layer) => items(layer.id, { bbox, limit: MOST, signal })));
      if (signal.aborted) return;
      const isFar = zoom < FAR;
      const found = new Map(pages.flatMap((page, at) => page.features.map((feature) => [`${isFar}/${wanted[at].id}/${feature.id}`, { layer: wanted[at], feature }])));
      for (const [key, shape] of drawn) {
        if (found.has(key)) continue;
        shape.remove();
        drawn.delete(key);
      }
      for (const [key, { layer, feature }] of found) {
        if (feature.geometry && !drawn.has(key)) drawn.set(key, shapeOf(layer, feature, store, isFar).addTo(map));
      }
      showNames(map, zoom);
      tellShown(pages.reduce((sum, page) => sum + page.features.length, 0), pages.reduce((sum, page) => sum + (page.numberMatched ?? Infinity), 0));
      document.body.dataset.map = "idle";
    } catch {
      if (!signal.aborted) say(navigator.onLine ? t("answer_failed") : t("offline"));
    }
  }

  store.subscribe(["view", "layers"], () => {
    clearTimeout(timer);
    document.body.dataset.map = "ready";
    timer = setTimeout(load, WAIT_MS);
  });
}

/** @param {number} shown @param {number} matched Infinity: more than are counted */
function tellShown(shown, matched) {
  const all = shown >= matched;
  const count = Number.isFinite(matched) ? formatCount(matched) : t("many");
  byId("shown").textContent = t(all ? "all_shown" : "part_shown", { shown: formatCount(shown), matched: count });
}

/** A feature as it is drawn; a click, or Enter on its marker, chooses it. @param {Layer} layer @param {Feature} feature @param {Store} store @param {boolean} isFar */
function shapeOf(layer, feature, store, isFar) {
  const { properties, geometry } = feature;
  const name = String(properties.name || properties.standard_address || feature.id);
  const choose = () => store.set({ feature: { layer: layer.id, code: feature.id }, alsoHere: [], closer: false, side: "card" });
  const place = pointOf(geometry);
  if (geometry?.type === "Point" && place) {
    const isIdle = layer.facility && properties.status !== "operating";
    const dot = { radius: DOT_PX, color: isIdle ? layer.colour : "#fff", weight: 1, fillColor: isIdle ? "#fff" : layer.colour, fillOpacity: 1 };
    if (isFar) return L.circleMarker([place.lat, place.lon], dot).bindTooltip(`${name} · ${layer.title}`).on("click", choose);
    const marker = L.marker([place.lat, place.lon], { icon: image(isIdle ? layer.idle : layer.marker, MARKER_PX, [MARKER_PX / 2, MARKER_PX / 2]), title: `${name} · ${layer.title}`, alt: `${name} · ${layer.title}` });
    return marker.on("click", choose).on("keypress", (/** @type {any} */ event) => event.originalEvent.key === "Enter" && choose());
  }
  const ground = layer.id in NAMED;
  const shape = L.geoJSON(feature, { pane: layer.id, style: { color: layer.colour, weight: layer.id === "counties" ? 2 : 1, fillColor: layer.colour, fillOpacity: ground ? 0.02 : 0.12 } });
  if (ground) shape.bindTooltip(divisionName(feature.id) ?? name, { permanent: true, direction: "center", className: `area-name area-${layer.id}`, interactive: false });
  return shape.on("click", choose);
}

/** Names of counties give way to those of townships. @param {any} map @param {number} zoom */
function showNames(map, zoom) {
  for (const [id, [from, to]] of Object.entries(NAMED)) map.getContainer().classList.toggle(`without-${id}-names`, zoom < from || zoom >= to);
}

/** @param {Feature} feature */
function outline({ geometry }) {
  const style = { color: ACCENT, weight: 3, fill: false, interactive: false };
  return L.geoJSON(geometry, { style, interactive: false, pointToLayer: (/** @type {any} */ _point, /** @type {any} */ at) => L.circleMarker(at, { ...style, radius: 17 }) });
}

/** The visitor's position, or the point that was chosen for it. @param {any} map @param {Store} store */
function drawPosition(map, store) {
  const shown = L.layerGroup().addTo(map);
  store.subscribe(["position"], ({ position }) => {
    shown.clearLayers();
    if (position) shown.addLayer(L.circleMarker([position.lat, position.lon], { radius: 7, color: "#fff", weight: 2.5, fillColor: VISITOR, fillOpacity: 1, interactive: false }));
  });
}

/** Enter opens what is at the centre, which a cross marks while the map has the focus. @param {any} map */
function followKeyboard(map) {
  const container = map.getContainer();
  container.after(h("div", { class: "crosshair", "aria-hidden": "true" }));
  container.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.target !== container) return;
    const { left, top, width, height } = container.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const hit = document.elementFromPoint(x, y);
    if (!hit?.classList.contains("leaflet-interactive")) say(t("nothing_here"));
    else hit.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX: x, clientY: y }));
  });
}

/** @param {string} svg @param {number} px @param {[number, number]} anchor */
function image(svg, px, anchor) {
  return L.icon({ iconUrl: dataUrl(svg), iconSize: [px, px], iconAnchor: anchor });
}

