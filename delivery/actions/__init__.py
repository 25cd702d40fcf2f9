"""Moving watermarks, and telling people, and hosts, of things."""

from delivery.actions.inbox import (
    Notice,
    dismiss_notification,
    dismiss_notifications_about,
    dismiss_notifications_in,
    dismiss_notifications_of,
    forget_old_notifications,
    mark_read_up_to,
    notify,
    read_all_notifications,
    read_notification,
    tell_decision,
    tell_mentions,
    tell_of_storage,
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
from delivery.actions.telling_hosts import (
    Batch,
    News,
    forget_old_deliveries,
    hand_out_due,
    note_news,
    send_batch,
)
from delivery.actions.transcripts import ask_transcript, lease_due_transcripts, send_transcript
from delivery.actions.webhooks import (
    add_webhook,
    change_webhook,
    redeliver,
    remove_webhook,
    rotate_secret,
)

__all__ = [
    "Batch",
    "Choice",
    "Moving",
    "News",
    "Notice",
    "add_webhook",
    "ask_transcript",
    "change_webhook",
    "choose_defaults",
    "choose_preferences",
    "dismiss_notification",
    "dismiss_notifications_about",
    "dismiss_notifications_in",
    "dismiss_notifications_of",
    "forget_old_deliveries",
    "forget_old_notices",
    "forget_old_notifications",
    "hand_out_due",
    "lease_due_notices",
    "lease_due_transcripts",
    "look_again",
    "mark_read_up_to",
    "move_receipt",
    "note_news",
    "note_receipts",
    "notify",
    "plan_notices",
    "read_all_notifications",
    "read_notification",
    "redeliver",
    "remove_webhook",
    "repeat_receipts",
    "rotate_secret",
    "send_batch",
    "send_notice",
    "send_transcript",
    "stop_emails",
    "subscribe",
    "tell_decision",
    "tell_mentions",
    "tell_of_storage",
    "unsubscribe",
    "write_due_receipts",
    "write_receipts",
]
