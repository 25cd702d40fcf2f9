"""What the system says in a timeline: a place of its own in it, for each reader to be told in their language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actor import Actor
from common.ids import new_id
from messaging.models import Conversation, Message, MessageKind


def system_message(
    actor: Actor, conversation: Conversation, told: dict[str, Any], *, at: datetime
) -> Message:
    """Not written yet: it takes the conversation's next seq and version, under its lock. `told` has an `event`."""
    return Message(
        id=new_id(),
        conversation=conversation,
        organisation_id=conversation.organisation_id,
        seq=conversation.next_seq(),
        version=conversation.next_version(),
        sender=actor.member,
        client_id=new_id(),
        kind=MessageKind.SYSTEM.value,
        system=told,
        created_at=at,
    )
