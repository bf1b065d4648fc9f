"""What each way of packing an answer costs and saves: tiles of the city, a page of features, a style."""

import json
import zlib
from collections.abc import Callable, Iterator
from statistics import mean
from time import perf_counter

import brotli
from isal import isal_zlib

from bench.doorplates import city
from layers.access import PUBLIC
from layers.publish import styles, tiles
from layers.publish.matrix import Tile, tile_at
from layers.rows import today

CENTRE = (120.585, 30.0)
REPEATED_S = 0.3
WAYS: dict[str, Callable[[bytes], bytes]] = {
    **{f"zlib {level}": lambda body, level=level: zlib.compress(body, level) for level in (1, 4, 6)},
    **{f"isal {level}": lambda body, level=level: isal_zlib.compress(body, level) for level in (0, 1, 2, 3)},
    **{f"brotli {quality}": lambda body, quality=quality: brotli.compress(body, quality=quality) for quality in (1, 3, 4, 5, 6, 9)},
}  # fmt: skip


def main() -> None:
    with city():
        bodies = {
            "tiles z8–11, all layers": [tiles.all_layers(PUBLIC, today(), tile) for tile in _around(8, 9, 10, 11)],
            "tiles z14–15, all layers": [tiles.all_layers(PUBLIC, today(), tile) for tile in _around(14, 15)],
            "tiles z16–17, all layers": [tiles.all_layers(PUBLIC, today(), tile) for tile in _around(16, 17)],
            "style": [
                json.dumps(
                    styles.portal_style(styles.Setting(tiles_url="/{z}/{x}/{y}", lang="zh-Hans")), ensure_ascii=False
                ).encode()
            ],
        }
    for name, found in bodies.items():
        size = mean(map(len, found))
        print(
            f"\n### {name}: {size / 1000:,.1f} kB on average\n\n| Way | Size | Time | Throughput |\n|---|---|---|---|"
        )
        for way, share, seconds in _measured(found):
            print(f"| {way} | {share:.0%} | {seconds * 1e3:.2f} ms | {size / seconds / 1e6:,.0f} MB/s |")


def _around(*zooms: int) -> Iterator[Tile]:
    for zoom in zooms:
        middle = tile_at(*CENTRE, zoom)
        for column in (-1, 0, 1):
            for row in (-1, 0, 1):
                yield Tile(zoom, middle.column + column, middle.row + row)


def _measured(bodies: list[bytes]) -> Iterator[tuple[str, float, float]]:
    """Way, share of the size left, seconds a body."""
    for way, pack in WAYS.items():
        packed = [pack(body) for body in bodies]
        rounds, began = 0, perf_counter()
        while perf_counter() - began < REPEATED_S:
            for body in bodies:
                pack(body)
            rounds += 1
        seconds = (perf_counter() - began) / rounds / len(bodies)
        yield way, sum(map(len, packed)) / sum(map(len, bodies)), seconds
