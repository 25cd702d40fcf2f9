"""The wire shapes of what is said: the same in REST answers, frames and sync."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from accounts.models import Member
from accounts.payloads import MemberPayload, member_payload
from common.clock import iso, iso_or_none
from messaging.models import Conversation, Message, Participant, Present

EXCERPT = 140


class QuotePayload(TypedDict):
    id: str
    sender: MemberPayload
    excerpt: str


class MessagePayload(TypedDict):
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
    attachments: list[Any]
    mentions: list[Any]
    reactions: list[Any]
    pinned: bool
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    status: NotRequired[str]


class ParticipantPayload(TypedDict):
    member: MemberPayload
    role: str
    joined_at: str
    delivered_seq: int
    read_seq: int


class ConversationPayload(TypedDict):
    id: str
    kind: str
    space: str | None
    title: str
    is_default: bool
    status: str
    client: str | None
    created_at: str
    seq: int
    version: int
    receipt_version: int
    participants: list[ParticipantPayload]
    last_message: MessagePayload | None
    unread_count: NotRequired[int]


def message_payload(message: Message) -> MessagePayload:
    """A deleted message is a bare tombstone: what it said and held never leaves the server."""
    gone = message.deleted_at is not None
    return {
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
        "pinned": False,
        "created_at": iso(message.created_at),
        "edited_at": iso_or_none(message.edited_at),
        "deleted_at": iso_or_none(message.deleted_at),
    }


def quote_payload(original: Message) -> QuotePayload:
    excerpt = "" if original.deleted_at else original.body[:EXCERPT]
    return {"id": str(original.id), "sender": member_payload(original.sender), "excerpt": excerpt}


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
    """Needs `queries.bring_present`. Of `queries.with_everything` it has the viewer's own `unread_count`; frames, which
    go to many, have none.
    """
    own = str(viewer)
    payload: ConversationPayload = {
        "id": str(conversation.id),
        "kind": conversation.kind,
        "space": str(conversation.space_id) if conversation.space_id else None,
        "title": conversation.title,
        "is_default": conversation.is_default,
        "status": conversation.status,
        "client": str(conversation.client_id) if conversation.client_id else None,
        "created_at": iso(conversation.created_at),
        "seq": conversation.last_seq,
        "version": conversation.version,
        "receipt_version": conversation.receipt_version,
        "participants": [present_payload(one, own) for one in conversation.present],
        "last_message": message_payload(conversation.last_message) if conversation.last_message else None,
    }
    if hasattr(conversation, "unread_count"):
        payload["unread_count"] = conversation.unread_count
    return payload


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the viewer has come, and of the others the one who is furthest behind; None where there is nobody."""

    own_delivered: int | None
    own_read: int | None
    others_delivered: int | None
    others_read: int | None

    def of_the_viewer(self, seq: int) -> str:
        return _status(seq, self.own_delivered, self.own_read)

    def of_the_others(self, seq: int) -> str:
        """Delivered when all of them have it, read when all of them have read it; alone, it is sent."""
        return _status(seq, self.others_delivered, self.others_read)


def _status(seq: int, delivered: int | None, read: int | None) -> str:
    if read is not None and read >= seq:
        return "read"
    return "delivered" if delivered is not None and delivered >= seq else "sent"


def message_payload_for(viewer: Member, message: Message, progress: Progress) -> MessagePayload:
    """With `status`, as REST gives it: how far the others have come with the viewer's own message."""
    status = progress.of_the_others if message.sender_id == viewer.id else progress.of_the_viewer
    return {**message_payload(message), "status": status(message.seq)}
