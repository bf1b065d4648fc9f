/** The map of the entry: its shapes as the form says them, drawn and changed. Whatever is done here is written into the form. */
import { byId, h } from "../../js/dom.js";
import { changed, config, form, words } from "./about.js";
import { add, listOf } from "./parts.js";
import { FORMS, boundsOf, read, written } from "./positions.js";

const MODES = { point: "point", line: "linestring", area: "polygon" };
const TOOLS = { point: "draw_point", linestring: "draw_line", polygon: "draw_area", select: "change" };
const GROUND = ["counties", "townships"];
const COLOUR = config.map.layer.colour;
const CLOSEST = 15;

/** @typedef {{key: string, text: HTMLTextAreaElement, form: HTMLSelectElement, system: HTMLSelectElement}} Part */

/** @returns {Part[]} the shapes of the form */
function parts() {
  return [...listOf("shapes").children].map((part) => {
    const path = part.getAttribute("data-part") ?? "";
    const field = (/** @type {string} */ name) => part.querySelector(`[name="${path}/${name}"]`);
    return /** @type {any} */ ({ key: path.slice("shapes/".length), text: field("shape"), form: field("form"), system: field("system") });
  });
}

/** @param {Part} part @returns {any} */
function geometryOf(part) {
  return part.system.value === "degrees" ? read(part.text.value, /** @type {any} */ (part.form.value)) : null;
}

export async function startMap() {
  if (!document.createElement("canvas").getContext("webgl2")) return;
  const [maplibre, terra, { TerraDrawMapLibreGLAdapter }, style] = await Promise.all([
    import(config.map.maplibre),
    import("terra-draw"),
    import(config.adapter),
    fetch(config.map.style).then((answer) => answer.json()),
  ]);
  const container = byId("entry-map");
  container.hidden = false;
  const [west, south, east, north] = config.home;
  const map = new maplibre.Map({
    container,
    style: { ...style, sprite: undefined, layers: style.layers.filter(isGround), sources: { portal: { ...style.sources.portal, tiles: [location.origin + config.map.tiles] }, whole: { type: "geojson", data: collection([]) } } },
    bounds: [west, south, east, north],
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: { "Map.Title": config.map.words.map, "NavigationControl.ZoomIn": config.map.words.zoom_in, "NavigationControl.ZoomOut": config.map.words.zoom_out },
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  map.once("load", () => new Drawing(map, terra, TerraDrawMapLibreGLAdapter));
  map.once("idle", () => (container.dataset.map = "idle"));
}

/** @param {any} part */
function isGround(part) {
  return part.type === "background" || GROUND.includes(part.metadata?.layer);
}

/** @param {any[]} geometries */
function collection(geometries) {
  return { type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

class Drawing {
  /** @param {any} map @param {any} terra @param {any} Adapter */
  constructor(map, terra, Adapter) {
    this.map = map;
    map.addLayer({ id: "whole.area", type: "fill", source: "whole", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": COLOUR, "fill-opacity": 0.15 } });
    map.addLayer({ id: "whole.line", type: "line", source: "whole", paint: { "line-color": COLOUR, "line-width": 2 } });
    const changes = { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } };
    this.draw = new terra.TerraDraw({
      adapter: new Adapter({ map, coordinatePrecision: config.decimals }),
      modes: [
        new terra.TerraDrawPointMode({ styles: { pointColor: COLOUR, pointWidth: 7, pointOutlineColor: "#ffffff", pointOutlineWidth: 2 } }),
        new terra.TerraDrawLineStringMode({ styles: { lineStringColor: COLOUR, lineStringWidth: 3 } }),
        new terra.TerraDrawPolygonMode({ styles: { fillColor: COLOUR, fillOpacity: 0.2, outlineColor: COLOUR, outlineWidth: 2 } }),
        new terra.TerraDrawSelectMode({ flags: { point: { feature: { draggable: true } }, linestring: changes, polygon: changes } }),
      ],
    });
    this.draw.start();
    this.draw.on("finish", (/** @type {string} */ id, /** @type {{action: string}} */ { action }) => (action === "draw" ? this.drawn(id) : this.moved(id)));
    this.tools();
    this.use("select");
    this.follow();
    this.showAll();
    form.addEventListener("input", (event) => event.target instanceof Element && this.concerns(event.target) && this.follow());
    form.addEventListener("change", (event) => event.target instanceof Element && this.concerns(event.target) && this.follow());
    form.addEventListener("settled", () => this.follow());
    byId("entry-map").dataset.drawing = "ready";
  }

  /** @param {Element} target */
  concerns(target) {
    return target === form || target.closest("#shapes") !== null;
  }

  tools() {
    const bar = byId("map-tools");
    const buttons = Object.entries(TOOLS).map(([mode, name]) => h("button", { type: "button", class: "action", "data-mode": mode, "aria-pressed": "false", onclick: () => this.use(mode) }, words(name)));
    bar.replaceChildren(...buttons, h("button", { type: "button", class: "action", onclick: () => this.showAll() }, words("zoom_to")));
    bar.hidden = false;
  }

  /** @param {string} mode */
  use(mode) {
    this.draw.setMode(mode);
    for (const button of byId("map-tools").querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.getAttribute("data-mode") === mode));
    byId("map-hint").textContent = mode === "select" || mode === "point" ? "" : words("finish_hint");
  }

  /** Makes the map what the form says. */
  follow() {
    /** @type {any[]} */
    const others = [];
    const wanted = new Map();
    for (const part of parts()) {
      const geometry = geometryOf(part);
      if (!geometry) continue;
      const form = FORMS[/** @type {keyof typeof FORMS} */ (geometry.type)];
      if (form && !part.text.value.trim().startsWith("{")) wanted.set(part.key, { mode: MODES[/** @type {keyof typeof MODES} */ (form)], geometry });
      else others.push(geometry);
    }
    for (const { id, geometry, properties } of this.draw.getSnapshot()) {
      const said = wanted.get(id);
      if (!Object.values(MODES).includes(properties.mode) || properties.midPoint || properties.selectionPoint || properties.closingPoint || properties.currentlyDrawing) continue;
      if (said && written(said.geometry) === written(geometry) && said.mode === properties.mode) wanted.delete(id);
      else if (this.draw.hasFeature(id)) this.draw.removeFeatures([id]);
    }
    this.draw.addFeatures([...wanted].map(([id, { mode, geometry }]) => ({ type: "Feature", id, properties: { mode }, geometry: this.rounded(geometry) })));
    this.map.getSource("whole").setData(collection(others));
  }

  /** @param {any} geometry */
  rounded(geometry) {
    return read(written(geometry), /** @type {any} */ (FORMS[/** @type {keyof typeof FORMS} */ (geometry.type)]));
  }

  /** A new drawing becomes the first shape that has no positions yet, or a shape of its own. @param {string} id */
  drawn(id) {
    const { geometry } = this.draw.getSnapshotFeature(id);
    this.use("select");
    let part = parts().find((each) => !each.text.value.trim());
    if (!part) {
      add(listOf("shapes"));
      part = /** @type {Part} */ (parts().at(-1));
    }
    if (this.draw.hasFeature(id)) this.draw.removeFeatures([id]); // a part that was added has had the map follow
    this.write(part, geometry);
  }

  /** @param {string} id */
  moved(id) {
    const part = parts().find((each) => each.key === id);
    if (part) this.write(part, this.draw.getSnapshotFeature(id).geometry);
  }

  /** @param {Part} part @param {any} geometry */
  write(part, geometry) {
    part.system.value = "degrees";
    part.form.value = FORMS[/** @type {keyof typeof FORMS} */ (geometry.type)];
    part.text.value = written(geometry);
    changed();
  }

  showAll() {
    const found = parts().map(geometryOf).filter(Boolean);
    if (found.length) this.map.fitBounds(boundsOf(found), { padding: 50, maxZoom: CLOSEST, animate: false });
  }
}
