import assert from "node:assert/strict";
import { test } from "node:test";
import { eraOf, nameIn, placesIn, readPlaces, stepped, usedIn, within, yearWithin } from "../../../gis_portal/static/portal/js/years.js";

const named = (name, years = [null, null, null, null], role = "former") => ({
  name, role, roman: "", time_text: "", start_earliest: years[0], start_latest: years[1], end_earliest: years[2], end_latest: years[3],
});
const place = (...names) => ({ code: "a", handle: "a", name: "绍兴", category: "", lon: 120.58, lat: 30, picture: null, names });

test("a name of known years is certain between them, and perhaps in use about them", () => {
  const yue = named("越州", [600, 605, 1126, 1131]);
  assert.deepEqual([599, 600, 604, 605, 1126, 1127, 1131, 1132].map((year) => usedIn(yue, year)), ["", "perhaps", "perhaps", "certain", "certain", "perhaps", "perhaps", ""]);
});

test("today's name lasts where no end is known; of another nobody knows how long", () => {
  assert.equal(usedIn(named("绍兴", [1131, 1131, null, null], "standard"), 2026), "certain");
  assert.equal(usedIn(named("山阴", [1131, 1131, null, null]), 2026), "perhaps");
  assert.equal(usedIn(named("绍兴", [1131, 1131, null, null], "standard"), 1130), "");
});

test("where no beginning is known nothing is said of the years before the end", () => {
  const until = named("会稽", [null, null, 580, 589]);
  assert.deepEqual([-400, 579, 580, 589, 590].map((year) => usedIn(until, year)), ["", "", "perhaps", "perhaps", ""]);
  assert.equal(usedIn(named("x", [null, null, null, 589]), 589), "");
});

test("an attested name is certain between what is attested, and nothing is said besides", () => {
  const attested = named("大越", [null, 100, 200, null]);
  assert.deepEqual([99, 100, 200, 201].map((year) => usedIn(attested, year)), ["", "certain", "certain", ""]);
});

test("a name without years is never placed", () => {
  assert.deepEqual([-500, 1, 2026].map((year) => usedIn(named("x", undefined, "standard"), year)), ["", "", ""]);
});

test("of several names the certain one is taken, then the standard one, then a former one, then the last", () => {
  const perhaps = named("一", [1000, 1100, null, null], "standard");
  const alias = named("别", [900, 900, 1200, 1200], "alias");
  const former = named("旧", [800, 800, 1200, 1200]);
  const later = named("后", [950, 950, 1200, 1200]);
  assert.equal(nameIn(place(perhaps, alias), 1050).named.name, "别");
  assert.equal(nameIn(place(alias, former), 1050).named.name, "旧");
  assert.equal(nameIn(place(former, later), 1050).named.name, "后");
  assert.equal(nameIn(place(later, { ...perhaps, start_latest: 1000 }), 1050).named.name, "一");
  assert.equal(nameIn(place(former), 1300), null);
});

test("places without a known time are counted apart", () => {
  const found = placesIn([place(named("越州", [605, 605, 1131, 1131])), place(named("后", [1200, 1200, 1300, 1300])), place()], 700);
  assert.deepEqual([found.then.map(({ named: { name } }) => name), found.timed, found.timeless.length], [["越州"], 2, 1]);
});

test("there is no year 0, neither chosen nor stepped to", () => {
  assert.deepEqual([0, 0.4, -9000, 9000, 12.4].map((year) => yearWithin(year, 2026)), [1, 1, -500, 2026, 12]);
  assert.deepEqual([stepped(-1, 1, 2026), stepped(1, -1, 2026), stepped(-5, 10, 2026), stepped(2026, 1, 2026), stepped(-500, -1, 2026)], [1, -1, 6, 2026, -500]);
});

test("a year is of the era that had begun", () => {
  assert.deepEqual([-500, -222, -221, 1270, 1271, 1948, 2026].map(eraOf), ["yue", "yue", "qin", "song", "yuan", "republic", "prc"]);
});

test("rows become places, and those in view are found", () => {
  const [one, two] = readPlaces({ columns: ["code", "lon", "lat", "names"], of_name: ["name", "role"], places: [["a", 120, 30, [["越州", "former"]]], ["b", null, null, null]] });
  assert.deepEqual([one.names, two.names], [[{ name: "越州", role: "former" }], []]);
  assert.deepEqual(within([one, two], [119, 29, 121, 31]), [one]);
});
