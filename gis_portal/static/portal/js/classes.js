/**
 * How the figures of a target by division are put into classes, into order, and into numbers. Knows no page.
 *
 * @typedef {{adcode: string, name: string, numerator: number, denominator: number | null, value: number, status: string}} Part
 * @typedef {{metric: string, level: string | null, unit: string}} Kind what of a target decides how it is told
 * @typedef {{from: number, to: number}} Class the values from one to the other; to is not in it, unless both are the same
 */

const MOST = 5;
const SHARES = [0, 0.25, 0.5, 0.75, 1];
const OF_FEATURES = ["count", "increment", "share", "reach"];

/** Whether the target says something of each township. @param {Kind} target */
export function isToldOfTownships({ metric, level }) {
  return metric === "provision_rate" ? level !== "county" : OF_FEATURES.includes(metric);
}

/** Whether each division of that level either has what is asked for or has not. @param {Kind} target @param {string} level */
export function isYesOrNo(target, level) {
  return target.metric === "provision_rate" && target.level === level;
}

/**
 * At most five classes, the least first: quarters of a share with what is complete apart; else a class for each value, where
 * these are few; else steps of a round width.
 *
 * @param {number[]} values
 * @param {string} unit
 * @returns {Class[]}
 */
export function classesOf(values, unit) {
  if (unit === "ratio") return SHARES.map((from, at) => ({ from, to: SHARES[at + 1] ?? Infinity }));
  const distinct = [...new Set(values)].sort((one, other) => one - other);
  if (distinct.length <= MOST) return distinct.map((value) => ({ from: value, to: value }));
  const [least, greatest] = [distinct[0], distinct[distinct.length - 1]];
  const width = roundWidth(least, greatest, distinct.every(Number.isInteger));
  const first = Math.floor(least / width);
  return Array.from({ length: Math.floor(greatest / width) - first + 1 }, (_, at) => ({
    from: rounded((first + at) * width),
    to: rounded((first + at + 1) * width),
  }));
}

/** The smallest of 1, 2 and 5 times a power of ten with which the values fill no more than five classes.
 * @param {number} least @param {number} greatest @param {boolean} isWhole */
function roundWidth(least, greatest, isWhole) {
  for (let power = Math.floor(Math.log10((greatest - least) / MOST)); ; power += 1) {
    for (const digit of [1, 2, 5]) {
      const width = digit * 10 ** power;
      if ((!isWhole || width >= 1) && Math.floor(greatest / width) - Math.floor(least / width) < MOST) return width;
    }
  }
}

/** Without what floating point adds. @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(12));
}

/** Which of the classes a value is in. @param {number} value @param {Class[]} classes */
export function classOf(value, classes) {
  return classes.filter(({ from }) => from <= value).length - 1;
}

/** The shade of each of so many classes, of five from light to dark. @param {number} count */
export function shades(count) {
  return Array.from({ length: count }, (_, at) => (count === 1 ? MOST - 2 : Math.round((at * (MOST - 1)) / (count - 1))));
}

/** Percent with one decimal, rounded down: what is not complete never reads as 100. @param {Part} part */
export function percent({ numerator, denominator, value }) {
  return Math.floor(denominator ? rounded((numerator * 1000) / denominator) : rounded(value * 1000)) / 10;
}

/**
 * The parts in order, those that are equal by their codes.
 *
 * @template {Part} P
 * @param {P[]} parts
 * @param {"name" | "fraction" | "value" | "status"} by
 * @param {boolean} descending
 * @returns {P[]}
 */
export function ordered(parts, by, descending) {
  const names = new Intl.Collator("zh-Hans-u-co-pinyin").compare;
  const compare = {
    name: (/** @type {P} */ one, /** @type {P} */ other) => names(one.name, other.name),
    fraction: (/** @type {P} */ one, /** @type {P} */ other) => one.numerator - other.numerator,
    value: (/** @type {P} */ one, /** @type {P} */ other) => one.value - other.value,
    status: (/** @type {P} */ one, /** @type {P} */ other) => names(one.status, other.status),
  }[by];
  const sign = descending ? -1 : 1;
  return [...parts].sort((one, other) => sign * compare(one, other) || names(one.adcode, other.adcode));
}

/** The collection that a division of that code is in; empty for a city. @param {string} code */
export function collectionOf(code) {
  return { 6: "counties", 9: "townships", 12: "villages" }[code.length] ?? "";
}
