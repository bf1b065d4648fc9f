/**
 * What the page carries for its scripts: layers, names of divisions, words of the language.
 *
 * @typedef {{title: string, type: string, unit?: string, choices?: Record<string, string>}} FieldFace
 * @typedef {{
 *   id: string, title: string, description: string, group: string, area: boolean, facility: boolean, colour: string,
 *   legend: string, marker: string, idle: string, minZoom: number, shown: boolean, page: string, count: number,
 *   demonstration: boolean, approximate: boolean, sources: string[], asOf: string | null,
 *   fields: Record<string, FieldFace>,
 * }} Layer
 * @typedef {[number, number, number, number]} Bounds west, south, east, north in degrees
 *
 * approval: the number of the map's approval, empty where there is none.
 *
 * @typedef {{id: string, title: string, kind: "style" | "pmtiles", url?: string, style?: any}} Base what may lie below the layers
 * @typedef {{
 *   name: string, language: "zh-Hans" | "en", approval: string, elderKinds: string[], servicePhone: string,
 *   tiles: string, style: string, maplibre: string, pmtiles: string, bases: Base[], home: Bounds,
 *   layers: Layer[], divisions: Record<string, [string, string]>, words: Record<string, string>,
 *   units: Record<string, string>,
 * }} Config
 */

const element = document.getElementById("portal-config");

/** @type {Config} */
export const config = JSON.parse(element?.textContent ?? "{}");

/** @type {Map<string, Layer>} */
export const layers = new Map(config.layers.map((layer) => [layer.id, layer]));

/** The layers switched on when nobody has chosen. */
export const shownAtFirst = config.layers.filter((layer) => layer.shown).map((layer) => layer.id);
