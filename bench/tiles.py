"""Tiles of a city of 2,000,000 doorplates: how large, how fast from the rows, how fast from the proxy, and a 304.

The light mix is all layers at zooms 15 to 17 where people live; the heavy one is doorplates where they are densest and
the whole city seen from afar.
"""

import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import quantiles

from django.db import connections

from bench import Row, compared, table
from bench.doorplates import city
from bench.serving import PROJECT, Request, ask, compare_answers, in_turns, load, pgbench, serving, taken, tile_sql
from layers import registry
from layers.access import PUBLIC
from layers.publish import freshness, tiles
from layers.publish.extents import of as extent_of
from layers.publish.matrix import MATRIX, Tile, tile_at
from layers.publish.statements import DATABASE
from layers.rows import today

PAIRS = 7
REQUESTS = 40  # each is a script of pgbench's, which takes at most 128
LIMIT_BYTES = 100_000
WHOLE_CITY_TO = 13  # beyond it the tiles of the densest places stand for the city's
DENSEST = 24
TILES_OF_PLATES = """
    SELECT tile_column, tile_row FROM layers_doorplatecell WHERE zoom = %s
    GROUP BY 1, 2 ORDER BY sum(offered) DESC LIMIT %s
"""


def main() -> None:
    with city():
        print(table(list(sizes())), flush=True)
        with serving() as port:
            print(table(list(speeds(port))), flush=True)
            print(table(list(behind_the_proxy(port))), flush=True)


# How large


def sizes() -> Iterator[Row]:
    """The largest tile of each zoom: of all layers together, and of the layer that has the largest."""
    for zoom in range(19):
        drawn = {tile: len(tiles.all_layers(PUBLIC, today(), tile)) for tile in tiles_of_city(zoom)}
        largest = max(drawn, key=lambda tile: drawn[tile])
        alone = {layer.id: len(tiles.one_layer(layer, PUBLIC, today(), largest)) for layer in registry.published()}
        most = max(alone, key=lambda layer_id: alone[layer_id])
        name = f"largest of {len(drawn)} tiles at zoom {zoom}; of one layer {alone[most] / 1e3:.1f} kB: {most}"
        yield Row(name, drawn[largest] / 1e3, "kB", LIMIT_BYTES / 1e3, "limit", drawn[largest] / LIMIT_BYTES)


def tiles_of_city(zoom: int) -> Iterator[Tile]:
    if zoom <= WHOLE_CITY_TO:
        west, south, east, north = extent_of(registry.get("counties"), PUBLIC) or (119.8, 29.2, 121.3, 30.4)
        first, last = tile_at(west, north, zoom), tile_at(east, south, zoom)
        for column in range(first.column, last.column + 1):
            for row in range(first.row, last.row + 1):
                yield Tile(zoom, column, row)
    else:
        for tile in densest(14):
            parts = 2 ** (zoom - 14)
            for column in range(parts):
                for row in range(parts):
                    yield Tile(zoom, tile.column * parts + column, tile.row * parts + row)


def densest(zoom: int, number: int = DENSEST) -> list[Tile]:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(TILES_OF_PLATES, [zoom, number])
        return [Tile(zoom, column, row) for column, row in cursor.fetchall()]


# How fast


def speeds(port: int) -> Iterator[Row]:
    for name, requests in {"light mix": light(), "heavy mix": heavy()}.items():
        for request in requests:
            compare_answers(port, request)
        pairs = in_turns(PAIRS, partial(load, port, requests), partial(pgbench, requests))
        yield compared(f"{name}, uncached", "tiles/s", "pgbench, bare SQL", pairs)
    requests = light()
    known = f"If-None-Match: W/{freshness.etag(freshness.version(registry.published()), PUBLIC, today().isoformat())}\n"
    pairs = in_turns(PAIRS, partial(load, port, requests, headers=known), partial(load, port, requests))
    yield compared("light mix, 304 to who has it", "answers/s", "the tiles themselves", pairs)


def light() -> list[Request]:
    """All layers, zooms 15 to 17, in the densest fifth of the city."""
    chance = random.Random(1)
    near = chance.sample(densest(14, 300), REQUESTS)
    return [_all_layers(_part_of(tile, 15 + number % 3, chance)) for number, tile in enumerate(near)]


def heavy() -> list[Request]:
    """Doorplates at zooms 14 and 15, all layers from zoom 8 to 12."""
    chance = random.Random(2)
    near = chance.sample(densest(14, 100), REQUESTS // 2)
    plates = [_doorplates(_part_of(tile, 14 + number % 2, chance)) for number, tile in enumerate(near)]
    afar = [_all_layers(tile) for zoom in (8, 9, 10, 11, 12) for tile in densest(zoom, REQUESTS // 10)]
    return plates + afar


def _part_of(tile: Tile, zoom: int, chance: random.Random) -> Tile:
    parts = 2 ** (zoom - tile.zoom)
    return Tile(zoom, tile.column * parts + chance.randrange(parts), tile.row * parts + chance.randrange(parts))


def _all_layers(tile: Tile) -> Request:
    return Request(f"/api/tiles/{tile.zoom}/{tile.column}/{tile.row}.pbf", tile_sql(tiles.published_ids(), tile))


def _doorplates(tile: Tile) -> Request:
    path = f"/api/collections/doorplates/tiles/{MATRIX}/{tile.zoom}/{tile.row}/{tile.column}"
    return Request(path, tile_sql(("doorplates",), tile))


# Behind the proxy


def behind_the_proxy(port: int) -> Iterator[Row]:
    program = os.environ.get("NGINX_PROGRAM") or shutil.which("nginx")
    if program is None:
        print("nginx is not installed (NGINX_PROGRAM=… names one): cached tiles are not measured", flush=True)
        return
    version = freshness.url_version(registry.published(), today())
    requests = [Request(f"{request.path}?v={version}", "") for request in light()]
    with proxied(program, port) as cached:
        for request in requests:
            ask(cached, request.path)
        pairs = in_turns(PAIRS, partial(load, cached, requests), partial(load, port, requests))
        yield compared("light mix, kept by nginx", "tiles/s", "uncached", pairs)
        p99 = [quantiles(taken(cached, requests), n=100)[-1] * 1e3 for _time in range(3)]
        yield Row("p99 of a kept tile, 8 clients", sorted(p99)[1], "ms", 5, "limit", sorted(p99)[1] / 5)


@contextmanager
def proxied(program: str, port: int) -> Iterator[int]:
    """The port of an nginx with deploy/nginx.conf's own rules in front of the server at a port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        own = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        text = (PROJECT / "deploy/nginx.conf").read_text(encoding="utf-8")
        text = text.replace("server web:8000;", f"server 127.0.0.1:{port};").replace(
            "listen 8080;", f"listen 127.0.0.1:{own};"
        )
        text = text.replace("/tmp/", f"{folder}/").replace("/var/cache/portal", f"{folder}/cache")
        text = text.replace("include /etc/nginx/mime.types;", "")
        # The load asks more of one connection than nginx allows a browser.
        text = text.replace("keepalive_timeout 60s;", "keepalive_timeout 60s; keepalive_requests 10000000;")
        Path(folder, "nginx.conf").write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            [program, "-p", folder, "-c", f"{folder}/nginx.conf", "-g", "daemon off; user root;"]
        )
        try:
            time.sleep(1)
            yield own
        finally:
            process.terminate()
            process.wait(timeout=20)
