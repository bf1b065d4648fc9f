"""Works that entries cite, kept once for all of them."""

from secrets import choice
from typing import Any

from django.contrib.auth.models import User

from heritage.models import Source
from layers.changes import Actor, recorded

ORIGIN = "curation"
LETTERS = "23456789bcdfghjkmnpqrstvwxz"


def add(by: User, **said: Any) -> Source:
    """A new work under a code that nobody has to think of."""
    with recorded(Actor(name=by.get_username(), through="", origin=ORIGIN)):
        return Source.objects.create(code=f"work-{''.join(choice(LETTERS) for _place in range(8))}", **said)
