"""Moving watermarks."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef

from accounts.actor import Actor
from accounts.permissions import Permission
from common.bulk import insert_rows, update_rows
from common.clock import ask_the_database, now
from common.errors import ParleyError
from common.ids import new_id
from common.prepared import Prepared, as_model, in_one_trip
from delivery.actions.inbox import mark_read_up_to
from delivery.events import ReadInPrivate, ReceiptMoved
from delivery.models import MarkKind, Notification, ReceiptMark
from delivery.pending import DIRECT_AFTER, GROUP_AFTER, Move, pending
from delivery.queries import Client, progress_of
from messaging.access import (
    Hearers,
    by_id,
    conversations_among,
    get_conversation,
    lock_conversations,
    participant_of,
)
from messaging.models import Conversation, Kind, Participant
from realtime.publishing import publish

logger = logging.getLogger(__name__)

CONVERSATIONS_AT_ONCE = 100

# Both by conversation: what was asked, and who has moved by it.
Moves = Mapping[UUID, list[Move]]
Moved = Mapping[UUID, list[Participant]]


@dataclass(frozen=True, slots=True)
class Moving:
    """How far an actor says that it has come."""

    actor: Actor
    conversation_id: UUID
    delivered: int = 0
    read: int = 0


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
    return write_receipts({conversation_id: [move]})[conversation_id]


def note_receipts(movings: list[Moving]) -> list[ParleyError | None]:
    """The same, written a moment later together with those of others: soon for pairs, after a second for groups. Gives
    what is wrong with each, in order."""
    ids = {one.conversation_id for one in movings}
    with in_one_trip():
        found, hearers = conversations_among(ids), Hearers(ids)
    conversations = by_id(found)
    problems: list[ParleyError | None] = []
    for moving in movings:
        try:
            _note(moving, conversations.get(moving.conversation_id), hearers)
            problems.append(None)
        except ParleyError as error:
            problems.append(error)
    return problems


def _note(moving: Moving, conversation: Conversation | None, hearers: Hearers) -> None:
    actor = moving.actor
    if conversation is None or not hearers.takes_part(actor.id, conversation):
        conversation = get_conversation(actor, moving.conversation_id)
    actor.must(Permission.MOVE_RECEIPTS)
    within = DIRECT_AFTER if conversation.kind in (Kind.DIRECT, Kind.SUPPORT) else GROUP_AFTER
    pending.note(conversation.pk, Move(actor.id, moving.delivered, moving.read, now()), within=within)


def write_due_receipts(*, all_of_them: bool = False) -> None:
    """Some conversations a transaction. What the database did not take waits for it: it was acknowledged."""
    due = list(pending.take_due(now=float("inf") if all_of_them else None).items())
    for start in range(0, len(due), CONVERSATIONS_AT_ONCE):
        _write_or_keep(dict(due[start : start + CONVERSATIONS_AT_ONCE]))


def _write_or_keep(moves: Moves) -> None:
    """One conversation that fails, or that somebody else holds, stops no other."""
    try:
        written = write_receipts(moves, wait=False)
        _keep(moves, (one.pk for one in conversations_among(moves.keys() - written.keys())))
    except (OperationalError, InterfaceError) as error:
        logger.warning("receipts wait for the database: %r", error)
        _keep(moves, moves)
    except Exception:
        if len(moves) == 1:
            logger.exception("the receipts of conversation %s were not written", *moves)
        else:
            for conversation_id, some in moves.items():
                _write_or_keep({conversation_id: some})


def _keep(moves: Moves, conversations: Iterable[UUID]) -> None:
    for id in conversations:
        for move in moves[id]:
            pending.note(id, move, within=GROUP_AFTER)


def write_receipts(moves: Moves, *, wait: bool = True) -> dict[UUID, Conversation]:
    """Writes what is news of these moves; how many they are makes no more statements. One `receipt` a conversation.

    Gives the conversations that it locked: without `wait`, those that nobody else holds.

    What was read in private moves the reader's own watermark and unread count; only their own sockets are told, under
    the `receipt_version` that is, so that the others cannot even tell that it happened. The actors' right to the
    conversation was checked when the moves were made; whoever has left since moves nothing. Locks the conversations.
    """
    with transaction.atomic():
        with in_one_trip():
            locked = lock_conversations(moves, wait=wait)
            movers = _MOVERS((id, move.member) for id, some in moves.items() for move in some)
            hearers, at = Hearers(moves), ask_the_database()
        conversations = by_id(locked)
        moved, marks, told = _move(conversations, moves, movers)
        if moved:
            seen_moving = {(mark.conversation_id, mark.member_id) for mark in marks}
            with in_one_trip():
                _write(moved, marks)
                _tell(conversations, moved, seen_moving, hearers, at())
            for one in told:
                mark_read_up_to(one.conversation_id, one.member_id, one.read_seq)
        return conversations


def _move(
    conversations: Mapping[UUID, Conversation], moves: Moves, movers: Iterable[Any]
) -> tuple[Moved, list[ReceiptMark], list[Participant]]:
    """The participants whose watermarks move, by conversation, the marks of it, and which of them have notifications
    there that they have not read."""
    by_member = {(id, move.member): move for id in conversations for move in moves[id]}
    moved: defaultdict[UUID, list[Participant]] = defaultdict(list)
    marks: list[ReceiptMark] = []
    told: list[Participant] = []
    for in_private, is_told, *row in movers:
        one = as_model(Participant, zip(OF_A_MOVER, row, strict=True))
        move = by_member.get((one.conversation_id, one.member_id))
        if move is None:
            continue
        former = _of(one)
        now_at = _moved(one, conversations[one.conversation_id], move, in_private=in_private)
        if now_at != former:
            one.delivered_seq, one.read_seq, one.shown_read_seq = now_at
            moved[one.conversation_id].append(one)
            marks += _marks(one, former, move.at)
            if is_told and one.read_seq > former[1]:
                told.append(one)
    return moved, marks, told


def _write(moved: Moved, marks: list[ReceiptMark]) -> None:
    update_rows(
        Participant,
        key=("id",),
        fields=("delivered_seq", "read_seq", "shown_read_seq"),
        rows=((one.pk, *_of(one)) for some in moved.values() for one in some),
    )
    insert_rows(
        ReceiptMark,
        fields=OF_A_MARK,
        rows=([getattr(one, name) for name in OF_A_MARK] for one in marks),
        or_leave=True,
    )


OF_A_MARK = [one.attname for one in ReceiptMark._meta.concrete_fields]
OF_A_MOVER = ["id", "conversation_id", "member_id", "delivered_seq", "read_seq", "shown_read_seq"]
# Asked with the rest: whoever has none, which is nearly everybody, costs a look into an index that is nearly empty.
_TOLD_THERE = Notification.objects.unread().filter(
    member=OuterRef("member"), conversation=OuterRef("conversation")
)
_MOVERS = Prepared(
    Participant,
    ("conversation", "member"),
    lambda those: (
        Participant.objects.present()
        .filter(pk__in=those)
        .order_by("pk")
        .values_list("member__read_private", Exists(_TOLD_THERE), *OF_A_MOVER)
    ),
)


def repeat_receipts(actor: Actor, *, watermarks: dict[UUID, tuple[int, int]]) -> None:
    """What a client says when it comes back, in case the server missed it: moves those that are ahead of ours.

    Conversations that the actor does not take part in are left alone: they may have gone meanwhile.
    """
    own = progress_of([Client(actor, {}, watermarks)])[actor.id]
    for id, ours in own.items():
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
        as_model(
            ReceiptMark,
            {
                "id": new_id(),
                "conversation_id": participant.conversation_id,
                "member_id": participant.member_id,
                "kind": kind.value,
                "up_to_seq": seq,
                "at": at,
            },
        )
        for kind, seq, before in moved
        if seq > before
    ]


def _tell(
    conversations: Mapping[UUID, Conversation],
    moved: Moved,
    seen_moving: set[tuple[UUID, UUID]],
    hearers: Hearers,
    at: datetime,
) -> None:
    """The others hear of those whom they saw moving, and whoever read in private of that alone."""
    shown = {id: [one for one in some if (id, one.member_id) in seen_moving] for id, some in moved.items()}
    told = [conversations[id] for id, some in shown.items() if some]
    for conversation in told:
        conversation.receipt_version += 1
        watermarks = [
            (one.member_id, one.delivered_seq, one.shown_read_seq) for one in shown[conversation.pk]
        ]
        publish(
            ReceiptMoved(conversation.pk, conversation.receipt_version, tuple(watermarks)),
            to=hearers.of(conversation),
        )
    update_rows(
        Conversation,
        key=("id",),
        fields=("receipt_version", "changed_at"),
        rows=((one.pk, one.receipt_version, at) for one in told),
    )
    for id, some in moved.items():
        _tell_in_private(conversations[id], [one for one in some if one.read_seq > one.shown_read_seq])


def _tell_in_private(conversation: Conversation, readers: list[Participant]) -> None:
    for one in readers:
        watermarks = ((one.member_id, one.delivered_seq, one.read_seq),)
        publish(ReadInPrivate(conversation.id, conversation.receipt_version, watermarks), to=[one.member_id])
