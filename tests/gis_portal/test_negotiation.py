"""Who is given a page and who the document."""

import pytest
from django.test import RequestFactory

from gis_portal.negotiation import may_want_page, wants_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("query", "accept", "page"),
    [
        ("", None, False),
        ("", "", False),
        ("", "*/*", False),
        ("", BROWSER, True),
        ("", "text/html", True),
        ("", "text/*", True),
        ("", "text/html;q=0.9, application/json;q=0.5", True),
        ("", "text/html;q=0.5, application/json", False),
        ("", "text/html;q=0.5, application/geo+json;q=0.6", False),
        ("", "text/html;q=0.5, */*", False),
        ("", "text/html, */*;q=0.1", True),
        ("", "text/html;q=0, */*;q=0.1", False),
        ("", "text/csv", False),
        ("", "application/geo+json, application/json", False),
        ("f=html", None, True),
        ("f=html", "application/json", True),
        ("limit=1&f=html&lang=en", "*/*", True),
        ("f=json", BROWSER, False),
        ("f=csv", "text/html", False),
        ("f=", "text/html", False),
        ("q=f%3Dhtml", "*/*", False),
    ],
)
def test_format_decides_then_the_accept_header(query: str, accept: str | None, *, page: bool) -> None:
    headers = {} if accept is None else {"Accept": accept}
    request = RequestFactory().get(f"/api/?{query}", headers=headers)
    assert wants_page(request) is page
    if page:
        assert may_want_page(request.META)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/vnd.mapbox-vector-tile", ""])
def test_a_client_of_data_is_told_apart_without_reading_its_header(accept: str) -> None:
    assert not may_want_page({"HTTP_ACCEPT": accept, "QUERY_STRING": "limit=10"})
