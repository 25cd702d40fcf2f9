"""Leases: each serving process says which members are connected to it, and says it again before that runs out.

A process that dies says nothing more, and its members are gone when their leases are. Kept in Redis by its clock; in
rows, by the database's clock, while Redis is away or where there is none.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from common.clock import from_now
from presence.models import LeaseRow

logger = logging.getLogger(__name__)
R = TypeVar("R")

# Three renewals may be lost before somebody who is here looks gone.
TTL = 75.0
KEEP_CHANGES = 120.0
REMEMBER = 24 * 60 * 60
REDIS_WITHIN = 0.5
ASK_AGAIN_AFTER = 5.0
# So long after a change of place not every process has written its leases to the new one yet.
SETTLES_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Lease:
    """One process's word that the member is here for `seconds` more. `opened`: when each of the sockets was."""

    member: UUID
    is_away: bool = False
    opened: tuple[float, ...] = ()
    seconds: float = TTL


Found = dict[UUID, list[Lease]]


class Leases(Protocol):
    @property
    def memory(self) -> object:
        """Another one when what was written is there no more."""

    def write(self, leases: Iterable[Lease]) -> None:
        """Says these, and that they are news."""

    def renew(self, leases: Iterable[Lease]) -> None:
        """Says again what was said before: no news."""

    def touch(self, members: Iterable[UUID]) -> None:
        """What is said of these members has another meaning now."""

    def running(self, members: Iterable[UUID]) -> Found:
        """The leases of all processes that have not run out."""

    def changed(self, seconds: float) -> set[UUID]:
        """Of whom there was news within these seconds."""


class RedisLeases:
    """A hash a member (process -> lease), a sorted set of who changed when, and a key a process that Redis keeps for as
    long as it remembers: one that starts again within a second is not missed otherwise."""

    CHANGED = "parley:presence:changed"
    # Read in one round trip, by Redis's own clock.
    CHANGED_SINCE = (
        "local now = redis.call('TIME')[1]"
        " local since = tonumber(now) - tonumber(ARGV[1]) - 1"
        " return {redis.call('EXISTS', KEYS[2]), redis.call('ZRANGEBYSCORE', KEYS[1], since, '+inf')}"
    )

    def __init__(self, url: str, process: UUID) -> None:
        self.memory = object()
        self._process = process.hex
        self._remembered = f"parley:presence:process:{process.hex}"
        self._has_written = False
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=REDIS_WITHIN,
            socket_connect_timeout=REDIS_WITHIN,
            # Once: a connection that Redis closed meanwhile. Whoever asks has rows to turn to.
            retry=Retry(NoBackoff(), 1),
            decode_responses=True,
        )

    def write(self, leases: Iterable[Lease]) -> None:
        leases = list(leases)
        self.renew(leases)
        self.touch(lease.member for lease in leases)

    def renew(self, leases: Iterable[Lease]) -> None:
        now = self._now()
        pipeline = self._redis.pipeline(transaction=False)
        for lease in leases:
            said = json.dumps([now + lease.seconds, lease.is_away, lease.opened])
            pipeline.hset(_key(lease.member), self._process, said)
            pipeline.expire(_key(lease.member), int(2 * TTL))
        pipeline.set(self._remembered, 1)
        pipeline.expire(self._remembered, REMEMBER)
        pipeline.execute()
        self._has_written = True

    def touch(self, members: Iterable[UUID]) -> None:
        now = self._now()
        scores = {member.hex: now for member in members}
        if scores:
            self._redis.zadd(self.CHANGED, scores)
            self._redis.zremrangebyscore(self.CHANGED, "-inf", now - KEEP_CHANGES)

    def running(self, members: Iterable[UUID]) -> Found:
        asked = list(members)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.time()
        for member in asked:
            pipeline.hgetall(_key(member))
        time, *hashes = pipeline.execute()
        now = time[0] + time[1] / 1e6
        found: Found = defaultdict(list)
        dead = self._redis.pipeline(transaction=False)
        for member, said in zip(asked, hashes, strict=True):
            for process, (expires_at, is_away, opened) in zip(
                said, map(json.loads, said.values()), strict=True
            ):
                if expires_at > now:
                    found[member].append(Lease(member, is_away, tuple(opened), expires_at - now))
                elif expires_at < now - KEEP_CHANGES:
                    # Of a process that is no more, and will not say so.
                    dead.hdel(_key(member), process)
        dead.execute()
        return found

    def changed(self, seconds: float) -> set[UUID]:
        answer: Any = self._redis.eval(self.CHANGED_SINCE, 2, self.CHANGED, self._remembered, str(seconds))
        remembers, changed = answer
        if self._has_written and not remembers:
            self.memory, self._has_written = object(), False
        return {UUID(hex=member) for member in changed}

    def _now(self) -> float:
        seconds, microseconds = self._redis.time()  # type: ignore[misc]  # the stubs know asyncio's, too
        return float(seconds) + float(microseconds) / 1e6


def _key(member: UUID) -> str:
    return f"parley:presence:{member.hex}"


class RowLeases:
    def __init__(self, process: UUID) -> None:
        self.memory = object()
        self._process = process

    def write(self, leases: Iterable[Lease]) -> None:
        self._upsert(leases, "changed_at")

    def renew(self, leases: Iterable[Lease]) -> None:
        LeaseRow.objects.filter(expires_at__lt=Now() - timedelta(seconds=KEEP_CHANGES)).delete()
        self._upsert(leases)

    def _upsert(self, leases: Iterable[Lease], *also: str) -> None:
        rows = [
            LeaseRow(
                member_id=lease.member,
                process=self._process,
                is_away=lease.is_away,
                opened=lease.opened,
                expires_at=from_now(lease.seconds),
                changed_at=Now(),
            )
            for lease in leases
        ]
        LeaseRow.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["member_id", "process"],
            update_fields=["is_away", "opened", "expires_at", *also],
        )

    def touch(self, members: Iterable[UUID]) -> None:
        LeaseRow.objects.filter(member_id__in=list(members)).update(changed_at=Now())

    def running(self, members: Iterable[UUID]) -> Found:
        rows = LeaseRow.objects.filter(member_id__in=list(members), expires_at__gt=Now())
        found: Found = defaultdict(list)
        for row in rows.annotate(now=ExpressionWrapper(Now(), output_field=DateTimeField())):
            seconds = (row.expires_at - row.now).total_seconds()
            found[row.member_id].append(Lease(row.member_id, row.is_away, tuple(row.opened), seconds))
        return found

    def changed(self, seconds: float) -> set[UUID]:
        rows = LeaseRow.objects.filter(changed_at__gt=Now() - timedelta(seconds=seconds))
        return set(rows.values_list("member_id", flat=True))


class FallingBack:
    """The first place while it answers (Redis), else the second (rows), which every process can reach as well.

    Whoever finds another `memory` than before says everything anew.
    """

    def __init__(self, first: Leases, second: Leases) -> None:
        self._first, self._second = first, second
        self.memory = first.memory
        self._lock = Lock()
        self._failures = 0
        self._ask_first_at = 0.0
        self._settled_at = 0.0

    @property
    def is_settling(self) -> bool:
        return monotonic() < self._settled_at

    def write(self, leases: Iterable[Lease]) -> None:
        leases = list(leases)
        self._ask(lambda place: place.write(leases))

    def renew(self, leases: Iterable[Lease]) -> None:
        leases = list(leases)
        self._ask(lambda place: place.renew(leases))

    def touch(self, members: Iterable[UUID]) -> None:
        members = list(members)
        self._ask(lambda place: place.touch(members))

    def running(self, members: Iterable[UUID]) -> Found:
        members = list(members)
        return self._ask(lambda place: place.running(members))

    def changed(self, seconds: float) -> set[UUID]:
        return self._ask(lambda place: place.changed(seconds))

    def _ask(self, ask: Callable[[Leases], R]) -> R:
        failures = self._failures
        if self._may_ask_first():
            try:
                answer = ask(self._first)
            except (RedisError, OSError) as error:
                logger.warning("presence is kept in the database while Redis is away: %r", error)
                with self._lock:
                    self._failures += 1
                    self._ask_first_at = monotonic() + ASK_AGAIN_AFTER
            else:
                # Unless it failed for another thread meanwhile: this is then no news.
                if failures == self._failures:
                    self._ask_first_at = 0.0
                    self._use(self._first)
                return answer
        self._use(self._second)
        return ask(self._second)

    def _may_ask_first(self) -> bool:
        """While it is away, one thread tries again; the others do not wait for it."""
        with self._lock:
            is_time = monotonic() >= self._ask_first_at
            if is_time and self._ask_first_at:
                self._ask_first_at = monotonic() + ASK_AGAIN_AFTER
            return is_time

    def _use(self, place: Leases) -> None:
        with self._lock:
            if place.memory is not self.memory:
                self.memory = place.memory
                self._settled_at = monotonic() + SETTLES_WITHIN


@cache
def leases() -> FallingBack:
    """This process's."""
    process = uuid4()
    rows = RowLeases(process)
    return FallingBack(RedisLeases(settings.REDIS_URL, process) if settings.REDIS_URL else rows, rows)
