"""Flow control and token buckets, as tables."""

from __future__ import annotations

import pytest

from common.errors import RateLimited
from common.ratelimit import TokenBucket
from realtime.credit import HEADS_ONLY_OVER, LOST_AFTER, LOST_OVER, Credit

KIB = 1024


def test_what_was_seen_no_longer_counts() -> None:
    credit = Credit(now=0)
    for size in (100, 200, 300):
        credit.wrote(size)
    credit.seen(2, now=1)
    assert credit.unseen == 300
    credit.seen(3, now=2)
    assert credit.unseen == 0


@pytest.mark.parametrize("count", [0, -1, 4, 2**60])
def test_a_count_from_nowhere_is_ignored(count: int) -> None:
    credit = Credit(now=0)
    for _ in range(3):
        credit.wrote(100)
    credit.seen(count, now=1)
    assert credit.unseen == 300


@pytest.mark.parametrize(
    ("written", "now", "is_short", "is_lost"),
    [
        (HEADS_ONLY_OVER, 0, False, False),
        (HEADS_ONLY_OVER + 1, 0, True, False),
        (HEADS_ONLY_OVER + 1, LOST_AFTER + 1, True, True),
        (HEADS_ONLY_OVER, LOST_AFTER + 1, False, False),
        (LOST_OVER + 1, 0, True, True),
    ],
)
def test_when_a_client_is_behind_and_when_it_is_lost(
    written: int, now: float, is_short: bool, is_lost: bool
) -> None:
    credit = Credit(now=0)
    credit.wrote(written)
    assert (credit.is_short, credit.is_lost(now)) == (is_short, is_lost)


def test_a_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    bucket = TokenBucket(rate=2, burst=3, at=0)
    for _ in range(3):
        bucket.take(now=0)
    with pytest.raises(RateLimited) as refused:
        bucket.take(now=0)
    assert refused.value.retry_after == 0.5
    bucket.take(now=0.5)
    with pytest.raises(RateLimited):
        bucket.take(now=0.6)


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    bucket = TokenBucket(rate=100, burst=2, at=0)
    for _ in range(2):
        bucket.take(now=1000)
    with pytest.raises(RateLimited):
        bucket.take(now=1000)
