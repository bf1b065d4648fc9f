"""Which of a document and its page is given, to whom, and how; refusals are no exception."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests.gis_portal.pages.reading import ACCEPT, BASE, COUNTY, DOCUMENTS, SITES, page
from tests.gis_portal.test_dispatcher import application, ask
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
every_document = pytest.mark.parametrize("url", DOCUMENTS)


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@every_document
def test_browsers_get_a_page_and_programs_the_document(client: Client, url: str) -> None:
    read = page(client, url)
    plain = client.get(url)
    assert plain.headers["Content-Type"].endswith("json")
    for response in (read.response, plain):
        assert {"Accept", "Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))
        assert response.headers["Cache-Control"] == "public, no-cache"
    assert read.response.headers["ETag"] != plain.headers["ETag"]
    assert parsed_words(client.get(url, {"f": "html"}).content) == parsed_words(read.response.content)
    assert client.get(url, {"f": "json"}, headers={"accept": ACCEPT}).json().keys() == plain.json().keys()


def parsed_words(content: bytes) -> list[bytes]:
    return content.split()


@every_document
def test_a_page_that_has_not_changed_is_not_sent_again(client: Client, url: str) -> None:
    first = page(client, url).response
    again = client.get(url, headers={"accept": ACCEPT, "if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = client.get(url, headers={"accept": ACCEPT, "if-none-match": first.headers["ETag"], "accept-language": "en"})
    assert other.status_code == 200


def test_pages_are_compressed_for_who_can_read_that(client: Client) -> None:
    packed = client.get(f"{SITES}/items", headers={"accept": ACCEPT, "accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(page(client, f"{SITES}/items").response.content) / 4


@every_document
def test_document_and_page_name_each_other(client: Client, url: str) -> None:
    other = page(client, url).one("//link[@type='application/json']/@href")
    assert other == f"{url}?f=json"
    document = client.get(other).json()
    if "links" in document:
        named = [(link["href"], link["title"]) for link in document["links"] if link["type"] == "text/html"]
        assert (f"{BASE}{url}?f=html", "本文档的网页") in named


def test_dispatcher_hands_to_django_only_what_may_be_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[str] = []

    def django(environ: dict[str, str], start_response: Callable[..., object]) -> list[bytes]:
        handed.append(environ["QUERY_STRING"])
        start_response("200 OK", [])
        return []

    monkeypatch.setattr(application, "django", django)
    for query, headers in (("n=1", {"Accept": ACCEPT}), ("n=2&f=html", {}), ("n=3", {"Accept": "*/*"}), ("n=4", {})):
        ask(f"{COUNTY}?{query}", **headers)
    assert handed == ["n=1", "n=2&f=html"]


def test_what_is_no_document_stays_what_it_is(client: Client) -> None:
    style = client.get("/api/styles/portal", headers={"accept": ACCEPT})
    assert style.headers["Content-Type"] == "application/vnd.mapbox.style+json"


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/api/collections/nowhere", 404),
        ("/api/collections/counties/items/nothing", 404),
        ("/api/collections/counties/items?limit=abc", 400),
        ("/api/collections/counties/items?secret=1", 400),
        ("/api/styles/nowhere", 404),
        ("/api/nothing", 404),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_says_the_same_on_a_page(client: Client, url: str, status: int, language: str) -> None:
    said = client.get(url, headers={"accept-language": language})
    read = page(client, url, status, accept_language=language)
    assert read.said("//*[@role='alert']") == [said.json()["detail"]]
    assert (said.status_code, said.headers["Content-Type"]) == (status, "application/problem+json")
    assert read.response.headers["Cache-Control"] == "no-store"
    assert read.one("//meta[@name='robots']/@content") == "noindex"


def test_a_refused_condition_has_a_way_back(client: Client) -> None:
    read = page(client, "/api/collections/counties/items?limit=abc&f=html&lang=en", 400)
    assert "/api/collections/counties/items?f=html&lang=en" in read.links
