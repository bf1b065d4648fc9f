"""Links that hand a point over to other map services: ``static/portal/js/routes.js`` for pages without a script."""

from urllib.parse import quote

import numpy as np
from django.utils.translation import gettext as _

from layers.crs import shifted


def routes(name: str, lon: float, lat: float) -> list[tuple[str, str]]:
    """What each service is called, and its address: the device's own map, Amap in GCJ-02, Baidu in BD-09."""
    point, text = np.array([[lon, lat]]), quote(name, safe="")
    amap, baidu = shifted.to_gcj02(point)[0], shifted.to_bd09(point)[0]
    at = f"{lat:.6f},{lon:.6f}"
    return [
        (_("Map of this device"), f"geo:{at}?q={at}({text})"),
        (
            _("Amap"),
            f"https://uri.amap.com/marker?position={amap[0]:.6f},{amap[1]:.6f}&name={text}&coordinate=gaode&callnative=1",
        ),
        (
            _("Baidu Maps"),
            f"https://api.map.baidu.com/marker?location={baidu[1]:.6f},{baidu[0]:.6f}&title={text}&content={text}"
            "&coord_type=bd09ll&output=html&src=webapp.portal.map",
        ),
    ]
