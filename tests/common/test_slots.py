"""So much at the same time, and no more; whoever dies with a place does not keep it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from django.conf import settings

from common import slots
from common.errors import RateLimited
from common.slots import OwnPlaces, Places, RedisPlaces, slot


def is_free(key: str = "Carol") -> bool:
    with suppress(RateLimited), slot(2, "test", key, seconds=60):
        return True
    return False


def test_two_at_a_time() -> None:
    with slot(2, "test", "Carol", seconds=60):
        assert is_free()
        with slot(2, "test", "Carol", seconds=60):
            assert not is_free()
            assert is_free("Bob")
        assert is_free()


def test_what_is_refused_is_told_when_to_come_again() -> None:
    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(slot(2, "test", "Carol", seconds=60))
        with pytest.raises(RateLimited) as refused:
            held.enter_context(slot(2, "test", "Carol", seconds=60))
    assert refused.value.retry_after == slots.RETRY_AFTER


def test_what_goes_wrong_gives_it_back() -> None:
    for _ in range(3):
        with suppress(ZeroDivisionError), slot(1, "test", "Carol", seconds=60):
            raise ZeroDivisionError
    assert is_free()


@pytest.fixture(params=["own", "redis"])
def places(request: pytest.FixtureRequest) -> Iterator[Places]:
    if request.param == "redis" and not settings.REDIS_URL:
        pytest.skip("there is no Redis")
    made: Places = OwnPlaces() if request.param == "own" else RedisPlaces(settings.REDIS_URL)
    yield made
    made.forget()


def test_whoever_dies_does_not_keep_it(places: Places) -> None:
    """Its lease is over: nobody gives anything back."""
    assert places.take(1, "test:Carol", "dead", -1)
    assert places.take(1, "test:Carol", "alive", 60)
    assert not places.take(1, "test:Carol", "another", 60)
    places.give_back("test:Carol", "alive")
    assert places.take(1, "test:Carol", "another", 60)


def test_it_lasts_as_long_as_it_is_renewed(places: Places) -> None:
    assert places.take(1, "test:Carol", "alive", 60)
    places.renew("test:Carol", "alive", -1)
    assert places.take(1, "test:Carol", "another", 60)
    places.renew("test:Carol", "alive", 60)
    places.give_back("test:Carol", "another")
    assert places.take(1, "test:Carol", "a third", 60), "what was lost is not renewed"


def test_without_redis_this_process_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    away = RedisPlaces("redis://127.0.0.1:1")
    monkeypatch.setattr(slots, "_shared", lambda: away)
    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(slot(2, "test", "Carol", seconds=60))
        assert not is_free()
    assert is_free()
