"""The sockets of this process, by member. Touched in the event loop only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import Protocol
from uuid import UUID

from common.ratelimit import TokenBucket
from realtime.attention import Attention, Presences
from realtime.following import Following
from realtime.outgoing import Outgoing
from realtime.wiring import Principal


class Socket(Protocol):
    """One connection, as the jobs of the process see it."""

    principal: Principal | None
    outgoing: Outgoing
    attention: Attention
    following: Following

    def close(self, code: int) -> None: ...

    def bye(self, code: int, *, retry_after_ms: int) -> None: ...


class Registry:
    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._by_member: dict[UUID, list[Socket]] = {}
        self._buckets: dict[UUID, dict[str, TokenBucket]] = {}
        self._changed: set[UUID] = set()
        self._watchers: dict[UUID, set[Socket]] = {}
        self._fresh: set[Socket] = set()

    def add(self, member: UUID, socket: Socket) -> None:
        self.loop = asyncio.get_running_loop()
        self._by_member.setdefault(member, []).append(socket)
        self.note_change(member)

    def remove(self, member: UUID, socket: Socket) -> None:
        sockets = self._by_member.get(member, [])
        if socket in sockets:
            sockets.remove(socket)
        if not sockets:
            self._by_member.pop(member, None)
            self._buckets.pop(member, None)
        self.note_change(member)
        self.watch(socket, {})

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

    # --- presence: what did not change is not looked at -------------------------------------------------------------

    def note_change(self, *members: UUID) -> None:
        """These members' sockets are not as they were."""
        self._changed.update(members)

    def take_changes(self) -> dict[UUID, list[Attention]]:
        """Whose sockets changed since this was last asked, with those they have now."""
        changed, self._changed = self._changed, set()
        return {member: [one.attention for one in self.of(member)] for member in changed}

    def watch(self, socket: Socket, people: Presences) -> None:
        """From now on the socket is told of these people, and of nobody else. They are as it has just been answered."""
        attention, wanted = socket.attention, frozenset(people)
        for person in attention.people - wanted:
            self._watchers[person].discard(socket)
            if not self._watchers[person]:
                del self._watchers[person]
        for person in wanted - attention.people:
            self._watchers.setdefault(person, set()).add(socket)
        attention.people, attention.answered, attention.untold = wanted, dict(people), {}
        (self._fresh.add if people else self._fresh.discard)(socket)

    def watched(self) -> set[UUID]:
        return set(self._watchers)

    def watchers(self, person: UUID) -> list[Socket]:
        return list(self._watchers.get(person, ()))

    def fresh(self) -> list[Socket]:
        """Those that began to watch since the last look: what they were answered may have been old by then."""
        return list(self._fresh)

    def confirm(self, socket: Socket) -> None:
        """What it was answered is what is known."""
        self._fresh.discard(socket)

    # --- following --------------------------------------------------------------------------------------------------

    def followed(self) -> dict[str, list[Socket]]:
        """Which subjects are watched here, and by which sockets."""
        followed: dict[str, list[Socket]] = {}
        for socket in self:
            for subject in socket.following.subjects:
                followed.setdefault(subject, []).append(socket)
        return followed

    def __iter__(self) -> Iterator[Socket]:
        return iter([socket for sockets in self._by_member.values() for socket in sockets])

    def __bool__(self) -> bool:
        return bool(self._by_member)


registry = Registry()
