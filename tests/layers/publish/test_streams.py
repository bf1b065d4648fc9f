"""Large selections as streams: whole, one at a time for each place, and nothing left behind however they end."""

import csv
import gzip
import io
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from layers.access import PUBLIC
from layers.errors import TooManyDownloads
from layers.models import Division
from layers.publish import downloads, items, streams
from layers.publish.formats import FORMATS, reading
from layers.publish.formats.reading import Features
from layers.publish.selection import Selection, SortKey
from layers.publish.streams import Stream, packed
from layers.rows import Period, today
from tests.asking import problem
from tests.layers.publish.formats.readers import table
from tests.layers.publish.plans import explained

VILLAGES = "/api/collections/villages/items"
BACKENDS = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()"
)


@pytest.fixture(autouse=True)
def villages_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the 2,168 villages of the reference data were too many to be made at once."""
    monkeypatch.setattr(downloads, "AT_ONCE", 1000)
    monkeypatch.setattr(reading, "BLOCKS", 2)


def backends() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(BACKENDS)
        return int(cursor.fetchone()[0])


def places_free() -> int:
    return int(streams.places._value)


def hang_up(response: Any) -> None:
    """Closes the response in the middle, without Django closing the test's own connection."""
    next(response._iterator, b"")
    response._iterator.close()


def settled(expected: int) -> int:
    """How many connections there are, once those that were closed have ended; no more than before is well."""
    for _try in range(100):
        if backends() <= expected:
            return expected
        time.sleep(0.05)
    return backends()


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = backends()
    yield
    assert (settled(before), places_free()) == (before, streams.AT_ONCE)


def villages() -> list[str]:
    return sorted(Division.objects.filter(level="village", valid_to=None).values_list("code", flat=True))


def test_geojson_of_many_is_streamed_whole(public: Client) -> None:
    response = public.get(VILLAGES, {"f": "geojson"})
    assert (response.status_code, response.streaming, "Content-Length" in response.headers) == (200, True, False)
    document = json.loads(b"".join(response.streaming_content))
    assert sorted(feature["id"] for feature in document["features"]) == villages()
    assert document["numberReturned"] == len(villages()) > 2000


def test_csv_of_many_is_streamed_whole(public: Client) -> None:
    content = b"".join(public.get(VILLAGES, {"f": "csv"}).streaming_content)
    assert sorted(row["code"] for row in table(content)) == villages()


def test_many_in_an_order_come_in_it(public: Client) -> None:
    content = b"".join(public.get(VILLAGES, {"f": "csv", "sortby": "-id"}).streaming_content)
    assert [row["code"] for row in table(content)] == villages()[::-1]


def test_as_many_as_are_wanted_are_sent(public: Client) -> None:
    content = b"".join(public.get(VILLAGES, {"f": "csv", "limit": "1500"}).streaming_content)
    assert len(table(content)) == 1500
    assert not public.get(VILLAGES, {"f": "csv", "limit": "1000"}).streaming


def test_a_filter_holds_for_many_too(public: Client) -> None:
    content = b"".join(
        public.get(
            VILLAGES, {"f": "csv", "filter": "code > '3306022'"} | {"filter": "id > '33060220'"}
        ).streaming_content
    )
    assert sorted(row["code"] for row in table(content)) == [code for code in villages() if code > "33060220"]


def test_stream_is_compressed_as_it_goes(public: Client) -> None:
    plain = public.get(VILLAGES, {"f": "csv"})
    response = public.get(VILLAGES, {"f": "csv"}, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert gzip.decompress(b"".join(response.streaming_content)) == b"".join(plain.streaming_content)


def test_head_begins_nothing(public: Client) -> None:
    whole = public.get(VILLAGES, {"f": "csv"})
    hang_up(whole)
    head = public.head(VILLAGES, {"f": "csv"})
    assert (head.status_code, b"".join(head.streaming_content)) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    again = public.get(VILLAGES, {"f": "csv"}, headers={"If-None-Match": head.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_client_that_hangs_up_leaves_nothing_behind(public: Client) -> None:
    before = backends()
    response = public.get(VILLAGES, {"f": "geojson"})
    content = iter(response.streaming_content)
    assert [len(next(content)) > 0 for _block in range(3)] == [True] * 3
    assert (backends(), places_free()) == (before + reading.READERS, streams.AT_ONCE - 1)
    hang_up(response)
    assert (settled(before), places_free()) == (before, streams.AT_ONCE)


def test_the_third_at_once_is_asked_to_wait(public: Client) -> None:
    under_way = [public.get(VILLAGES, {"f": "geojson"}) for _time in range(streams.AT_ONCE)]
    refused = public.get(VILLAGES, {"f": "csv"}, headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert problem(public, VILLAGES, f="csv") == (
        503,
        "As many downloads are under way as the portal serves at once. Ask again in 10 seconds.",
    )
    assert public.get(VILLAGES, {"f": "csv", "limit": "10"}).status_code == 200  # a small file takes no place
    for response in under_way:
        hang_up(response)
    again = public.get(VILLAGES, {"f": "csv"})
    assert again.status_code == 200
    hang_up(again)


def test_all_of_a_stream_is_of_one_moment(public: Client) -> None:
    """Committed by another connection while the stream is under way."""
    asked = Selection(layer_id="villages", reader=PUBLIC, period=Period(today(), today()))
    with Features(selection=asked, is_large=True) as features:
        text = FORMATS["csv"].stream
        assert text is not None
        blocks = text(features)
        begun = next(blocks) + next(blocks)
        connection = connections["default"].copy()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT max(code) FROM layers_division WHERE level = 'village'")
                code = cursor.fetchone()[0]
                cursor.execute("UPDATE layers_division SET published = false WHERE code = %s", [code])
            content = begun + b"".join(blocks)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE layers_division SET published = true WHERE code = %s", [code])
            connection.close()
    assert code in {row["code"] for row in table(content)}


def test_client_that_takes_nothing_for_too_long_is_ended(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SLOWEST_CLIENT_S", 1)
    before = backends()
    response = public.get(VILLAGES, {"f": "csv"})
    content = iter(response.streaming_content)
    begun = next(content)
    assert settled(before) == before  # the database has let go of the snapshot
    assert (begun + b"".join(content)).decode().rstrip().endswith('文件不完整，请重新下载。"')


@pytest.mark.parametrize("sort", [(), (SortKey("name"),)], ids=["as stored", "sorted"])
def test_database_that_goes_away_ends_the_stream_with_a_mark(
    sort: tuple[SortKey, ...], public: Client, caplog: pytest.LogCaptureFixture
) -> None:
    response = public.get(VILLAGES, {"f": "csv"} | ({"sortby": "name"} if sort else {}))
    content = iter(response.streaming_content)
    begun = next(content)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
        )
    text = (begun + b"".join(content)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[-1] == ["INCOMPLETE: the download broke off here. 文件不完整，请重新下载。"]
    assert len(rows) < len(villages())
    assert "a download broke off" in caplog.text


def test_pieces_of_many_rows_are_read_from_their_blocks_alone() -> None:
    asked = Selection(layer_id="doorplates", reader=PUBLIC, period=Period(today(), today()))
    statement = reading._piece_statement(asked.form, items.feature(asked.form, items.WHOLE), ",")
    plan = explained(statement, **asked.slots, first_block="(0,0)", end_block="(64,0)")
    assert "Tid Range Scan" in plan


def test_stream_closes_what_it_sends_once_and_gives_its_place_back() -> None:
    ended: list[str] = []

    def blocks() -> Iterator[bytes]:
        try:
            yield b"one"
            yield b"two"
        finally:
            ended.append("ended")

    one, two = Stream(blocks), Stream(lambda: packed(blocks()))
    with pytest.raises(TooManyDownloads):
        Stream(blocks)
    assert list(one) == [b"onetwo"]
    assert gzip.decompress(b"".join(two)) == b"onetwo"
    for stream in (one, two, one):
        stream.close()
    assert ended == ["ended"] * 2


def test_stream_whose_beginning_fails_gives_its_place_back() -> None:
    def blocks() -> Iterator[bytes]:
        yield from (b"" for _none in [1 // 0])

    for _time in range(streams.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            Stream(blocks)
