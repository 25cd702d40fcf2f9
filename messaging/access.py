"""Who sees which conversation, who may speak in it, and who hears its news. Every row is found through here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Member, Role, Space, SpaceAccess, SpaceRole
from accounts.models.people import CLIENTS_SIDE
from accounts.permissions import Permission, roles_with
from accounts.queries import members_visible_to
from common.errors import Forbidden, NotFound
from messaging.models import Conversation, Kind, Message, Participant

# Whose access to a space is said by SpaceAccess.
NEED_ACCESS = (*CLIENTS_SIDE, Role.GUEST)


def conversations_visible_to(actor: Actor) -> QuerySet[Conversation]:
    conversations = Conversation.objects.filter(organisation_id=actor.organisation_id)
    if actor.can(Permission.SEE_EVERY_CONVERSATION):
        return conversations
    reach = _takes_part(actor) | _queue(actor)
    if actor.can(Permission.SEE_EVERY_CHANNEL):
        reach |= Q(kind=Kind.CHANNEL)
    elif actor.can(Permission.SEE_PEOPLE):
        reach |= Q(kind=Kind.CHANNEL, space__in=_spaces_granted(actor))
    return conversations.filter(reach)


def conversations_heard_by(actor: Actor) -> QuerySet[Conversation]:
    """Those whose news reach the actor unasked; `audience_of` says the same from the other side."""
    takes_part = Participant.objects.filter(member=actor.id, left_at=None).values("conversation")
    waiting = Conversation.objects.filter(_queue(actor), organisation_id=actor.organisation_id).values("pk")
    heard = takes_part.union(waiting) if actor.can(Permission.SEE_QUEUE) else takes_part
    conversations = Conversation.objects.filter(organisation_id=actor.organisation_id, pk__in=heard)
    return conversations.filter(_in_reach(actor))


def get_conversation(actor: Actor, id: UUID, *, lock: bool = False) -> Conversation:
    """NotFound for whoever may not see it. With `lock`, its row is held until the transaction ends.

    The lock leaves the key alone (`no_key`), or the foreign-key checks of two sends would deadlock at commit.
    """
    conversation = conversations_visible_to(actor).filter(pk=id).first()
    if conversation is None:
        raise NotFound("There is no such conversation here.")
    if lock:
        return Conversation.objects.select_for_update(no_key=True).get(pk=id)
    return conversation


def get_message(actor: Actor, id: UUID) -> Message:
    """Through the conversation it stands in; NotFound for whoever may not see that."""
    message = Message.objects.filter(pk=id, conversation__in=conversations_visible_to(actor)).first()
    if message is None:
        raise NotFound("There is no such message here.")
    return message


def members_known_to(actor: Actor) -> QuerySet[Member]:
    """Whose presence the actor may see: the people it may talk to, and those it is in a conversation with."""
    together = Participant.objects.present().filter(conversation__in=conversations_heard_by(actor))
    reach = Q(pk__in=members_visible_to(actor).values("pk")) | Q(pk__in=together.values("member"))
    return Member.objects.active().filter(reach, organisation_id=actor.organisation_id)


def known_among(actor: Actor, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Of these ids, those whose presence the actor may see."""
    return frozenset(members_known_to(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))


def participants_who_hear() -> QuerySet[Participant]:
    """Those who are there; in a space's channel, of the clients' side only those who have access to the space."""
    granted = SpaceAccess.objects.filter(member=OuterRef("member"), space=OuterRef("conversation__space"))
    needs_none = ~Q(conversation__kind=Kind.CHANNEL) | Q(conversation__space=None)
    return Participant.objects.present().filter(
        needs_none | ~Q(member__role__in=NEED_ACCESS) | Exists(granted)
    )


def audience_of(conversation: Conversation) -> frozenset[UUID]:
    """Who hears the conversation's news: its participants, and while it waits in the queue whoever may take it."""
    present = participants_who_hear().filter(conversation=conversation)
    hearers = set(present.values_list("member_id", flat=True))
    if conversation.queue_open:
        staff = Member.objects.active().filter(role__in=roles_with(Permission.SEE_QUEUE))
        hearers |= set(
            staff.filter(organisation_id=conversation.organisation_id).values_list("id", flat=True)
        )
    return frozenset(hearers)


def participant_of(actor: Actor, conversation: Conversation) -> Participant | None:
    return conversation.participants.filter(member=actor.id, left_at=None).first()


def must_speak_in(actor: Actor, conversation: Conversation, participant: Participant | None) -> None:
    """Forbidden unless the actor may send here: as a participant, or by joining with its first message."""
    actor.must(Permission.SEND)
    if conversation.kind == Kind.CHANNEL and not actor.member.is_staff:
        _must_comment(actor, conversation)
    elif participant is None and not _may_join_by_speaking(actor, conversation):
        raise Forbidden("Only its participants write here.")


def _may_join_by_speaking(actor: Actor, conversation: Conversation) -> bool:
    return actor.member.is_staff and conversation.kind in (Kind.SUPPORT, Kind.CHANNEL)


def _must_comment(actor: Actor, conversation: Conversation) -> None:
    may = (
        _accesses(actor).filter(space=conversation.space_id, can_comment=True).exclude(role=SpaceRole.VIEWER)
    )
    if conversation.space_id and not may.exists():
        raise Forbidden("You may read this channel, not write in it.")


def may_enter(member: Member, space: Space) -> bool:
    """Whether a channel of the space may have this member: the clients' side needs access to it, visitors have none."""
    return member.role not in NEED_ACCESS or SpaceAccess.objects.filter(member=member, space=space).exists()


def _takes_part(actor: Actor) -> Q:
    """A participant of a space's channel who lost access to the space is none any more."""
    own = Participant.objects.filter(conversation=OuterRef("pk"), member=actor.id, left_at=None)
    return Q(Exists(own)) & _in_reach(actor)


def _in_reach(actor: Actor) -> Q:
    if actor.member.role not in NEED_ACCESS:
        return Q()
    return ~Q(kind=Kind.CHANNEL) | Q(space=None) | Q(space__in=_spaces_granted(actor))


def _queue(actor: Actor) -> Q:
    return Q(queue_open=True) if actor.can(Permission.SEE_QUEUE) else Q(pk__in=[])


def _accesses(actor: Actor) -> QuerySet[SpaceAccess]:
    return SpaceAccess.objects.filter(member=actor.id)


def _spaces_granted(actor: Actor) -> QuerySet[SpaceAccess, UUID]:
    return _accesses(actor).values_list("space", flat=True)
