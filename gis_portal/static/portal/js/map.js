/** The map: the portal's style, what is switched on, what is chosen, and where the visitor clicks. */
import { pointOf, portalStyle, boundsOf } from "./api.js";
import { isOfBase } from "./base.js";
import { config } from "./config.js";
import { byId } from "./dom.js";
import { changes, dressed } from "./dressed.js";
import { t } from "./i18n.js";
import { isDark } from "./look.js";
import { addMarkers, drawMarkers, PIN } from "./markers.js";
import { hush, say } from "./status.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").FeatureKey} FeatureKey */

const CLOSE_PX = 7; // how far from a click a place may be
const MAX_ZOOM = 20;
const CHOSEN_ZOOM = 14;
const ACCENT = "#c0392b";
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Starts the map. It stays up when a tile, or the style itself, cannot be loaded. Raises where it cannot be drawn.
 *
 * @param {Store} store
 */
export async function startMap(store) {
  if (!("WebGL2RenderingContext" in window)) throw new Error("This browser has no WebGL 2.");
  const library = import(config.maplibre).then((maplibre) => (maplibre.prewarm(), maplibre)); // its worker comes while the style does
  const [maplibre, style, markers] = await Promise.all([library, portalStyle(), drawMarkers(config.layers)]);
  const { view } = store.get();
  const map = new maplibre.Map({
    container: byId("map"),
    style: dressed(style, dressOf(store.get())),
    ...(view ? { center: [view.lon, view.lat], zoom: view.zoom } : { bounds: config.home, fitBoundsOptions: { padding: 24 } }),
    maxZoom: MAX_ZOOM,
    minZoom: 4,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: calm ? 0 : 200,
    locale: {
      "Map.Title": t("map_help"),
      "NavigationControl.ZoomIn": t("zoom_in"),
      "NavigationControl.ZoomOut": t("zoom_out"),
      "ScaleControl.Kilometers": t("kilometres"),
      "ScaleControl.Meters": t("metres"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 110 }), "bottom-left");
  map.on("style.load", () => {
    addMarkers(map, markers);
    addOverlays(map);
    document.body.dataset.map = "ready";
  });
  map.once("idle", () => (document.body.dataset.map = "idle"));
  tellTroubles(map);
  followClicks(map, maplibre, store);
  followKeyboard(map, store);
  map.on("moveend", () => store.set({ view: viewOf(map) }));
  store.set({ view: viewOf(map) });
  store.subscribe(["position", "feature"], () => drawPosition(map, store));
  store.subscribe(["view"], (state) => follow(map, state.view));
  await map.once("style.load");
  return controls(map, store, followDress(map, style, store));
}

/** What other parts of the page may do with the map. @param {any} map @param {Store} store @param {ReturnType<typeof followDress>} dress */
function controls(map, store, dress) {
  return {
    /** The bounds in view. @returns {import("./config.js").Bounds} */
    bounds() {
      const box = map.getBounds();
      return [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
    },

    /** Shows a feature as the chosen one, with its marker. @param {import("./api.js").Feature | null} feature @param {string} marker */
    mark(feature, marker) {
      const source = map.getSource("chosen");
      source?.setData(feature?.geometry ? { type: "Feature", geometry: feature.geometry, properties: { marker } } : nothing());
      chosen = feature;
      drawPosition(map, store);
    },

    /** Puts the pin at a point, or takes it away. @param {{lon: number, lat: number} | null} point */
    pin(point) {
      const at = point && { type: "Point", coordinates: [point.lon, point.lat] };
      map.getSource("pin")?.setData(at ? { type: "Feature", geometry: at, properties: {} } : nothing());
    },

    /**
     * Brings a feature into the free part of the view.
     *
     * @param {Pick<import("./api.js").Feature, "geometry">} feature
     * @param {boolean} closer
     * @param {number} [drawnFrom] the zoom from which it is drawn
     */
    goTo(feature, closer, drawnFrom = 0) {
      map.resize(); // the side may just have taken a part of the width
      const box = boundsOf(feature.geometry);
      if (!box) return;
      const padding = freeSpace();
      const { position } = store.get();
      const near = Math.max(CHOSEN_ZOOM, drawnFrom);
      if (closer && position && near === CHOSEN_ZOOM && feature.geometry?.type === "Point") {
        const both = [Math.min(box[0], position.lon), Math.min(box[1], position.lat), Math.max(box[2], position.lon), Math.max(box[3], position.lat)];
        map.fitBounds(both, { padding, maxZoom: CHOSEN_ZOOM, animate: !calm });
        return;
      }
      if (feature.geometry?.type !== "Point") {
        map.fitBounds(box, { padding: { ...padding, top: padding.top + 30, left: padding.left + 30 }, maxZoom: CHOSEN_ZOOM, animate: !calm });
        return;
      }
      const point = map.project([box[0], box[1]]);
      const { clientWidth: width, clientHeight: height } = map.getContainer();
      const inView = point.x > padding.left && point.x < width - padding.right && point.y > padding.top && point.y < height - padding.bottom;
      if (inView && !closer) return;
      const zoom = closer ? Math.max(map.getZoom(), near) : map.getZoom();
      map.easeTo({ center: [box[0], box[1]], zoom, offset: [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2], animate: !calm });
    },

    /**
     * Gives the clicks on the map, and Enter at its centre, to a panel; no card opens then.
     *
     * @param {TakeClick} take
     * @returns {() => void} gives them back
     */
    takeClicks(take) {
      takeClick = take;
      map.doubleClickZoom.disable();
      return () => {
        takeClick = null;
        map.doubleClickZoom.enable();
      };
    },
    /** Draws the portal's own ground, or leaves its place to another base. */
    showGround: dress.showGround,

    /** The style as it is drawn now, in its light colours. @returns {any} */
    paperStyle: dress.inLight,

    resize: () => map.resize(),
    map,
  };
}

/** @typedef {ReturnType<typeof controls>} Controls */
/** What the simple map can do too. @typedef {Omit<Controls, "takeClicks" | "showGround" | "paperStyle">} AnyMap */
/** @typedef {(place: {lng: number, lat: number}) => void} TakeClick */

/** @type {TakeClick | null} */
let takeClick = null;

/** @type {import("./api.js").Feature | null} */
let chosen = null;

/** The part of the map that nothing lies over, as padding in pixels. */
function freeSpace() {
  const map = byId("map").getBoundingClientRect();
  const side = byId("side");
  const padding = { top: 50, right: 50, bottom: 50, left: 50 };
  if (side.hidden) return padding;
  const box = side.getBoundingClientRect();
  if (box.width > map.width * 0.8) padding.bottom = Math.max(50, map.bottom - box.top + 30);
  else padding.right = Math.max(50, map.right - box.left + 30);
  return padding;
}

/** @param {any} map */
function viewOf(map) {
  const centre = map.getCenter();
  return { zoom: map.getZoom(), lat: centre.lat, lon: centre.lng };
}

/** Moves the map to a view that came from the address bar. @param {any} map @param {import("./store.js").View | null} view */
function follow(map, view) {
  if (!view) return;
  const now = viewOf(map);
  const same = Math.abs(now.zoom - view.zoom) < 0.006 && Math.abs(now.lat - view.lat) < 6e-6 && Math.abs(now.lon - view.lon) < 6e-6;
  if (!same && !map.isMoving()) map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
}

// Layers

/** @param {import("./store.js").State} state @param {boolean} [ground] @returns {import("./dressed.js").Dress} */
function dressOf({ layers, opacity, elder }, ground = true) {
  return { layers, opacity, elder, dark: isDark(), ground };
}

/** Keeps the layers true to the state. @param {any} map @param {any} style as the portal sends it @param {Store} store */
function followDress(map, style, store) {
  let ground = true;
  let worn = dressed(style, dressOf(store.get()));
  const change = () => {
    const next = dressed(style, dressOf(store.get(), ground));
    for (const { part, kind, name, value } of changes(worn, next)) {
      if (kind === "paint") map.setPaintProperty(part, name, value);
      else map.setLayoutProperty(part, name, value);
    }
    worn = next;
  };
  store.subscribe(["layers", "opacity", "elder"], change);
  document.addEventListener("portal:look", change);
  return {
    showGround: (/** @type {boolean} */ shown) => {
      ground = shown;
      change();
    },
    inLight() {
      const light = dressed(style, { ...dressOf(store.get(), ground), dark: false });
      const paints = new Map(light.layers.map((/** @type {any} */ part) => [part.id, part.paint]));
      const live = map.getStyle();
      return { ...live, layers: live.layers.map((/** @type {any} */ part) => (paints.has(part.id) ? { ...part, paint: paints.get(part.id) } : part)) };
    },
  };
}

// What is drawn over the layers: the chosen feature, the visitor's position, the line between them

function nothing() {
  return { type: "FeatureCollection", features: [] };
}

/** @param {any} map */
function addOverlays(map) {
  for (const id of ["chosen", "position", "line", "pin"]) map.addSource(id, { type: "geojson", data: nothing() });
  const isPoint = ["==", ["geometry-type"], "Point"];
  const ring = { "circle-color": "rgba(0,0,0,0)", "circle-radius": 17, "circle-stroke-width": 3, "circle-stroke-color": ACCENT };
  map.addLayer({ id: "chosen.ground", type: "fill", source: "chosen", filter: ["!", isPoint], paint: { "fill-color": ACCENT, "fill-opacity": 0.06 } });
  map.addLayer({ id: "chosen.line", type: "line", source: "chosen", filter: ["!", isPoint], paint: { "line-color": ACCENT, "line-width": 2.5 } });
  map.addLayer({ id: "line.line", type: "line", source: "line", paint: { "line-color": "#1b5e93", "line-width": 2, "line-dasharray": [2, 2] } });
  map.addLayer({ id: "chosen.halo", type: "circle", source: "chosen", filter: isPoint, paint: { ...ring, "circle-stroke-width": 6, "circle-stroke-color": "#fff", "circle-radius": 16 } });
  map.addLayer({ id: "chosen.ring", type: "circle", source: "chosen", filter: isPoint, paint: ring });
  map.addLayer({ id: "chosen.marker", type: "symbol", source: "chosen", filter: isPoint, layout: { "icon-image": ["get", "marker"], "icon-size": 0.85, "icon-allow-overlap": true, "icon-ignore-placement": true } });
  map.addLayer({ id: "position.halo", type: "circle", source: "position", paint: { "circle-color": "#1b5e93", "circle-opacity": 0.16, "circle-radius": 18 } });
  map.addLayer({ id: "position.dot", type: "circle", source: "position", paint: { "circle-color": "#1b5e93", "circle-radius": 7, "circle-stroke-color": "#fff", "circle-stroke-width": 2.5 } });
  map.addLayer({ id: "pin.marker", type: "symbol", source: "pin", layout: { "icon-image": PIN, "icon-anchor": "bottom", "icon-allow-overlap": true, "icon-ignore-placement": true } });
}

/** @param {any} map @param {Store} store */
function drawPosition(map, store) {
  const { position, feature } = store.get();
  const place = feature && chosen?.id === feature.code && chosen.geometry?.type === "Point" ? pointOf(chosen.geometry) : null;
  const at = position && [position.lon, position.lat];
  map.getSource("position")?.setData(at ? { type: "Feature", geometry: { type: "Point", coordinates: at }, properties: {} } : nothing());
  map.getSource("line")?.setData(
    at && place ? { type: "Feature", geometry: { type: "LineString", coordinates: [at, [place.lon, place.lat]] }, properties: {} } : nothing(),
  );
}

// Pointer and keyboard

/** Whose feature it is: of a layer, or of a colour that lies over one and opens what it covers. @param {any} found @returns {string} */
function layerOf(found) {
  return found.layer.metadata?.layer ?? found.layer.metadata?.opens ?? "";
}

/**
 * The features at a point of the screen: places first, nearest first; else the smallest area.
 *
 * @param {any} map
 * @param {{x: number, y: number}} point
 * @returns {(FeatureKey & {name: string})[]}
 */
function featuresAt(map, point) {
  const box = [[point.x - CLOSE_PX, point.y - CLOSE_PX], [point.x + CLOSE_PX, point.y + CLOSE_PX]];
  /** @type {any[]} */
  const hit = map.queryRenderedFeatures(box).filter(layerOf);
  const places = hit.filter((found) => found.properties.code && ["circle", "symbol"].includes(found.layer.type) && !found.layer.id.endsWith(".name"));
  const areas = map.queryRenderedFeatures([point.x, point.y]).filter((/** @type {any} */ found) => found.layer.type === "fill" && layerOf(found));
  const order = config.layers.map((layer) => layer.id);
  areas.sort((/** @type {any} */ one, /** @type {any} */ other) => order.indexOf(layerOf(other)) - order.indexOf(layerOf(one)));
  const found = new Map();
  for (const feature of places.length ? places : areas.slice(0, 1)) {
    const key = { layer: layerOf(feature), code: feature.properties.code, name: feature.properties.name ?? feature.properties.door ?? feature.properties.code };
    found.set(`${key.layer}/${key.code}`, key);
  }
  return [...found.values()];
}

/** @param {any} map @param {Store} store @param {{x: number, y: number}} point */
function choose(map, store, point) {
  const [first, ...others] = featuresAt(map, point);
  if (!first) return false;
  store.set({ feature: { layer: first.layer, code: first.code }, alsoHere: others.slice(0, 8), closer: false, side: "card" });
  return true;
}

/** @param {any} map @param {any} maplibre @param {Store} store */
function followClicks(map, maplibre, store) {
  const tip = new maplibre.Popup({ closeButton: false, closeOnClick: false, offset: 14, className: "tip", maxWidth: "260px" });
  map.on("click", (/** @type {any} */ event) => (takeClick ? takeClick(event.lngLat) : choose(map, store, event.point)));
  map.on("mousemove", (/** @type {any} */ event) => {
    const [first] = takeClick ? [] : featuresAt(map, event.point);
    const layer = config.layers.find((found) => found.id === first?.layer);
    map.getCanvas().style.cursor = takeClick ? "crosshair" : first ? "pointer" : "";
    if (!layer || layer.area) tip.remove();
    else tip.setLngLat(event.lngLat).setText(first.name === first.code ? layer.title : `${first.name} · ${layer.title}`).addTo(map);
  });
  map.on("mouseout", () => tip.remove());
}

/** Enter opens what is at the centre, which a cross marks while the map has the focus. @param {any} map @param {Store} store */
function followKeyboard(map, store) {
  map.getCanvas().addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    if (takeClick) return takeClick(map.getCenter());
    const { clientWidth, clientHeight } = map.getCanvas();
    if (!choose(map, store, { x: clientWidth / 2, y: clientHeight / 2 })) say(t("nothing_here"));
  });
}

/** @param {any} map */
function tellTroubles(map) {
  map.on("error", (/** @type {any} */ event) => {
    if (isOfBase(event)) return; // told by base.js
    if (event.sourceId === "portal" || event.error?.status) say(navigator.onLine ? t("tiles_failed") : t("offline"));
    else console.error(event.error);
  });
  addEventListener("offline", () => say(t("offline"), { stays: true }));
  addEventListener("online", () => {
    hush();
    say(t("online"));
    map.refreshTiles?.("portal");
  });
}
