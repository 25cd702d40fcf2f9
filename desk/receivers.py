"""What follows from what becomes of conversations, inside the transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.actor import Actor
from accounts.models import Member
from accounts.signals import member_deactivated
from desk.actions import keep_record, release_all_of
from messaging.models import Conversation, Kind
from messaging.signals import conversation_changed


@receiver(conversation_changed, dispatch_uid="keep who serves whom")
def keep_who_serves(
    conversation: Conversation, event: str, actor: Actor, data: dict[str, Any], **_: Any
) -> None:
    if conversation.kind == Kind.SUPPORT:
        keep_record(actor, conversation, event, data)


@receiver(member_deactivated, dispatch_uid="somebody else serves")
def somebody_else_serves(member: Member, actor: Actor, **_: Any) -> None:
    release_all_of(actor, member)
