"""What the pages of siting share: for whom they are, and which problems are asked for."""

from collections.abc import Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from gis_portal.errors import status_of
from gis_portal.pages.signed_in import View, language, private
from layers.access import Reader, may_site, reader_of
from layers.errors import LayerError
from layers.models import SitingProblem
from layers.siting import scenarios
from layers.siting.sentences import Document


def for_siting(view: View) -> View:
    """The view for who may ask where to build; what cannot be done is said on a page of its own."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_site(reader_of(request.user)):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except LayerError as error:
            context = {"problem": str(error), **language(request)}
            status = status_of(error) or HTTPStatus.UNPROCESSABLE_ENTITY
            return render(request, "portal/planning/siting-problem.html", context, status=status)

    return private(answered)


def reader(request: HttpRequest) -> Reader:
    return reader_of(cast(User, request.user))


def problem_of(request: HttpRequest, problem_id: object) -> SitingProblem:
    """Raises UnknownProblem."""
    return scenarios.find(problem_id, reader(request))


def answers(problems: Sequence[SitingProblem]) -> list[Document]:
    """Raises NotAnswered."""
    return [scenarios.answer(problem) for problem in problems]


def address(request: HttpRequest, name: str, *args: object) -> str:
    """Of a page, in the language that was chosen."""
    return reverse(name, args=args) + language(request)["lang"]
