"""Reading conversations and timelines in a constant number of queries."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from common.errors import NotFound
from messaging.models import Conversation, Message, Participant

PARTICIPANTS = Prefetch(
    "participants",
    queryset=Participant.objects.present().select_related("member").order_by("joined_at", "id"),
)
MESSAGES = Message.objects.select_related("sender", "reply_to__sender")


def with_everything(conversations: QuerySet[Conversation], viewer: Actor) -> QuerySet[Conversation]:
    """What `conversation_payload` reads, with the viewer's own `unread_count`: two queries however many rows."""
    return (
        conversations.select_related("last_message__sender", "last_message__reply_to__sender")
        .prefetch_related(PARTICIPANTS)
        .annotate(unread_count=_unread(viewer))
    )


def _unread(viewer: Actor) -> Coalesce:
    """Messages of others after one's read watermark that are not deleted; nobody else's conversation is unread."""
    mine = Participant.objects.filter(member=viewer.id, left_at=None, conversation=OuterRef(OuterRef("pk")))
    unread = (
        Message.objects.filter(conversation=OuterRef("pk"), deleted_at=None)
        .exclude(sender=viewer.id)
        .filter(seq__gt=Subquery(mine.values("read_seq")[:1]))
        .order_by()
        .values("conversation")
        .annotate(unread=Count("*"))
        .values("unread")
    )
    return Coalesce(Subquery(unread, output_field=IntegerField()), Value(0))


def participants_of(conversation: Conversation) -> list[Participant]:
    return list(conversation.participants.present())


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


def get_message_in(conversation: Conversation, id: UUID) -> Message:
    message = MESSAGES.filter(conversation=conversation, pk=id).first()
    if message is None:
        raise NotFound("There is no such message in this conversation.")
    return message


def matching(conversations: QuerySet[Conversation], words: str, viewer: Actor) -> QuerySet[Conversation]:
    """Conversations whose title, or whose other participants' names, contain the words."""
    named = Participant.objects.filter(left_at=None, member__name__icontains=words).exclude(member=viewer.id)
    return conversations.filter(Q(title__icontains=words) | Q(pk__in=named.values("conversation")))
