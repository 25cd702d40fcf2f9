"""News of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from messaging.payloads import MessagePayload
from realtime.events import Event
from realtime.frames import Frame
from realtime.marks import Mark

TYPING_FOR_MS = 6000


@dataclass(frozen=True, slots=True)
class MessageChanged(Event):
    """One frame type carries the whole present state of a message, whatever changed it."""

    type = "message"
    event: str
    message: MessagePayload

    def frame(self) -> Frame:
        return {
            "type": self.type,
            "conversation": self.message["conversation"],
            "version": self.message["version"],
            "event": self.event,
            "message": self.message,
        }

    def mark(self) -> tuple[str, Mark]:
        return self.message["conversation"], Mark(version=self.message["version"])


@dataclass(frozen=True, slots=True)
class NoteChanged(MessageChanged):
    """The same of what the staff notes among itself."""

    needs = Permission.SEE_NOTES.value


@dataclass(frozen=True, slots=True)
class Typing(Event):
    """A member is typing for the next `TYPING_FOR_MS`, or has stopped. Kept nowhere: the receiver lets it run out."""

    type = "typing"
    conversation: UUID
    member: UUID
    on: bool

    def frame(self) -> Frame:
        return {
            "type": self.type,
            "conversation": str(self.conversation),
            "members": [str(self.member)],
            "ttl_ms": TYPING_FOR_MS if self.on else 0,
        }


@dataclass(frozen=True, slots=True)
class ConversationChanged(Event):
    """What is not a message, with the data that changed, by `event`:

    started {conversation} · renamed {title} · joined {participant} · left {member, owner: whose it is now, or null} ·
    closed {status} · reopened {status, assignee} · assigned {assignee, status, participant: who came by it, or null} ·
    released, resolved {assignee, status} · deleted {} · own {archived, muted_until, notify} · advanced {}: what is not
    told
    """

    type = "conversation"
    conversation: UUID
    version: int
    event: str
    data: dict[str, Any]

    def frame(self) -> Frame:
        return {
            "type": self.type,
            "conversation": str(self.conversation),
            "version": self.version,
            "event": self.event,
            "data": self.data,
        }

    def mark(self) -> tuple[str, Mark]:
        return str(self.conversation), Mark(version=self.version)


@dataclass(frozen=True, slots=True)
class OwnChanged(ConversationChanged):
    """For one's own sockets: whoever watches the conversation is not told."""

    is_followed = False


@dataclass(frozen=True, slots=True)
class Passed(ConversationChanged):
    """The version of something that these may not see. Whoever only watches is sent that itself, or learns of the
    version by heads."""

    is_followed = False
