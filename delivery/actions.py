"""Moving watermarks."""

from __future__ import annotations

import logging
from dataclasses import dataclass
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
    if own is None or not _advance(own, conversation, move, in_private=actor.member.read_private).has_moved:
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
    advances: list[Advance] = []
    for participant in present.select_related("member").order_by("pk"):
        in_private = participant.member.read_private
        advance = _advance(participant, conversation, by_member[participant.member_id], in_private=in_private)
        if advance.has_moved:
            advances.append(advance)
    if advances:
        moved = [advance.participant for advance in advances]
        Participant.objects.bulk_update(moved, ["delivered_seq", "read_seq", "shown_read_seq"])
        marks = [mark for advance in advances for mark in advance.marks()]
        ReceiptMark.objects.bulk_create(marks, ignore_conflicts=True)
        _tell(conversation, [advance.participant for advance in advances if advance.kinds])
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


@dataclass(frozen=True, slots=True)
class Advance:
    """One participant's watermarks, moved as far as they may. `kinds` are those that the others see moving."""

    participant: Participant
    kinds: tuple[MarkKind, ...]
    at: datetime
    has_moved: bool

    def marks(self) -> list[ReceiptMark]:
        one = self.participant
        seqs = {MarkKind.DELIVERED: one.delivered_seq, MarkKind.READ: one.shown_read_seq}
        return [
            ReceiptMark(
                conversation_id=one.conversation_id,
                member_id=one.member_id,
                kind=kind,
                up_to_seq=seqs[kind],
                at=self.at,
            )
            for kind in self.kinds
        ]


def _advance(
    participant: Participant, conversation: Conversation, move: Move, *, in_private: bool
) -> Advance:
    former = (participant.delivered_seq, participant.read_seq, participant.shown_read_seq)
    read = max(participant.read_seq, min(move.read, conversation.last_seq))
    delivered = max(participant.delivered_seq, read, min(move.delivered, conversation.last_seq))
    shown = participant.shown_read_seq if in_private else read
    participant.delivered_seq, participant.read_seq, participant.shown_read_seq = delivered, read, shown
    kinds = []
    if delivered > former[0]:
        kinds.append(MarkKind.DELIVERED)
    if shown > former[2]:
        kinds.append(MarkKind.READ)
    return Advance(participant, tuple(kinds), move.at, has_moved=former != (delivered, read, shown))


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
