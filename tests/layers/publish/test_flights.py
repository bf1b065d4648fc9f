"""One call for all who want the same at the same time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from django.db import OperationalError

from layers.publish.flights import Flights, Landed


class Slow:
    """Counts its calls; the first waits until it is let go, and fails when it has been told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.calls, self.begun, self.go_on = error, 0, Event(), Event()

    def __call__(self) -> int:
        self.calls += 1
        number = self.calls
        if number == 1:
            self.begun.set()
            assert self.go_on.wait(timeout=20)
            if self.error:
                raise self.error
        return number


def while_first_is_under_way(
    flights: Flights[int], make: Slow, others: int, key: Callable[[int], str] = lambda _number: "key"
) -> list[Future[Landed[int]]]:
    """The first call, and as many others as wait for it or have begun their own."""
    with ThreadPoolExecutor(others + 1) as threads:
        found = [threads.submit(flights.once, "key", make)]
        assert make.begun.wait(timeout=20)
        found += [threads.submit(flights.once, key(number), make) for number in range(others)]
        while flights.waiting < others and not all(one.done() for one in found[1:]):
            sleep(0.001)
        make.go_on.set()
    return found


def test_one_call_answers_all() -> None:
    make = Slow()
    first, *others = while_first_is_under_way(Flights(patience_s=20), make, 3)
    assert first.result() == Landed(1, was_shared=False)
    assert [other.result() for other in others] == [Landed(1, was_shared=True)] * 3
    assert make.calls == 1


def test_another_key_is_another_call() -> None:
    make = Slow()
    first, other = while_first_is_under_way(Flights(patience_s=20), make, 1, lambda _number: "another")
    assert (first.result(), other.result()) == (Landed(1, was_shared=False), Landed(2, was_shared=False))


def test_nothing_is_kept() -> None:
    flights: Flights[int] = Flights(patience_s=20)
    make = Slow()
    make.go_on.set()
    assert [flights.once("key", make).made for _time in range(3)] == [1, 2, 3]


def test_an_error_is_told_to_those_who_wait_and_forgotten() -> None:
    make, flights = Slow(ValueError("no")), Flights[int](patience_s=20)
    for one in while_first_is_under_way(flights, make, 2):
        with pytest.raises(ValueError, match="no"):
            one.result()
    assert flights.once("key", make) == Landed(2, was_shared=False)


def test_a_lost_connection_is_only_its_owners() -> None:
    first, other = while_first_is_under_way(Flights(patience_s=20), Slow(OperationalError("gone")), 1)
    with pytest.raises(OperationalError):
        first.result()
    assert other.result() == Landed(2, was_shared=False)


def test_who_has_waited_long_enough_makes_it_alone() -> None:
    make, flights = Slow(), Flights[int](patience_s=0.05)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(flights.once, "key", make)
        assert make.begun.wait(timeout=20)
        assert threads.submit(flights.once, "key", make).result(timeout=20) == Landed(2, was_shared=False)
        make.go_on.set()
        assert first.result(timeout=20) == Landed(1, was_shared=False)
    assert flights.waiting == 0
