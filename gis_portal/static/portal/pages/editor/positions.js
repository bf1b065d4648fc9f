/** Shapes as they are typed, a position a line in degrees, and as GeoJSON. */
import { config } from "./about.js";

const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?`;
const POSITION = new RegExp(String.raw`^(${NUMBER})°?\s*[,，;；\s]\s*(${NUMBER})°?$`);
const KINDS = { point: "Point", line: "LineString", area: "Polygon" };
export const FORMS = { Point: "point", LineString: "line", Polygon: "area" };
const LEAST = { point: 1, line: 2, area: 3 };

/** @param {string} text @param {"point" | "line" | "area"} form @returns {any} a geometry, or null where it is none yet */
export function read(text, form) {
  if (text.trim().startsWith("{")) return readJson(text);
  const lines = text.split("\n").filter((line) => line.trim());
  const positions = lines.map((line) => POSITION.exec(line.trim())?.slice(1, 3).map(Number));
  if (!positions.length || positions.some((each) => !each || Math.abs(each[0]) > 180 || Math.abs(each[1]) > 90)) return null;
  if (positions.length < LEAST[form] || (form === "point" && positions.length > 1)) return null;
  if (form === "area" && String(positions[0]) !== String(positions.at(-1))) positions.push(positions[0]);
  return { type: KINDS[form], coordinates: form === "point" ? positions[0] : form === "area" ? [positions] : positions };
}

/** @param {string} text */
function readJson(text) {
  try {
    const said = JSON.parse(text);
    return said?.coordinates ? said : null;
  } catch {
    return null;
  }
}

/** @param {any} geometry of a drawing: a point, a line, or an area without holes */
export function written({ type, coordinates }) {
  const positions = type === "Point" ? [coordinates] : type === "Polygon" ? coordinates[0].slice(0, -1) : coordinates;
  return positions.map((/** @type {number[]} */ each) => each.map((number) => String(Number(number.toFixed(config.decimals)))).join(", ")).join("\n");
}

/** West, south, east and north of geometries. @param {any[]} geometries */
export function boundsOf(geometries) {
  const numbers = geometries.flatMap((each) => each.coordinates.flat(Infinity));
  const [xs, ys] = [0, 1].map((axis) => numbers.filter((_, place) => place % 2 === axis));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
