"""Where the pages of the API link to."""

import pytest

from gis_portal.pages.addresses import Addresses


@pytest.mark.parametrize(
    ("href", "page"),
    [
        ("http://127.0.0.1:8000/api/collections", "/api/collections?f=html&lang=en"),
        ("http://127.0.0.1:8000/api/collections?lang=en", "/api/collections?lang=en&f=html"),
        ("/api/a%20b?f=json&q=%E5%B1%B1&cursor=a%2Bb%3D", "/api/a%20b?f=html&q=%E5%B1%B1&cursor=a%2Bb%3D&lang=en"),
        ("/api/collections?bbox=", "/api/collections?bbox=&f=html&lang=en"),
    ],
)
def test_a_link_of_a_document_is_followed_with_each_parameter_once(href: str, page: str) -> None:
    assert Addresses("/api/", {}, language="en", asked="en").followed(href) == page
