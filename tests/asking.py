"""Asking the portal in a test."""

import json
from typing import Any

from django.test import Client

ENGLISH = {"Accept-Language": "en"}


def get(client: Client, url: str, **params: str) -> Any:
    """The JSON of a 200 answer."""
    response = client.get(url, params)
    assert response.status_code == 200, response.content.decode()
    return json.loads(response.content)


def problem(client: Client, url: str, language: str = "en", **params: str) -> tuple[int, str]:
    """Status and reason of a refusal, which must be a problem document with nothing else in it."""
    response = client.get(url, params, headers={"Accept-Language": language})
    assert response.headers["Content-Type"] == "application/problem+json", response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    said = json.loads(response.content)
    assert said == {
        "type": "about:blank",
        "title": response.reason_phrase,
        "status": response.status_code,
        "detail": said["detail"],
    }
    return response.status_code, said["detail"]
