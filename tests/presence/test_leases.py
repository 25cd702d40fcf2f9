"""Where leases are: Redis by its own clock, the database while Redis is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from presence import leases as module
from presence.leases import FallingBack, Lease, Leases, RedisLeases, RowLeases

BOB, CAROL = uuid4(), uuid4()
NOWHERE = "redis://127.0.0.1:1/0"
needs_redis = pytest.mark.skipif(
    not settings.REDIS_URL, reason="REDIS_URL is not set (make test-services sets it)"
)

Make = Callable[[UUID], Leases]


def in_redis(process: UUID) -> Leases:
    return RedisLeases(settings.REDIS_URL, process)


@pytest.fixture(params=[RowLeases, pytest.param(in_redis, marks=needs_redis)], ids=["rows", "redis"])
def make(request: pytest.FixtureRequest, db: None) -> Iterator[Make]:
    yield request.param
    if settings.REDIS_URL:
        redis = RedisLeases(settings.REDIS_URL, uuid4())._redis
        redis.delete(RedisLeases.CHANGED, *(f"parley:presence:{one.hex}" for one in (BOB, CAROL)))


def said(place: Leases, member: UUID) -> list[tuple[bool, tuple[float, ...]]]:
    return sorted((one.is_away, one.opened) for one in place.running([member]).get(member, []))


def test_each_process_says_its_own(make: Make) -> None:
    first, second = make(uuid4()), make(uuid4())
    first.write([Lease(BOB, opened=(1.0, 2.0)), Lease(CAROL)])
    second.write([Lease(BOB, is_away=True, opened=(3.0,))])
    assert said(first, BOB) == said(second, BOB) == [(False, (1.0, 2.0)), (True, (3.0,))]
    first.write([Lease(BOB, is_away=True)])
    assert said(second, BOB) == [(True, ()), (True, (3.0,))]


def test_a_lease_runs_out_and_can_be_renewed(make: Make) -> None:
    place = make(uuid4())
    place.write([Lease(BOB, seconds=-1), Lease(CAROL, seconds=10)])
    assert said(place, BOB) == []
    (carols,) = place.running([CAROL])[CAROL]
    assert 5 < carols.seconds <= 10
    place.renew([Lease(BOB), Lease(CAROL)])
    assert [70 < place.running([one])[one][0].seconds <= 75 for one in (BOB, CAROL)] == [True, True]


def test_who_changed(make: Make) -> None:
    place = make(uuid4())
    place.write([Lease(BOB), Lease(CAROL)])
    assert {BOB, CAROL} <= place.changed(60)
    assert not {BOB, CAROL} & place.changed(-60)
    place.touch([BOB])
    assert BOB in place.changed(60)


def test_without_redis_rows_say_the_same(db: None) -> None:
    places = [FallingBack(RedisLeases(NOWHERE, one), RowLeases(one)) for one in (uuid4(), uuid4())]
    places[0].write([Lease(BOB)])
    assert said(places[1], BOB) == [(False, ())]
    assert places[1].is_settling


@needs_redis
def test_redis_is_asked_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_AGAIN_AFTER", 0)
    process = uuid4()
    redis, rows = RedisLeases(NOWHERE, process), RowLeases(process)
    place = FallingBack(redis, rows)
    memories: list[object] = []
    for url in (NOWHERE, settings.REDIS_URL):
        redis._redis = RedisLeases(url, process)._redis
        place.write([Lease(BOB)])
        memories.append(place.memory)
    assert memories == [rows.memory, redis.memory]
    redis._redis.delete(RedisLeases.CHANGED, f"parley:presence:{BOB.hex}")


@needs_redis
def test_a_redis_that_forgot_is_noticed(db: None) -> None:
    """It was started again between two looks, or flushed: no call ever failed."""
    process = uuid4()
    redis = RedisLeases(settings.REDIS_URL, process)
    place = FallingBack(redis, RowLeases(process))
    place.write([Lease(BOB)])
    place.changed(60)
    remembered, settled = place.memory, place.is_settling
    redis._redis.delete(f"parley:presence:process:{process.hex}", f"parley:presence:{BOB.hex}")
    place.changed(60)
    assert place.memory is not remembered
    assert (settled, place.is_settling) == (False, True)
    place.write([Lease(BOB)])
    forgotten = place.memory
    place.changed(60)
    assert place.memory is forgotten
    redis._redis.delete(RedisLeases.CHANGED, f"parley:presence:{BOB.hex}")
