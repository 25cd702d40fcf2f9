"""Reading conversations and timelines in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
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
from accounts.models import Contact, Member
from accounts.permissions import Permission, roles_with
from accounts.prepared import PreparedFor
from accounts.queries import spaces_visible_to
from attachments.access import held_where_seen
from attachments.models import CONVERSATION, Attachment, FileState
from attachments.queries import files_at, files_held_by, has_tag, pending_in
from common.clock import IsoText
from common.errors import Forbidden, NotFound
from common.ids import IdText
from common.prepared import Prepared, as_model, in_one_trip
from messaging.access import conversations_visible_to, get_conversation, shown_to
from messaging.models import (
    Conversation,
    Entity,
    EntityType,
    Introduction,
    Kind,
    LinkPreview,
    Mention,
    Message,
    MessageKind,
    Own,
    Participant,
    Present,
    Reaction,
)
from messaging.payloads import ContactOf, Progress, mentions_of, speaks_by_files
from messaging.previews import link_of

# Of each row only what payloads tell: a timestamp takes as long as all the rest of a member.
MESSAGES = Message.objects.select_related("sender", "reply_to__sender").only(
    *("conversation", "seq", "version", "client_id", "kind", "body", "system", "link_url"),
    *("created_at", "is_adorned", "edited_at", "pinned_at", "deleted_at", "sender__name", "sender__role"),
    *("reply_to__body", "reply_to__deleted_at", "reply_to__sender__name", "reply_to__sender__role"),
    "reply_to__is_adorned",
)
# What is unread is counted among so many: who never reads a long conversation makes nobody wait.
NEWEST_COUNTED = 200
MENTIONS_BEGIN = 1000

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
    """What `conversation_payload` reads, with what is the viewer's own, in the order of the ids.

    Four queries, however many they are; and three, where a last message has adornments.
    """
    with in_one_trip():
        told, present = _TOLD(viewer, ([id] for id in ids)), _PRESENT([id] for id in ids)
        own = _OWN((id, viewer.id) for id in ids)
    conversations = {}
    for *columns, name, role, counts in told:
        one = as_model(Conversation, zip(COLUMNS, columns, strict=True))
        one.unread_mentions, one.unread_count = divmod(counts, MENTIONS_BEGIN)
        one.own = Own()
        if one.assignee_id:
            assignee = {"id": one.assignee_id, "name": name, "role": role}
            one._state.fields_cache["assignee"] = as_model(Member, assignee)
        conversations[one.pk] = one
    _seat(present, conversations)
    for id, *hers in own:
        conversations[id].own = Own(*hers)
    in_order = [conversations[id] for id in ids if id in conversations]
    prefetch_related_objects(in_order, Prefetch("last_message", MESSAGES))
    bring_adornments(one.last_message for one in in_order if one.last_message)
    if not viewer.can(Permission.SEE_NOTES):
        for one in in_order:
            if one.kind == Kind.SUPPORT:
                # The last that they see: a last message is no note.
                one.last_seq = one.last_message.seq if one.last_message else 0
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


_OWN = Prepared(
    Participant,
    ("conversation", "member"),
    lambda those: Participant.objects.filter(pk__in=those, left_at=None).values_list(
        "conversation", *Own._fields
    ),
)
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


def introduction_to(conversation: Conversation) -> tuple[Member | None, Introduction | None]:
    """Whom it serves, and what they answered before it began."""
    client = Member.objects.filter(pk=conversation.client_id).first() if conversation.client_id else None
    return client, Introduction.objects.filter(conversation=conversation).first()


def _unread(viewer: Actor) -> Coalesce:
    """What others said after one's read watermark, if one may see it and it is not deleted; nobody else's conversation
    is unread. Those that mention one count for `MENTIONS_BEGIN` more: both numbers come of one walk through what is
    unread."""
    mine = Participant.objects.filter(member=viewer.id, left_at=None, conversation=OuterRef(OuterRef("pk")))
    mentions_me = Q(Exists(Mention.objects.filter(message=OuterRef("pk"), member=viewer.id)))
    unread = (
        Message.objects.filter(shown_to(viewer), conversation=OuterRef("pk"), deleted_at=None)
        .exclude(Q(sender=viewer.id) | Q(kind=MessageKind.SYSTEM))
        .filter(seq__gt=Subquery(mine.values("read_seq")[:1]))
        .filter(seq__gt=OuterRef("last_seq") - NEWEST_COUNTED)
        .order_by()
        .values("conversation")
        .annotate(unread=Count("*") + MENTIONS_BEGIN * Count("pk", filter=Q(is_adorned=True) & mentions_me))
        .values("unread")
    )
    return Coalesce(Subquery(unread, output_field=IntegerField()), Value(0))


COLUMNS = (
    *("id", "kind", "space_id", "title", "is_default", "client_id", "status", "created_at"),
    *("active_at", "last_seq", "version", "receipt_version", "last_message_id", "assignee_id"),
)
# Of whoever serves it.
ASSIGNEE = ("assignee__name", "assignee__role")
_TOLD = PreparedFor(
    Conversation,
    ("id",),
    lambda viewer, those: Conversation.objects.filter(pk__in=those).values_list(
        *COLUMNS, *ASSIGNEE, _unread(viewer)
    ),
)


def contact_in(actor: Actor, conversation_id: UUID) -> ContactOf:
    """NotFound where the conversation serves nobody, Forbidden for whoever is no staff."""
    conversation = get_conversation(actor, conversation_id)
    if not actor.member.is_staff:
        raise Forbidden
    if conversation.client_id is None:
        raise NotFound("This conversation serves nobody.")
    found = Member.objects.select_related("contact", "presence").get(pk=conversation.client_id)
    contact = getattr(found, "contact", None) or Contact(member=found, seen_at=found.created_at)
    presence = getattr(found, "presence", None)
    seen = max(contact.seen_at, (presence and presence.last_seen_at) or contact.seen_at)
    earlier = (
        conversations_visible_to(actor).filter(kind=Kind.SUPPORT, client=found).exclude(pk=conversation.pk)
    )
    newest = list(earlier.order_by("-active_at", "-id")[:EARLIER])
    return ContactOf(found, contact, seen, conversation, newest)


EARLIER = 10


# --- timelines ------------------------------------------------------------------------------------------------------


def progress_in(conversations: Collection[UUID], viewer: Actor) -> defaultdict[UUID, Progress]:
    """How far the viewer and all the others have come in each: one query, one row for each."""
    mine, reads_notes = Q(member=viewer.id), Q(member__role__in=roles_with(Permission.SEE_NOTES))
    found = (
        Participant.objects.present()
        .filter(conversation__in=conversations)
        .values_list("conversation")
        .annotate(
            own_delivered=Max("delivered_seq", filter=mine),
            own_read=Max("read_seq", filter=mine),
            others_delivered=Min("delivered_seq", filter=~mine),
            others_read=Min("shown_read_seq", filter=~mine),
            staff_delivered=Min("delivered_seq", filter=reads_notes & ~mine),
            staff_read=Min("shown_read_seq", filter=reads_notes & ~mine),
        )
    )
    progress: defaultdict[UUID, Progress] = defaultdict(Progress)
    for conversation, *marks in found:
        progress[conversation] = Progress(*marks)
    return progress


def messages_in(conversation: Conversation, viewer: Actor) -> QuerySet[Message]:
    return MESSAGES.filter(shown_to(viewer), conversation=conversation)


def messages_after(viewer: Actor, conversation: Conversation, seq: int, limit: int) -> list[Message]:
    return complete(messages_in(conversation, viewer).filter(seq__gt=seq).order_by("seq")[:limit])


def messages_before(viewer: Actor, conversation: Conversation, seq: int | None, limit: int) -> list[Message]:
    """The newest `limit` below `seq` (of all, when it is None), oldest first."""
    messages = messages_in(conversation, viewer)
    if seq is not None:
        messages = messages.filter(seq__lt=seq)
    return complete(messages.order_by("-seq")[:limit])[::-1]


def messages_around(viewer: Actor, conversation: Conversation, seq: int, limit: int) -> list[Message]:
    before = messages_before(viewer, conversation, seq, limit // 2)
    return before + messages_after(viewer, conversation, seq - 1, limit - len(before))


def pinned_in(viewer: Actor, conversation: Conversation, limit: int) -> list[Message]:
    """The one that was pinned last comes first."""
    pinned = messages_in(conversation, viewer).filter(pinned_at__isnull=False, deleted_at=None)
    return complete(pinned.order_by("-pinned_at", "-seq")[:limit])


def mentioning(actor: Actor) -> QuerySet[Message]:
    """Messages that mention the actor, where it still may see them."""
    mentions = Mention.objects.filter(member=actor.id, message=OuterRef("pk"))
    visible = conversations_visible_to(actor).order_by().values("pk")
    return MESSAGES.filter(Exists(mentions), shown_to(actor), conversation__in=visible, deleted_at=None)


# (conversation, sender, client_id) -> the id of what was said with it.
SENT_BEFORE = Prepared(
    Message,
    ("conversation", "sender", "client_id"),
    lambda those: Message.objects.filter(pk__in=those).values_list("pk"),
)


def sent_before(actor: Actor, conversation_id: UUID, client_id: UUID) -> Message | None:
    """What the actor has said there with this client_id."""
    own = MESSAGES.filter(conversation=conversation_id, sender=actor.id, client_id=client_id)
    return next(iter(complete(own)), None)


def still_said(viewer: Actor) -> Exists:
    """What holds the file is there, and the viewer may see it."""
    return Exists(Message.objects.filter(shown_to(viewer), pk=OuterRef("holder"), deleted_at=None))


def files_in(
    actor: Actor, conversation: Conversation, *, words: str = "", tags: Iterable[str] = (), **wanted: str
) -> QuerySet[Attachment]:
    """What was shared in it, is still said there, and is no secret to the actor. `words` stand in its name or its text;
    it has all of `tags`; `wanted`: `kind`, `state`, `category`."""
    tagged = [has_tag(one) for one in tags]
    files = files_at(PLACE, conversation.pk).filter(still_said(actor), *tagged, **wanted)
    files = files.select_related("uploader")
    if not actor.can(Permission.REVIEW_FILES):
        files = files.filter(Q(state=FileState.APPROVED) | Q(uploader=actor.id))
    return files.filter(Q(name__icontains=words) | Q(text__icontains=words)) if words else files


def files_seen_by(actor: Actor) -> Q:
    """Of files that messages hold: those that are still said where the actor sees it."""
    visible = conversations_visible_to(actor).filter(pk=OuterRef("place"))
    return Q(Exists(visible), still_said(actor), holder_kind=HOLDER, place_kind=PLACE)


def files_to_review(actor: Actor) -> QuerySet[Attachment]:
    """Of whatever the actor sees, the oldest first."""
    pending = pending_in(actor.organisation_id).filter(held_where_seen(actor))
    return pending.select_related("uploader").prefetch_related("thumbnails")


def messages_by_id(ids: Iterable[UUID]) -> dict[UUID, Message]:
    wanted = list(ids)
    return {one.pk: one for one in complete(MESSAGES.filter(pk__in=wanted))} if wanted else {}


# What conversations and messages are called by the files that are uploaded to them, and that they hold.
PLACE, HOLDER = CONVERSATION, "message"
MAX_FILES = 20

# --- what hangs on messages -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Adornments:
    """Mentions as the text has them, reactions, the first one first, and what its link leads to."""

    mentions: list[Mention] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    preview: LinkPreview | None = None
    files: list[Attachment] = field(default_factory=list)


def complete(messages: Iterable[Message]) -> list[Message]:
    """With what `message_payload` reads."""
    found = list(messages)
    bring_adornments(found)
    return found


def bring_adornments(messages: Iterable[Message]) -> None:
    """No query where nothing is adorned; else four, and one each where an entity is mentioned or a file is held. Where
    only files are quoted, two."""
    found = list(messages)
    adorned = {one.pk: one for one in found if one.is_adorned}
    quoted = [one.reply_to for one in found if one.reply_to and speaks_by_files(one.reply_to)]
    held = files_held_by(HOLDER, {*adorned, *(one.pk for one in quoted)}) if adorned or quoted else {}
    for original in quoted:
        original.adornments = Adornments(files=held.get(original.pk, []))
    if not adorned:
        return
    for one in adorned.values():
        one.adornments = Adornments()
    for mention in MENTIONS.filter(message__in=adorned):
        adorned[mention.message_id].adornments.mentions.append(mention)
    for reaction in Reaction.objects.filter(message__in=adorned).order_by("pk"):
        adorned[reaction.message_id].adornments.reactions.append(reaction)
    for preview in LinkPreview.objects.filter(message__in=adorned):
        adorned[preview.message_id].adornments.preview = preview
    for id in adorned.keys() & held.keys():
        adorned[id].adornments.files = held[id]
    of_entities = [one for one in adorned.values() if any(it.entity_id for it in one.adornments.mentions)]
    prefetch_related_objects(of_entities, "conversation")


MENTIONS = Mention.objects.select_related("member", "entity__type").order_by("pk")


def link_to_preview(message_id: UUID) -> tuple[str, UUID | None]:
    """What the message links to, where its organisation wants to see that; empty where there is nothing to look at."""
    wanted = Message.objects.select_related("conversation").filter(
        conversation__organisation__link_previews=True, conversation__deleted_at=None
    )
    message = wanted.exclude(pk__in=LinkPreview.objects.values("message")).filter(pk=message_id).first()
    return (link_of(message), message.conversation.organisation_id) if message else ("", None)


# --- entities -------------------------------------------------------------------------------------------------------


def entities_visible_to(actor: Actor) -> QuerySet[Entity]:
    """Those of no space, and those of spaces that the actor sees. Visitors see them where they are mentioned only."""
    entities = Entity.objects.select_related("type").filter(type__organisation=actor.organisation_id)
    if not actor.can(Permission.SEE_PEOPLE):
        return entities.none()
    return entities.filter(Q(space=None) | Q(space__in=spaces_visible_to(actor).values("pk")))


def entity_types_of(actor: Actor) -> QuerySet[EntityType]:
    return EntityType.objects.filter(organisation=actor.organisation_id).order_by("key")


def entities_after(entities: QuerySet[Entity], ref: str, id: UUID) -> QuerySet[Entity]:
    return entities.filter(Q(ref__gt=ref) | Q(ref=ref, pk__gt=id))


def entities_matching(entities: QuerySet[Entity], words: str) -> QuerySet[Entity]:
    return entities.filter(Q(ref__istartswith=words) | Q(label__icontains=words))


def spaces_known_to(actor: Actor, messages: Iterable[Message]) -> frozenset[UUID]:
    """Of the spaces whose entities these messages mention, those that the actor sees. No query where there is none."""
    spaces = {
        mention.entity.space_id
        for one in messages
        for mention in mentions_of(one)
        if mention.entity and mention.entity.space_id
    }
    if not spaces:
        return frozenset()
    return frozenset(spaces_visible_to(actor).filter(pk__in=spaces).values_list("pk", flat=True))
