"""How often one address may open a socket at this process: whoever only knocks must not keep us busy."""

from __future__ import annotations

import random
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

from django.conf import settings

from common.errors import RateLimited
from common.ratelimit import TokenBucket

ADDRESSES = 10_000


class Handshakes:
    def __init__(self) -> None:
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def wait_ms(self, address: str) -> int:
        """0, or how long to stay away: spread over the time in which a whole house can come in.

        Many people may share one address, so the limit is wide; those longest unseen are forgotten.
        """
        now, house = monotonic(), house_of(address)
        rate, burst = settings.HANDSHAKES_PER_SECOND, settings.HANDSHAKES_BURST
        if house not in self._buckets:
            self._buckets[house] = TokenBucket(rate, burst, at=now)
        self._buckets.move_to_end(house)
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        try:
            self._buckets[house].take(now)
        except RateLimited:
            return random.randint(1000, 1000 + int(1000 * burst / rate))  # noqa: S311  jitter, no secret
        return 0

    def forget(self) -> None:
        """Tests start clean."""
        self._buckets.clear()


def house_of(address: str) -> str:
    """One subscriber has a whole /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


handshakes = Handshakes()
