/** Which parts of a name somebody typed, so that they can be marked. */
import { h } from "./dom.js";

/** @typedef {[number, number]} Span where a part begins and ends in the text */

const SPACE = /[\s,，、;；]+/;
const RUNS = /[a-z]+|[^a-z]+/g;
const SHORTEST = 2; // hanzi and digits that are taken for more than chance

/**
 * The text as nodes, what was typed of it marked.
 *
 * @param {string} text
 * @param {string} typed
 * @returns {(string | HTMLElement)[]}
 */
export function marked(text, typed) {
  const nodes = [];
  let end = 0;
  for (const [from, to] of spans(text, typed)) {
    nodes.push(text.slice(end, from), h("mark", {}, text.slice(from, to)));
    end = to;
  }
  return [...nodes, text.slice(end)];
}

/**
 * Letters count whole and without their tones, other characters as far as they stand together.
 *
 * @param {string} text
 * @param {string} typed
 * @returns {Span[]} in order, none over another
 */
export function spans(text, typed) {
  const { letters, places } = folded(text);
  /** @type {Span[]} */
  const found = [];

  /** Whether the text has the part. @param {string} part */
  function mark(part) {
    const at = letters.indexOf(part);
    if (at < 0) return false;
    const [from, to] = [places[at][0], places[at + part.length - 1][1]];
    if (!found.some(([start, end]) => from < end && start < to)) found.push([from, to]);
    return true;
  }

  const whole = folded(typed).letters;
  if (!whole || mark(whole)) return found;
  const runs = typed.split(SPACE).flatMap((word) => folded(word).letters.match(RUNS) ?? []);
  for (const run of runs) {
    if (!mark(run) && !/[a-z]/.test(run)) pieces(run, letters).forEach(mark);
  }
  return found.sort(([one], [other]) => one - other);
}

/** The longest pieces of the run that the text has, from left to right. @param {string} run @param {string} letters */
function pieces(run, letters) {
  const found = [];
  for (let start = 0; start < run.length; ) {
    let size = run.length - start;
    while (size >= SHORTEST && !letters.includes(run.slice(start, start + size))) size -= 1;
    if (size >= SHORTEST) found.push(run.slice(start, start + size));
    start += Math.max(1, size);
  }
  return found;
}

/**
 * Letters, hanzi and digits alone, in one case and without tones; and where in the text each of them stands.
 *
 * @param {string} text
 */
function folded(text) {
  let letters = "";
  /** @type {Span[]} */
  const places = [];
  let at = 0;
  for (const character of text) {
    for (const letter of character.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")) {
      letters += letter;
      for (let unit = 0; unit < letter.length; unit += 1) places.push([at, at + character.length]);
    }
    at += character.length;
  }
  return { letters: letters.replace(/([ln])v/g, "$1u"), places };
}
