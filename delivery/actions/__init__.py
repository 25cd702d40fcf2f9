"""Moving watermarks, and telling people of things."""

from delivery.actions.inbox import (
    Notice,
    dismiss_notification,
    dismiss_notifications_about,
    dismiss_notifications_in,
    forget_old_notifications,
    mark_read_up_to,
    notify,
    read_all_notifications,
    read_notification,
    tell_mentions,
)
from delivery.actions.planning import (
    forget_old_notices,
    lease_due_notices,
    look_again,
    plan_notices,
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
from delivery.actions.sending import send_notice
from delivery.actions.subscribing import subscribe, unsubscribe

__all__ = [
    "Choice",
    "Moving",
    "Notice",
    "choose_defaults",
    "choose_preferences",
    "dismiss_notification",
    "dismiss_notifications_about",
    "dismiss_notifications_in",
    "forget_old_notices",
    "forget_old_notifications",
    "lease_due_notices",
    "look_again",
    "mark_read_up_to",
    "move_receipt",
    "note_receipts",
    "notify",
    "plan_notices",
    "read_all_notifications",
    "read_notification",
    "repeat_receipts",
    "send_notice",
    "stop_emails",
    "subscribe",
    "tell_mentions",
    "unsubscribe",
    "write_due_receipts",
    "write_receipts",
]
