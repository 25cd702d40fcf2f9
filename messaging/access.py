"""Who sees which conversation, who may speak in it, and who hears its news. Every row is found through here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, partial, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.actor import Actor
from accounts.models import Member, Role, Space, SpaceAccess, SpaceRole
from accounts.models.people import CLIENTS_SIDE
from accounts.permissions import Permission, roles_with
from accounts.prepared import PreparedFor
from accounts.queries import members_visible_to
from common.errors import Forbidden, NotFound
from common.ids import IdText, id_of
from common.prepared import Prepared, as_model
from messaging.models import Conversation, Kind, Message, MessageKind, Participant, Status

NO_CONVERSATION = "There is no such conversation here."
NO_MESSAGE = "There is no such message here."
# What is asked of a conversation before something is said or read in it, and what that moves.
WHAT_MOVES = [
    "id",
    "organisation_id",
    "kind",
    "space_id",
    "client_id",
    "assignee_id",
    "queue_open",
    "queued_at",
    "status",
    "closed_at",
    "last_seq",
    "version",
    "receipt_version",
]
# Whose access to a space is said by SpaceAccess.
NEED_ACCESS = (*CLIENTS_SIDE, Role.GUEST)


def conversations_visible_to(actor: Actor) -> QuerySet[Conversation]:
    """To find some by their ids. A list is read by `ways_to_see`: what is said with "or" has no index."""
    return _of_organisation(actor).filter(reduce(or_, _sights(actor)))


def ways_to_see(actor: Actor) -> list[QuerySet[Conversation]]:
    """Together they are `conversations_visible_to`; each has an index by which its newest are found."""
    return [_of_organisation(actor).filter(sight) for sight in _sights(actor)]


def conversations_heard_by(actor: Actor) -> QuerySet[Conversation]:
    """Those whose news reach the actor unasked; `audience_of` says the same from the other side."""
    first, *others = (way.order_by().values("pk") for way in ways_to_hear(actor))
    return _of_organisation(actor).filter(pk__in=first.union(*others))


def ways_to_hear(actor: Actor) -> list[QuerySet[Conversation]]:
    """Together they are `conversations_heard_by`."""
    return [_of_organisation(actor).filter(news) for news in _news(actor)]


def get_conversation(actor: Actor, id: UUID, *, lock: bool = False) -> Conversation:
    """NotFound for whoever may not see it. With `lock`, its row is held until the transaction ends.

    The lock leaves the key alone (`no_key`), or the foreign-key checks of two sends would deadlock at commit.
    """
    for row in _VISIBLE(actor, [[id]]):
        if not lock:
            return as_model(Conversation, zip(CONVERSATION_FIELDS, row, strict=True))
        # It may have been deleted while one waited.
        held = Conversation.objects.select_for_update(no_key=True).filter(pk=id, deleted_at=None).first()
        if held:
            return held
    raise NotFound(NO_CONVERSATION)


CONVERSATION_FIELDS = [one.attname for one in Conversation._meta.concrete_fields]
_VISIBLE = PreparedFor(
    Conversation,
    ("id",),
    lambda actor, those: (
        conversations_visible_to(actor).filter(pk__in=those).values_list(*CONVERSATION_FIELDS)
    ),
)


def conversations_among(ids: Iterable[UUID]) -> Iterator[Conversation]:
    """Those of `ids` that are there. Who may see them is not asked."""
    return map(_conversation, _THOSE([id] for id in set(ids)))


def lock_conversations(ids: Iterable[UUID], *, wait: bool) -> Iterator[Conversation]:
    """Those of `ids` that are there, their rows held until the transaction ends. Who may see them is not asked.

    In the order of their ids, so that two of us cannot wait for each other. Without `wait`, what somebody else holds is
    left out (SQLite knows no locks of rows: there it is never left out).
    """
    held = _HELD if wait else _HELD_UNLESS_LOCKED
    return map(_conversation, held([id] for id in set(ids)))


def by_id(conversations: Iterable[Conversation]) -> dict[UUID, Conversation]:
    return {one.pk: one for one in conversations}


def _conversation(row: Any) -> Conversation:
    return as_model(Conversation, zip(WHAT_MOVES, row, strict=True))


def _held(those: RawSQL, *, wait: bool) -> QuerySet[Any, Any]:
    held = Conversation.objects.filter(pk__in=those, deleted_at=None).order_by("pk")
    return held.select_for_update(no_key=True, skip_locked=not wait, of=("self",)).values_list(*WHAT_MOVES)


_THOSE = Prepared(
    Conversation,
    ("id",),
    lambda those: Conversation.objects.filter(pk__in=those, deleted_at=None).values_list(*WHAT_MOVES),
)
_HELD = Prepared(Conversation, ("id",), partial(_held, wait=True))
_HELD_UNLESS_LOCKED = Prepared(Conversation, ("id",), partial(_held, wait=False))


def shown_to(actor: Actor) -> Q:
    """Of what is said in a conversation that the actor sees: all of it, or all but what the staff notes among itself.
    Every list of messages is filtered by it, and every message that is looked up."""
    return Q() if actor.can(Permission.SEE_NOTES) else NO_NOTES


NO_NOTES = ~Q(kind=MessageKind.NOTE)


def get_message(actor: Actor, id: UUID) -> Message:
    """Through the conversation it stands in; NotFound for whoever may not see that."""
    visible = conversations_visible_to(actor)
    message = Message.objects.filter(shown_to(actor), pk=id, conversation__in=visible).first()
    if message is None:
        raise NotFound(NO_MESSAGE)
    return message


def may_read_message(actor: Actor, id: UUID) -> bool:
    """Whether there is anything that the actor may read in it."""
    visible = conversations_visible_to(actor).values("pk")
    return Message.objects.filter(shown_to(actor), pk=id, deleted_at=None, conversation__in=visible).exists()


def may_see_conversation(actor: Actor, id: UUID) -> bool:
    return conversations_visible_to(actor).filter(pk=id).exists()


def is_message_there(id: UUID) -> bool:
    """Whether anybody, who may be a stranger with a link, may read anything in it."""
    there = Message.objects.filter(NO_NOTES, pk=id, deleted_at=None, conversation__deleted_at=None)
    return there.exists()


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
    # A participant is of the conversation's organisation; should one ever not be, it hears nothing.
    return Participant.objects.present().filter(
        needs_none | ~Q(member__role__in=NEED_ACCESS) | Exists(granted),
        member__organisation=F("conversation__organisation"),
    )


class Hearers:
    """Who hears the news of the conversations with these ids; two queries, however many they are, asked at once."""

    def __init__(self, conversations: Iterable[UUID]) -> None:
        ids = [[id] for id in set(conversations)]
        self._asked = _TAKING_PART(ids), _STAFF(ids)

    @cached_property
    def _taking_part(self) -> defaultdict[UUID, set[UUID]]:
        return _grouped(self._asked[0])

    @cached_property
    def _staff(self) -> defaultdict[UUID, set[UUID]]:
        """Whoever may take what waits, by organisation."""
        return _grouped(self._asked[1])

    def of(self, conversation: Conversation) -> frozenset[UUID]:
        """Its participants, and while it waits in the queue whoever may take it."""
        staff = self._staff[conversation.organisation_id] if conversation.queue_open else ()
        return frozenset(self._taking_part[conversation.pk].union(staff))

    def queue_up(self, conversation: Conversation) -> None:
        """It waits again: whoever may take it hears it from now on."""
        self._staff[conversation.organisation_id] |= _who_may_take(conversation)

    def takes_part(self, member: UUID, conversation: Conversation) -> bool:
        """Then it may see the conversation: `_takes_part` says the same from the other side."""
        return member in self._taking_part[conversation.pk]

    def add(self, member: UUID, conversation: Conversation) -> None:
        """It has just joined."""
        self._taking_part[conversation.pk].add(member)


def _grouped(pairs: Iterable[tuple[str, str]]) -> defaultdict[UUID, set[UUID]]:
    groups: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for of, member in pairs:
        groups[id_of(of)].add(id_of(member))
    return groups


_TAKING_PART = Prepared(
    Conversation,
    ("id",),
    lambda those: (
        participants_who_hear()
        .filter(conversation__in=those)
        .values_list(IdText("conversation"), IdText("member"))
    ),
)
_STAFF = Prepared(
    Conversation,
    ("id",),
    lambda those: (
        Member.objects.active()
        .filter(role__in=roles_with(Permission.SEE_QUEUE), organisation__in=_with_a_queue(those))
        .values_list(IdText("organisation"), IdText("pk"))
    ),
)


def note_readers_among(members: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these who may see what the staff notes."""
    staff = Member.objects.active().filter(role__in=roles_with(Permission.SEE_NOTES))
    return frozenset(staff.filter(pk__in=list(members)).values_list("pk", flat=True))


def _who_may_take(conversation: Conversation) -> set[UUID]:
    staff = Member.objects.active().filter(role__in=roles_with(Permission.SEE_QUEUE))
    return set(staff.filter(organisation=conversation.organisation_id).values_list("pk", flat=True))


def audience_of(conversation: Conversation) -> frozenset[UUID]:
    return Hearers([conversation.pk]).of(conversation)


def reviewers_of(conversation: Conversation) -> frozenset[UUID]:
    """Who may decide about its files: whoever sees every conversation, and of those who hear this one the staff."""
    staff = Member.objects.active().filter(organisation_id=conversation.organisation_id)
    everywhere = Q(role__in=roles_with(Permission.SEE_EVERY_CONVERSATION))
    reviewing = staff.filter(everywhere | Q(pk__in=audience_of(conversation)))
    return frozenset(
        reviewing.filter(role__in=roles_with(Permission.REVIEW_FILES)).values_list("pk", flat=True)
    )


def takes_part(actor: Actor, conversation: Conversation) -> bool:
    return conversation.participants.filter(member=actor.id, left_at=None).exists()


def participant_of(actor: Actor, conversation: Conversation) -> Participant | None:
    return conversation.participants.filter(member=actor.id, left_at=None).first()


def get_conversation_to_speak_in(actor: Actor, id: UUID) -> Conversation:
    """NotFound for whoever may not see it, Forbidden for whoever may not send there."""
    conversation = get_conversation(actor, id)
    must_speak_in(actor, conversation, takes_part=takes_part(actor, conversation))
    return conversation


def must_speak_in(actor: Actor, conversation: Conversation, *, takes_part: bool) -> None:
    """Forbidden unless the actor may send here: as a participant, or by joining with its first message."""
    actor.must(Permission.SEND)
    if conversation.kind == Kind.CHANNEL and conversation.status == Status.CLOSED:
        raise Forbidden("This channel is archived: it can be read only.")
    if conversation.kind == Kind.CHANNEL and not actor.member.is_staff:
        _must_comment(actor, conversation)
    elif not takes_part and not _may_join_by_speaking(actor, conversation):
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


def _of_organisation(actor: Actor) -> QuerySet[Conversation]:
    return Conversation.objects.filter(organisation_id=actor.organisation_id, deleted_at=None)


def _with_a_queue(those: RawSQL) -> QuerySet[Conversation, UUID]:
    return Conversation.objects.filter(pk__in=those, queue_open=True).values_list("organisation", flat=True)


def _sights(actor: Actor) -> list[Q]:
    if actor.can(Permission.SEE_EVERY_CONVERSATION):
        return [Q()]
    if actor.can(Permission.SEE_EVERY_CHANNEL):
        return [*_news(actor), Q(kind=Kind.CHANNEL)]
    if actor.can(Permission.SEE_PEOPLE):
        return [*_news(actor), Q(kind=Kind.CHANNEL, space__in=_spaces_granted(actor))]
    return _news(actor)


def _news(actor: Actor) -> list[Q]:
    waiting = [Q(queue_open=True)] if actor.can(Permission.SEE_QUEUE) else []
    return [_takes_part(actor), *waiting]


def _takes_part(actor: Actor) -> Q:
    """A participant of a space's channel who lost access to the space is none any more."""
    own = Participant.objects.filter(conversation=OuterRef("pk"), member=actor.id, left_at=None)
    return Q(Exists(own)) & _in_reach(actor)


def _in_reach(actor: Actor) -> Q:
    if actor.member.role not in NEED_ACCESS:
        return Q()
    return ~Q(kind=Kind.CHANNEL) | Q(space=None) | Q(space__in=_spaces_granted(actor))


def _accesses(actor: Actor) -> QuerySet[SpaceAccess]:
    return SpaceAccess.objects.filter(member=actor.id)


def _spaces_granted(actor: Actor) -> QuerySet[SpaceAccess, UUID]:
    return _accesses(actor).values_list("space", flat=True)
