"""The wire shapes of the desk."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from accounts.payloads import MemberPayload, member_payload
from common.clock import iso, iso_or_none
from desk.models import Assignment, CannedReply, Rating


class CannedReplyPayload(TypedDict):
    """`body` as it was written; `text` as it is said in the conversation that was asked about."""

    id: str
    shortcut: str
    body: str
    language: str
    updated_at: str
    text: NotRequired[str]


def canned_reply_payload(reply: CannedReply, text: str | None = None) -> CannedReplyPayload:
    payload: CannedReplyPayload = {
        "id": str(reply.pk),
        "shortcut": reply.shortcut,
        "body": reply.body,
        "language": reply.language,
        "updated_at": iso(reply.updated_at),
    }
    if text is not None:
        payload["text"] = text
    return payload


# --- who serves whom ----------------------------------------------------------------------------------------------


class AssignmentPayload(TypedDict):
    id: str
    conversation: str
    assignee: MemberPayload
    assigned_by: MemberPayload
    state: str
    created_at: str
    ended_at: str | None


def assignment_payload(assignment: Assignment) -> AssignmentPayload:
    return {
        "id": str(assignment.pk),
        "conversation": str(assignment.conversation_id),
        "assignee": member_payload(assignment.assignee),
        "assigned_by": member_payload(assignment.assigned_by),
        "state": assignment.state,
        "created_at": iso(assignment.created_at),
        "ended_at": iso_or_none(assignment.ended_at),
    }


class RatingPayload(TypedDict):
    """`assignee`: who had resolved it."""

    assignment: str
    assignee: MemberPayload
    score: int
    comment: str
    created_at: str
    changed_at: str | None


def rating_payload(rating: Rating) -> RatingPayload:
    return {
        "assignment": str(rating.assignment_id),
        "assignee": member_payload(rating.assignment.assignee),
        "score": rating.score,
        "comment": rating.comment,
        "created_at": iso(rating.created_at),
        "changed_at": iso_or_none(rating.changed_at),
    }
