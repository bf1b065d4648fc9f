"""A PMTiles archive (version 3) of one tile, the whole world, written by hand."""

import json
from pathlib import Path
from struct import pack
from typing import Any

import mapbox_vector_tile

HEADER_BYTES = 127
NOT_COMPRESSED = 1
KINDS = {"mvt": 1, "png": 2}


def varint(number: int) -> bytes:
    written = b""
    while number > 127:
        written += bytes([number & 127 | 128])
        number >>= 7
    return written + bytes([number])


def archive(tile: bytes, kind: str, metadata: dict[str, Any]) -> bytes:
    """The archive. kind: "mvt" or "png"."""
    directory = b"".join(map(varint, (1, 0, 1, len(tile), 1)))  # entries, id, run, length, offset + 1
    about = json.dumps(metadata).encode()
    parts, at = [], HEADER_BYTES
    for part in (directory, about, b"", tile):
        parts += [at, len(part)]
        at += len(part)
    counts, clustered, zooms, centre_zoom = (1, 1, 1), 1, (0, 0), 0
    header = b"PMTiles\x03" + pack("<8Q3Q", *parts, *counts)
    header += bytes([clustered, NOT_COMPRESSED, NOT_COMPRESSED, KINDS[kind], *zooms])
    header += pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    header += bytes([centre_zoom]) + pack("<2i", 0, 0)
    assert len(header) == HEADER_BYTES
    return header + directory + about + tile


def water_archive(path: Path) -> Path:
    """An archive of one layer, water, that covers the northern half of the world and so all of China."""
    north = {"geometry": "POLYGON ((0 2048, 4096 2048, 4096 4096, 0 4096, 0 2048))", "properties": {}}
    tile = mapbox_vector_tile.encode([{"name": "water", "features": [north]}])
    metadata = {"vector_layers": [{"id": "water", "fields": {}}], "attribution": '<a href="/x">QQSURVEY</a>'}
    path.write_bytes(archive(tile, "mvt", metadata))
    return path
