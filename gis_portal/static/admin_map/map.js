/**
 * The map beside a geometry in a form: it shows what the form says, and a point can be set on it.
 * Without it, or without WebGL, the form's own fields do everything.
 */

const DECIMALS = 7;
const COLOUR = "#b3261e";
const EMPTY = { type: "FeatureCollection", features: [] };

for (const field of document.querySelectorAll(".map-field")) {
  // Blank rows that inlines are copied from have no map.
  if (!field.closest(".empty-form")) show(field);
}

/** @param {HTMLElement} field */
async function show(field) {
  const preview = field.querySelector(".map-preview");
  const maplibre = await import(field.dataset.maplibre);
  const style = await groundStyle();
  preview.hidden = false;
  let map;
  try {
    map = new maplibre.Map({ container: preview, style, attributionControl: false, cooperativeGestures: true, locale: words(field, preview) });
  } catch {
    preview.hidden = true; // no WebGL
    return;
  }
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.fitBounds(await homeBounds(), { animate: false, padding: 10 });
  await map.once("load");
  (field.dataset.map === "point" ? pointMap : areaMap)(maplibre, map, field);
}

/** What the map says, in the form's language. */
function words({ dataset }, preview) {
  return {
    "Map.Title": preview.ariaLabel,
    "NavigationControl.ZoomIn": dataset.zoomIn,
    "NavigationControl.ZoomOut": dataset.zoomOut,
    "CooperativeGesturesHandler.WindowsHelpText": dataset.withCtrl,
    "CooperativeGesturesHandler.MacHelpText": dataset.withCommand,
    "CooperativeGesturesHandler.MobileHelpText": dataset.withFingers,
  };
}

function pointMap(maplibre, map, field) {
  const [lon, lat] = field.querySelectorAll("input");
  const marker = new maplibre.Marker({ color: COLOUR, draggable: true });
  const write = ({ lng, lat: north }) => {
    lon.value = String(Number(lng.toFixed(DECIMALS)));
    lat.value = String(Number(north.toFixed(DECIMALS)));
    place();
  };
  const place = () => {
    const given = lon.value !== "" && lat.value !== "" && lon.checkValidity() && lat.checkValidity();
    if (given && Math.abs(lat.value) <= 85) marker.setLngLat([Number(lon.value), Number(lat.value)]).addTo(map);
    else marker.remove();
    return given;
  };
  map.on("click", (event) => write(event.lngLat));
  marker.on("dragend", () => write(marker.getLngLat()));
  for (const input of [lon, lat]) input.addEventListener("input", place);
  const near = lon.dataset.near?.split(",").map(Number); // where to look when nothing is set yet, and how near
  if (place()) map.jumpTo({ center: marker.getLngLat(), zoom: near ? 16 : 12 });
  else if (near) map.jumpTo({ center: near, zoom: 16 });
}

function areaMap(maplibre, map, field) {
  const text = field.querySelector("textarea");
  map.addSource("area", { type: "geojson", data: EMPTY });
  map.addLayer({ id: "area", type: "fill", source: "area", paint: { "fill-color": COLOUR, "fill-opacity": 0.15 } });
  map.addLayer({ id: "edge", type: "line", source: "area", paint: { "line-color": COLOUR, "line-width": 2 } });
  const draw = () => {
    const found = read(text.value);
    map.getSource("area").setData(found ?? EMPTY);
    const bounds = new maplibre.LngLatBounds();
    for (const place of places(found?.geometry.coordinates ?? [])) bounds.extend(place);
    if (!bounds.isEmpty()) map.fitBounds(bounds, { animate: false, padding: 24, maxZoom: 15 });
  };
  text.addEventListener("change", draw);
  draw();
}

/** The feature a text of GeoJSON says, or null. */
function read(text) {
  try {
    const given = JSON.parse(text);
    const geometry = given.type === "Feature" ? given.geometry : given;
    return ["Polygon", "MultiPolygon"].includes(geometry?.type) ? { type: "Feature", properties: {}, geometry } : null;
  } catch {
    return null;
  }
}

function* places(coordinates) {
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const part of coordinates) yield* places(part);
}

/** The portal's own style over its own tiles, without markers, which would hide what is edited. */
async function groundStyle() {
  const style = await (await fetch("/api/styles/portal")).json();
  for (const source of Object.values(style.sources)) {
    source.tiles = source.tiles.map((url) => location.origin + url.slice(url.indexOf("/api/")));
  }
  style.layers = style.layers.filter((layer) => !layer.layout?.["icon-image"]);
  return { ...style, sprite: undefined };
}

async function homeBounds() {
  const counties = await (await fetch("/api/collections/counties")).json();
  const [west, south, east, north] = counties.extent.spatial.bbox[0];
  return [[Math.max(west, -180), Math.max(south, -80)], [Math.min(east, 180), Math.min(north, 80)]];
}
