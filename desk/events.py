"""News of the desk that no version counts: whoever missed one asks again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from desk.payloads import RatingPayload
from realtime.events import Event
from realtime.frames import Frame


@dataclass(frozen=True, slots=True)
class QueueMoved(Event):
    """To whoever waits: which place they have now, and for how long it may be; None where that cannot be told."""

    type = "queue"
    conversation: UUID
    place: int
    wait_s: int | None

    def frame(self) -> Frame:
        return {
            "type": self.type,
            "conversation": str(self.conversation),
            "place": self.place,
            "wait_s": self.wait_s,
        }


@dataclass(frozen=True, slots=True)
class Rated(Event):
    """To the staff who hear the conversation."""

    type = "rating"
    conversation: UUID
    rating: RatingPayload

    def frame(self) -> Frame:
        return {"type": self.type, "conversation": str(self.conversation), "rating": self.rating}
