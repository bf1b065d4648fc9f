{% macro script(this, kwargs) %}
(() => {
  const drawn = {{ this.drawn | tojson }};
  const map = {{ this._parent.get_name() }};
  const texts = (...lines) => {
    const box = document.createElement("div");
    for (const line of lines.filter(Boolean)) box.appendChild(document.createElement("p")).textContent = line;
    return box;
  };
  // A place drawn by the path of its role.
  const Place = L.CircleMarker.extend({
    _updatePath() {
      const { path, is_many } = this.options.role;
      const px = this.options.role.px * (is_many ? 0.6 : 1);
      this._renderer._setPath(this, path);
      this._path.setAttribute("transform", `translate(${this._point.x - px / 2} ${this._point.y - px / 2}) scale(${px / drawn.box})`);
    },
  });

  const areas = L.geoJSON({ type: "FeatureCollection", features: drawn.townships }, {
    style: { color: "#8b99a6", weight: 1, fillColor: "#f4f6f8", fillOpacity: 1 },
    onEachFeature: (area, layer) => layer.bindPopup(() => texts(area.properties.name)),
  }).addTo(map);
  const rank = (place) => drawn.roles[place[2]].rank;
  const places = [...drawn.places].sort((one, other) => rank(one) - rank(other)).map(([lon, lat, role, name, zones, number]) => {
    const drawnAs = drawn.roles[role];
    const place = new Place([lat, lon], {
      role: drawnAs, radius: drawnAs.px / 2, color: drawnAs.line, weight: drawnAs.width, fillColor: drawnAs.fill || "none", fillOpacity: drawnAs.fill ? 1 : 0,
    });
    place.bindPopup(() => texts(number ? `${number} ${name}` : name, drawnAs.words, ...zones)).addTo(map);
    if (number) place.bindTooltip(String(number), { permanent: true, direction: "right", offset: [drawnAs.px / 2 - 4, 0], className: "site-number" });
    return place;
  });
  const bounds = L.featureGroup(places).getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { animate: false, padding: [24, 24], maxZoom: 13 });
  else if (areas.getBounds().isValid()) map.fitBounds(areas.getBounds(), { animate: false });

  L.control.zoom({ zoomInTitle: drawn.words.zoomIn, zoomOutTitle: drawn.words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix(false);
})();
{% endmacro %}
