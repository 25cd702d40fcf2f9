"""How often something may happen, counted in Redis when there is one, else in this process.

When Redis cannot be asked, this process counts alone: a limit grows looser, it never vanishes and never hangs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from common.errors import RateLimited

logger = logging.getLogger(__name__)

T = TypeVar("T")


def hit(rate: str, *key: object) -> None:
    """Counts one event of `key` against `rate` ("5/minute"). Raises RateLimited with the seconds to wait."""
    for problem in hit_each(rate, [key]):
        if problem:
            raise problem


def must_be_free(rate: str, *key: object) -> None:
    """As `hit`, of one event more, and counts nothing."""
    item, parts = parse(rate), [str(part) for part in key]

    def look(limiter: MovingWindowRateLimiter) -> RateLimited | None:
        return None if limiter.test(item, *parts) else _wait(limiter, item, parts)

    problem = _where_it_is_counted(look)
    if problem:
        raise problem


def hit_each(rate: str, keys: Iterable[Sequence[object]]) -> list[RateLimited | None]:
    """The same for many, in one round trip: what is wrong with each, in order."""
    item, each = parse(rate), [[str(part) for part in key] for key in keys]
    return _where_it_is_counted(lambda limiter: _count(limiter, item, each))


def _where_it_is_counted(do: Callable[[MovingWindowRateLimiter], T]) -> T:
    try:
        return do(_shared())
    except Exception as error:
        logger.warning("rate limits are counted in this process only: %s", error)
        return do(_local())


def rate(per_second: float, burst: float) -> str:
    """A bucket's two numbers, as a window: `burst` in the time that it takes to earn them."""
    return f"{int(burst)}/{max(1, round(burst / per_second))} second"


def forget() -> None:
    """Empties every counter; tests start clean."""
    _shared().storage.reset()
    _local().storage.reset()


def _count(
    limiter: MovingWindowRateLimiter, item: RateLimitItem, keys: list[list[str]]
) -> list[RateLimited | None]:
    storage = limiter.storage
    if isinstance(storage, Windows) and len(keys) > 1:
        let_in = storage.acquire_entries([item.key_for(*key) for key in keys], item)
    else:
        let_in = [limiter.hit(item, *key) for key in keys]
    return [None if is_in else _wait(limiter, item, key) for is_in, key in zip(let_in, keys, strict=True)]


def _wait(limiter: MovingWindowRateLimiter, item: RateLimitItem, key: list[str]) -> RateLimited:
    reset_at = limiter.get_window_stats(item, *key).reset_time
    return RateLimited(retry_after=max(1.0, reset_at - time.time()))


class Windows(RedisStorage):
    """The library asks Redis for one window at a time."""

    def acquire_entries(self, keys: list[str], item: RateLimitItem) -> list[bool]:
        connection: Any = self.get_connection()
        pipeline = connection.pipeline(transaction=False)
        of_each = [time.time(), item.amount, item.get_expiry(), 1]
        for key in keys:
            self.lua_acquire_moving_window([self.prefixed_key(key)], of_each, client=pipeline)
        return [bool(answer) for answer in pipeline.execute()]


@cache
def _shared() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(_redis() if settings.REDIS_URL else MemoryStorage())


@cache
def _local() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def _redis() -> Windows:
    return Windows(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3)


@dataclass(slots=True)
class TokenBucket:
    """For what happens too often to ask Redis: `rate` a second on average, `burst` at once."""

    rate: float
    burst: float
    at: float
    tokens: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, now: float) -> None:
        """Takes one token, or raises RateLimited with the seconds until there is one."""
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            raise RateLimited(retry_after=(1 - self.tokens) / self.rate)
        self.tokens -= 1
