/** The portal's style as it is drawn: what is switched on, how faint, in which colours, how large its names. */

/**
 * @typedef {{layers: string[], opacity: Record<string, number>, elder: boolean, dark: boolean, ground: boolean}} Dress
 *   opacity in percent. ground: whether the portal's own is drawn
 * @typedef {{part: string, kind: "paint" | "layout", name: string, value: any}} Change
 */

const LARGE = 1.4;
const SIZES = { layout: ["text-size", "icon-size"], paint: ["circle-radius"] };
const OPACITIES = /** @type {Record<string, string[]>} */ ({
  circle: ["circle-opacity", "circle-stroke-opacity"],
  fill: ["fill-opacity"],
  line: ["line-opacity"],
  symbol: ["icon-opacity", "text-opacity"],
});

/**
 * A copy of the style in that dress. The dark colours are those that its metadata name.
 *
 * @param {any} style
 * @param {Dress} dress
 * @returns {any}
 */
export function dressed(style, dress) {
  return { ...style, layers: style.layers.map((/** @type {any} */ part) => dressedPart(part, style.metadata?.dark ?? {}, dress)) };
}

/** @param {any} part @param {Record<string, string>} darkColours @param {Dress} dress */
function dressedPart(part, darkColours, { layers, opacity, elder, dark, ground }) {
  const id = part.metadata?.layer;
  const layout = { ...part.layout };
  let paint = { ...part.paint };
  if (dark) paint = recoloured(paint, darkColours);
  if (id) layout.visibility = layers.includes(id) ? "visible" : "none";
  if (!ground && (part.type === "background" || part.metadata?.ground)) paint[`${part.type}-opacity`] = 0; // still there to be clicked
  if (elder) {
    for (const name of SIZES.layout) if (name in layout) layout[name] = scaled(layout[name], LARGE);
    for (const name of SIZES.paint) if (name in paint) paint[name] = scaled(paint[name], LARGE);
  }
  if (id in opacity) for (const name of OPACITIES[part.type] ?? []) paint[name] = scaled(paint[name] ?? 1, opacity[id] / 100);
  return { ...part, layout, paint };
}

/**
 * A number or an expression of numbers, times the factor. What depends on the zoom stays outermost, as MapLibre wants it.
 *
 * @param {any} value
 * @param {number} factor
 * @returns {any}
 */
export function scaled(value, factor) {
  if (typeof value === "number") return Number((value * factor).toFixed(4));
  const [operator] = value;
  // ["interpolate", how, by, stop, value, …] and ["step", by, value, stop, value, …]: every second one is a value
  const first = operator === "interpolate" ? 4 : operator === "step" ? 2 : Infinity;
  if (first === Infinity) return ["*", factor, value];
  return value.map((/** @type {any} */ part, /** @type {number} */ at) => (at >= first && (at - first) % 2 === 0 ? scaled(part, factor) : part));
}

/** @param {any} value @param {Record<string, string>} colours @returns {any} the value, every colour of the table replaced */
export function recoloured(value, colours) {
  if (typeof value === "string") return colours[value] ?? value;
  if (Array.isArray(value)) return value.map((part) => recoloured(part, colours));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recoloured(part, colours)]));
}

/**
 * What has to be set on a map that shows the first style for it to show the second, of the same parts.
 *
 * @param {any} before
 * @param {any} after
 * @returns {Change[]} value: undefined for what is no longer said
 */
export function changes(before, after) {
  return after.layers.flatMap((/** @type {any} */ part, /** @type {number} */ at) =>
    /** @type {const} */ (["paint", "layout"]).flatMap((kind) => {
      const [old, now] = [before.layers[at][kind] ?? {}, part[kind] ?? {}];
      return [...new Set([...Object.keys(old), ...Object.keys(now)])]
        .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
        .map((name) => ({ part: part.id, kind, name, value: now[name] }));
    }),
  );
}
