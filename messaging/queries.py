"""Reading conversations and timelines in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.prepared import PreparedFor
from common.clock import IsoText
from common.ids import IdText
from common.prepared import Prepared, as_model, in_one_trip
from messaging.models import Conversation, Message, Participant, Present
from messaging.payloads import Progress

# Of each row only what payloads tell: a timestamp takes as long as all the rest of a member.
MESSAGES = Message.objects.select_related("sender", "reply_to__sender").only(
    *("conversation", "seq", "version", "client_id", "kind", "body", "link_url"),
    *("created_at", "edited_at", "deleted_at", "sender__name", "sender__role"),
    *("reply_to__body", "reply_to__deleted_at", "reply_to__sender__name", "reply_to__sender__role"),
)
# What is unread is counted among so many: who never reads a long conversation makes nobody wait.
NEWEST_COUNTED = 200

Ways = list[QuerySet[Conversation]]


# --- conversations --------------------------------------------------------------------------------------------------


def newest_of(ways: Ways, limit: int) -> QuerySet[Conversation]:
    """The newest of all of them, read from the top of each: whoever may see much does not wait for all of it."""
    tops = [Conversation.objects.filter(pk__in=_from_the_top(way)[:limit].values("pk")) for way in ways]
    first, *others = (top.values("pk") for top in tops)
    return _from_the_top(Conversation.objects.filter(pk__in=first.union(*others)))[:limit]


def _from_the_top(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return conversations.order_by("-active_at", "-id")


def older_than(
    conversations: QuerySet[Conversation], active_at: datetime, id: UUID
) -> QuerySet[Conversation]:
    """Said so that the index begins there: with a plain "or" it would be read from its top."""
    return conversations.filter(Q(active_at__lt=active_at) | Q(id__lt=id), active_at__lte=active_at)


def matching(words: str, viewer: Actor) -> Q:
    """Conversations whose title, or whose other participants' names, contain the words.

    No index finds letters within a name, so all of the organisation's are looked at, and nobody else's.
    """
    named = Participant.objects.filter(
        left_at=None, member__organisation=viewer.organisation_id, member__name__icontains=words
    ).exclude(member=viewer.id)
    return Q(title__icontains=words) | Q(pk__in=named.values("conversation"))


def with_everything(ids: list[UUID], viewer: Actor) -> list[Conversation]:
    """What `conversation_payload` reads, with the viewer's own `unread_count`, in the order of the ids.

    Three queries, however many they are.
    """
    with in_one_trip():
        told, present = _TOLD(viewer, ([id] for id in ids)), _PRESENT([id] for id in ids)
    conversations = {}
    for *columns, unread_count in told:
        one = as_model(Conversation, zip(COLUMNS, columns, strict=True))
        one.unread_count = unread_count
        conversations[one.pk] = one
    _seat(present, conversations)
    in_order = [conversations[id] for id in ids if id in conversations]
    prefetch_related_objects(in_order, Prefetch("last_message", MESSAGES))
    return in_order


def bring_present(conversations: Mapping[UUID, Conversation]) -> None:
    """Fills in the `present` of each, the first to join first: one query."""
    _seat(_PRESENT([id] for id in conversations), conversations)


def _seat(rows: Iterable[Any], conversations: Mapping[UUID, Conversation]) -> None:
    present: defaultdict[str, list[Present]] = defaultdict(list)
    for one in map(Present._make, rows):
        present[one.conversation].append(one)
    for id, conversation in conversations.items():
        conversation.present = present[str(id)]


_PRESENT = Prepared(
    Conversation,
    ("id",),
    lambda those: (
        Participant.objects.present()
        .filter(conversation__in=those)
        .order_by("joined_at", "id")
        .values_list(
            *(IdText("conversation"), IdText("member"), "member__name", "member__role"),
            *("role", IsoText("joined_at"), "delivered_seq", "read_seq", "shown_read_seq"),
        )
    ),
)


def _unread(viewer: Actor) -> Coalesce:
    """Messages of others after one's read watermark that are not deleted; nobody else's conversation is unread."""
    mine = Participant.objects.filter(member=viewer.id, left_at=None, conversation=OuterRef(OuterRef("pk")))
    unread = (
        Message.objects.filter(conversation=OuterRef("pk"), deleted_at=None)
        .exclude(sender=viewer.id)
        .filter(seq__gt=Subquery(mine.values("read_seq")[:1]))
        .filter(seq__gt=OuterRef("last_seq") - NEWEST_COUNTED)
        .order_by()
        .values("conversation")
        .annotate(unread=Count("*"))
        .values("unread")
    )
    return Coalesce(Subquery(unread, output_field=IntegerField()), Value(0))


COLUMNS = (
    *("id", "kind", "space_id", "title", "is_default", "client_id", "status", "created_at"),
    *("last_seq", "version", "receipt_version", "last_message_id"),
)
_TOLD = PreparedFor(
    Conversation,
    ("id",),
    lambda viewer, those: Conversation.objects.filter(pk__in=those).values_list(*COLUMNS, _unread(viewer)),
)


# --- timelines ------------------------------------------------------------------------------------------------------


def progress_in(conversation: Conversation, viewer: Actor) -> Progress:
    """How far the viewer and all the others have come: one row, however many they are."""
    mine = Q(member=viewer.id)
    return Progress(
        **conversation.participants.present().aggregate(
            own_delivered=Max("delivered_seq", filter=mine),
            own_read=Max("read_seq", filter=mine),
            others_delivered=Min("delivered_seq", filter=~mine),
            others_read=Min("shown_read_seq", filter=~mine),
        )
    )


def messages_after(conversation: Conversation, seq: int, limit: int) -> list[Message]:
    return list(MESSAGES.filter(conversation=conversation, seq__gt=seq).order_by("seq")[:limit])


def messages_before(conversation: Conversation, seq: int | None, limit: int) -> list[Message]:
    """The newest `limit` below `seq` (of all, when it is None), oldest first."""
    messages = MESSAGES.filter(conversation=conversation)
    if seq is not None:
        messages = messages.filter(seq__lt=seq)
    return list(reversed(messages.order_by("-seq")[:limit]))


def messages_around(conversation: Conversation, seq: int, limit: int) -> list[Message]:
    before = messages_before(conversation, seq, limit // 2)
    return before + messages_after(conversation, seq - 1, limit - len(before))


# (conversation, sender, client_id) -> the id of what was said with it.
SENT_BEFORE = Prepared(
    Message,
    ("conversation", "sender", "client_id"),
    lambda those: Message.objects.filter(pk__in=those).values_list("pk"),
)


def messages_by_id(ids: Iterable[UUID]) -> dict[UUID, Message]:
    wanted = list(ids)
    return {one.pk: one for one in MESSAGES.filter(pk__in=wanted)} if wanted else {}
