"""Reading what helps to answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.actor import Actor
from accounts.models import Member, Organisation, Role
from accounts.models.people import CLIENTS_SIDE
from accounts.permissions import Permission
from common.errors import NotFound
from desk.models import CannedReply
from desk.models.canned import folded
from messaging.models import Conversation, Participant

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
