"""Siting problems over HTTP."""

import json
from typing import Any

import pytest
from django.test import Client

from layers.models.accounts import Scope
from layers.registry import Role
from layers.siting import scenarios
from tests.people import account, signed_in, with_token

pytestmark = pytest.mark.django_db(databases=["default", "reader", "jobs"])
ASKED = {"name": "诸暨养老", "division": "330681", "new_sites": 2, "as_of": "2023-06-30"}
PROBLEMS = "/api/siting/problems"


@pytest.fixture
def planner(db: None) -> Client:
    return signed_in(account("周规划", Role.PLANNER))


def post(client: Client, given: Any) -> Any:
    body = given if isinstance(given, str) else json.dumps(given)
    return client.post(PROBLEMS, body, content_type="application/json")


def test_a_problem_from_the_question_to_the_map(planner: Client) -> None:
    asked = post(planner, ASKED)
    assert asked.status_code == 202
    told = asked.json()
    assert (told["state"], told["asked_by"], told["name"]) == ("queued", "周规划", "诸暨养老")
    address = asked.headers["Location"]
    assert address.endswith(f"{PROBLEMS}/{told['id']}")
    assert planner.get(f"{address}/result").status_code == 409
    scenarios.carry_out(told["id"])
    answered = planner.get(address).json()
    assert answered["state"] == "ready"
    assert answered["answer"]["plan"]["standing"] == "proved"
    result = planner.get(f"{address}/result")
    assert result.headers["Content-Type"] == "application/geo+json"
    assert {feature["properties"]["role"] for feature in result.json()["features"]} >= {"new", "covered", "uncovered"}
    assert [one["id"] for one in planner.get(PROBLEMS).json()["problems"]] == [told["id"]]
    assert planner.delete(address).status_code == 204
    assert planner.get(address).status_code == 404


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ("{", 400, "body"),
        ("[1]", 400, "body"),
        ({**ASKED, "zones": {"a": 1}}, 400, "body"),
        ({**ASKED, "radius_m": 0}, 400, "radius_m"),
        ({**ASKED, "new_sites": None}, 400, "new_sites"),
        ({**ASKED, "colour": "red"}, 400, "colour"),
        ({**ASKED, "division": "339999"}, 400, "339999"),
        ({**ASKED, "demand": "file:00000000-0000-4000-8000-000000000000"}, 404, "00000000"),
    ],
)
def test_what_cannot_be_asked_is_a_problem_document(planner: Client, given: Any, status: int, said: str) -> None:
    answer = post(planner, given)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_strangers_may_not_look_and_other_roles_not_ask(planner: Client) -> None:
    made = post(planner, ASKED).json()
    paths = (PROBLEMS, f"{PROBLEMS}/{made['id']}")
    visitor, curator, reading = Client(), signed_in(account("张编纂", Role.CURATOR)), account("李规划", Role.PLANNER)
    assert [visitor.get(path).status_code for path in paths] == [401, 401]
    assert [curator.get(path).status_code for path in paths] == [200, 200]
    reading_client = with_token(reading, Scope.READ)
    assert [reading_client.get(path).status_code for path in paths] == [200, 200]
    assert post(visitor, ASKED).status_code == 401
    assert post(curator, ASKED).status_code == 403
    assert curator.delete(paths[1]).status_code == 403
