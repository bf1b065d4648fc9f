"""The dispatcher in front of Django: what it takes, that it answers as Django would, and that it survives its
database's troubles."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from django.core.signals import request_started
from django.db import close_old_connections, connection, connections
from django.test import Client

from gis_portal.dispatcher import Application, Dispatcher
from gis_portal.wsgi import application
from layers.publish import endpoints, items
from layers.publish.statements import DATABASE, Statement
from layers.registry import Role
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

TILE = "8/105/213"  # row, column: most of the reference city
URLS = [
    "/api/",
    "/api/?lang=en",
    "/api/conformance",
    "/api/collections",
    "/api/collections/eco-burial-sites",
    "/api/collections/eco-burial-sites/schema?lang=en",
    "/api/collections/eco-burial-sites/items?limit=3",
    "/api/collections/eco-burial-sites/items?limit=3&bbox=120.5,29.5,121,30.2",
    "/api/collections/eco-burial-sites/items?f=csv&bbox=120.5,29.5,121,30.2",
    "/api/collections/villages/items?f=geojson&sortby=-name&lang=en",
    "/api/collections/counties/items/330602",
    "/api/collections/counties/tiles/WebMercatorQuad",
    f"/api/collections/counties/tiles/WebMercatorQuad/{TILE}",
    "/api/collections/counties/tiles/WebMercatorQuad/8/0/0",
    "/api/tiles/8/213/105.pbf?v=1",
    "/api/styles/portal",
    "/api/styles/counties/legend",
    "/api/search?q=%E7%BB%8D%E5%85%B4",
    "/api/search?q=yuecheng&lang=en",
    # Errors
    "/api/collections/nowhere",
    "/api/collections/nowhere/items?lang=en",
    "/api/collections/counties/items/nothing",
    "/api/collections/counties/items/a%00b",
    "/api/collections/counties/items/%FF",
    "/api/collections/counties/items?limit=abc",
    "/api/collections/counties/items?f=dwg",
    "/api/collections/counties/items?f=csv&cursor=1&lang=en",
    "/api/exports/00000000-0000-4000-8000-000000000000",
    "/api/exports/nothing/file?lang=en",
    "/api/collections/counties/items?unknown=1&lang=en",
    "/api/collections/counties/items?lang=tlh",
    "/api/collections/counties/tiles/WebMercatorQuad/1/2/0",
    "/api/search",
    "/api/nothing/here",
    "/api",
]
SECURITY = (
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Content-Security-Policy",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
)


class Reply:
    """What a WSGI application answered."""

    def __init__(self, app: Callable[..., Iterable[bytes]], method: str, url: str, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        environ = Client()._base_environ(REQUEST_METHOD=method, QUERY_STRING=parts.query)
        environ |= {"PATH_INFO": _path(parts.path), "wsgi.input": io.BytesIO()}
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        self.body = b"".join(app(environ, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]], *_rest: Any) -> None:
        self.status, self.headers = int(status.split()[0]), dict(headers)

    @property
    def said(self) -> tuple[object, ...]:
        return self.status, self.body, self.headers.get("Content-Type"), self.headers.get("ETag")


def _path(quoted: str) -> str:
    return unquote_to_bytes(quoted).decode("latin-1")


def ask(url: str, method: str = "GET", **headers: str) -> Reply:
    return Reply(application, method, url, headers)


def ask_django(url: str, method: str = "GET", **headers: str) -> Reply:
    return Reply(partial(_django_alone, application.django), method, url, headers)


def _django_alone(django: Application, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django keeping the test's connection open, which a new request would look after."""
    request_started.disconnect(close_old_connections)
    try:
        return django(environ, start_response)
    finally:
        request_started.connect(close_old_connections)


@pytest.fixture
def shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def django_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> list[bytes]:
        raise AssertionError("handed to Django")

    monkeypatch.setattr(application, "django", refuse)


@pytest.fixture
def in_thread(db: None) -> Iterator[Callable[..., Any]]:
    """Calls a function in a server's thread, with its own connection to the committed data."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda function, *args, **kwargs: pool.submit(function, *args, **kwargs).result()
        pool.submit(connections.close_all).result()


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Accept-Language": "en-GB,en;q=0.8", "Accept-Encoding": "gzip, br"}],
    ids=["plain", "english, compressed"],
)
def test_dispatcher_and_django_give_the_same_answer(url: str, headers: dict[str, str], shared: None) -> None:
    ours, djangos = ask(url, **headers), ask_django(url, **headers)
    assert ours.said == djangos.said
    for name in (*SECURITY, "Cache-Control", "Content-Language", "Content-Encoding"):
        assert ours.headers.get(name) == djangos.headers.get(name), name


@pytest.mark.parametrize("url", [url for url in URLS if url not in {"/api", "/api/nothing/here"}])
def test_dispatcher_answers_public_data_itself(url: str, shared: None, django_is_not_asked: None) -> None:
    assert ask(url).status < 500


@pytest.mark.parametrize(
    ("url", "method", "headers"),
    [
        ("/", "GET", {}),
        ("/healthz", "GET", {}),
        ("/admin/", "GET", {}),
        ("/api/nothing", "GET", {}),
        ("/api/collections", "POST", {}),
        ("/api/collections", "DELETE", {}),
        ("/api/collections", "GET", {"Cookie": "a=b; sessionid=abc"}),
        ("/api/collections", "GET", {"Authorization": "Token abc"}),
    ],
)
def test_everything_else_is_handed_to_django(
    url: str, method: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "django", lambda _environ, start: (start("299 Django", []), [b"Django"])[1])
    reply = ask(url, method, **headers)
    assert (reply.status, reply.body) == (299, b"Django")


def test_staff_see_more_through_the_same_address(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "django", partial(_django_alone, application.django))
    client = signed_in(account("clerk", Role.PLANNER))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    url = "/api/collections/eco-burial-sites/schema"
    seen = set(json.loads(ask(url, Cookie=cookie).body)["properties"])
    assert seen - set(json.loads(ask(url).body)["properties"]) == {"used", "evidence", "published"}


def test_an_open_cookie_of_another_kind_is_no_session(shared: None, django_is_not_asked: None) -> None:
    assert ask("/api/conformance", Cookie="theme=dark; csrftoken=x").status == 200


@pytest.mark.parametrize(
    "url", ["/api/collections", "/api/collections/nowhere", f"/api/collections/counties/tiles/WebMercatorQuad/{TILE}"]
)
def test_head_has_the_headers_of_get_and_no_body(url: str, shared: None) -> None:
    head, get = ask(url, "HEAD"), ask(url)
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
    assert int(head.headers["Content-Length"]) == len(get.body) > 0


def test_answers_without_content_have_no_length(shared: None) -> None:
    """RFC 9110, 8.6: a 204 carries no Content-Length, and that of a 304 would be the 200's."""
    empty = ask("/api/collections/counties/tiles/WebMercatorQuad/8/0/0")
    assert (empty.status, empty.body, "Content-Length" in empty.headers) == (204, b"", False)
    url = "/api/collections/counties"
    known = ask(url, **{"If-None-Match": ask(url).headers["ETag"]})
    assert (known.status, known.body, "Content-Length" in known.headers) == (304, b"", False)


def test_forged_host_changes_nothing(shared: None, settings: Any) -> None:
    settings.PUBLIC_URL = "https://map.example.cn"
    plain, forged = ask("/api/"), ask("/api/", Host="evil.example")
    assert plain.said == forged.said
    assert b"evil" not in forged.body
    hrefs = {link["href"].split("/api/")[0] for link in json.loads(forged.body)["links"]}
    assert hrefs == {"https://map.example.cn", "https://map.example.cn/"}


def test_too_many_parameters_are_refused_as_a_problem(shared: None) -> None:
    reply = ask("/api/?" + "&".join(f"a{number}=1" for number in range(2000)))
    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json")


def test_unexpected_error_is_a_problem_without_a_word_about_it(
    shared: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(endpoints.documents, "landing", lambda _base: 1 // 0)
    reply = ask("/api/?lang=en")
    assert json.loads(reply.body) == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side. It has been logged.",
    }
    assert "ZeroDivisionError" in caplog.text


# The database's troubles

ITEMS = "/api/collections/counties/items"


def backend() -> int:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end_backend(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)


def test_killed_backend_costs_no_request(in_thread: Callable[..., Any]) -> None:
    before = in_thread(ask, ITEMS)
    killed = in_thread(backend)
    end_backend(killed)
    after = in_thread(ask, ITEMS)
    assert (after.status, after.said) == (200, before.said)
    assert in_thread(backend) != killed
    assert in_thread(ask, ITEMS).said == before.said


def test_backend_killed_between_two_statements_costs_no_request(
    in_thread: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, page, killed = in_thread(ask, ITEMS), items.page, in_thread(backend)

    def kill_then_read(*args: Any, **kwargs: Any) -> items.Page:
        if backend() == killed:
            in_main_thread.submit(end_in_own_connection, killed).result()
        return page(*args, **kwargs)

    with ThreadPoolExecutor(1) as in_main_thread:
        monkeypatch.setattr(items, "page", kill_then_read)
        assert in_thread(ask, ITEMS).said == expected.said
    assert in_thread(backend) != killed


def end_in_own_connection(pid: int) -> None:
    end_backend(pid)
    connection.close()


def test_server_that_is_away_is_503_and_the_next_request_is_well(
    in_thread: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = in_thread(ask, ITEMS)
    end_backend(in_thread(backend))
    with monkeypatch.context() as patch:
        patch.setitem(connections.databases[DATABASE], "HOST", "/nowhere")
        away = in_thread(ask, f"{ITEMS}?lang=en")
    assert (away.status, away.headers["Content-Type"]) == (503, "application/problem+json")
    assert in_thread(ask, ITEMS).said == expected.said


def test_statement_that_runs_too_long_is_503_and_named_so(
    in_thread: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*_args: Any, **_kwargs: Any) -> Any:
        with connections[DATABASE].cursor() as cursor:
            cursor.execute("SET statement_timeout = '50ms'")
        return Statement("SELECT pg_sleep(5)", ()).run()

    with monkeypatch.context() as patch:
        patch.setattr(items, "page", slowly)
        reply = in_thread(ask, f"{ITEMS}?lang=en")
        djangos = in_thread(ask_django, f"{ITEMS}?lang=en")
    assert json.loads(reply.body) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database did not answer in time. Please ask again in a moment, or for less at once.",
    }
    assert reply.headers["Cache-Control"] == "no-store"
    assert djangos.said == reply.said


def test_reader_cannot_write_and_its_statements_end(in_thread: Callable[..., Any]) -> None:
    def settings_of_reader() -> tuple[str, str]:
        with connections[DATABASE].cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only'), current_setting('statement_timeout')")
            found: tuple[str, str] = cursor.fetchone()
            return found

    assert in_thread(settings_of_reader) == ("on", "10s")


def test_statements_are_prepared_once_a_connection(in_thread: Callable[..., Any]) -> None:
    """Without the reader's prepare_threshold psycopg would plan each request anew, and say nothing."""
    for _time in range(8):
        in_thread(ask, ITEMS)

    def plans() -> list[tuple[str, int]]:
        with connections[DATABASE].cursor() as cursor:
            cursor.execute("SELECT left(statement, 30), generic_plans + custom_plans FROM pg_prepared_statements")
            found: list[tuple[str, int]] = cursor.fetchall()
            return found

    runs = [number for _statement, number in in_thread(plans)]
    assert runs == [8]  # the page with its version; a page that is all needs no count
    for _time in range(8):
        in_thread(ask, f"{ITEMS}?bbox=120,29,121,30")
    runs = [number for _statement, number in in_thread(plans)]
    assert runs == [8]  # a page in a box is planned for the box


# Who asks too much


def app_that_lets(per_minute: int, settings: Any) -> Dispatcher:
    settings.THROTTLE_PER_MINUTE = per_minute
    return Dispatcher(lambda _environ, start: (start("299 Django", []), [b"Django"])[1])


def ask_from(app: Dispatcher, address: str, url: str = "/api/conformance", **headers: str) -> Reply:
    def from_address(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return app(environ | {"REMOTE_ADDR": address}, start_response)

    return Reply(from_address, "GET", url, headers)


def test_who_asks_too_much_waits_and_others_do_not(shared: None, settings: Any) -> None:
    app = app_that_lets(2, settings)
    assert [ask_from(app, "192.0.2.7").status for _ in range(3)] == [200, 200, 429]
    refused = ask_from(app, "192.0.2.7", **{"Accept-Language": "en"})
    assert json.loads(refused.body) == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Too many requests at once. Ask again in 30 s, and then less often.",
    }
    assert (refused.headers["Retry-After"], refused.headers["Cache-Control"]) == ("30", "no-store")
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert "请求过于频繁" in json.loads(ask_from(app, "192.0.2.7").body)["detail"]
    assert ask_from(app, "192.0.2.8").status == 200


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (f"/api/collections/counties/tiles/WebMercatorQuad/{TILE}?v=1.2.20260101", {}),
        ("/api/collections", {"Cookie": "sessionid=abc"}),
        ("/api/collections", {"Authorization": "Bearer abc"}),
        ("/api/nothing", {}),
    ],
)
def test_everything_under_the_api_counts(shared: None, settings: Any, url: str, headers: dict[str, str]) -> None:
    app = app_that_lets(1, settings)
    assert ask_from(app, "192.0.2.7").status == 200
    assert ask_from(app, "192.0.2.7", url, **headers).status == 429


@pytest.mark.parametrize("url", ["/", "/healthz", "/static/portal/css/base.css", "/sign-in"])
def test_pages_and_files_are_not_counted(shared: None, settings: Any, url: str) -> None:
    app = app_that_lets(1, settings)
    assert [ask_from(app, "192.0.2.7", url).status for _ in range(5)] == [299] * 5


def test_this_machines_own_requests_are_not_counted(shared: None, settings: Any) -> None:
    app = app_that_lets(1, settings)
    assert {ask_from(app, address).status for address in ("127.0.0.1", "::1") * 3} == {200}


def test_nobody_is_counted_when_it_is_switched_off(shared: None, settings: Any) -> None:
    app = app_that_lets(0, settings)
    assert {ask_from(app, "192.0.2.7").status for _ in range(20)} == {200}


def test_clients_behind_a_proxy_are_told_apart(shared: None, settings: Any) -> None:
    app = app_that_lets(1, settings)
    settings.TRUSTED_PROXIES = 1

    def status(forwarded: str) -> int:
        return ask_from(app, "10.0.0.1", **{"X-Forwarded-For": forwarded}).status

    assert [status("192.0.2.7"), status("192.0.2.8"), status("9.9.9.9, 192.0.2.7")] == [200, 200, 429]
