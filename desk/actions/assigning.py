"""Taking, assigning, putting back and resolving support conversations; and what is kept of it."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models import Member
from accounts.permissions import Permission
from accounts.queries import get_members
from common.clock import ask_the_database
from common.errors import Conflict, InvalidInput, NotFound
from delivery.actions import Notice, notify
from delivery.models import NoticeKind
from desk.access import get_assignment, get_support_to_assign, must_handle, taken_by
from desk.models import Assignment, State
from desk.pending import moved
from desk.queries import place_at_first, present_assignment
from messaging.actions import hand_over, put_back
from messaging.actions import resolve as resolve_conversation
from messaging.models import Conversation


@transaction.atomic
def assign(actor: Actor, *, conversation_id: UUID, member: UUID | None = None) -> Assignment:
    """Takes what nobody has (Conflict, with who has it, otherwise), or gives it to `member`, whoever had it before
    (ASSIGN_OTHERS). What is resolved is open again. Whoever has it has it: nothing happens.

    Publishes `conversation` (assigned); whom somebody else gave it finds a notice.
    """
    conversation = get_support_to_assign(actor, conversation_id)
    to = actor.member if member is None else _get_staff(actor, member)
    if member is not None and to.pk != actor.id:
        actor.must(Permission.ASSIGN_OTHERS)
    present = present_assignment(conversation)
    if present and present.assignee_id == to.pk:
        return present
    if present and (member is None or not actor.can(Permission.ASSIGN_OTHERS)):
        raise taken_by(present)
    _must_not_go(to)
    hand_over(actor, conversation=conversation, to=to)
    assignment = present_assignment(conversation)
    if assignment is None:
        raise Conflict
    _notify(actor, assignment)
    return assignment


def _get_staff(actor: Actor, member: UUID) -> Member:
    if member == actor.id:
        return actor.member
    (found,) = get_members(actor, [member], field="member")
    if not found.is_staff:
        raise InvalidInput(fields={"member": ["Only staff serve."]})
    return found


def _must_not_go(member: Member) -> None:
    """Until this is written: then whoever deactivates them finds it, too."""
    held = Member.objects.active().select_for_update(no_key=True).filter(pk=member.pk)
    if not held.exists():
        raise NotFound("There is no such member here any more.")


def _notify(actor: Actor, assignment: Assignment) -> None:
    notify(
        [
            Notice(
                NoticeKind.ASSIGNMENT,
                f"assignment:{assignment.pk}",
                actor.organisation_id,
                [assignment.assignee_id],
                conversation=assignment.conversation,
                actor=actor.member,
            )
        ]
    )


@transaction.atomic
def release(actor: Actor, *, assignment_id: UUID) -> Assignment:
    """Back into the queue, where it was: by whoever serves it, or a manager. Publishes `conversation` (released)."""
    assignment = get_assignment(actor, assignment_id)
    must_handle(actor, assignment)
    put_back(actor, conversation=assignment.conversation)
    return _again(assignment)


def release_all_of(actor: Actor, member: Member) -> None:
    """Of somebody who is gone, each into the queue: call in the transaction in which they go. Publishes `conversation`
    (released)."""
    served = Assignment.objects.filter(assignee=member, state=State.ACTIVE).values("conversation")
    locked = Conversation.objects.select_for_update(no_key=True).filter(pk__in=served)
    for conversation in locked.order_by("pk"):
        if conversation.assignee_id == member.pk:
            put_back(actor, conversation=conversation)


@transaction.atomic
def resolve(actor: Actor, *, assignment_id: UUID) -> Assignment:
    """Done: by whoever serves it, or a manager. Its client may say how it was, and opens it again by writing.

    Publishes `conversation` (resolved).
    """
    assignment = get_assignment(actor, assignment_id)
    must_handle(actor, assignment)
    resolve_conversation(actor, conversation=assignment.conversation)
    return _again(assignment)


def _again(assignment: Assignment) -> Assignment:
    assignment.refresh_from_db(fields=["state", "ended_at"])
    return assignment


# --- what is kept ---------------------------------------------------------------------------------------------------

ENDS = {"assigned": State.PASSED_ON, "released": State.RELEASED, "resolved": State.RESOLVED}
MOVES_THE_QUEUE = ("started", "reopened", *ENDS)


def keep_record(actor: Actor, conversation: Conversation, event: str, data: dict[str, Any]) -> None:
    """Whatever way it came to it (by speaking, by leaving): call in its transaction. Audited."""
    if event not in MOVES_THE_QUEUE:
        return
    transaction.on_commit(partial(moved.note, conversation.organisation_id))
    if event not in ENDS:
        return
    at = ask_the_database()()
    active = Assignment.objects.filter(conversation=conversation, state=State.ACTIVE)
    has_waited = not active.update(state=ENDS[event], ended_at=at)
    if event == "assigned":
        new = Assignment(
            organisation_id=conversation.organisation_id,
            conversation=conversation,
            assignee=conversation.assignee,
            assigned_by=actor.member,
            created_at=at,
        )
        if has_waited and not _was_served(conversation):
            new.queued_at, new.place = conversation.queued_at, place_at_first(conversation)
        new.save(force_insert=True)
    assignee = data["assignee"] and data["assignee"]["id"]
    record(actor, f"conversation.{event}", conversation, assignee=assignee)


def _was_served(conversation: Conversation) -> bool:
    """Since it came into the queue."""
    return Assignment.objects.filter(
        conversation=conversation, created_at__gte=conversation.queued_at
    ).exists()
