"""The pure core of webhooks, as tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from delivery.hooks import (
    DELAYS,
    MOST_ATTEMPTS,
    SUBSCRIBABLE,
    delay_after,
    is_given_up,
    is_wanted,
    rest_after,
    sign,
)


@pytest.mark.parametrize(
    ("event", "wanted", "is_so"),
    [
        ("message.created", ["message.created"], True),
        ("message.created", ["message.*"], True),
        ("message.created", ["message.edited"], False),
        ("message.created", ["conversation.*"], False),
        ("request.decided", ["request.*"], True),
        ("message.created", [], False),
    ],
)
def test_who_wants_what(event: str, wanted: list[str], is_so: bool) -> None:
    assert is_wanted(event, wanted) == is_so


def test_what_can_be_asked_for() -> None:
    assert {"message.created", "message.*", "conversation.left", "file.*", "request.*", "sla.*"} <= set(
        SUBSCRIBABLE
    )


def test_a_signature() -> None:
    """Computed by openssl: printf '1700000000.{}' | openssl dgst -sha256 -hmac key"""
    assert sign(["key"], 1700000000, b"{}") == (
        "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
    )


def test_by_two_secrets() -> None:
    one, two = sign(["a"], 1, b"x"), sign(["b"], 1, b"x")
    assert sign(["a", "b"], 1, b"x") == f"{one},{two.partition(',')[2]}"


def test_the_delays_grow_and_end() -> None:
    assert [delay_after(failed, 0) for failed in range(1, MOST_ATTEMPTS)] == list(DELAYS)
    assert delay_after(MOST_ATTEMPTS, 0) is None
    assert delay_after(1, 1) == timedelta(seconds=12)
    assert list(DELAYS) == sorted(DELAYS)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 10), (2, 20), (3, 40), (7, 600), (5000, 600)])
def test_how_long_a_silent_host_is_left_alone(failures: int, seconds: int) -> None:
    assert rest_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("failures", "days", "is_so"), [(20, 3, True), (19, 30, False), (5000, 2.9, False), (21, 4, True)]
)
def test_when_it_is_given_up(failures: int, days: float, is_so: bool) -> None:
    assert is_given_up(failures, timedelta(days=days)) == is_so
