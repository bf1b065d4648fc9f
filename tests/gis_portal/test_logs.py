"""No log says who stood at which door, or which token was tried."""

import logging
from logging.config import dictConfig
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from gis_portal.logs import WithoutTokens

TOKEN = "0123456789abcdef" * 2


def filtered(message: str, *args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    assert WithoutTokens().filter(record)
    return record.getMessage()


def test_the_token_of_a_path_is_masked_and_nothing_else() -> None:
    assert filtered("Gone: %s", f"/d/{TOKEN}") == "Gone: /d/…"
    assert filtered(f"GET /d/{TOKEN.upper()}?lang=en") == "GET /d/…?lang=en"
    assert filtered("%s and %d", f"/d/{TOKEN} /d/{TOKEN}", 3) == "/d/… /d/… and 3"
    assert filtered("Not Found: %s", "/d/short") == "Not Found: /d/short"


@pytest.mark.django_db(databases=["default", "reader"])
def test_what_the_portal_logs_of_a_plate_s_page_has_no_token(capsys: Any) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        dictConfig(settings.LOGGING)
        assert Client().get(f"/d/{TOKEN}").status_code == 404
        logging.getLogger("gis_portal").warning("asked: %s", f"/d/{TOKEN}")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    said = capsys.readouterr().err
    assert "/d/…" in said
    assert TOKEN not in said
