"""News of receipts, and of what somebody is told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from delivery.payloads import NotificationPayload
from realtime.events import Event
from realtime.frames import Frame
from realtime.marks import Mark


@dataclass(frozen=True, slots=True)
class ReceiptMoved(Event):
    """Watermarks (member, delivered, read) as they now stand. Receipts have a version of their own."""

    type = "receipt"
    conversation: UUID
    receipt_version: int
    watermarks: tuple[tuple[UUID, int, int], ...]

    def frame(self) -> Frame:
        return {
            "type": self.type,
            "conversation": str(self.conversation),
            "receipt_version": self.receipt_version,
            "watermarks": [[str(member), delivered, read] for member, delivered, read in self.watermarks],
        }

    def mark(self) -> tuple[str, Mark]:
        return str(self.conversation), Mark(receipt_version=self.receipt_version)


@dataclass(frozen=True, slots=True)
class ReadInPrivate(ReceiptMoved):
    """For the reader's own sockets only: no subject, or whoever follows the conversation would be told."""

    def mark(self) -> tuple[str, Mark]:
        return "", Mark()


@dataclass(frozen=True, slots=True)
class NotificationTold(Event):
    """To the member's own sockets, as it now stands, and how many they have not read. `alert`: a page that nobody looks
    at may show it as a notice of the browser."""

    type = "notification"
    notification: NotificationPayload
    unread: int
    alert: bool

    def frame(self) -> Frame:
        return {
            "type": self.type,
            "notification": self.notification,
            "unread": self.unread,
            "alert": self.alert,
        }


@dataclass(frozen=True, slots=True)
class NotificationsRead(Event):
    """All of them, at once."""

    type = "notifications"
    unread: int

    def frame(self) -> Frame:
        return {"type": self.type, "event": "read", "unread": self.unread}
