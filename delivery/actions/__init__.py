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
from delivery.actions.preferences import Choice, choose_defaults, choose_preferences, stop_emails
from delivery.actions.receipts import (
    Moving,
    move_receipt,
    note_receipts,
    repeat_receipts,
    write_due_receipts,
    write_receipts,
)

__all__ = [
    "Choice",
    "Moving",
    "Notice",
    "choose_defaults",
    "choose_preferences",
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
    "stop_emails",
    "tell_mentions",
    "write_due_receipts",
    "write_receipts",
]
