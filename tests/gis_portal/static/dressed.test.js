import assert from "node:assert/strict";
import { test } from "node:test";
import { changes, dressed, scaled } from "../../../gis_portal/static/portal/js/dressed.js";

const ZOOM = ["interpolate", ["linear"], ["zoom"]];
const STYLE = {
  metadata: { dark: { "#ffffff": "#000000" } },
  layers: [
    { id: "background", type: "background", paint: { "background-color": "#ffffff" } },
    { id: "a.dot", type: "circle", metadata: { layer: "a" }, paint: { "circle-color": ["case", true, "#ffffff", "#123456"], "circle-opacity": [...ZOOM, 8, 0.5, 10, 1], "circle-radius": 4 } },
    { id: "a.name", type: "symbol", metadata: { layer: "a" }, layout: { "text-size": [...ZOOM, 8, 10, 10, 20], "text-field": ["get", "name"] } },
    { id: "b.line", type: "line", metadata: { layer: "b" }, paint: { "line-opacity": 0.8 } },
  ],
};
const PLAIN = { layers: ["a", "b"], opacity: {}, elder: false, dark: false, ground: true };
const wearing = (dress) => dressed(STYLE, { ...PLAIN, ...dress }).layers;

test("numbers are scaled wherever they stand, and what depends on the zoom stays outermost", () => {
  assert.equal(scaled(0.8, 0.5), 0.4);
  assert.deepEqual(scaled([...ZOOM, 8, 0.5, 10, 1], 0.5), [...ZOOM, 8, 0.25, 10, 0.5]);
  assert.deepEqual(scaled(["step", ["zoom"], 1, 12, 2], 3), ["step", ["zoom"], 3, 12, 6]);
  assert.deepEqual(scaled(["case", true, 1, 2], 0.5), ["*", 0.5, ["case", true, 1, 2]]);
  assert.deepEqual(scaled([...ZOOM, 8, ["get", "x"], 10, 1], 2), [...ZOOM, 8, ["*", 2, ["get", "x"]], 10, 2]);
});

test("a layer that is faint is so in all its parts, and others stay", () => {
  const [, dot, name, line] = wearing({ opacity: { a: 50 } });
  assert.deepEqual(dot.paint["circle-opacity"], [...ZOOM, 8, 0.25, 10, 0.5]);
  assert.equal(dot.paint["circle-stroke-opacity"], 0.5);
  assert.equal(name.paint["text-opacity"], 0.5);
  assert.equal(name.paint["icon-opacity"], 0.5);
  assert.equal(line.paint["line-opacity"], 0.8);
});

test("what is switched off is not drawn, nor the own ground over another base", () => {
  assert.deepEqual(wearing({ layers: ["b"] }).map((part) => part.layout.visibility), [undefined, "none", "none", "visible"]);
  assert.equal(wearing({ ground: false })[0].paint["background-opacity"], 0);
});

test("the dark colours are those of the style's table, in expressions too", () => {
  const [ground, dot] = wearing({ dark: true });
  assert.equal(ground.paint["background-color"], "#000000");
  assert.deepEqual(dot.paint["circle-color"], ["case", true, "#000000", "#123456"]);
});

test("names and symbols are larger in the elder mode", () => {
  const [, dot, name] = wearing({ elder: true });
  assert.equal(dot.paint["circle-radius"], 5.6);
  assert.deepEqual(name.layout["text-size"], [...ZOOM, 8, 14, 10, 28]);
  assert.deepEqual(name.layout["text-field"], ["get", "name"]);
});

test("from one dress to another only what differs is set", () => {
  const [one, other] = [dressed(STYLE, PLAIN), dressed(STYLE, { ...PLAIN, layers: ["a"], opacity: { a: 50 } })];
  assert.deepEqual(changes(one, one), []);
  assert.deepEqual(changes(one, other).map(({ part, kind, name }) => `${part} ${kind} ${name}`), [
    "a.dot paint circle-opacity",
    "a.dot paint circle-stroke-opacity",
    "a.name paint icon-opacity",
    "a.name paint text-opacity",
    "b.line layout visibility",
  ]);
  assert.deepEqual(changes(other, one).find(({ name }) => name === "icon-opacity"), { part: "a.name", kind: "paint", name: "icon-opacity", value: undefined });
});
