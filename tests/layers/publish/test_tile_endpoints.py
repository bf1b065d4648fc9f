"""The endpoints of tiles as functions: versions, what is kept, who is waited for, what is refused."""

import gzip
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Event
from typing import Any

import brotli
import mapbox_vector_tile
import pytest
from django.db import connections

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.errors import LayerError, TileNotDrawn, TileTooSlow, UnknownLayer, UnknownParameter, UnknownTile
from layers.publish import freshness, tile_endpoints, tiles
from layers.publish.endpoints import Answer, Ask
from layers.publish.matrix import Tile
from layers.publish.statements import DATABASE, Slot, Statement
from layers.publish.tiles import Drawn
from layers.rows import today
from tests.layers.publish.drawing import tile_at
from tests.layers.publish.sea import burial_site
from tests.sharing import commit

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
ASK = Ask(params={}, reader=PUBLIC, language="en", base="https://map.example.cn")
TOWNSHIPS = ("townships", "9", "211", "427")


def tile(ask: Ask = ASK, *path: str) -> Answer:
    return tile_endpoints.layer_tile(ask, *(path or TOWNSHIPS))


def kept(ask: Ask = ASK) -> Ask:
    return replace(ask, params={"v": freshness.url_version([registry.get("townships")], today())})


def test_tile_says_what_it_is_and_how_long_it_may_be_kept() -> None:
    version = freshness.version([registry.get("townships")])
    answer = tile()
    assert (answer.status, answer.content_type) == (200, "application/vnd.mapbox-vector-tile")
    assert answer.headers == {
        "ETag": f"W/{freshness.etag(version, PUBLIC, today().isoformat())}",
        "Cache-Control": "public, no-cache",
        "Content-Language": "en",
        "Vary": "Accept-Encoding, Authorization, Cookie",
    }
    assert tile(kept()).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert tile(replace(kept(), reader=BUREAU)).headers["Cache-Control"] == "private, no-cache"


def drawn(data: bytes) -> dict[str, list[str]]:
    """The features of each layer, whatever their order."""
    return {name: sorted(map(str, layer["features"])) for name, layer in mapbox_vector_tile.decode(data).items()}


def test_a_tile_is_the_same_in_every_language() -> None:
    one, other = tile(), tile(replace(ASK, language="zh-hans"))
    assert (drawn(one.body), one.headers["ETag"]) == (drawn(other.body), other.headers["ETag"])


def test_tile_is_packed_by_gzip_and_kept_ones_by_brotli() -> None:
    plain = tile()
    browser = replace(ASK, accept_encoding="gzip, deflate, br, zstd")
    for ask, coding, unpacked in (
        (browser, "gzip", gzip.decompress),
        (kept(browser), "br", brotli.decompress),
        (kept(replace(ASK, accept_encoding="gzip")), "gzip", gzip.decompress),
    ):
        answer = tile(ask)
        assert answer.headers["Content-Encoding"] == coding
        assert answer.headers["ETag"] == plain.headers["ETag"]
        assert drawn(unpacked(answer.body)) == drawn(plain.body)


def test_who_has_the_tile_is_told_so_without_a_look_at_the_rows(statements: list[str]) -> None:
    tag = tile().headers["ETag"]
    statements.clear()
    for known in (tag, f'"other", {tag}'):
        answer = tile(replace(ASK, if_none_match=known))
        assert (answer.status, answer.body) == (304, b"")
    assert all("ST_AsMVT" not in text for text in statements)
    assert len(statements) == 2
    assert tile(replace(ASK, if_none_match='"older"')).status == 200


def test_without_a_tag_version_and_tile_come_in_one_statement(statements: list[str]) -> None:
    tile()
    assert len(statements) == 1


def test_an_edit_shows_at_the_next_request() -> None:
    here = tile_at(123.5, 29.5, 8)
    path = ("eco-burial-sites", "8", str(here.row), str(here.column))
    before = tile(ASK, *path)
    burial_site("new", 123.5, 29.5)
    commit()
    after = tile(replace(ASK, if_none_match=before.headers["ETag"]), *path)
    assert (before.status, after.status) == (204, 200)
    assert before.headers["ETag"] != after.headers["ETag"]
    [found] = mapbox_vector_tile.decode(after.body)["eco-burial-sites"]["features"]
    assert found["properties"]["code"] == "new"


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (lambda: tile(ASK, "nowhere", "9", "0", "0"), UnknownLayer),
        (lambda: tile(ASK, "counties", "99", "0", "0"), UnknownTile),
        (lambda: tile(ASK, "villages", "10", "0", "0"), TileNotDrawn),
        (lambda: tile(replace(ASK, params={"a": "1"})), UnknownParameter),
        (lambda: tile_endpoints.tile_of_all(ASK, "1", "2", "0"), UnknownTile),
        (lambda: tile_endpoints.style(ASK, "nowhere"), UnknownLayer),
        (lambda: tile_endpoints.layer_tilesets(ASK, "nowhere"), UnknownLayer),
    ],
)
def test_errors_are_the_domains(refused: Callable[[], Answer], error: type[LayerError]) -> None:
    with pytest.raises(error):
        refused()


def test_style_speaks_the_asked_language() -> None:
    for language, tag in (("en", "en"), ("zh-hans", "zh-Hans")):
        style = json.loads(tile_endpoints.style(replace(ASK, language=language), "portal").body)
        assert (set(style["metadata"]), style["metadata"]["lang"]) == ({"lang", "dark"}, tag)
        assert style["sources"]["portal"]["tiles"][0].startswith("https://map.example.cn/api/tiles/{z}/{x}/{y}.pbf?v=")


# Those who ask for the same at the same time


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event, list[Tile]]]:
    """Drawing that waits: an event that it has begun, one that lets it go on, and the tiles drawn."""
    begun, go_on, drawn = Event(), Event(), []
    draw = tiles.draw

    def slowly(layer_ids: Any, reader: Any, on: date, place: Tile) -> Drawn:
        drawn.append(place)
        made = draw(layer_ids, reader, on, place)
        if len(drawn) == 1:
            begun.set()
            go_on.wait(timeout=20)
        return made

    monkeypatch.setattr(tiles, "draw", slowly)
    yield begun, go_on, drawn
    go_on.set()


def in_own_connection(call: Callable[[], Answer]) -> Answer:
    try:
        return call()
    finally:
        connections.close_all()


def test_two_who_ask_for_one_tile_are_given_one_drawing(held: tuple[Event, Event, list[Tile]]) -> None:
    begun, go_on, drawn = held
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(in_own_connection, tile)
        assert begun.wait(timeout=20)
        second = threads.submit(in_own_connection, tile)
        while tile_endpoints.UNDER_WAY.waiting == 0:
            pass
        go_on.set()
        assert first.result(timeout=20) == second.result(timeout=20)
    assert len(drawn) == 1


def test_who_asks_after_an_edit_is_not_given_a_drawing_from_before_it(
    held: tuple[Event, Event, list[Tile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, drawn = held
    version = freshness.version_of
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(in_own_connection, tile)
        assert begun.wait(timeout=20)
        monkeypatch.setattr(freshness, "version_of", lambda ids: version(ids) + 1)  # an edit meanwhile
        second = threads.submit(in_own_connection, tile)
        while tile_endpoints.UNDER_WAY.waiting == 0:
            pass
        go_on.set()
        assert first.result(timeout=20).status == second.result(timeout=20).status == 200
    assert len(drawn) == 2


def test_a_tile_that_takes_too_long_is_ended_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_key: Any) -> Statement:
        with connections[DATABASE].cursor() as cursor:
            cursor.execute("SET statement_timeout = '100ms'")
        return Statement("SELECT 1, pg_sleep(60)::text::bytea WHERE %s > 0", (Slot("z"),))

    monkeypatch.setattr(tiles, "statement", endless)
    with ThreadPoolExecutor(1) as thread, pytest.raises(TileTooSlow, match="9/211/427"):
        thread.submit(in_own_connection, tile).result(timeout=20)
