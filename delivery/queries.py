"""Sync: everything a client missed, in one answer, by version; the same for socket, polling and a first visit.

State-based: a message carries the version of its newest change, so ten edits are one row, and the cost grows with what
changed, not with history. Because `seq` has no holes, the newest page of a conversation is a range of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import lt, or_
from typing import Any
from uuid import UUID

from django.db.models import Min, Q
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.models import Member
from accounts.permissions import Permission, roles_with
from delivery.models import MarkKind, ReceiptMark
from messaging.access import conversations_heard_by, conversations_visible_to, participants_who_hear
from messaging.models import Conversation, Message, Participant
from messaging.payloads import MessagePayload, conversation_payload, message_payload
from messaging.queries import MESSAGES, with_everything
from realtime.frames import Frame, encode
from realtime.marks import Mark
from realtime.models import current_epoch
from realtime.wiring import Head

Cursors = dict[UUID, tuple[int, int]]

NEWEST_CONVERSATIONS = 200
CONVERSATIONS_AT_ONCE = 50
ANSWER_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Gap:
    """What one conversation has that the client has not. `limited`: too much, so here is its newest page instead."""

    conversation: Conversation
    since: int | None
    limit: int

    @property
    def limited(self) -> bool:
        return self.since is not None and self.conversation.version - self.since > self.limit

    def messages(self) -> Q:
        if self.since is None or self.limited:
            return self.newest_page()
        return Q(conversation=self.conversation, version__gt=self.since)

    def newest_page(self) -> Q:
        return Q(conversation=self.conversation, seq__gt=self.conversation.last_seq - self.limit)


def sync(actor: Actor, *, cursors: Cursors, limit: int, read: Cursors | None = None) -> Frame:
    """The fields of a sync answer: at most 128 KiB, then `more` asks the client to come again with its new cursors.

    `read` is how far the client knows itself to have come (delivered, read): what it read on another device is news.
    """
    answers: list[Frame] = []
    room, more = ANSWER_BYTES, False
    newest = _newest(actor, cursors)
    for gap, messages in _messages(_gaps(actor, newest, cursors, limit, _read_elsewhere(actor, read or {}))):
        answer = _answer(actor, gap, [message_payload(message) for message in messages])
        if size_of(answer) > room:
            if answers:
                more = True
                break
            answer = _shortened(gap, answer, room)
        answers.append(answer)
        room -= size_of(answer)
    return {
        "epoch": str(current_epoch()),
        "conversations": answers,
        "gone": [str(id) for id in cursors if id not in newest],
        "more": more,
    }


def _newest(actor: Actor, cursors: Cursors) -> Cursors:
    """How far everything is that the actor hears, or asks for and may see. Two queries, so that each has its index:
    one that says "heard or asked for" makes the database walk through all conversations of the organisation."""
    heard = conversations_heard_by(actor).order_by("-active_at", "-id")[:NEWEST_CONVERSATIONS]
    asked = conversations_visible_to(actor).filter(pk__in=list(cursors))
    rows = [list(some.values_list("pk", "version", "receipt_version")) for some in (heard, asked)]
    return {id: (version, receipt_version) for some in rows for id, version, receipt_version in some}


def _gaps(actor: Actor, newest: Cursors, cursors: Cursors, limit: int, further: set[UUID]) -> list[Gap]:
    behind = [
        id
        for id, mark in newest.items()
        if id not in cursors or any(map(lt, cursors[id], mark)) or id in further
    ]
    found = with_everything(Conversation.objects.filter(pk__in=behind), actor).order_by("-active_at", "-id")
    return [Gap(one, cursors[one.pk][0] if one.pk in cursors else None, limit) for one in found]


def _read_elsewhere(actor: Actor, read: Cursors) -> set[UUID]:
    """Where the actor has come further than this client knows."""
    if not read:
        return set()
    own = Participant.objects.filter(member=actor.id, left_at=None, conversation__in=list(read))
    rows = own.values_list("conversation", "delivered_seq", "read_seq")
    return {id for id, *ours in rows if any(map(lt, read[id], ours))}


def size_of(frame: Any) -> int:
    return len(encode(frame).encode())


def _messages(gaps: list[Gap]) -> Iterator[tuple[Gap, list[Message]]]:
    """Messages are fetched for some conversations at a time: who stops early has not paid for all."""
    for start in range(0, len(gaps), CONVERSATIONS_AT_ONCE):
        some = gaps[start : start + CONVERSATIONS_AT_ONCE]
        messages: defaultdict[UUID, list[Message]] = defaultdict(list)
        for message in MESSAGES.filter(reduce(or_, (gap.messages() for gap in some))).order_by("version"):
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
    for payload in map(message_payload, newest):
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
    hearers = _hearers(changed, members)
    return [
        Head(str(one.pk), Mark(one.version, one.receipt_version), frozenset(hearers[one.pk]))
        for one in changed
        if hearers[one.pk] or str(one.pk) in subjects
    ]


def _hearers(changed: list[Conversation], members: list[UUID]) -> defaultdict[UUID, set[UUID]]:
    """`access.audience_of`, for many conversations at once and the members of one process."""
    hearers: defaultdict[UUID, set[UUID]] = defaultdict(set)
    if not changed:
        return hearers
    present = participants_who_hear().filter(conversation__in=changed, member__in=members)
    for conversation, member in present.values_list("conversation", "member"):
        hearers[conversation].add(member)
    waiting = [one for one in changed if one.queue_open]
    staff: defaultdict[UUID, set[UUID]] = defaultdict(set)
    if waiting:
        who = Member.objects.active().filter(pk__in=members, role__in=roles_with(Permission.SEE_QUEUE))
        for organisation, member in who.values_list("organisation", "pk"):
            staff[organisation].add(member)
    for one in waiting:
        hearers[one.pk] |= staff[one.organisation_id]
    return hearers


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
        Participant.objects.present()
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


def _first_marks(message: Message) -> dict[tuple[UUID, str], datetime]:
    covering = ReceiptMark.objects.filter(
        conversation=message.conversation_id, up_to_seq__gte=message.seq
    ).values_list("member", "kind")
    return {(member, kind): at for member, kind, at in covering.annotate(first=Min("at"))}
