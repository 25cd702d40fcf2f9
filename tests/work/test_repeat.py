"""A thread of the worker goes on whatever happens, and does not hurry."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import OperationalError

from work.worker import repeat


class Waits(Event):
    """Does not wait, but remembers for how long it was to; and is set when that was often enough."""

    def __init__(self, often_enough: int) -> None:
        super().__init__()
        self.often_enough = often_enough
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.seconds.append(timeout)
        return len(self.seconds) > self.often_enough


def repeat_in_a_thread(step: Callable[[], float], until: Waits) -> None:
    """It closes the connections of its thread."""
    thread = Thread(target=repeat, args=(step, until))
    thread.start()
    thread.join()


def test_it_goes_on_when_the_step_says() -> None:
    until = Waits(3)
    repeat_in_a_thread(lambda: 5.0, until)
    assert until.seconds == [0.0, 5.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("error", "times"), [(OperationalError("away"), 1100), (LookupError("a bug"), 10)], ids=["away", "a bug"]
)
def test_while_it_fails_it_waits_longer_and_longer(error: Exception, times: int) -> None:
    until = Waits(times)

    def fail() -> float:
        raise error

    repeat_in_a_thread(fail, until)
    assert until.seconds[:8] == [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    assert max(until.seconds) == 10.0
    assert len(until.seconds) == times + 1


def test_when_it_is_well_again_the_next_failure_is_the_first() -> None:
    outcomes = iter([False, False, True, False])
    until = Waits(4)

    def stumble() -> float:
        if next(outcomes):
            return 0.0
        raise OperationalError("away")

    repeat_in_a_thread(stumble, until)
    assert until.seconds == [0.0, 0.5, 1.0, 0.0, 0.5]
