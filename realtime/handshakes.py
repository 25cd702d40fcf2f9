"""How often one address may open a socket at this process: whoever only knocks must not keep us busy."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic

from django.conf import settings

from common.ratelimit import TokenBucket

ADDRESSES = 10_000


class Handshakes:
    def __init__(self) -> None:
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, address: str) -> None:
        """Raises RateLimited. A house may share one address, so the limit is wide; the longest unseen are forgotten."""
        now = monotonic()
        if address not in self._buckets:
            rate, burst = settings.HANDSHAKES_PER_SECOND, settings.HANDSHAKES_BURST
            self._buckets[address] = TokenBucket(rate, burst, at=now)
        self._buckets.move_to_end(address)
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        self._buckets[address].take(now)

    def forget(self) -> None:
        """Tests start clean."""
        self._buckets.clear()


handshakes = Handshakes()
