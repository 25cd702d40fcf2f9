"""Moving watermarks."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.permissions import Permission
from common.clock import now
from delivery.events import ReadInPrivate, ReceiptMoved
from delivery.models import MarkKind, ReceiptMark
from delivery.pending import DIRECT_AFTER, GROUP_AFTER, Move, pending
from messaging.access import audience_of, get_conversation, participant_of
from messaging.models import Conversation, Kind, Participant
from realtime.publishing import publish

logger = logging.getLogger(__name__)


def move_receipt(actor: Actor, *, conversation_id: UUID, delivered: int = 0, read: int = 0) -> Conversation:
    """Moves the actor's own watermarks forward, never back and never past the last message; read implies delivered.

    Whoever may see the conversation without taking part has no watermark to move. Locks the conversation and publishes
    `receipt` when something moves.
    """
    conversation = get_conversation(actor, conversation_id)
    actor.must(Permission.MOVE_RECEIPTS)
    own = participant_of(actor, conversation)
    move = Move(actor.id, delivered, read, now())
    if own is None or _moved(own, conversation, move, in_private=actor.member.read_private) == _of(own):
        return conversation
    return write_receipts(conversation_id, [move])


def note_receipt(actor: Actor, *, conversation_id: UUID, delivered: int = 0, read: int = 0) -> None:
    """The same, written a moment later together with those of others: 250 ms for pairs, a second for groups."""
    conversation = get_conversation(actor, conversation_id)
    actor.must(Permission.MOVE_RECEIPTS)
    within = DIRECT_AFTER if conversation.kind in (Kind.DIRECT, Kind.SUPPORT) else GROUP_AFTER
    pending.note(conversation.pk, Move(actor.id, delivered, read, now()), within=within)


def write_due_receipts(*, all_of_them: bool = False) -> None:
    """One transaction a conversation; one that fails stops no other. What the database did not take waits for it: it
    was acknowledged."""
    for conversation_id, moves in pending.take_due(now=float("inf") if all_of_them else None).items():
        try:
            write_receipts(conversation_id, moves)
        except (OperationalError, InterfaceError) as error:
            logger.warning("receipts wait for the database: %r", error)
            for move in moves:
                pending.note(conversation_id, move, within=GROUP_AFTER)
        except Exception:
            logger.exception("the receipts of conversation %s were not written", conversation_id)


@transaction.atomic
def write_receipts(conversation_id: UUID, moves: list[Move]) -> Conversation:
    """Writes what is news of these moves: one UPDATE of watermarks, one INSERT of marks, one `receipt` for all.

    What was read in private moves the reader's own watermark and unread count; only their own sockets are told, under
    the `receipt_version` that is, so that the others cannot even tell that it happened. The actors' right to the
    conversation was checked when the moves were made; whoever has left since moves nothing. Locks the conversation.
    """
    conversation = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_id)
    by_member = {move.member: move for move in moves}
    present = Participant.objects.present().filter(conversation=conversation, member__in=by_member)
    moved: list[Participant] = []
    marks: list[ReceiptMark] = []
    for one in present.select_related("member").order_by("pk"):
        move, former = by_member[one.member_id], _of(one)
        now_at = _moved(one, conversation, move, in_private=one.member.read_private)
        if now_at != former:
            one.delivered_seq, one.read_seq, one.shown_read_seq = now_at
            moved.append(one)
            marks += _marks(one, former, move.at)
    if moved:
        Participant.objects.bulk_update(moved, ["delivered_seq", "read_seq", "shown_read_seq"])
        ReceiptMark.objects.bulk_create(marks, ignore_conflicts=True)
        seen_moving = {mark.member_id for mark in marks}
        _tell(conversation, [one for one in moved if one.member_id in seen_moving])
        _tell_in_private(conversation, [one for one in moved if one.read_seq > one.shown_read_seq])
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


Watermarks = tuple[int, int, int]


def _of(participant: Participant) -> Watermarks:
    return participant.delivered_seq, participant.read_seq, participant.shown_read_seq


def _moved(
    participant: Participant, conversation: Conversation, move: Move, *, in_private: bool
) -> Watermarks:
    """Where the move takes the participant: delivered, read, and read as the others see it."""
    read = max(participant.read_seq, min(move.read, conversation.last_seq))
    delivered = max(participant.delivered_seq, read, min(move.delivered, conversation.last_seq))
    return delivered, read, participant.shown_read_seq if in_private else read


def _marks(participant: Participant, former: Watermarks, at: datetime) -> list[ReceiptMark]:
    """When the others saw which watermark move."""
    delivered, _, shown = _of(participant)
    moved = [(MarkKind.DELIVERED, delivered, former[0]), (MarkKind.READ, shown, former[2])]
    return [
        ReceiptMark(
            conversation_id=participant.conversation_id,
            member_id=participant.member_id,
            kind=kind,
            up_to_seq=seq,
            at=at,
        )
        for kind, seq, before in moved
        if seq > before
    ]


def _tell(conversation: Conversation, moved: list[Participant]) -> None:
    if not moved:
        return
    conversation.receipt_version += 1
    conversation.changed_at = Now()  # the database's clock: those of hosts differ
    conversation.save(update_fields=["receipt_version", "changed_at"])
    watermarks = tuple((one.member_id, one.delivered_seq, one.shown_read_seq) for one in moved)
    publish(
        ReceiptMoved(conversation.id, conversation.receipt_version, watermarks), to=audience_of(conversation)
    )


def _tell_in_private(conversation: Conversation, readers: list[Participant]) -> None:
    for one in readers:
        watermarks = ((one.member_id, one.delivered_seq, one.read_seq),)
        publish(ReadInPrivate(conversation.id, conversation.receipt_version, watermarks), to=[one.member_id])
