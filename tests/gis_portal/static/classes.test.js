import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf, classesOf, collectionOf, isToldOfTownships, isYesOrNo, ordered, percent, shades } from "../../../gis_portal/static/portal/js/classes.js";

const part = (adcode, numerator, denominator, more = {}) => ({ adcode, name: adcode, numerator, denominator, value: denominator ? numerator / denominator : numerator, status: "met", ...more });

test("shares are in quarters, and what is complete stands apart", () => {
  const classes = classesOf([0.1, 0.999, 1], "ratio");
  assert.deepEqual([0, 0.249, 0.25, 0.5, 0.999, 1, 1.2].map((value) => classOf(value, classes)), [0, 0, 1, 2, 3, 4, 4]);
});

test("few values are a class each", () => {
  assert.deepEqual(classesOf([3, 0, 1, 1, 0], "count"), [{ from: 0, to: 0 }, { from: 1, to: 1 }, { from: 3, to: 3 }]);
  assert.deepEqual(classesOf([], "count"), []);
});

test("many values are in at most five classes of a round width that hold them all", () => {
  for (const values of [[1, 2, 3, 4, 5, 6, 7], [0, 13, 40, 77, 120, 999], [0.12, 0.5, 0.77, 1.3, 2.9, 4.01], [1e6, 1.1e6, 1.3e6, 2.2e6, 4e6, 9.9e6]]) {
    const classes = classesOf(values, "count");
    assert.ok(classes.length <= 5 && classes.length > 1);
    for (const value of values) {
      const { from, to } = classes[classOf(value, classes)];
      assert.ok(from <= value && value < to);
    }
  }
  assert.deepEqual(classesOf([1, 2, 3, 4, 5, 6, 7], "count").map(({ from }) => from), [0, 2, 4, 6]);
});

test("shades go from light to dark, however many there are", () => {
  assert.deepEqual([1, 2, 3, 5].map(shades), [[3], [0, 4], [0, 2, 4], [0, 1, 2, 3, 4]]);
});

test("what is not complete never reads as 100", () => {
  assert.deepEqual([part("1", 102, 103), part("1", 9999, 10000), part("1", 1, 1), part("1", 29, 50)].map(percent), [99, 99.9, 100, 58]);
});

test("parts are put in order without changing those given", () => {
  const parts = [part("2", 1, 2), part("1", 1, 2), part("3", 2, 2, { status: "missed" })];
  assert.deepEqual(ordered(parts, "value", true).map(({ adcode }) => adcode), ["3", "1", "2"]);
  assert.deepEqual(ordered(parts, "name", false).map(({ adcode }) => adcode), ["1", "2", "3"]);
  assert.equal(parts[0].adcode, "2");
});

test("which targets say something of townships", () => {
  const told = (metric, level = null) => isToldOfTownships({ metric, level, unit: "ratio" });
  assert.deepEqual([told("provision_rate", "township"), told("provision_rate", "village"), told("share"), told("reach")], [true, true, true, true]);
  assert.deepEqual([told("provision_rate", "county"), told("ratio"), told("adequacy"), told("milestone")], [false, false, false, false]);
  assert.ok(isYesOrNo({ metric: "provision_rate", level: "township", unit: "ratio" }, "township"));
  assert.ok(!isYesOrNo({ metric: "provision_rate", level: "township", unit: "ratio" }, "county"));
});

test("a code says of which collection its division is", () => {
  assert.deepEqual(["330602", "330602001", "330602001001", "3306"].map(collectionOf), ["counties", "townships", "villages", ""]);
});
