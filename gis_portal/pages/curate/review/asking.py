"""What the pages of review share: whose they are, what cannot be done said plainly, and the places that they are about."""

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from gis_portal.errors import status_of
from gis_portal.pages.curate.asking import for_curators
from gis_portal.pages.signed_in import View, language
from heritage.access import may_see_true_places
from heritage.errors import UnknownPlace
from heritage.models import Place
from layers.access import Reader
from layers.errors import LayerError


def plainly(view: View) -> View:
    """The view for curators; what cannot be done is said on a page of its own."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except LayerError as error:
            context = {"problem": str(error), **language(request)}
            return render(request, "portal/curate/review/problem.html", context, status=status(error))

    return for_curators(answered)


def status(error: Exception) -> HTTPStatus:
    return status_of(error) or HTTPStatus.UNPROCESSABLE_ENTITY


def place_of(handle: str, reader: Reader) -> Place:
    """Raises UnknownPlace for a handle that there is not, or of a place of another county."""
    found = Place.objects.select_related("merged_into").filter(handle=handle).first()
    if found is None or not may_see_true_places(found, reader):
        raise UnknownPlace(handle)
    return found


def number(said: str | None) -> int | None:
    """The number that a form or an address says; None where it says none."""
    return int(said) if said and said.isdecimal() and len(said) < 10 else None
