"""Sync: everything a client missed, in one answer, by version; the same for socket, polling and a first visit.

State-based: a message carries the version of its newest change, so ten edits are one row, and the cost grows with what
changed, not with history. Because `seq` has no holes, but for notes that not everybody sees, the newest page of a
conversation is a range of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import gt, lt, or_
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.models import Member
from accounts.permissions import Permission, roles_with
from accounts.prepared import PreparedFor
from common.prepared import Prepared, in_one_trip
from delivery.models import MarkKind, ReceiptMark
from messaging.access import Hearers, conversations_visible_to, shown_to, ways_to_hear
from messaging.models import Conversation, Message, MessageKind, Participant
from messaging.payloads import MessagePayload, conversation_payload, message_payload
from messaging.queries import MESSAGES, complete, newest_of, with_everything
from realtime.frames import Frame, encode
from realtime.marks import Mark
from realtime.models import current_epoch
from realtime.wiring import Head

Cursors = dict[UUID, tuple[int, int]]
# By member and conversation: delivered, read.
Progress = defaultdict[UUID, dict[UUID, tuple[int, ...]]]

NEWEST_CONVERSATIONS = 200
CONVERSATIONS_AT_ONCE = 25  # as many as mostly fit into one answer
ANSWER_BYTES = 128 * 1024
CHANGES_MEANWHILE = 100


@dataclass(frozen=True, slots=True)
class Gap:
    """What one conversation has that the client has not. `limited`: too much, so here is its newest page instead.
    `shown`: of its messages those that the client may see."""

    conversation: Conversation
    since: int | None
    limit: int
    shown: Q

    @property
    def limited(self) -> bool:
        return self.since is not None and self.conversation.version - self.since > self.limit

    def messages(self) -> Q:
        """With both ends, or PostgreSQL expects all of a conversation and reads whole tables to join it. The upper one
        leaves room: what changes while we look is no less said before, and would be a hole in what the client shows.
        """
        if self.since is None or self.limited:
            return self.newest_page()
        return self.shown & Q(
            conversation=self.conversation,
            version__gt=self.since,
            version__lte=self.conversation.version + CHANGES_MEANWHILE,
            seq__lte=self.conversation.last_seq,
        )

    def newest_page(self) -> Q:
        newest = self.conversation.last_seq
        return self.shown & Q(conversation=self.conversation, seq__gt=newest - self.limit, seq__lte=newest)


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, and how far it says that it has come: what it has, and what its member has been delivered and read."""

    actor: Actor
    cursors: Cursors
    read: Cursors


def sync(actor: Actor, *, cursors: Cursors, limit: int, read: Cursors | None = None) -> Frame:
    """The fields of a sync answer: at most 128 KiB, then `more` asks the client to come again with its new cursors.

    `read` is how far the client knows itself to have come (delivered, read): what it read on another device is news.
    """
    answers: list[Frame] = []
    room, more = ANSWER_BYTES, False
    client = Client(actor, cursors, read or {})
    [newest], progress = _newest([client]), progress_of([client])
    behind = _behind(newest, client, progress)
    for gap, messages in _gaps(actor, behind, cursors, limit):
        answer = _answer(actor, gap, [message_payload(message) for message in messages])
        size = size_of(answer)
        if size > room:
            if answers:
                more = True
                break
            answer = _shortened(gap, answer, room)
            size = size_of(answer)
        answers.append(answer)
        room -= size
    return _told(current_epoch(), client, newest, answers, more=more)


def up_to_date(clients: Sequence[Client]) -> list[Frame | None]:
    """The sync answer of each who has missed nothing, and of whom nothing was missed; None for the others.

    How many they are makes no more round trips.
    """
    everything, progress, epoch = _newest(clients), progress_of(clients), current_epoch()
    return [
        None
        if _behind(newest, client, progress) or is_ahead(client, progress)
        else _told(epoch, client, newest, [], more=False)
        for client, newest in zip(clients, everything, strict=True)
    ]


def _told(epoch: UUID, client: Client, newest: Cursors, answers: list[Frame], *, more: bool) -> Frame:
    return {
        "epoch": str(epoch),
        "conversations": answers,
        "gone": [str(id) for id in client.cursors if id not in newest],
        "more": more,
    }


def _newest(clients: Sequence[Client]) -> list[Cursors]:
    """For each, how far everything is that it hears, or asks for and may see; the newest first.

    Two queries, so that each has its index: one that says "heard or asked for" makes the database walk through all of
    the organisation's.
    """
    with in_one_trip():
        heard = [_HEARD(one.actor) for one in clients]
    found = [{row[1]: row for row in rows} for rows in heard]
    with in_one_trip():
        asked = [
            _ASKED(one.actor, ([id] for id in one.cursors if id not in rows))
            for one, rows in zip(clients, found, strict=True)
        ]
    for rows, others in zip(found, asked, strict=True):
        rows |= {row[1]: row for row in others}
    return [
        {id: (version, receipts) for _, id, version, receipts in sorted(rows.values(), reverse=True)}
        for rows in found
    ]


HOW_FAR = ("active_at", "pk", "version", "receipt_version")
_HEARD = PreparedFor(
    Conversation,
    (),
    lambda actor, _: newest_of(ways_to_hear(actor), NEWEST_CONVERSATIONS).values_list(*HOW_FAR),
)
_ASKED = PreparedFor(
    Conversation,
    ("id",),
    lambda actor, those: conversations_visible_to(actor).filter(pk__in=those).values_list(*HOW_FAR),
)


def _behind(newest: Cursors, client: Client, progress: Progress) -> list[UUID]:
    """Where there is something new, or the actor has come further than this client knows: on another device."""
    cursors, read, own = client.cursors, client.read, progress[client.actor.id]
    return [
        id
        for id, mark in newest.items()
        if id not in cursors
        or any(map(lt, cursors[id], mark))
        or (id in read and any(map(lt, read[id], own.get(id, ()))))
    ]


def is_ahead(client: Client, progress: Progress) -> bool:
    """Whether the client knows its member to have come further, somewhere, than we do."""
    own = progress[client.actor.id]
    return any(any(map(gt, theirs, own.get(id, ()))) for id, theirs in client.read.items())


def progress_of(clients: Iterable[Client]) -> Progress:
    """How far each has come where its client says that it has read something; nowhere else than where it takes part."""
    progress: Progress = defaultdict(dict)
    for member, id, *own in _PROGRESS((id, one.actor.id) for one in clients for id in one.read):
        progress[member][id] = tuple(own)
    return progress


_PROGRESS = Prepared(
    Participant,
    ("conversation", "member"),
    lambda those: (
        Participant.objects.present()
        .filter(pk__in=those)
        .values_list("member_id", "conversation_id", "delivered_seq", "read_seq")
    ),
)


def size_of(frame: Any) -> int:
    return len(encode(frame).encode())


def _gaps(
    actor: Actor, behind: list[UUID], cursors: Cursors, limit: int
) -> Iterator[tuple[Gap, list[Message]]]:
    """With what was said in each. Some conversations at a time: who stops early has not paid for all."""
    for start in range(0, len(behind), CONVERSATIONS_AT_ONCE):
        some = [
            Gap(one, cursors[one.pk][0] if one.pk in cursors else None, limit, shown_to(actor))
            for one in with_everything(behind[start : start + CONVERSATIONS_AT_ONCE], actor)
        ]
        messages: defaultdict[UUID, list[Message]] = defaultdict(list)
        asked = reduce(or_, (gap.messages() for gap in some), Q(pk__in=()))
        for message in complete(MESSAGES.filter(asked).order_by("version")):
            messages[message.conversation_id].append(message)
        for gap in some:
            yield gap, messages[gap.conversation.pk]


def _shortened(gap: Gap, answer: Frame, room: int) -> Frame:
    """One conversation alone that is too long: the newest of its newest page that fit, and at least one message.

    The older ones are paged by REST; a client that had a cursor is told by `limited`.
    """
    newest = MESSAGES.filter(gap.newest_page()).order_by("-seq")
    room -= size_of({**answer, "messages": []})
    kept: list[MessagePayload] = []
    for payload in map(message_payload, complete(newest)):
        room -= size_of(payload)
        if kept and room < 0:
            break
        kept.append(payload)
    return {**answer, "messages": kept[::-1], "limited": gap.since is not None}


def _answer(actor: Actor, gap: Gap, messages: list[MessagePayload]) -> Frame:
    payload: Any = conversation_payload(gap.conversation, actor.id)
    return {
        "conversation": payload,
        "messages": messages,
        "watermarks": [
            [one["member"]["id"], one["delivered_seq"], one["read_seq"]] for one in payload["participants"]
        ],
        "limited": gap.limited,
    }


# --- healing --------------------------------------------------------------------------------------------------------


def heads(seconds: float, members: list[UUID], subjects: Collection[str]) -> list[Head]:
    """What changed within the last `seconds`, by the database's clock, and which of these members hear it.

    What is among `subjects`, conversations watched here, is told even when no member hears it. Conversation first: an
    index gives what changed, however many members and conversations there are.
    """
    changed = list(
        Conversation.objects.filter(changed_at__gt=Now() - timedelta(seconds=seconds)).only(
            "organisation", "queue_open", "version", "receipt_version"
        )
    )
    hearers, here = Hearers(one.pk for one in changed), frozenset(members)
    heads = [
        Head(str(one.pk), Mark(one.version, one.receipt_version), hearers.of(one) & here) for one in changed
    ]
    return [head for head in heads if head.members or head.subject in subjects]


# --- deliveries -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one message reached one recipient; `status` follows from the times."""

    member: Member
    delivered_at: datetime | None
    read_at: datetime | None

    @property
    def status(self) -> str:
        return "read" if self.read_at else "delivered" if self.delivered_at else "sent"


def deliveries(message: Message) -> list[Delivery]:
    """One for each recipient who was there when it was said: three queries, whatever their number.

    The time is that of the first mark that covers the message; what was read was delivered by then at the latest.
    """
    recipients = (
        _readers_of(message)
        .filter(conversation=message.conversation_id, joined_at__lte=message.created_at)
        .exclude(member=message.sender_id)
        .select_related("member")
        .order_by("member__name", "pk")
    )
    first = _first_marks(message)
    found = []
    for recipient in recipients:
        read = first.get((recipient.member_id, MarkKind.READ))
        delivered = first.get((recipient.member_id, MarkKind.DELIVERED)) or read
        found.append(Delivery(recipient.member, delivered, read))
    return found


def _readers_of(message: Message) -> QuerySet[Participant]:
    there = Participant.objects.present()
    if message.kind != MessageKind.NOTE:
        return there
    return there.filter(member__role__in=roles_with(Permission.SEE_NOTES))


def _first_marks(message: Message) -> dict[tuple[UUID, str], datetime]:
    covering = ReceiptMark.objects.filter(
        conversation=message.conversation_id, up_to_seq__gte=message.seq
    ).values_list("member", "kind")
    return {(member, kind): at for member, kind, at in covering.annotate(first=Min("at"))}
