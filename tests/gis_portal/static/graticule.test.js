import assert from "node:assert/strict";
import { test } from "node:test";
import { graticule } from "../../../gis_portal/static/portal/js/printing/graticule.js";

test("meridians stand in even steps, as short as they can be written", () => {
  const { meridians } = graticule([120.45, 29.9, 121.05, 30.1]);
  assert.deepEqual(meridians.map(({ text }) => text), ["120°30′", "120°40′", "120°50′", "121°"]);
  assert.ok(Math.abs(meridians[0].share - 0.05 / 0.6) < 1e-9);
});

test("parallels stand closer together the farther south they are", () => {
  const { parallels } = graticule([100, 20, 140, 60]);
  assert.deepEqual(parallels.map(({ text }) => text), ["20°", "30°", "40°", "50°", "60°"]);
  const shares = parallels.map(({ share }) => share);
  assert.deepEqual([shares[0], shares[4]], [1, 0]);
  assert.ok(shares[0] - shares[1] < shares[3] - shares[4]);
});

test("a house's surroundings are marked in seconds", () => {
  const { meridians } = graticule([120.58, 30, 120.5815, 30.001]);
  assert.deepEqual(meridians.map(({ text }) => text), ["120°34′48″", "120°34′49″", "120°34′50″", "120°34′51″", "120°34′52″", "120°34′53″"]);
});
