"""Buckets of requests, by a clock that the test turns."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gis_portal import throttling
from gis_portal.throttling import Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(throttling, "monotonic", clock)
    return clock


def test_so_many_at_once_then_one_after_the_other(clock: Clock) -> None:
    throttle = Throttle(6)
    assert [throttle.wait_s("a") for _ in range(8)] == [0, 0, 0, 0, 0, 0, 10, 10]
    clock.now += 4
    assert throttle.wait_s("a") == 6
    clock.now += 6
    assert [throttle.wait_s("a") for _ in range(2)] == [0, 10]
    clock.now += 60
    assert [throttle.wait_s("a") for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]


def test_refused_requests_do_not_make_the_wait_longer(clock: Clock) -> None:
    throttle = Throttle(6)
    for _ in range(50):
        throttle.wait_s("a")
    clock.now += 10
    assert throttle.wait_s("a") == 0


def test_each_client_has_its_own_bucket(clock: Clock) -> None:
    throttle = Throttle(1)
    assert [throttle.wait_s(client) for client in ("a", "b", "a", "b")] == [0, 0, 60, 60]


def test_none_means_any_number(clock: Clock) -> None:
    assert {Throttle(0).wait_s("a") for _ in range(1000)} == {0}


def test_the_table_is_bounded_and_forgets_who_was_quiet_longest(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "MOST_CLIENTS", 2)
    throttle = Throttle(2)
    for client in ("a", "b", "a", "c"):
        assert throttle.wait_s(client) == 0
    assert list(throttle.full_at) == ["a", "c"]
    assert throttle.wait_s("a") > 0


def test_threads_share_a_bucket_to_the_request(clock: Clock) -> None:
    throttle = Throttle(500)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _number: throttle.wait_s("a"), range(1000)))
    assert waits.count(0) == 500
