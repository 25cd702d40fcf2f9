"""Moving watermarks."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.permissions import Permission
from common.clock import now
from delivery.events import ReceiptMoved
from messaging.access import audience_of, get_conversation
from messaging.models import Conversation, Participant
from realtime.publishing import publish


@transaction.atomic
def move_receipt(actor: Actor, *, conversation_id: UUID, delivered: int = 0, read: int = 0) -> Conversation:
    """Moves the actor's own watermarks forward, never back and never past the last message; read implies delivered.

    Whoever may see the conversation without taking part has no watermark to move. Locks the conversation when something
    moves, then the participation; publishes `receipt` to the audience.
    """
    conversation = get_conversation(actor, conversation_id)
    actor.must(Permission.MOVE_RECEIPTS)
    if not _advances(_own(actor, conversation), conversation, delivered, read):
        return conversation
    conversation = get_conversation(actor, conversation_id, lock=True)
    participant = _own(actor, conversation)
    if participant is None or not _advances(participant, conversation, delivered, read):
        return conversation
    participant.read_seq = max(participant.read_seq, min(read, conversation.last_seq))
    participant.delivered_seq = max(
        participant.delivered_seq, participant.read_seq, min(delivered, conversation.last_seq)
    )
    participant.save(update_fields=["delivered_seq", "read_seq"])
    conversation.receipt_version += 1
    conversation.changed_at = now()
    conversation.save(update_fields=["receipt_version", "changed_at"])
    moved = (actor.id, participant.delivered_seq, participant.read_seq)
    publish(
        ReceiptMoved(conversation.id, conversation.receipt_version, (moved,)), to=audience_of(conversation)
    )
    return conversation


def repeat_receipts(actor: Actor, *, watermarks: dict[UUID, tuple[int, int]]) -> None:
    """What a client says when it comes back, in case the server missed it: moves those that are ahead of ours.

    Conversations that the actor does not take part in are left alone: they may have gone meanwhile.
    """
    own = Participant.objects.filter(member=actor.id, left_at=None, conversation__in=list(watermarks))
    for id, *ours in own.values_list("conversation", "delivered_seq", "read_seq"):
        delivered, read = watermarks[id]
        if delivered > ours[0] or read > ours[1]:
            move_receipt(actor, conversation_id=id, delivered=delivered, read=read)


def _own(actor: Actor, conversation: Conversation) -> Participant | None:
    return conversation.participants.filter(member=actor.id, left_at=None).first()


def _advances(participant: Participant | None, conversation: Conversation, delivered: int, read: int) -> bool:
    if participant is None:
        return False
    delivered, read = min(max(delivered, read), conversation.last_seq), min(read, conversation.last_seq)
    return delivered > participant.delivered_seq or read > participant.read_seq
