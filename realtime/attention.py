"""What one socket looks at besides its member's own news. It ends with the socket: nothing of it is stored."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from realtime.frames import Frame

Presences = Mapping[UUID, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """A command's answer, and what it makes the socket look at from now on. Commands run in a database thread: the
    socket applies it in the event loop."""

    answer: Frame | None
    away: bool | None = None
    people: Presences | None = None
    subject: str = ""
    on: bool = True


@dataclass(slots=True)
class Attention:
    """Touched in the event loop only.

    `people`: whose presence it is told. `answered`: what it was told of them when it asked, until the next look has
    confirmed it. `untold`: what it is still to be told.
    """

    # By the clock, not monotonic: it is compared with that of other processes' sockets.
    opened_at: float = field(default_factory=time.time)
    is_away: bool = False
    people: frozenset[UUID] = frozenset()
    answered: dict[UUID, Any] = field(default_factory=dict)
    untold: dict[UUID, Any] = field(default_factory=dict)
