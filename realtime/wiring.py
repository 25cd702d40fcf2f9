"""What the socket is handed from above: config.realtime fills it in, so that this room needs to know no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from realtime.frames import Frame


class Principal(Protocol):
    """Whoever holds a socket; the rooms above know it as an Actor."""

    @property
    def id(self) -> UUID: ...


Command = Callable[[Any, Frame], Frame | None]


@dataclass(frozen=True, slots=True)
class Wiring:
    """All functions are synchronous and may use the database.

    redeem(ticket, origin): the principal, once; NotAuthenticated otherwise.
    renew(principal, origin): the principal as it is now, before each command; NotAuthenticated when it no longer holds.
    welcome(principal, hello): the fields of the welcome frame that know what a conversation is.
    commands: frame type -> command(principal, frame) -> the answer, or None when there is nothing to say.
    """

    redeem: Callable[[str, str], Principal]
    renew: Callable[[Any, str], Principal]
    welcome: Callable[[Any, Frame], Frame]
    commands: Mapping[str, Command]
