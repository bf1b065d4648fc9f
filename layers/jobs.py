"""Work in the background: how far it is stands in the row that asked for it, and whoever changes that row's state ends it.

The row is written through a connection of its own, so that what runs in one long transaction tells of its progress.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from layers.errors import LayerError

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


@contextmanager
def done_for(language: str, fail: Callable[[str], object]) -> Iterator[None]:
    """Within it a job speaks the language of who asked for it, and is done whole or not at all.

    fail: is told why it was not, in words; what is our own fault is raised on, for the log. Work that is no longer wanted
    ends without a word.
    """
    with translation.override(language):
        try:
            yield
        except Stopped:
            return
        except LayerError as error:
            fail(str(error))
        except Exception:
            fail(_("Something went wrong on our side. It has been logged."))
            raise
