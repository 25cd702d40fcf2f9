"""So many looks at once, each on a core of its own, the last ones first: the others are for messages."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong

import pytest

from attachments.inspection.cores import Cores


def cores(monkeypatch: pytest.MonkeyPatch, there: set[int], at_once: int) -> Cores:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: there, raising=False)
    return Cores(at_once)


def test_each_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    free = cores(monkeypatch, {0, 1, 2, 3}, at_once=2)

    with free.one() as first, free.one() as second:
        assert (first, second) == (3, 2)
    with free.one() as again:
        assert again == 2


def test_more_looks_than_cores_share_them(monkeypatch: pytest.MonkeyPatch) -> None:
    free = cores(monkeypatch, {4}, at_once=2)

    with free.one() as first, free.one() as second:
        assert (first, second) == (4, 4)


def test_one_more_waits_until_another_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    free = cores(monkeypatch, {0, 1}, at_once=1)

    def take() -> int | None:
        with free.one() as core:
            return core

    with ThreadPoolExecutor(1) as thread:
        with free.one():
            waiting = thread.submit(take)
            with pytest.raises(TooLong):
                waiting.result(timeout=0.1)
        assert waiting.result(timeout=10) == 1


def test_where_cores_have_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")

    with Cores(1).one() as core:
        assert core is None
