"""Who is writing: said once at the start of a transaction, so that the change log knows whatever is written in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

SAY_WHO = """
    SELECT set_config('portal.actor', %s, true), set_config('portal.through', %s, true),
           set_config('portal.origin', %s, true)
"""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who writes. name: a user's, empty for the database's own role; through: the role they act in or the name of
    their token; origin: "api", "admin" or the name of a command."""

    name: str = ""
    through: str = ""
    origin: str


@contextmanager
def recorded(actor: Actor) -> Iterator[None]:
    """A transaction on the default connection whose changes are logged as the actor's."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SAY_WHO, [actor.name, actor.through, actor.origin])
        yield
