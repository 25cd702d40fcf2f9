"""What can be published: an Event becomes a frame for people, or a note to the sockets themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from realtime.frames import Frame
from realtime.marks import Mark


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Subclasses say the frame's type and fields; the frame is the same for every viewer."""

    type: ClassVar[str]
    # Whether whoever watches its subject gets it, too.
    is_followed: ClassVar[bool] = True
    # What one must have a right to, besides its subject, to get it by watching that; "": nothing.
    needs: ClassVar[str] = ""

    def frame(self) -> Frame:
        raise NotImplementedError

    def mark(self) -> tuple[str, Mark]:
        """Which subject comes how far by this: so that a socket that missed it can be told."""
        return "", Mark()
