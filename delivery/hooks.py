"""What can be told to hosts, how it is signed, and when it is tried again. Knows no row and no clock."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable
from datetime import timedelta
from hashlib import sha256

# noun -> what may happen to it. Of those without a word the rooms tell that have them.
EVENTS: dict[str, tuple[str, ...]] = {
    "message": ("created", "edited", "deleted", "reacted", "pinned"),
    "conversation": (
        "started",
        "renamed",
        "joined",
        "left",
        "closed",
        "reopened",
        "assigned",
        "released",
        "resolved",
        "deleted",
    ),
    "file": ("approved", "rejected", "infected"),
    "request": (),
    "sla": (),
}
SUBSCRIBABLE = [f"{noun}.{one}" for noun, happened in EVENTS.items() for one in (*happened, "*")]

DELAYS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
MOST_ATTEMPTS = len(DELAYS) + 1
# Up to so much of a delay is left to chance: what failed together does not come back together.
JITTER = 0.2
LONGEST_REST = timedelta(minutes=10)
DISABLED_AFTER_FAILURES = 20
DISABLED_AFTER = timedelta(days=3)


def noun_of(event: str) -> str:
    return event.partition(".")[0]


def is_wanted(event: str, wanted: Collection[str]) -> bool:
    return event in wanted or f"{noun_of(event)}.*" in wanted


def sign(secrets: Iterable[str], at: int, body: bytes) -> str:
    """The value of `Parley-Signature`: when it was sent (in Unix seconds), and one signature by each active secret."""
    signed = f"{at}.".encode() + body
    each = [hmac.new(secret.encode(), signed, sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={one}" for one in each)])


def delay_after(attempts: int, chance: float) -> timedelta | None:
    """Until the next attempt, when so many have failed; None: that was the last. `chance`: from 0 to 1."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return DELAYS[attempts - 1] * (1 + JITTER * chance)


def rest_after(failures: int) -> timedelta:
    """How long nobody waits for a host that did not answer so many times in a row."""
    return min(DELAYS[0] * (1 << min(failures - 1, 10)), LONGEST_REST)


def is_given_up(failures: int, failing_for: timedelta) -> bool:
    return failures >= DISABLED_AFTER_FAILURES and failing_for >= DISABLED_AFTER
