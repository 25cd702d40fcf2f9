"""Moving watermarks, and telling people of things."""

from delivery.actions.inbox import (
    Notice,
    dismiss_notification,
    dismiss_notifications_about,
    dismiss_notifications_in,
    mark_read_up_to,
    notify,
    read_all_notifications,
    read_notification,
    tell_mentions,
)
from delivery.actions.receipts import (
    Moving,
    move_receipt,
    note_receipts,
    repeat_receipts,
    write_due_receipts,
    write_receipts,
)

__all__ = [
    "Moving",
    "Notice",
    "dismiss_notification",
    "dismiss_notifications_about",
    "dismiss_notifications_in",
    "mark_read_up_to",
    "move_receipt",
    "note_receipts",
    "notify",
    "read_all_notifications",
    "read_notification",
    "repeat_receipts",
    "tell_mentions",
    "write_due_receipts",
    "write_receipts",
]
