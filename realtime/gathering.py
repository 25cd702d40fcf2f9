"""Commands that go to the database together: while one transaction commits, those that arrive gather for the next.

A commit waits for the disk, whatever it holds. Alone, a command goes at once; under load the batches size themselves.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from time import monotonic
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError

from common.errors import ParleyError, RateLimited, Unavailable
from common.ratelimit import TokenBucket
from realtime.database import in_database
from realtime.fanout import Push, fanout
from realtime.frames import Frame
from realtime.turns import Turns
from realtime.wiring import LATER, Done, Outcome, RunTogether, Tell

logger = logging.getLogger(__name__)

T = TypeVar("T")

# What a transaction takes at most: nobody waits long for it, and its statements stay short.
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    principal: Any
    frame: Frame
    share: tuple[Hashable, Hashable]
    tell: Tell


class Lane:
    """One batch after another. `patient`: waits for what others have locked, instead of passing it on."""

    def __init__(
        self,
        run: RunTogether,
        turns: Turns,
        *,
        patient: bool,
        pause: float = 0.0,
        pass_on: Callable[[Call], None] | None = None,
    ) -> None:
        self._run, self._turns, self._patient, self._pause = run, turns, patient, pause
        self._pass_on = pass_on or self.put
        self._waiting: list[Call] = []
        self._work: asyncio.Task[None] | None = None

    def put(self, call: Call) -> None:
        loop = asyncio.get_running_loop()
        if self._work and self._work.get_loop() is not loop:
            self._work, self._waiting = None, []
        self._waiting.append(call)
        if self._work is None or self._work.done():
            self._work = loop.create_task(self._work_off())

    async def _work_off(self) -> None:
        while self._waiting:
            if self._pause:
                await asyncio.sleep(self._pause)
            async with self._turns:
                calls = self._take()
                outcomes, news = await self._outcomes(calls)
            for call, outcome in zip(calls, outcomes, strict=True):
                if outcome is LATER:
                    self._pass_on(call)
                else:
                    tell(call, outcome)
            # In the same turn of the event loop as the answers, so that they leave together.
            fanout.release(news)

    def _take(self) -> list[Call]:
        """Whoever waits for a lock holds no other meanwhile, and takes no other down with it."""
        if self._patient:
            share = self._waiting[0].share
            calls = [one for one in self._waiting if one.share == share][:MOST_AT_ONCE]
            self._waiting = [one for one in self._waiting if one not in calls]
            return calls
        if len(self._waiting) > MOST_AT_ONCE:
            self._waiting = in_turns(self._waiting)
        calls, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        return calls

    async def _outcomes(self, calls: list[Call]) -> tuple[Sequence[Outcome], list[Push]]:
        """One for each call, and the news there is; what goes wrong for all of them is told to all of them."""
        try:
            asked = [(call.principal, call.frame) for call in calls]
            outcomes, news = await in_database(fanout.hold, self._run, asked, self._patient)
            if len(outcomes) != len(calls):
                raise RuntimeError(f"{len(calls)} calls came to {len(outcomes)} outcomes")
            return outcomes, news
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database did not answer: %r", error)
            return [Unavailable() for _ in calls], []
        except Exception:
            logger.exception("%d commands failed together", len(calls))
            return [ParleyError() for _ in calls], []


def tell(call: Call, outcome: Done) -> None:
    """What goes wrong with one of them is not for the others."""
    try:
        call.tell(call.frame, outcome)
    except Exception:
        logger.exception("an outcome was not taken")


class Gathering:
    """The second lane is for what another process has locked: it must not hold up the first, nor those with whom it
    takes `turns`. `share`: the tenant and the conversation of a call, for fairness. `pause`: the seconds that a batch
    waits for more, where nobody waits for the answer. `rate`: how many calls of a tenant are let in, on average a
    second and at once; the others are RateLimited.
    """

    def __init__(
        self,
        run: RunTogether,
        *,
        share: Callable[[Any, Frame], tuple[Hashable, Hashable]],
        turns: Turns | None = None,
        pause: float = 0.0,
        rate: tuple[float, float] | None = None,
    ) -> None:
        self._share, self._rate = share, rate
        # Whether a socket's next command waits for the answer to this one.
        self.holds_up = not pause
        # A few words for each tenant that has spoken; they are never too many to keep.
        self._buckets: dict[Hashable, TokenBucket] = {}
        self._patient = Lane(run, Turns(), patient=True)
        self._quick = Lane(run, turns or Turns(), patient=False, pause=pause, pass_on=self._patient.put)

    def put(self, principal: Any, frame: Frame, tell: Tell) -> None:
        """`tell(frame, outcome)` is called once, later, in the event loop. RateLimited at once."""
        share = self._share(principal, frame)
        self._let_in(tenant=share[0])
        self._quick.put(Call(principal, frame, share, tell))

    async def obey(self, principal: Any, frame: Frame) -> tuple[Any, Frame | None]:
        """The same for whoever waits: the principal as it is now, and the answer; raises what is wrong with it."""
        told: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self.put(principal, frame, lambda _, outcome: None if told.done() else told.set_result(outcome))
        outcome = await told
        if isinstance(outcome, tuple):
            return outcome
        raise outcome

    def _let_in(self, tenant: Hashable) -> None:
        if self._rate is None:
            return
        if tenant not in self._buckets:
            self._buckets[tenant] = TokenBucket(*self._rate, at=monotonic())
        try:
            self._buckets[tenant].take(monotonic())
        except RateLimited as error:
            # All of a tenant wait for the next token, and one will get it.
            raise RateLimited(retry_after=max(1.0, error.retry_after or 0)) from None


def in_turns(calls: Iterable[Call]) -> list[Call]:
    """Fair among tenants, and within each among its conversations: the first of each, then the second of each."""
    tenants: dict[Hashable, dict[Hashable, list[Call]]] = {}
    for call in calls:
        tenant, conversation = call.share
        tenants.setdefault(tenant, {}).setdefault(conversation, []).append(call)
    return _round_robin(_round_robin(of_tenant.values()) for of_tenant in tenants.values())


def _round_robin(lists: Iterable[list[T]]) -> list[T]:
    return [one for row in zip_longest(*lists) for one in row if one is not None]
