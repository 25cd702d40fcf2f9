"""Who serves a support conversation. Each of these changes one that is locked, and gives what is told of it: whoever
calls writes `WRITTEN`, and tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actor import Actor
from accounts.models import Member
from accounts.payloads import member_payload
from accounts.permissions import Permission
from common.errors import Conflict
from messaging.models import Conversation, Kind, Participant, Status
from messaging.payloads import participant_payload

WRITTEN = ("assignee", "queue_open", "queued_at", "status", "closed_at")

# The event, and its data.
Handed = tuple[str, dict[str, Any]]


def written(conversation: Conversation) -> tuple[Any, ...]:
    """The values of `WRITTEN`."""
    return (
        conversation.assignee_id,
        conversation.queue_open,
        conversation.queued_at,
        conversation.status,
        conversation.closed_at,
    )


def takes_by_speaking(actor: Actor, conversation: Conversation) -> bool:
    """Who answers what waits, serves it."""
    return conversation.queue_open and actor.member.is_staff and actor.can(Permission.SERVE)


def reopens_by_speaking(actor: Actor, conversation: Conversation) -> bool:
    """Whom it served has something more to say."""
    is_over = conversation.kind == Kind.SUPPORT and conversation.status == Status.CLOSED
    return is_over and conversation.client_id == actor.id


def must_not_be_taken(actor: Actor, conversation: Conversation) -> None:
    """Of what waited, an agent who was too late is told who has it (Conflict)."""
    is_ours = conversation.organisation_id == actor.organisation_id
    if conversation.assignee and is_ours and actor.can(Permission.SERVE):
        raise Conflict(f"{conversation.assignee.name} has it already.")


def give(conversation: Conversation, member: Member, newcomer: Participant | None) -> Handed:
    """`newcomer`: the member's, if it came by this."""
    conversation.assignee = member
    conversation.queue_open = False
    conversation.status, conversation.closed_at = Status.OPEN.value, None
    return "assigned", {**_stands(conversation), "participant": newcomer and participant_payload(newcomer)}


def put_back(conversation: Conversation) -> Handed:
    """Into its place: its client has waited already."""
    conversation.assignee = None
    conversation.queue_open = True
    return "released", _stands(conversation)


def close(conversation: Conversation, at: datetime) -> Handed:
    """Its assignee stays: it says who served it."""
    conversation.queue_open = False
    conversation.status, conversation.closed_at = Status.CLOSED.value, at
    return "resolved", _stands(conversation)


def reopen(conversation: Conversation, at: datetime) -> Handed:
    """Whoever served it may be at home by now: it waits for anybody."""
    conversation.assignee = None
    conversation.queue_open, conversation.queued_at = True, at
    conversation.status, conversation.closed_at = Status.OPEN.value, None
    return "reopened", _stands(conversation)


def _stands(conversation: Conversation) -> dict[str, Any]:
    assignee = conversation.assignee
    return {"assignee": member_payload(assignee) if assignee else None, "status": str(conversation.status)}
