"""What the socket is handed from above: config.realtime fills it in, so that this room needs to know no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from realtime.attention import Attention
from realtime.frames import Frame
from realtime.marks import Mark


class Principal(Protocol):
    """Whoever holds a socket; the rooms above know it as an Actor."""

    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Head:
    """A subject has come to `mark`, and these members hear its news; who watches it is told besides."""

    subject: str
    mark: Mark
    members: frozenset[UUID]


Command = Callable[[Any, Frame], Frame | None]
Watch = Callable[[Any, Frame, Attention], Frame | None]
Here = Mapping[UUID, list[Attention]]


@dataclass(frozen=True, slots=True)
class Attended:
    """`people`: whose presence is now another, and which. `crowded`: who has more sockets than they may: those that
    were opened before that moment are to go."""

    people: Mapping[UUID, Any]
    crowded: Mapping[UUID, float]


@dataclass(frozen=True, slots=True)
class Job:
    """What a serving process does by itself, `every` so many seconds while it has sockets; it may use the database."""

    name: str
    every: float
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Wiring:
    """All functions are synchronous and may use the database.

    redeem(ticket, origin): the principal, once; NotAuthenticated otherwise.
    renew(principal): the principal as it is now, before each command; NotAuthenticated when it no longer holds.
    welcome(principal, hello): the fields of the welcome frame that know what a conversation is.
    heads(seconds, members, subjects): what changed in that time that one of these members hears, or among `subjects`.
    may_follow(principal, subject): whether this principal may (still) be told of the subject.
    attend(stirred, watched): of whom something about their sockets here has changed, those that they have now; gives
        what is new of the people watched here.
    which_hold(principals): for each, whether its credential still holds.
    rates: frame type -> how many a second, and how many at once, a member may send.
    jobs: what else runs in a serving process.
    commands: frame type -> command(principal, frame) -> the answer, or None when there is nothing to say.
    watches: frame type -> the same for commands that change what this one socket looks at.
    """

    redeem: Callable[[str, str], Principal]
    renew: Callable[[Any], Principal]
    welcome: Callable[[Any, Frame], Frame]
    heads: Callable[[float, list[UUID], list[str]], list[Head]]
    may_follow: Callable[[Any, str], bool]
    attend: Callable[[Here, set[UUID]], Attended]
    which_hold: Callable[[list[Any]], list[bool]]
    rates: Mapping[str, tuple[float, float]]
    jobs: tuple[Job, ...]
    commands: Mapping[str, Command]
    watches: Mapping[str, Watch]
