"""What a serving process does beside answering: each job in a loop of its own, while there are sockets.

One loop that fails or hangs stops no other: in the prototype, receipts and healing shared one try-block, and a bug in
the one silenced the other.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial

from django.conf import settings

from realtime.attention import Presences
from realtime.database import in_database
from realtime.fanout import Push, fanout, group_of
from realtime.frames import DRAINING, LOST, NOT_AUTHENTICATED
from realtime.registry import Socket, registry
from realtime.wiring import Job, Wiring

logger = logging.getLogger(__name__)

# With the check itself, within a minute.
RECHECK_EVERY = 50.0
ATTEND_EVERY = 1.0
# Longer than any transaction lasts: what committed late still falls into the window.
WINDOW = 15.0
BETWEEN_BYES = 0.01
# About what a process takes in; a deploy must not end in a storm.
COME_BACK_PER_SECOND = 200


class Loop:
    def __init__(
        self,
        name: str,
        every: float,
        job: Callable[[], Awaitable[None]],
        done: Callable[[], bool] = lambda: True,
    ) -> None:
        self.name, self.every, self.job, self.done = name, every, job, done
        self.task: asyncio.Task[None] | None = None

    def ensure(self) -> bool:
        """Runs from the first socket of this event loop to the last. True when it starts with this call."""
        loop = asyncio.get_running_loop()
        if self.task and not self.task.done() and self.task.get_loop() is loop:
            return False
        self.task = loop.create_task(self._run(), name=self.name)
        return True

    async def _run(self) -> None:
        """Once more after the last socket has gone: what it left behind is looked after, too."""
        while True:
            await asyncio.sleep(self.every)
            was_idle = not registry
            try:
                await self.job()
            except Exception:
                logger.exception("%s failed and will be tried again", self.name)
            # Looked at again: a socket that came meanwhile has found this loop running.
            if was_idle and not registry and self.done():
                return


async def run_job(job: Job) -> None:
    async with job.turns:
        await in_database(job.run)


class Background:
    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.is_draining = False
        self.healed_at = time.monotonic()
        self.to_tell: set[Socket] = set()
        self.loops = (
            Loop("heal", settings.HEAL_EVERY_SECONDS, self.heal),
            Loop("recheck", RECHECK_EVERY, self.recheck),
            Loop("attend", ATTEND_EVERY, self.attend),
            *(Loop(job.name, job.every, partial(run_job, job), job.done) for job in wiring.jobs),
        )

    def ensure(self) -> None:
        has_started = [loop.ensure() for loop in self.loops]
        if any(has_started):
            # Whoever comes first has just synced: what changed in the idle hours before is no news.
            self.healed_at = time.monotonic()

    async def heal(self) -> None:
        """Tells each socket of what it was not sent: lost pushes, a Redis that is away, a client that is slow."""
        began = time.monotonic()
        window = began - self.healed_at + WINDOW
        followed = registry.followed()
        for head in await in_database(self.wiring.heads, window, registry.members(), followed.keys()):
            for member in head.members:
                for socket in registry.of(member):
                    socket.outgoing.miss(head.subject, head.mark)
            for socket in followed.get(head.subject, ()):
                has_it = socket.outgoing.has_sent(head.subject, head.mark)
                if not has_it and await socket.following.still(head.subject):
                    socket.outgoing.miss(head.subject, head.mark)
        self.healed_at = began
        for socket in registry:
            if socket.outgoing.is_lost:
                socket.close(LOST)
            else:
                socket.outgoing.tell_heads()

    async def recheck(self) -> None:
        """Credentials that ended without a word: an expired session, a revocation whose news was lost."""
        sockets = [socket for socket in registry if socket.principal]
        holding = await in_database(self.wiring.which_hold, [socket.principal for socket in sockets])
        for socket, holds in zip(sockets, holding, strict=True):
            if not holds:
                socket.close(NOT_AUTHENTICATED)
        await self.recheck_watches()

    async def recheck_watches(self) -> None:
        """Whoever may not know of somebody any more hears no more of them."""
        watching = [socket for socket in registry if socket.principal and socket.attention.people]
        people = [socket.attention.people for socket in watching]
        who = [socket.principal for socket in watching]
        still = await in_database(self.wiring.may_watch, list(zip(who, people, strict=True)))
        for socket, former, allowed in zip(watching, people, still, strict=True):
            if allowed != former and socket.attention.people == former:
                registry.watch(socket, dict.fromkeys(allowed))

    async def attend(self) -> None:
        """Says who is here, and tells each socket what is new of the people it watches."""
        changed, fresh = registry.take_changes(), registry.fresh()
        asked = {person for socket in fresh for person in socket.attention.answered}
        try:
            attended = await in_database(self.wiring.attend, changed, registry.watched(), asked)
        except BaseException:
            registry.note_change(*changed)
            raise
        for member, before in attended.crowded.items():
            fanout.put(Push((group_of(member),), {"type": "make_room", "before": before}))
        for person, presence in attended.people.items():
            for socket in registry.watchers(person):
                self.note_presence(socket, {person: presence})
        for socket in fresh:
            self.correct(socket, attended.known)
        self.tell_presence()

    def correct(self, socket: Socket, known: Presences) -> None:
        """Between the answer to a watch and this look, somebody may have come or gone."""
        attention = socket.attention
        told = {person: attention.answered.pop(person) for person in known.keys() & attention.answered.keys()}
        self.note_presence(socket, {one: known[one] for one, said in told.items() if known[one] != said})
        if not attention.answered:
            registry.confirm(socket)

    def note_presence(self, socket: Socket, people: Presences) -> None:
        if people:
            socket.attention.untold |= people
            self.to_tell.add(socket)

    def tell_presence(self) -> None:
        """A socket that is behind is told when it has caught up."""
        for socket in [
            one for one in self.to_tell if not one.outgoing.credit.is_short or one.outgoing.is_closed
        ]:
            self.to_tell.discard(socket)
            untold, socket.attention.untold = socket.attention.untold, {}
            if untold:
                members = {str(person): presence for person, presence in untold.items()}
                socket.outgoing.say({"type": "presence", "members": members})

    # --- deploys ----------------------------------------------------------------------------------------------------

    def start_draining(self) -> None:
        """Called by a signal: readiness is off from now on, and the sockets of this process are sent away."""
        self.is_draining = True
        if registry.loop is not None:
            registry.loop.call_soon_threadsafe(self._drain_in_loop)

    def _drain_in_loop(self) -> None:
        self._draining = asyncio.get_running_loop().create_task(self.drain())

    async def drain(self) -> None:
        sockets = list(registry)
        within_ms = max(1000, 1000 * len(sockets) // COME_BACK_PER_SECOND)
        for socket in sockets:
            socket.bye(DRAINING, retry_after_ms=random.randint(0, within_ms))  # noqa: S311  jitter, no secret
            await asyncio.sleep(BETWEEN_BYES)
