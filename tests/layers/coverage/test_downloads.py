"""A saved audit as a file, and two of them compared, over the API."""

import json

import pytest
from django.test import Client
from django.utils import translation

from layers.coverage.reports import FORMATS
from tests.layers.coverage.reports.documents import audit, target
from tests.layers.coverage.reports.workbooks import sheets
from tests.layers.coverage.test_compare_command import keep
from tests.layers.coverage.test_comparing import met

pytestmark = pytest.mark.usefixtures("prefecture")
ENGLISH = {"accept-language": "en"}
AUDITS = "/api/coverage/audits"
COMPARE = "/api/coverage/compare"


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_saved_audit_is_downloaded_as_a_file(staff: Client, form: str) -> None:
    number = keep(audit())
    response = staff.get(f"{AUDITS}/{number}", {"f": form}, headers=ENGLISH)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == FORMATS[form].media_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="audit-{number}-2022-12-31.{form}"'
    assert response.headers["Cache-Control"] == "private, no-cache"
    if form != "xlsx":  # which holds the moment it was made
        with translation.override("en"):
            assert response.content == FORMATS[form].make(audit(id=str(number)))


def test_the_file_is_in_the_readers_language(staff: Client) -> None:
    number = keep(audit())
    names = [
        next(iter(sheets(staff.get(f"{AUDITS}/{number}?f=xlsx&lang={lang}").content))) for lang in ("en", "zh-hans")
    ]
    assert names == ["Summary", "汇总"]


def test_json_is_shown_not_downloaded(staff: Client) -> None:
    number = keep(audit())
    response = staff.get(f"{AUDITS}/{number}")
    assert response.json() == audit(id=str(number))
    assert "Content-Disposition" not in response.headers


def test_two_audits_are_compared(staff: Client) -> None:
    first, other = keep(audit(target())), keep(audit(met()))
    response = staff.get(COMPARE, {"a": first, "b": other}, headers=ENGLISH)
    found = response.json()
    assert (response.status_code, found["changed"]) == (200, True)
    assert (found["before"]["id"], found["after"]["id"]) == (str(first), str(other))


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        (f"{AUDITS}/1?f=pdf", 400, "f=pdf cannot be used: the formats here are json, csv, xlsx, html, geojson."),
        (f"{AUDITS}/987654?f=xlsx", 404, "There is no saved audit “987654”"),
        (COMPARE, 400, "a= cannot be used: give the id of a saved audit, for example a=3&b=4."),
        (f"{COMPARE}?a=1&b=", 404, "There is no saved audit “1”"),
        (f"{COMPARE}?a=x&b=1", 404, "There is no saved audit “x”"),
        (f"{COMPARE}?a=1&b=1&f=csv", 400, "f=csv cannot be used"),
        (f"{COMPARE}?a=1&c=1", 400, "“c” is not a parameter here"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(staff: Client, url: str, status: int, said: str) -> None:
    response = staff.get(url, headers=ENGLISH)
    assert response.status_code == status
    assert said in json.loads(response.content)["detail"]


@pytest.mark.parametrize("url", [f"{AUDITS}/1?f=html", f"{COMPARE}?a=1&b=2"])
def test_strangers_are_asked_to_sign_in(public: Client, url: str) -> None:
    assert public.get(url, headers=ENGLISH).status_code == 401
