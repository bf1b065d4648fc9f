"""Work in the background: how far it is stands in the row that asked for it, and whoever changes that row's state ends it.

The row is written through a connection of its own, so that what runs in one long transaction tells of its progress.
"""

from time import monotonic
from typing import Any

from django.db.models import F, QuerySet

DATABASE = "jobs"
TOLD_EVERY_S = 1.0


class Stopped(Exception):
    """The work is no longer wanted."""


class Teller:
    """Keeps the progress of a job in its row, about once a second, and ends the job when it is no longer running.

    running: the job's row, while it runs. column: the one that counts what is done.
    """

    def __init__(self, running: QuerySet, column: str) -> None:
        self.running, self.column = running.using(DATABASE), column
        self.untold, self.told_at = 0, monotonic()

    def __call__(self, done: int, **others: Any) -> None:
        """Raises Stopped. others: further columns, told at once."""
        self.untold += done
        if not others and monotonic() - self.told_at < TOLD_EVERY_S:
            return
        if not self.running.update(**{self.column: F(self.column) + self.untold}, **others):
            raise Stopped
        self.untold, self.told_at = 0, monotonic()
