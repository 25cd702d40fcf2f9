"""The wire shapes of what is said: the same in REST answers, frames and sync."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from accounts.models import Contact, Member
from accounts.payloads import MemberPayload, member_payload
from accounts.prechat import Answer
from attachments.models import FileState
from attachments.payloads import AttachmentPayload, attachment_payload
from common.clock import iso, iso_or_none
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
    Participant,
    Present,
    Reaction,
)
from messaging.words import Excerpt, Term, excerpt_of

EXCERPT = 140


class QuotePayload(TypedDict):
    """`files`: of an original without words, of what kind each of its files is; null for one that is not approved."""

    id: str
    sender: MemberPayload
    excerpt: str
    files: list[str | None]


class MentionPayload(TypedDict):
    """`type`: user, or the entity's. `text`: how the message names it. Of an entity that not everybody may know of who
    hears the conversation, `label` and `url` are empty: `entities/` tells them to whoever may."""

    type: str
    text: str
    member: NotRequired[str]
    name: NotRequired[str]
    ref: NotRequired[str]
    label: NotRequired[str]
    url: NotRequired[str]


class ReactionPayload(TypedDict):
    emoji: str
    members: list[str]


class PreviewPayload(TypedDict):
    """What the page at `url`, a stranger's, says of itself: text, and never HTML."""

    url: str
    title: str
    description: str
    site: str


class MessagePayload(TypedDict):
    """`system`: what a system message tells, by `event`; its body is empty."""

    id: str
    conversation: str
    seq: int
    version: int
    client_id: str
    kind: str
    sender: MemberPayload
    body: str
    reply_to: QuotePayload | None
    link_url: str
    attachments: list[AttachmentPayload]
    mentions: list[MentionPayload]
    reactions: list[ReactionPayload]
    pinned: bool
    system: NotRequired[dict[str, Any]]
    preview: NotRequired[PreviewPayload]
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    status: NotRequired[str]


class FoundPayload(TypedDict):
    """`excerpt`: what is said around the first match, in parts; of each, whether it is what was looked for."""

    message: MessagePayload
    excerpt: Excerpt


class ParticipantPayload(TypedDict):
    member: MemberPayload
    role: str
    joined_at: str
    delivered_seq: int
    read_seq: int


class OwnPayload(TypedDict):
    """How a conversation stands with one participant: nobody else is told."""

    archived: bool
    muted_until: str | None
    notify: str


class ConversationPayload(TypedDict):
    """The last five are the viewer's own; frames, which go to many, have none of them."""

    id: str
    kind: str
    space: str | None
    title: str
    is_default: bool
    status: str
    client: str | None
    assignee: MemberPayload | None
    created_at: str
    seq: int
    version: int
    receipt_version: int
    participants: list[ParticipantPayload]
    last_message: MessagePayload | None
    unread_count: NotRequired[int]
    unread_mentions: NotRequired[int]
    archived: NotRequired[bool]
    muted_until: NotRequired[str | None]
    notify: NotRequired[str]


def message_payload(message: Message) -> MessagePayload:
    """Needs `queries.bring_adornments`. A deleted message is a bare tombstone: what it said and held never leaves the
    server."""
    gone = message.deleted_at is not None
    payload: MessagePayload = {
        "id": str(message.id),
        "conversation": str(message.conversation_id),
        "seq": message.seq,
        "version": message.version,
        "client_id": str(message.client_id),
        "kind": message.kind,
        "sender": member_payload(message.sender),
        "body": "" if gone else message.body,
        "reply_to": quote_payload(message.reply_to) if message.reply_to and not gone else None,
        "link_url": "" if gone else message.link_url,
        "attachments": [],
        "mentions": [],
        "reactions": [],
        "pinned": message.pinned_at is not None and not gone,
        "created_at": iso(message.created_at),
        "edited_at": None if gone else iso_or_none(message.edited_at),
        "deleted_at": iso_or_none(message.deleted_at),
    }
    if message.is_adorned and not gone:
        payload["mentions"] = [mention_payload(one, message) for one in message.adornments.mentions]
        payload["reactions"] = reactions_payload(message.adornments.reactions)
        payload["attachments"] = [attachment_payload(one) for one in message.adornments.files]
        if message.adornments.preview:
            payload["preview"] = preview_payload(message.adornments.preview)
    if message.system is not None:
        payload["system"] = message.system
    return payload


def mention_payload(mention: Mention, message: Message) -> MentionPayload:
    if mention.member:
        member = member_payload(mention.member)
        return {"type": "user", "text": mention.text, "member": member["id"], "name": member["name"]}
    entity: Entity = mention.entity  # type: ignore[assignment]  # the database holds: one of both
    is_known = is_known_to_all(entity, message.conversation)
    return {
        "type": entity.type.key,
        "text": mention.text,
        "ref": entity.ref,
        "label": entity.label if is_known else "",
        "url": entity.url if is_known else "",
    }


def is_known_to_all(entity: Entity, conversation: Conversation) -> bool:
    """Whether all who hear the conversation may know of the entity: a space's is told of in its channels."""
    if entity.space_id is None:
        return True
    return conversation.kind == Kind.CHANNEL and conversation.space_id == entity.space_id


def reactions_payload(reactions: Iterable[Reaction]) -> list[ReactionPayload]:
    """In the order in which each emoji came first."""
    by_emoji: dict[str, list[str]] = {}
    for one in reactions:
        by_emoji.setdefault(one.emoji, []).append(str(one.member_id))
    return [{"emoji": emoji, "members": members} for emoji, members in by_emoji.items()]


def preview_payload(preview: LinkPreview) -> PreviewPayload:
    return {
        "url": preview.url,
        "title": preview.title,
        "description": preview.description,
        "site": preview.site,
    }


def quote_payload(original: Message) -> QuotePayload:
    """Needs the `adornments` of one that has no words."""
    excerpt = "" if original.deleted_at else original.body[:EXCERPT]
    files = original.adornments.files if speaks_by_files(original) else []
    return {
        "id": str(original.id),
        "sender": member_payload(original.sender),
        "excerpt": excerpt,
        "files": [one.kind if one.state == FileState.APPROVED else None for one in files],
    }


def speaks_by_files(message: Message) -> bool:
    return message.is_adorned and not message.body and message.deleted_at is None


def participant_payload(participant: Participant) -> ParticipantPayload:
    """As the others are told: what somebody has read, as far as they let it be."""
    return {
        "member": member_payload(participant.member),
        "role": participant.role,
        "joined_at": iso(participant.joined_at),
        "delivered_seq": participant.delivered_seq,
        "read_seq": participant.shown_read_seq,
    }


def present_payload(present: Present, viewer: str) -> ParticipantPayload:
    """The same of many; the `viewer` is told all that they have read themself."""
    return {
        "member": {"id": present.member, "name": present.name, "role": present.member_role},
        "role": present.role,
        "joined_at": present.joined_at,
        "delivered_seq": present.delivered_seq,
        "read_seq": present.read_seq if present.member == viewer else present.shown_read_seq,
    }


def conversation_payload(conversation: Conversation, viewer: UUID | None = None) -> ConversationPayload:
    """Needs `queries.bring_present`. What is the viewer's own, it has of `queries.with_everything`."""
    own = str(viewer)
    payload: ConversationPayload = {
        "id": str(conversation.id),
        "kind": conversation.kind,
        "space": str(conversation.space_id) if conversation.space_id else None,
        "title": conversation.title,
        "is_default": conversation.is_default,
        "status": conversation.status,
        "client": str(conversation.client_id) if conversation.client_id else None,
        "assignee": member_payload(conversation.assignee) if conversation.assignee else None,
        "created_at": iso(conversation.created_at),
        "seq": conversation.last_seq,
        "version": conversation.version,
        "receipt_version": conversation.receipt_version,
        "participants": [present_payload(one, own) for one in conversation.present],
        "last_message": message_payload(conversation.last_message) if conversation.last_message else None,
    }
    if hasattr(conversation, "unread_count"):
        payload["unread_count"] = conversation.unread_count
        payload["unread_mentions"] = conversation.unread_mentions
        payload |= own_payload(conversation)  # type: ignore[typeddict-item]  # it has all of these keys
    return payload


def own_payload(conversation: Conversation) -> OwnPayload:
    """`conversation` with `own`."""
    own = conversation.own
    return {
        "archived": own.is_archived(conversation.active_at),
        "muted_until": iso_or_none(own.muted_until),
        "notify": own.notify,
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the viewer has come, and of the others, and of the staff among them, the one who is furthest behind; None
    where there is nobody."""

    own_delivered: int | None = None
    own_read: int | None = None
    others_delivered: int | None = None
    others_read: int | None = None
    staff_delivered: int | None = None
    staff_read: int | None = None

    def of_the_viewer(self, seq: int) -> str:
        return _status(seq, self.own_delivered, self.own_read)

    def of_the_others(self, seq: int) -> str:
        """Delivered when all of them have it, read when all of them have read it; alone, it is sent."""
        return _status(seq, self.others_delivered, self.others_read)

    def of_the_staff(self, seq: int) -> str:
        """The same of a note."""
        return _status(seq, self.staff_delivered, self.staff_read)


def _status(seq: int, delivered: int | None, read: int | None) -> str:
    if read is not None and read >= seq:
        return "read"
    return "delivered" if delivered is not None and delivered >= seq else "sent"


def message_payload_for(
    viewer: Member, message: Message, progress: Progress, spaces: Collection[UUID] = ()
) -> MessagePayload:
    """As REST gives it: with `status`, how far the others have come with the viewer's own message, and with all that
    the viewer, who knows these spaces, may know of entities."""
    others = progress.of_the_staff if message.kind == MessageKind.NOTE else progress.of_the_others
    status = others if message.sender_id == viewer.id else progress.of_the_viewer
    payload = message_payload(message)
    for told, mention in zip(payload["mentions"], mentions_of(message), strict=False):
        if mention.entity and mention.entity.space_id in spaces:
            told["label"], told["url"] = mention.entity.label, mention.entity.url
    return {**payload, "status": status(message.seq)}


def mentions_of(message: Message) -> list[Mention]:
    mentions: list[Mention] = message.adornments.mentions if message.is_adorned else []
    return mentions


class EarlierPayload(TypedDict):
    id: str
    title: str
    status: str
    created_at: str
    active_at: str


class ContactPayload(TypedDict):
    """`agent`: what the browser says of itself. All of it is text of strangers."""

    member: MemberPayload
    page: str
    locale: str
    agent: str
    attributes: dict[str, str | float | bool]
    conversation_attributes: dict[str, str | float | bool]
    first_seen_at: str
    last_seen_at: str
    conversations: list[EarlierPayload]


@dataclass(frozen=True, slots=True)
class ContactOf:
    """Who asks for support: where they write from, and what else they asked for, as far as the actor sees that."""

    member: Member
    contact: Contact
    last_seen_at: datetime
    conversation: Conversation
    earlier: list[Conversation]


def contact_payload(found: ContactOf) -> ContactPayload:
    contact = found.contact
    return {
        "member": member_payload(found.member),
        "page": contact.page,
        "locale": contact.locale,
        "agent": contact.agent,
        "attributes": contact.attributes,
        "conversation_attributes": found.conversation.attributes,
        "first_seen_at": iso(found.member.created_at),
        "last_seen_at": iso(found.last_seen_at),
        "conversations": [
            {
                "id": str(one.pk),
                "title": one.title,
                "status": one.status,
                "created_at": iso(one.created_at),
                "active_at": iso(one.active_at),
            }
            for one in found.earlier
        ],
    }


class IntroductionPayload(TypedDict):
    """Who a support conversation is with, and what they answered before it began."""

    name: str
    email: str
    answers: list[Answer]


def introduction_payload(client: Member | None, introduction: Introduction | None) -> IntroductionPayload:
    return {
        "name": client.name if client else "",
        "email": client.email if client else "",
        "answers": introduction.answers if introduction else [],
    }


class EntityPayload(TypedDict):
    id: str
    type: str
    ref: str
    label: str
    url: str
    space: str | None


def entity_payload(entity: Entity) -> EntityPayload:
    return {
        "id": str(entity.id),
        "type": entity.type.key,
        "ref": entity.ref,
        "label": entity.label,
        "url": entity.url,
        "space": str(entity.space_id) if entity.space_id else None,
    }


def entity_type_payload(kind: EntityType) -> dict[str, str]:
    return {"key": kind.key, "name": kind.name}


def found_payload(told: MessagePayload, terms: list[Term]) -> FoundPayload:
    return {"message": told, "excerpt": excerpt_of(told["body"], terms)}
