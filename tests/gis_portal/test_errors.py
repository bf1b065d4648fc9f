"""From an error to what a client gets."""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.test import Client
from django.utils import translation

from gis_portal import errors
from layers import errors as layers

HINTS = {
    layers.SignInNeeded: {"WWW-Authenticate": "Bearer"},
    layers.BadToken: {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    layers.TooManyRequests: {"Retry-After": "7"},
}


LATER = {"Retry-After": "5"}


def said(error: Exception, language: str = "en") -> dict[str, object]:
    with translation.override(language):
        answer = errors.problem(error)
    assert answer.content_type == "application/problem+json"
    hints = {name: answer.headers.pop(name) for name in ("WWW-Authenticate", "Retry-After") if name in answer.headers}
    assert hints == HINTS.get(type(error), LATER if answer.status == HTTPStatus.SERVICE_UNAVAILABLE else {})
    assert answer.headers == {"Content-Language": language, "Cache-Control": "no-store"}
    document: dict[str, object] = json.loads(answer.body)
    assert (document["type"], document["status"]) == ("about:blank", answer.status)
    assert document["title"] == HTTPStatus(answer.status).phrase
    return document


@pytest.mark.parametrize(
    ("make", "status", "detail"),
    [
        (lambda: layers.UnknownLayer("x", ["a", "b"]), 404, "There is no collection “x”. There are: a, b."),
        (lambda: layers.UnknownFeature("a", "1"), 404, "There is no feature “1” in “a”."),
        (
            lambda: layers.TileNotDrawn("a", 3, 8, 22),
            404,
            "“a” has no tiles of zoom 3; its zooms are 8 to 22.",
        ),
        (
            lambda: layers.TileTooSlow(9, 2, 1),
            503,
            "Tile 9/2/1 took too long to draw. Please ask again in a moment, or for a closer zoom.",
        ),
        (lambda: layers.UnknownParameter("p", ["q"]), 400, "“p” is not a parameter here. There are: q."),
        (lambda: layers.BadParameter("p", "1", "give 2."), 400, "p=1 cannot be used: give 2."),
        (lambda: layers.UnknownTarget("x", ["a"]), 404, "There is no target “x”. There are: a."),
        (
            layers.SignInNeeded,
            401,
            "This is for accounts of the bureau: sign in, or send a token (“Authorization: Bearer …”).",
        ),
        (
            lambda: layers.RoleNeeded(["planner", "editor"]),
            403,
            "Your account may not do this: it takes one of the roles “planner”, “editor”, for all counties; "
            "and a token, for a change, must be one that writes.",
        ),
        (lambda: layers.TooManyRequests(7), 429, "Too many requests at once. Ask again in 7 s, and then less often."),
        (Http404, 404, "There is nothing at this address."),
        (lambda: PermissionDenied("Sign in."), 403, "Sign in."),
        (lambda: SuspiciousOperation("Too many."), 400, "Too many."),
    ],
)
def test_error_becomes_its_status_and_its_words(make: Callable[[], Exception], status: int, detail: str) -> None:
    with translation.override("en"):
        found = said(make())
    assert (found["status"], found["detail"]) == (status, detail)


@pytest.mark.parametrize("error", [OperationalError("canceling statement"), InterfaceError("closed")])
def test_database_that_does_not_answer_is_503_without_its_words(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    found = said(error)
    assert found["status"] == 503
    assert str(error) not in str(found["detail"])
    assert str(error) in caplog.text


def test_what_is_unexpected_is_500_logged_whole_and_said_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        found = said(RuntimeError("secret path"))
    assert (found["status"], found["detail"]) == (500, "Something went wrong on our side. It has been logged.")
    assert "secret path" in caplog.text


def test_every_domain_error_of_a_request_has_a_status() -> None:
    """What is raised for a request alone, not for a command's files."""
    asked = {kind for kind in vars(layers).values() if isinstance(kind, type) and issubclass(kind, layers.LayerError)}
    by_command = {layers.LayerError, layers.BadTargets}
    without = {kind.__name__ for kind in asked - by_command - set(errors.STATUSES)}
    assert without == set()


def test_pages_keep_djangos_own_errors(db: None, settings: object) -> None:
    response = Client().get("/nothing")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_api_errors_of_the_framework_are_problems_too(db: None) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.create_user("clerk"))
    english = {"Accept-Language": "en"}
    statuses = {
        "nothing there": client.get("/api/nothing", headers=english),
        "no token": client.post("/api/coverage/audits", headers=english),
        "forged host": client.get("/api/", headers={**english, "Host": "evil.example"}),
    }
    found = {name: (answer.status_code, json.loads(answer.content)["detail"]) for name, answer in statuses.items()}
    assert found == {
        "nothing there": (404, "There is nothing at this address."),
        "no token": (403, "The request carries no valid token of a form; open the page again and send it from there."),
        "forged host": (400, "The request could not be read."),
    }
    assert {answer.headers["Content-Type"] for answer in statuses.values()} == {"application/problem+json"}
    assert {answer.headers["X-Content-Type-Options"] for answer in statuses.values()} == {"nosniff"}


def test_every_status_is_an_error() -> None:
    assert all(status >= 400 for status in errors.STATUSES.values())
