"""Looking at what others no longer see. Each look leaves a trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.permissions import Permission
from messaging import access
from messaging.models import Message


@dataclass(frozen=True, slots=True)
class Text:
    """`replaced_at`: None for the present one."""

    body: str
    written_at: datetime
    replaced_at: datetime | None


@transaction.atomic
def read_revisions(actor: Actor, *, message_id: UUID) -> list[Text]:
    """Every text that the message had, the present one last, whether it is deleted or not. AUDIT, audited."""
    message = access.get_message(actor, message_id)
    actor.must(Permission.AUDIT)
    record(actor, "message.revisions_read", message, conversation=str(message.conversation_id))
    return texts_of(message)


def texts_of(message: Message) -> list[Text]:
    former = [Text(one.body, one.written_at, one.replaced_at) for one in message.revisions.all()]
    return [*former, Text(message.body, message.edited_at or message.created_at, None)]
