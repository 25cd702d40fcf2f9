"""News of the portal that no version of a conversation counts: whoever missed one lists anew."""

from __future__ import annotations

from dataclasses import dataclass

from portal.payloads import RequestPayload
from realtime.events import Event
from realtime.frames import Frame


@dataclass(frozen=True, slots=True)
class RequestChanged(Event):
    """To everybody who may see it: what happened, and its whole present state."""

    type = "request"
    event: str
    request: RequestPayload

    def frame(self) -> Frame:
        return {"type": self.type, "event": self.event, "request": self.request}
