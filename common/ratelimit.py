"""How often something may happen, counted in Redis when there is one, else in this process.

When Redis cannot be asked, this process counts alone: a limit grows looser, it never vanishes and never hangs.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from common.errors import RateLimited

logger = logging.getLogger(__name__)


def hit(rate: str, *key: object) -> None:
    """Counts one event of `key` against `rate` ("5/minute"). Raises RateLimited with the seconds to wait."""
    item, parts = parse(rate), [str(part) for part in key]
    try:
        _count(_shared(), item, parts)
    except RateLimited:
        raise
    except Exception as error:
        logger.warning("rate limits are counted in this process only: %s", error)
        _count(_local(), item, parts)


def rate(per_second: float, burst: float) -> str:
    """A bucket's two numbers, as a window: `burst` in the time that it takes to earn them."""
    return f"{int(burst)}/{max(1, round(burst / per_second))} second"


def forget() -> None:
    """Empties every counter; tests start clean."""
    _shared().storage.reset()
    _local().storage.reset()


def _count(limiter: MovingWindowRateLimiter, item: RateLimitItem, parts: list[str]) -> None:
    if not limiter.hit(item, *parts):
        reset_at = limiter.get_window_stats(item, *parts).reset_time
        raise RateLimited(retry_after=max(1.0, reset_at - time.time()))


@cache
def _shared() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(_redis() if settings.REDIS_URL else MemoryStorage())


@cache
def _local() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def _redis() -> RedisStorage:
    return RedisStorage(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3)


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
