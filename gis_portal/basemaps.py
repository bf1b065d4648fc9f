"""What may lie below the layers instead of the portal's own ground: 天地图, and files that the bureau puts into a folder."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

# Read by the settings too: the only hosts that a page may then ask, besides the portal itself.
TIANDITU_HOSTS = [f"https://t{number}.tianditu.gov.cn" for number in range(8)]
TIANDITU_TILE = (
    "/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET=w"
    "&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
NAME = re.compile(
    r"([\w-][\w.-]{0,75})\.(json|pmtiles)"
)  # of a file; what stands before its ending is what people read


@dataclass(frozen=True)
class BasemapFile:
    name: str
    kind: str  # "json", a MapLibre style, or "pmtiles"
    path: Path


def files(folder: Path) -> dict[str, BasemapFile]:
    """The basemaps of the folder by the names of their files; what is no plain file lying in it is none."""
    if not folder.is_dir():
        return {}
    found = ((NAME.fullmatch(path.name), path) for path in sorted(folder.iterdir()))
    return {
        path.name: BasemapFile(match[1], match[2], path)
        for match, path in found
        if match and path.is_file() and not path.is_symlink()
    }


def tianditu(key: str) -> list[dict[str, Any]]:
    """The maps of 天地图 as the page offers them, each with its style; none without a key."""
    if not key:
        return []
    maps = {
        "tianditu-map": (_("Tianditu map"), ("vec", "cva")),
        "tianditu-imagery": (_("Tianditu imagery"), ("img", "cia")),
    }
    return [
        {"id": id_, "title": title, "kind": "style", "style": _raster_style(layers, key)}
        for id_, (title, layers) in maps.items()
    ]


def _raster_style(layers: tuple[str, ...], key: str) -> dict[str, Any]:
    credit = _("Tianditu; its map approval number stands at www.tianditu.gov.cn")
    return {
        "version": 8,
        "sources": {
            layer: {
                "type": "raster",
                "tiles": [host + TIANDITU_TILE.format(layer=layer, key=key) for host in TIANDITU_HOSTS],
                "tileSize": 256,
                "maxzoom": 18,
                "attribution": credit,
            }
            for layer in layers
        },
        "layers": [{"id": layer, "type": "raster", "source": layer} for layer in layers],
    }
