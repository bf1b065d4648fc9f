{% macro script(this, kwargs) %}
(() => {
  const drawn = {{ this.drawn | tojson }};
  const map = {{ this._parent.get_name() }};
  const STYLES = {
    met: { color: "#1f6b41", weight: 1, fillColor: "#cfe8d8", fillOpacity: 1 },
    missing: { color: "#8c1d14", weight: 2, fillColor: "url(#missing-fill)", fillOpacity: 1 },
    none: { color: "#8b99a6", weight: 1, fillColor: "#f4f6f8", fillOpacity: 1 },
  };
  const POINTS = {
    counts: { radius: 5, color: "#ffffff", weight: 1, fillColor: "#17507a", fillOpacity: 1 },
    demonstration: { radius: 5, color: "#17507a", weight: 2, dashArray: "2 2", fillColor: "#ffffff", fillOpacity: 1 },
    gap: { radius: 6, color: "#8c1d14", weight: 3, fillColor: "#ffffff", fillOpacity: 1 },
  };
  const texts = (...lines) => {
    const box = document.createElement("div");
    for (const line of lines.filter(Boolean)) box.appendChild(document.createElement("p")).textContent = line;
    return box;
  };

  let states = {};
  const stateOf = (area) => states[area.properties.adcode] ?? ["none", ""];
  const areas = L.geoJSON({ type: "FeatureCollection", features: drawn.townships }, {
    onEachFeature: (area, layer) => layer.bindPopup(() => {
      const [state, reason] = stateOf(area);
      return texts(`${area.properties.county} ${area.properties.name}`, drawn.words[state], reason);
    }),
  }).addTo(map);
  const points = L.layerGroup().addTo(map);

  const show = (target) => {
    states = target.states;
    areas.setStyle((area) => STYLES[stateOf(area)[0]]);
    areas.eachLayer((layer) => { if (stateOf(layer.feature)[0] === "missing") layer.bringToFront(); });
    points.clearLayers();
    for (const [lon, lat, kind, name, more] of target.points) {
      L.circleMarker([lat, lon], POINTS[kind]).bindPopup(texts(name, drawn.words[kind], more)).addTo(points);
    }
  };

  const choice = document.getElementById("map-target");
  choice.addEventListener("change", () => show(drawn.targets[choice.selectedIndex]));
  show(drawn.targets[choice.selectedIndex]);
  const every = L.featureGroup([areas, ...points.getLayers()]);
  if (every.getBounds().isValid()) map.fitBounds(every.getBounds(), { animate: false, padding: [8, 8] });

  L.control.zoom({ zoomInTitle: drawn.words.zoomIn, zoomOutTitle: drawn.words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix(false);
})();
{% endmacro %}
