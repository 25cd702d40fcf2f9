"""The sockets of this process, by member. Touched in the event loop only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import Protocol
from uuid import UUID

from common.ratelimit import TokenBucket
from realtime.attention import Attention
from realtime.outgoing import Outgoing
from realtime.wiring import Principal


class Socket(Protocol):
    """One connection, as the jobs of the process see it."""

    principal: Principal | None
    outgoing: Outgoing
    attention: Attention

    async def still_follows(self, subject: str) -> bool: ...

    async def close(self, code: int) -> None: ...

    async def bye(self, code: int, *, retry_after_ms: int) -> None: ...


class Registry:
    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._by_member: dict[UUID, list[Socket]] = {}
        self._buckets: dict[UUID, dict[str, TokenBucket]] = {}
        self._stirred: set[UUID] = set()
        self._watching: dict[Socket, frozenset[UUID]] = {}
        self._watchers: dict[UUID, set[Socket]] = {}

    def add(self, member: UUID, socket: Socket) -> None:
        self.loop = asyncio.get_running_loop()
        self._by_member.setdefault(member, []).append(socket)
        self.stir(member)

    def remove(self, member: UUID, socket: Socket) -> None:
        sockets = self._by_member.get(member, [])
        if socket in sockets:
            sockets.remove(socket)
        if not sockets:
            self._by_member.pop(member, None)
            self._buckets.pop(member, None)
        self.stir(member)
        self.watch(socket, frozenset())

    def take(self, member: UUID, kind: str, rate: float, burst: float) -> None:
        """One command of this kind by any of the member's sockets here; RateLimited when there were too many."""
        buckets = self._buckets.setdefault(member, {})
        if kind not in buckets:
            buckets[kind] = TokenBucket(rate, burst, at=monotonic())
        buckets[kind].take(monotonic())

    def of(self, member: UUID) -> list[Socket]:
        """Oldest first."""
        return list(self._by_member.get(member, ()))

    def members(self) -> list[UUID]:
        return list(self._by_member)

    # --- presence: a second in which nothing changes costs nothing --------------------------------------------------

    def stir(self, *members: UUID) -> None:
        """Something about these members' sockets is not as it was."""
        self._stirred.update(members)

    def take_stirred(self) -> dict[UUID, list[Attention]]:
        """Those that were stirred since this was last asked, with the sockets they have now."""
        stirred, self._stirred = self._stirred, set()
        return {member: [one.attention for one in self.of(member)] for member in stirred}

    def watch(self, socket: Socket, people: frozenset[UUID]) -> None:
        """From now on the socket is told of these people's presence, and of nobody else's."""
        former = self._watching.pop(socket, frozenset())
        for person in former - people:
            self._watchers[person].discard(socket)
            if not self._watchers[person]:
                del self._watchers[person]
        for person in people - former:
            self._watchers.setdefault(person, set()).add(socket)
        if people:
            self._watching[socket] = people

    def watched(self) -> set[UUID]:
        return set(self._watchers)

    def watchers(self, person: UUID) -> list[Socket]:
        return list(self._watchers.get(person, ()))

    # --- following --------------------------------------------------------------------------------------------------

    def followed(self) -> dict[str, list[Socket]]:
        """Which subjects are watched here, and by which sockets."""
        followed: dict[str, list[Socket]] = {}
        for socket in self:
            for subject in socket.attention.subjects:
                followed.setdefault(subject, []).append(socket)
        return followed

    def __iter__(self) -> Iterator[Socket]:
        return iter([socket for sockets in self._by_member.values() for socket in sockets])

    def __bool__(self) -> bool:
        return bool(self._by_member)


registry = Registry()
