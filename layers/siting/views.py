"""Siting problems at /api/siting/: asked by planners, solved by a job, read by who may ask."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from layers.access import AUDITING, Reader, may_read_siting, may_site
from layers.errors import BadParameter, RoleNeeded, SignInNeeded
from layers.models import SitingProblem
from layers.publish import parameters
from layers.publish.media_types import GEOJSON, JSON
from layers.publish.views import reader_of_request
from layers.registry import Role
from layers.siting import mapping, scenarios

PROBLEMS = "/api/siting/problems"
MOST_LISTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
def problem_list(request: HttpRequest) -> HttpResponse:
    """GET: summaries, the newest first. POST: queues a problem and says where its state is."""
    reader = _reader(request, may_site if request.method == "POST" else may_read_siting)
    parameters.refuse_unknown(request.GET.dict())
    if request.method == "POST":
        problem = scenarios.ask(_order(request.body), reader=reader, by=request.user.get_username())
        response = _json(_told(problem), HTTPStatus.ACCEPTED)
        response.headers["Location"] = _address(problem)
        return response
    listed = scenarios.of(reader).defer("inputs", "answer")[:MOST_LISTED]
    return _json({"problems": [_told(problem) for problem in listed]})


@require_http_methods(["GET", "HEAD", "DELETE"])
def one_problem(request: HttpRequest, problem_id: str) -> HttpResponse:
    """GET: the state, how far it is, and the answer once there is one. DELETE: cancels it where it is under way, and
    deletes it."""
    reader = _reader(request, may_site if request.method == "DELETE" else may_read_siting)
    problem = scenarios.find(problem_id, reader)
    parameters.refuse_unknown(request.GET.dict())
    if request.method == "DELETE":
        scenarios.forget(problem)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _json({**_told(problem), "question": problem.question, "answer": problem.answer})


@require_safe
def result(request: HttpRequest, problem_id: str) -> HttpResponse:
    """The plan on the map: its sites, the demand that they cover or not, and the candidates that zones exclude."""
    problem = scenarios.find(problem_id, _reader(request, may_read_siting))
    parameters.refuse_unknown(request.GET.dict())
    return _json(mapping.features(problem), content_type=GEOJSON)


def _reader(request: HttpRequest, may: Callable[[Reader], bool]) -> Reader:
    """Raises SignInNeeded, RoleNeeded."""
    reader = reader_of_request(request)
    if not may(reader):
        roles = AUDITING if may is may_site else Role
        raise RoleNeeded(str(role.label) for role in roles) if request.user.is_authenticated else SignInNeeded
    return reader


def _told(problem: SitingProblem) -> dict[str, Any]:
    return {
        "id": str(problem.pk),
        "name": problem.name,
        "state": problem.state,
        "step": problem.step,
        "best": problem.best,
        "problem": problem.problem,
        "asked_at": problem.asked_at.isoformat(),
        "asked_by": problem.asked_by,
        "links": [{"rel": "self", "href": _address(problem)}, {"rel": "result", "href": f"{_address(problem)}/result"}],
    }


def _order(body: bytes) -> dict[str, Any]:
    expected = _(
        'send a JSON object, for example {"name": "2027", "problem": "cover_most", "demand": "villages", "new_sites": 5, "radius_m": 1500}.'
    )
    try:
        order = json.loads(body)
    except ValueError:
        order = None
    if not isinstance(order, dict) or any(isinstance(value, dict) for value in order.values()):
        raise BadParameter("body", body.decode(errors="replace"), expected)
    return order


def _address(problem: SitingProblem) -> str:
    return f"{settings.PUBLIC_URL}{PROBLEMS}/{problem.pk}"


def _json(document: dict[str, Any], status: int = HTTPStatus.OK, content_type: str = JSON) -> HttpResponse:
    body = json.dumps(document, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=content_type, headers={"Cache-Control": "private, no-cache"})
