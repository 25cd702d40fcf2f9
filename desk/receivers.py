"""What follows from what becomes of conversations, inside the transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.actor import Actor
from desk.actions import keep_record
from messaging.models import Conversation, Kind
from messaging.signals import conversation_changed


@receiver(conversation_changed, dispatch_uid="keep who serves whom")
def keep_who_serves(
    conversation: Conversation, event: str, actor: Actor, data: dict[str, Any], **_: Any
) -> None:
    if conversation.kind == Kind.SUPPORT:
        keep_record(actor, conversation, event, data)
