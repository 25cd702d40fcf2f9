"""How much one may do at the same time: places that are held, in Redis when there is one, else in this process.

A place is a lease: whoever dies with one gives it back when that runs out. When Redis cannot be asked, this process
counts alone: a limit grows looser, it never vanishes and never hangs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from common.errors import RateLimited

logger = logging.getLogger(__name__)

REDIS_WITHIN = 0.3
RETRY_AFTER = 1.0


@contextmanager
def slot(most: int, *key: object, seconds: float) -> Iterator[Callable[[], None]]:
    """Holds one of the `most` places of `key`, for `seconds`, and again for so long whenever what it gives is called.
    RateLimited where all are held."""
    name, place = ":".join(str(part) for part in key), uuid4().hex
    places = _take(most, name, place, seconds)
    try:
        yield lambda: _quietly(places.renew, name, place, seconds)
    finally:
        _quietly(places.give_back, name, place)


def _quietly(do: Callable[..., None], *which: object) -> None:
    """It is over when its time is."""
    try:
        do(*which)
    except RedisError as error:
        logger.warning("a place is left to its time: %s", error)


def forget() -> None:
    """Empties every place; tests start clean."""
    _shared().forget()
    _local().forget()


def _take(most: int, name: str, place: str, seconds: float) -> Places:
    places = _shared()
    try:
        is_in = places.take(most, name, place, seconds)
    except RedisError as error:
        logger.warning("places are counted in this process only: %s", error)
        places = _local()
        is_in = places.take(most, name, place, seconds)
    if not is_in:
        raise RateLimited(
            "So much at the same time is too much. Wait for one to be done.", retry_after=RETRY_AFTER
        )
    return places


class Places(Protocol):
    def take(self, most: int, name: str, place: str, seconds: float) -> bool: ...

    def renew(self, name: str, place: str, seconds: float) -> None: ...

    def give_back(self, name: str, place: str) -> None: ...

    def forget(self) -> None: ...


class RedisPlaces:
    """A sorted set for each name: place -> when its lease runs out, by Redis's clock."""

    PREFIX = "parley:slots:"
    TAKE = (
        "local now = tonumber(redis.call('TIME')[1])"
        " redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)"
        " if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end"
        " redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])"
        " redis.call('EXPIRE', KEYS[1], tonumber(ARGV[3]) + 1)"
        " return 1"
    )

    RENEW = (
        "local now = tonumber(redis.call('TIME')[1])"
        " redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[2]), ARGV[1])"
        " redis.call('EXPIRE', KEYS[1], tonumber(ARGV[2]) + 1)"
    )

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(
            url,
            socket_timeout=REDIS_WITHIN,
            socket_connect_timeout=REDIS_WITHIN,
            # Once: a connection that Redis closed meanwhile.
            retry=Retry(NoBackoff(), 1),
        )

    def take(self, most: int, name: str, place: str, seconds: float) -> bool:
        return bool(self._redis.eval(self.TAKE, 1, self.PREFIX + name, most, place, int(seconds)))

    def renew(self, name: str, place: str, seconds: float) -> None:
        self._redis.eval(self.RENEW, 1, self.PREFIX + name, place, int(seconds))

    def give_back(self, name: str, place: str) -> None:
        self._redis.zrem(self.PREFIX + name, place)

    def forget(self) -> None:
        for key in self._redis.scan_iter(f"{self.PREFIX}*"):
            self._redis.delete(key)


class OwnPlaces:
    """Of this process; they die with it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[str, dict[str, float]] = {}

    def take(self, most: int, name: str, place: str, seconds: float) -> bool:
        now = monotonic()
        with self._lock:
            held = {one: until for one, until in self._held.get(name, {}).items() if until > now}
            is_in = len(held) < most
            self._held[name] = {**held, place: now + seconds} if is_in else held
            return is_in

    def renew(self, name: str, place: str, seconds: float) -> None:
        with self._lock:
            held = self._held.get(name, {})
            if place in held:
                held[place] = monotonic() + seconds

    def give_back(self, name: str, place: str) -> None:
        with self._lock:
            held = self._held.get(name, {})
            held.pop(place, None)
            if not held:
                self._held.pop(name, None)

    def forget(self) -> None:
        self._held.clear()


@cache
def _shared() -> Places:
    return RedisPlaces(settings.REDIS_URL) if settings.REDIS_URL else _local()


@cache
def _local() -> Places:
    return OwnPlaces()
