/** A plain style for an archive of tiles that brings none: quiet, so that what the portal draws stands out. */

const LIGHT = { ground: "#f3f2ee", area: "#e6e5df", water: "#c9dfec", line: "#c3c2bb", point: "#a5a49d" };
const DARK = { ground: "#1f262c", area: "#29323a", water: "#1b3a4f", line: "#45515b", point: "#6d7983" };

/**
 * Areas, lines and points of every vector layer, areas below. Water is what a layer's id says is water.
 *
 * @param {any} source of the style
 * @param {{id: string}[]} vectorLayers empty: the tiles are pictures
 * @param {boolean} dark
 * @returns {any}
 */
export function genericStyle(source, vectorLayers, dark) {
  const colours = dark ? DARK : LIGHT;
  const drawn = /** @type {const} */ ([["fill", "Polygon"], ["line", "LineString"], ["circle", "Point"]]).flatMap(([type, geometry]) =>
    vectorLayers.map(({ id }) => {
      const water = /water/i.test(id);
      const paint = {
        fill: { "fill-color": water ? colours.water : colours.area },
        line: { "line-color": water ? colours.water : colours.line, "line-width": 1 },
        circle: { "circle-color": colours.point, "circle-radius": 2 },
      }[type];
      return { id: `${id}.${type}`, type, source: "archive", "source-layer": id, filter: ["==", ["geometry-type"], geometry], paint };
    }),
  );
  const ground = { id: "ground", type: "background", paint: { "background-color": colours.ground } };
  return { version: 8, sources: { archive: source }, layers: [ground, ...(source.type === "raster" ? [{ id: "pictures", type: "raster", source: "archive" }] : drawn)] };
}
