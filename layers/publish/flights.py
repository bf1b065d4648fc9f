"""One answer for all who ask for the same at the same time, within a process."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from django.db import InterfaceError, OperationalError

Made = TypeVar("Made")


@dataclass(frozen=True)
class Landed(Generic[Made]):
    """was_shared: made for somebody who asked earlier, and perhaps from what was true then."""

    made: Made
    was_shared: bool


class Flights(Generic[Made]):
    """Calls under way by what they make. Nothing is kept: the next to ask after a call has ended makes it anew."""

    def __init__(self, *, patience_s: float) -> None:
        self.patience_s = patience_s
        self.waiting = 0  # for somebody else's call
        self._lock = Lock()
        self._under_way: dict[Hashable, Future[Made]] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Landed[Made]:
        """What ``make`` gives, or what the same call of another thread gives that is under way; its error too.

        Whoever waits makes it alone when the other takes longer than its patience, or has lost its connection, which
        says nothing about one's own.
        """
        with self._lock:
            flight = self._under_way.get(key)
            if is_first := flight is None:
                flight = self._under_way[key] = Future()
            else:
                self.waiting += 1
        if is_first:
            return Landed(self._make(key, flight, make), was_shared=False)
        try:
            return Landed(self._wait(flight), was_shared=True)
        except (TimeoutError, OperationalError, InterfaceError):
            return Landed(make(), was_shared=False)

    def _make(self, key: Hashable, flight: "Future[Made]", make: Callable[[], Made]) -> Made:
        try:
            made = make()
        except BaseException as error:
            self._land(key)
            flight.set_exception(error)
            raise
        self._land(key)
        flight.set_result(made)
        return made

    def _wait(self, flight: "Future[Made]") -> Made:
        try:
            return flight.result(timeout=self.patience_s)
        finally:
            with self._lock:
                self.waiting -= 1

    def _land(self, key: Hashable) -> None:
        """Before those who wait are told: who asks from now on begins anew."""
        with self._lock:
            del self._under_way[key]
