"""``/api/geocode/batch``: a table in, a table out, and what is refused in words."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from layers.publish import streams
from layers.search import views
from layers.search.tables import ADDED
from tests.layers.search.plates import TASHAN, plate
from tests.people import account, with_token

URL = "/api/geocode/batch"
HERE = "浙江省绍兴市越城区塔山街道"


@pytest.fixture(autouse=True)
def _plates(db: None) -> None:
    plate("d-12", 123.51, 29.51, street="齉陵路", door="12号")
    plate("home", 123.52, 29.52, street="齉陵路", door="21号", room="101室", plate_kind="household")


def post(client: Client, body: bytes | str, language: str = "en", kind: str = "text/csv", **params: str) -> Any:
    content = body if isinstance(body, bytes) else body.encode()
    headers = {"Accept-Language": language, "Content-Type": kind, "Content-Length": str(len(content))}
    return client.generic("POST", URL, content, query_params=params, headers=headers)


def rows(response: Any) -> list[list[str]]:
    assert response.status_code == 200, response.content.decode()
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def refused(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json", response
    return response.status_code, json.loads(response.content)["detail"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_table_comes_back_with_places(encoding: str, public: Client) -> None:
    body = "名称,县,路\n甲,越城区,齉陵路十二号\n乙,杭州市西湖区,文三路1号\n".encode(encoding)
    response = post(public, body, columns="县,路")
    headers = ("Content-Type", "Content-Crs", "Content-Disposition", "Content-Language", "Cache-Control")
    assert [response.headers[name] for name in headers] == [
        "text/csv", "<http://www.opengis.net/def/crs/EPSG/0/4490>", 'attachment; filename="geocoded.csv"', "en", "no-store",
    ]  # fmt: skip
    assert rows(response) == [
        ["名称", "县", "路", *ADDED],
        ["甲", "越城区", "齉陵路十二号", f"{HERE}齉陵路12号", "door", "1.0", "123.51", "29.51", "d-12", TASHAN, ""],
        ["乙", "杭州市西湖区", "文三路1号", "", "none", "0.0", "", "", "", "",
         "“杭州市西湖区” lies outside of the area that this portal describes."],
    ]  # fmt: skip


def test_notes_are_in_the_readers_language(public: Client) -> None:
    [_heading, row] = rows(post(public, "地址\n齉陵路99号\n", language="zh-CN"))
    assert row[-1] == "该处没有此门牌号；此处给出第一个门牌。"


def test_a_table_without_rows_comes_back_so(public: Client) -> None:
    assert rows(post(public, "地址\n")) == [["地址", *ADDED]]


def test_the_encoding_may_stand_in_the_content_type(public: Client) -> None:
    body = "地址\n齉陵路12号\n".encode("gb18030")
    assert rows(post(public, body, kind="text/csv; charset=gbk"))[1][5:7] == ["29.51", "d-12"]
    assert refused(post(public, body, encoding="utf-8"))[0] == 422


def test_everybody_is_told_what_they_may_see(public: Client, staff: Client) -> None:
    ways = [
        rows(post(client, "地址\n齉陵路21号\n"))[1][2] for client in (public, with_token(account("visitor")), staff)
    ]
    assert ways == ["street", "street", "door"]


def test_more_rows_than_are_answered_at_once_are_refused_with_the_way_out(public: Client, settings: Any) -> None:
    settings.GEOCODE_MOST_ROWS = 2
    assert len(rows(post(public, "地址\n" + "齉陵路12号\n" * 2))) == 3
    assert refused(post(public, "地址\n" + "齉陵路12号\n" * 3)) == (
        413,
        "The table has more than 2 rows, the most that are answered at once. Send it in parts, "
        "or ask whoever runs the portal to use the command “geocode”, which takes any number.",
    )


def test_a_larger_body_than_is_taken_is_refused_unread(public: Client) -> None:
    assert refused(post(public, b"x" * (views.MOST_BYTES + 1)))[0] == 413


@pytest.mark.parametrize(
    ("body", "kind", "params", "status"),
    [
        ("名称,所在\n甲,乙\n", "text/csv", {"columns": "街"}, 400),
        ("名称,所在\n甲,乙\n", "text/csv", {}, 400),
        ("地址\n甲\n", "text/csv", {"column": "地址"}, 400),
        ("地址\n甲\n", "text/csv", {"encoding": "klingon"}, 422),
        ("", "text/csv", {}, 422),
        (b"\x00\xff\x00" * 99, "text/csv", {}, 422),
        ("地址\n" + "甲\n" * 5000 + "乙\x00\n", "text/csv", {}, 422),
        ("{}", "application/json", {}, 415),
        ("地址\n甲\n", "application/x-www-form-urlencoded", {}, 415),
        (b"PK\x03\x04junk", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {}, 422),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_makes_no_sense_is_refused_in_words(
    body: bytes | str, kind: str, params: dict[str, str], status: int, language: str, public: Client
) -> None:
    assert refused(post(public, body, language, kind, **params))[0] == status
    assert streams.places._value == streams.AT_ONCE


def test_it_is_sent_to_and_not_read(public: Client) -> None:
    response = public.get(URL)
    assert (refused(response)[0], response.headers["Allow"]) == (405, "POST")


def test_another_sites_page_gets_no_more_than_a_program(staff: Client) -> None:
    """It needs no token of a form, for it changes nothing; who sends it from elsewhere cannot read the answer."""
    client = Client(enforce_csrf_checks=True)
    response = post(client, "地址\n齉陵路12号\n")
    assert (rows(response)[1][2], response.headers.get("Access-Control-Allow-Origin")) == ("door", None)
