"""The data endpoints as Django views."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from layers.registry import Role
from tests.asking import get
from tests.people import account, signed_in

URL = "/api/collections/eco-burial-sites"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_would_write_is_refused_as_a_problem(method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.generic(method, URL, headers={"Accept-Language": "en"})
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Method Not Allowed",
        "status": 405,
        "detail": "This address answers GET, HEAD.",
    }


def test_head_is_answered(public: Client) -> None:
    head, whole = public.head(f"{URL}/items"), public.get(f"{URL}/items")
    assert head.content == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"] == str(len(whole.content))


def test_who_reads_decides_what_is_seen(public: Client, staff: Client) -> None:
    """A signed-in visitor who is not of the bureau sees what the public sees; so does staff that has left."""
    left = account("clerk-who-left", Role.PLANNER)
    client = signed_in(left)
    assert get(client, f"{URL}/schema") == get(staff, f"{URL}/schema")
    User.objects.filter(pk=left.pk).update(is_active=False)
    visitor = signed_in(account("visitor"))
    assert get(client, f"{URL}/schema") == get(visitor, f"{URL}/schema") == get(public, f"{URL}/schema")
    assert get(staff, f"{URL}/schema") != get(public, f"{URL}/schema")


def test_security_headers_are_on_every_answer(public: Client) -> None:
    for url in (URL, f"{URL}/items?limit=abc", "/api/nothing"):
        headers = public.get(url).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
