/** Lays another map below the portal's layers, and takes it away. Loaded when one is chosen. */
import { PREFIX } from "../base.js";
import { config } from "../config.js";
import { h } from "../dom.js";
import { genericStyle } from "./generic.js";

/** @typedef {import("../config.js").Base} Base */

const ARCHIVE = "pmtiles://";
const VECTOR_TILES = 1; // as the header of an archive says it
const DIMMED = { "raster-brightness-max": 0.6, "raster-saturation": -0.3 };

/** The style of a base. Raises what fetching raises. @param {Base} base @param {boolean} dark @returns {Promise<any>} */
export async function styleOf(base, dark) {
  if (base.kind === "pmtiles") return archiveStyle(new URL(base.url ?? "", location.href).href, dark);
  const style = base.style ?? (await answer(base.url ?? ""));
  if (JSON.stringify(style.sources).includes(ARCHIVE)) await archives();
  return style;
}

/**
 * Lays the style's sources and layers below the portal's. Its icons are left out: they would need a sprite of their own.
 *
 * @param {any} map
 * @param {any} style
 * @param {boolean} dark
 * @returns {string[]} whom to name as its source
 */
export function lay(map, style, dark) {
  lift(map);
  const first = map.getStyle().layers.find((/** @type {any} */ part) => part.source === "portal").id;
  for (const [id, source] of Object.entries(style.sources)) map.addSource(PREFIX + id, absolute(source));
  for (const { id, source, layout = {}, paint, ...part } of style.layers) {
    const { "icon-image": _icon, ...words } = layout;
    map.addLayer({
      ...part,
      id: PREFIX + id,
      ...(source && { source: PREFIX + source }),
      layout: words,
      paint: { ...paint, ...(dark && part.type === "raster" && DIMMED) },
    }, first);
  }
  const credits = Object.values(style.sources).map(({ attribution }) => attribution && text(attribution));
  return [...new Set(credits.filter(Boolean))];
}

/** @param {any} map */
export function lift(map) {
  const { layers, sources } = map.getStyle();
  for (const { id } of layers) if (id.startsWith(PREFIX)) map.removeLayer(id);
  for (const id of Object.keys(sources)) if (id.startsWith(PREFIX)) map.removeSource(id);
}

/** @param {string} url */
async function answer(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** @param {string} url @param {boolean} dark */
async function archiveStyle(url, dark) {
  const { pmtiles, protocol } = await archives();
  const archive = new pmtiles.PMTiles(url);
  const [{ tileType }, { attribution, vector_layers: vectorLayers = [] }] = await Promise.all([archive.getHeader(), archive.getMetadata()]);
  protocol.add(archive);
  const kind = tileType === VECTOR_TILES ? { type: "vector" } : { type: "raster", tileSize: 256 };
  const source = { ...kind, url: ARCHIVE + url, ...(attribution && { attribution }) };
  return genericStyle(source, vectorLayers, dark);
}

/** @type {Promise<{pmtiles: any, protocol: any}> | null} */
let loading = null;

/** The library that reads archives, known to MapLibre by the addresses that begin with ARCHIVE. */
function archives() {
  loading ??= (async () => {
    await new Promise((resolve, reject) => document.head.append(h("script", { src: config.pmtiles, onload: resolve, onerror: reject })));
    const { pmtiles } = /** @type {any} */ (window);
    const protocol = new pmtiles.Protocol({ metadata: true });
    (await import(config.maplibre)).addProtocol("pmtiles", protocol.tile);
    return { pmtiles, protocol };
  })();
  return loading;
}

/** MapLibre's workers ask for tiles, and know no address of the page. @param {any} source */
function absolute(source) {
  const tiles = source.tiles?.map((/** @type {string} */ url) => (url.startsWith("/") ? location.origin + url : url));
  return tiles ? { ...source, tiles } : source;
}

/** @param {string} markup as sources write whom to name */
function text(markup) {
  return new DOMParser().parseFromString(markup, "text/html").body.textContent ?? "";
}
