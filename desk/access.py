"""Which conversations somebody may serve. Every row of the desk is found through here."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.permissions import Permission
from common.errors import Conflict, Forbidden, InvalidInput, NotFound
from desk.models import Assignment, State
from desk.payloads import assignment_payload
from messaging.access import get_conversation
from messaging.models import Conversation, Kind

NO_ASSIGNMENT = "There is no such assignment here."


def get_support(actor: Actor, id: UUID, *, lock: bool = False) -> Conversation:
    """A support conversation that the actor sees."""
    conversation = get_conversation(actor, id, lock=lock)
    if conversation.kind != Kind.SUPPORT:
        raise InvalidInput(fields={"conversation": ["This is no support conversation."]})
    return conversation


def get_support_to_assign(actor: Actor, id: UUID) -> Conversation:
    """Locked. What a colleague was faster to take, an agent does not see any more: it is told who has it (Conflict)."""
    try:
        conversation = get_support(actor, id, lock=True)
    except NotFound:
        _must_not_be_taken(actor, id)
        raise
    actor.must(Permission.SERVE)
    return conversation


def _must_not_be_taken(actor: Actor, id: UUID) -> None:
    if not actor.can(Permission.SERVE):
        return
    taken = Assignment.objects.filter(
        conversation=id, organisation=actor.organisation_id, state=State.ACTIVE
    ).select_related("assignee", "assigned_by")
    for one in taken:
        raise taken_by(one)


def taken_by(assignment: Assignment) -> Conflict:
    return Conflict(f"{assignment.assignee.name} has it already.", current=assignment_payload(assignment))


def assignments_of(conversation: Conversation) -> QuerySet[Assignment]:
    """The newest first."""
    found = Assignment.objects.filter(conversation=conversation).order_by("-id")
    return found.select_related("assignee", "assigned_by")


def get_assignment(actor: Actor, id: UUID) -> Assignment:
    """With its conversation, which is locked. NotFound for whoever does not see that; Forbidden for whoever is no
    staff."""
    found = Assignment.objects.filter(pk=id).values_list("conversation", flat=True).first()
    try:
        if found is None:
            raise NotFound
        conversation = get_conversation(actor, found, lock=True)
    except NotFound:
        raise NotFound(NO_ASSIGNMENT) from None
    actor.must(Permission.SERVE)
    assignment = assignments_of(conversation).get(pk=id)
    assignment.conversation = conversation
    return assignment


def must_handle(actor: Actor, assignment: Assignment) -> None:
    """Whoever serves it, and managers; Conflict once it has ended."""
    if assignment.assignee_id != actor.id and not actor.can(Permission.ASSIGN_OTHERS):
        raise Forbidden("Only whoever serves it does that, and managers.")
    if assignment.state != State.ACTIVE:
        newest = assignments_of(assignment.conversation)[0]
        raise Conflict("This has ended already.", current=assignment_payload(newest))
