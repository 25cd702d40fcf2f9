"""Who waits, for how long, who serves whom, and what helps to answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from statistics import median
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from accounts.actor import Actor
from accounts.models import Member, Organisation, Role
from accounts.models.people import CLIENTS_SIDE
from accounts.permissions import Permission
from common.errors import NotFound
from desk.access import assignments_of
from desk.models import Assignment, CannedReply, Rating, State
from desk.models.canned import folded
from messaging.models import Conversation, Participant, Status

PLACEHOLDER = re.compile(r"\{\{\s*(client\.name|agent\.name|organisation\.name)\s*\}\}")
BY_SHORTCUT, BY_WORDS = 0, 1


def canned_replies_of(actor: Actor) -> QuerySet[CannedReply]:
    """Forbidden for whoever does not answer here."""
    actor.must(Permission.USE_CANNED_REPLIES)
    return CannedReply.objects.filter(organisation=actor.organisation_id)


def get_canned_reply(actor: Actor, id: UUID) -> CannedReply:
    """NotFound for whoever may not know of any."""
    own = CannedReply.objects.filter(organisation=actor.organisation_id, pk=id)
    reply = own.first() if actor.can(Permission.USE_CANNED_REPLIES) else None
    if reply is None:
        raise NotFound("There is no such canned reply here.")
    return reply


def matching(replies: QuerySet[CannedReply], words: str) -> QuerySet[CannedReply]:
    """Those whose shortcut begins so, then those whose text has all of the words: `rank` says which. In order."""
    begins = Q(shortcut__startswith=folded(words))
    says = Q()
    for word in words.split():
        says &= Q(body__icontains=word)
    rank = Case(When(begins, then=Value(BY_SHORTCUT)), default=Value(BY_WORDS), output_field=IntegerField())
    return replies.filter(begins | says).annotate(rank=rank).order_by("rank", "shortcut")


def after(replies: QuerySet[CannedReply], rank: int, shortcut: str) -> QuerySet[CannedReply]:
    return replies.filter(Q(rank__gt=rank) | Q(rank=rank, shortcut__gt=shortcut))


# --- what stands for what -------------------------------------------------------------------------------------------


def names_in(actor: Actor, conversation: Conversation) -> dict[str, str]:
    """What the placeholders stand for there: plain texts, of one line. Nothing, where nobody is meant."""
    organisation = Organisation.objects.only("name").get(pk=actor.organisation_id)
    client = _client_of(conversation)
    names = {
        "client.name": client.name if client else "",
        "agent.name": actor.member.name,
        "organisation.name": organisation.name,
    }
    return {key: " ".join(name.split()) for key, name in names.items()}


def _client_of(conversation: Conversation) -> Member | None:
    """Whom it serves; else whoever alone is of the clients' side there."""
    if conversation.client_id:
        return Member.objects.filter(pk=conversation.client_id).first()
    there = Participant.objects.present().filter(
        conversation=conversation, member__role__in=(*CLIENTS_SIDE, Role.GUEST)
    )
    found = [one.member for one in there.select_related("member")[:2]]
    return found[0] if len(found) == 1 else None


def filled(body: str, names: Mapping[str, str]) -> str:
    """Once: what a name holds is not looked through again."""
    return PLACEHOLDER.sub(lambda found: names[found[1]], body)


# --- who waits, and who serves whom -------------------------------------------------------------------------------


# How long it takes is told from so many of the last, and from no fewer than those.
LAST_WAITS, FEWEST_WAITS = 20, 5


def waiting_in(organisation_id: UUID) -> QuerySet[Conversation]:
    """Whoever has waited longest comes first."""
    waiting = Conversation.objects.filter(organisation=organisation_id, queue_open=True, deleted_at=None)
    return waiting.order_by("queued_at", "id")


def longer_than(waiting: QuerySet[Conversation], queued_at: datetime, id: UUID) -> QuerySet[Conversation]:
    return waiting.filter(Q(queued_at__lt=queued_at) | Q(id__lt=id), queued_at__lte=queued_at)


def shorter_than(waiting: QuerySet[Conversation], queued_at: datetime, id: UUID) -> QuerySet[Conversation]:
    return waiting.filter(Q(queued_at__gt=queued_at) | Q(id__gt=id), queued_at__gte=queued_at)


def place_of(conversation: Conversation) -> int | None:
    """In the queue, from 1; None for what does not wait."""
    if not conversation.queue_open:
        return None
    others = waiting_in(conversation.organisation_id).order_by().exclude(pk=conversation.pk)
    return longer_than(others, conversation.queued_at, conversation.pk).count() + 1


def place_at_first(conversation: Conversation) -> int:
    """Which place it had when it came: before it were those who still wait, and those who were taken since."""
    since = conversation.queued_at
    waiting = waiting_in(conversation.organisation_id).order_by().filter(queued_at__lt=since)
    taken = _waited_for(conversation.organisation_id).filter(created_at__gt=since, queued_at__lt=since)
    return waiting.exclude(pk=conversation.pk).count() + taken.count() + 1


def pace_of(organisation_id: UUID) -> float | None:
    """Seconds for one place in the queue: the median of the last waits, each divided by the place it began at."""
    waits = (
        _waited_for(organisation_id)
        .order_by("-created_at")
        .annotate(waited=F("created_at") - F("queued_at"))
        .values_list("waited", "place")[:LAST_WAITS]
    )
    paces = [waited.total_seconds() / place for waited, place in waits]
    return median(paces) if len(paces) >= FEWEST_WAITS else None


def expected(place: int | None, pace: float | None) -> int | None:
    """Seconds until somebody at that place is served."""
    return None if place is None or pace is None else max(0, round(place * pace))


def _waited_for(organisation_id: UUID) -> QuerySet[Assignment]:
    return Assignment.objects.filter(organisation=organisation_id, queued_at__isnull=False)


def present_assignment(conversation: Conversation) -> Assignment | None:
    return assignments_of(conversation).filter(state=State.ACTIVE).first()


def resolution_of(conversation: Conversation) -> Assignment | None:
    """The last; None while it is open."""
    newest = assignments_of(conversation).first() if conversation.status == Status.CLOSED else None
    return newest if newest and newest.state == State.RESOLVED else None


def rating_of(resolution: Assignment | None) -> Rating | None:
    found = Rating.objects.select_related("assignment__assignee").filter(assignment=resolution)
    return found.first() if resolution else None


def ratings_of(conversation: Conversation) -> QuerySet[Rating]:
    """The newest first."""
    found = Rating.objects.filter(assignment__conversation=conversation).order_by("-assignment")
    return found.select_related("assignment__assignee")
