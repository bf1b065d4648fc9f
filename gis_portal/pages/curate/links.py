"""Links to the curators' pages, where they are there."""

from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from layers.errors import LayerError


def to(name: str, *arguments: Any) -> str:
    """The address of a page by its name; empty where the portal has none of that name."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def gone(error: LayerError) -> Http404:
    return Http404(str(error))
