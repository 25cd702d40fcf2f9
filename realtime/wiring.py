"""What the socket is handed from above: config.realtime fills it in, so that this room needs to know no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, Protocol
from uuid import UUID

from realtime.attention import Attention, Presences, Turn
from realtime.frames import Frame
from realtime.marks import Mark
from realtime.turns import Turns


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


class Later(Enum):
    LATER = "somebody else has locked what this command needs"


LATER: Literal[Later.LATER] = Later.LATER

Command = Callable[[Any, Frame], Frame | Turn | None]
# What comes of a command that is run together with others: its answer, what is wrong with it, or that it must wait.
Answer = Frame | None | Exception | Literal[Later.LATER]
# The principal as it is now, and the answer.
Outcome = tuple[Any, Frame | None] | Exception | Literal[Later.LATER]
# An outcome that is not to be tried again, and whom it is told.
Done = tuple[Any, Frame | None] | Exception
Tell = Callable[[Frame, Done], None]
# (principal, frame) of each, and whether to wait for what others have locked -> the outcome of each, in order.
RunTogether = Callable[[list[tuple[Any, Frame]], bool], Sequence[Outcome]]
SocketsByMember = Mapping[UUID, list[Attention]]


@dataclass(frozen=True, slots=True)
class Attended:
    """`people`: whose presence is now another. `known`: that of those it was asked for, where it is known.

    `crowded`: members who have more sockets than they may; those opened before that moment are to go.
    """

    people: Presences
    known: Presences
    crowded: Mapping[UUID, float]


@dataclass(frozen=True, slots=True)
class Job:
    """What a serving process does by itself, `every` so many seconds, while it has sockets or is not `done`.

    It may use the database. `turns`: it waits for whoever writes the same.
    """

    name: str
    every: float
    run: Callable[[], None]
    done: Callable[[], bool] = lambda: True
    turns: Turns = field(default_factory=Turns)


class Gathered(Protocol):
    """`holds_up`: a socket's next command waits for the answer to this one."""

    holds_up: bool

    def put(self, principal: Principal, frame: Frame, tell: Tell) -> None: ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """All functions but `redeem` and `welcome` are synchronous and may use the database.

    redeem(ticket, origin): whose ticket it is, once; NotAuthenticated otherwise.
    renew(principal): the principal as it is now, before each command; NotAuthenticated when it no longer holds.
    welcome(holder, hello): the principal that the holder of a ticket is, and the fields of the welcome frame that know
        what a conversation is; NotAuthenticated when what the ticket was given for no longer holds.
    heads(seconds, members, subjects): what changed in that time, is among `subjects` or heard by one of these members.
    may_follow(principal, subject, needs): whether this principal may (still) be told of the subject, and of what
        `needs` a right of its own.
    attend(changed, watched, asked): once a second. `changed`: the members whose sockets here changed since the last
        time, with those they have now; `watched` by sockets here, `asked` for lately. Presence is the one thing that
        realtime knows by name.
    may_watch([(principal, people), ...]): for each, of whom of these people it may (still) be told.
    which_hold(principals): for each, whether its credential still holds.
    rates: frame type -> how many a second, and how many at once, a member may send.
    jobs: what else runs in a serving process.
    commands: frame type -> command(principal, frame) -> the answer, None when there is nothing to say, or a Turn.
    gathered: frame type -> where commands of this type wait for the database together.
    """

    redeem: Callable[[str, str], Awaitable[Principal]]
    renew: Callable[[Any], Principal]
    welcome: Callable[[Any, Frame], Awaitable[tuple[Principal, Frame]]]
    heads: Callable[[float, list[UUID], Collection[str]], list[Head]]
    may_follow: Callable[[Any, str, str], bool]
    attend: Callable[[SocketsByMember, set[UUID], set[UUID]], Attended]
    may_watch: Callable[[list[tuple[Any, frozenset[UUID]]]], list[frozenset[UUID]]]
    which_hold: Callable[[list[Any]], list[bool]]
    rates: Mapping[str, tuple[float, float]]
    jobs: tuple[Job, ...]
    commands: Mapping[str, Command]
    gathered: Mapping[str, Gathered]
