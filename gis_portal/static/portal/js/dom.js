/**
 * An element with its attributes and children. Text is always inserted as text.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes] "on…" are listeners, null and false leave an attribute out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...present(children));
  return element;
}

/** The children that are there. @param {(Node | string | null | undefined | false)[]} children */
export function present(children) {
  return children.flatMap((child) => (child ? [child] : []));
}

/**
 * The element of that id, which the page is known to have.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return found;
}

const SVG = "http://www.w3.org/2000/svg";
/** @type {Map<string, string>} the id of each drawing that the page holds */
const held = new Map();

/**
 * A symbol; decoration, since the words beside it say the same. The page holds each drawing once, out of sight, and shows
 * copies of it: for every image of SVG a browser makes a document of its own, which takes it as long as the rest of a row.
 *
 * @param {string} svg a document of 32 × 32
 * @param {number} [size] pixels
 * @returns {SVGSVGElement}
 */
export function symbol(svg, size = 22) {
  const copy = drawing("0 0 32 32", "use", { href: `#${idOf(svg)}` });
  copy.setAttribute("class", "symbol");
  copy.setAttribute("width", String(size));
  copy.setAttribute("height", String(size));
  return copy;
}

/** @param {string} svg */
function idOf(svg) {
  const known = held.get(svg);
  if (known) return known;
  const id = `symbol-${held.size + 1}`;
  const { documentElement: original } = new DOMParser().parseFromString(svg, "image/svg+xml");
  original.id = id;
  const kept = document.getElementById("symbols") ?? document.body.appendChild(h("div", { id: "symbols", hidden: true }));
  kept.append(original);
  held.set(svg, id);
  return id;
}

/** @param {string} svg */
export function dataUrl(svg) {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const PATHS = {
  close: "m5 5 10 10M15 5 5 15",
  share: "M13 6.500 7 10l6 3.500M15.500 7a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400ZM4.500 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400ZM15.500 17.400a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400Z",
  target: "M10 2v3.500M10 14.500V18M2 10h3.500M14.500 10H18M14.500 10a4.500 4.500 0 1 1-9 0 4.500 4.500 0 0 1 9 0Z",
  back: "M12.500 4 6.500 10l6 6",
  info: "M10 9v5M10 6.200v.1M17.500 10a7.500 7.500 0 1 1-15 0 7.500 7.500 0 0 1 15 0Z",
  phone: "M4 3.500 7 3l1.500 4-1.800 1.400a10 10 0 0 0 4.900 4.900L13 11.500l4 1.500-.5 3a1.500 1.500 0 0 1-1.600 1.300A13 13 0 0 1 2.700 5.100 1.500 1.500 0 0 1 4 3.500Z",
};

/**
 * A line icon; decoration.
 *
 * @param {keyof typeof PATHS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  return drawing("0 0 20 20", "path", { d: PATHS[name] });
}

/** An SVG of one element. @param {string} viewBox @param {string} tag @param {Record<string, string>} attributes */
function drawing(viewBox, tag, attributes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("aria-hidden", "true");
  const part = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  svg.append(part);
  return svg;
}
