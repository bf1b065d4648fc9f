"""On whose behalf the curators' pages write."""

from django.http import HttpRequest

from layers.access import reader_of
from layers.changes import Actor


def acting(request: HttpRequest, origin: str) -> Actor:
    """Who is signed in, in their roles, for the change log and the versions. origin: by way of which page."""
    return Actor(
        name=request.user.get_username(), through=", ".join(sorted(reader_of(request.user).roles)), origin=origin
    )
