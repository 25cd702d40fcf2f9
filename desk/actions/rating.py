"""Whoever was served says how it was."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.queries import site_of
from common.clock import ask_the_database
from common.errors import Conflict, Forbidden
from desk.access import get_support
from desk.events import Rated
from desk.models import Rating
from desk.payloads import rating_payload
from desk.queries import rating_of, resolution_of
from messaging.access import audience_of
from messaging.models import Conversation
from realtime.publishing import publish

CHANGEABLE = timedelta(hours=24)


@transaction.atomic
def rate(actor: Actor, *, conversation_id: UUID, score: int, comment: str) -> Rating:
    """The resolution of one's own support conversation; for a day one may change one's mind. Conflict for what is open,
    or was rated before that. Publishes `rating`, to the staff who hear the conversation."""
    conversation = get_support(actor, conversation_id, lock=True)
    _must_be_asked(actor, conversation)
    resolution = resolution_of(conversation)
    if resolution is None:
        raise Conflict("This is not resolved.")
    at = ask_the_database()()
    rating = rating_of(resolution)
    if rating is None:
        rating = Rating.objects.create(assignment=resolution, score=score, comment=comment, created_at=at)
    elif at - rating.created_at > CHANGEABLE:
        raise Conflict("It was rated more than a day ago.", current=rating_payload(rating))
    else:
        rating.score, rating.comment, rating.changed_at = score, comment, at
        rating.save(update_fields=["score", "comment", "changed_at"])
    rating.assignment = resolution
    publish(
        Rated(conversation.pk, rating_payload(rating)),
        to=audience_of(conversation) - {conversation.client_id},
    )
    return rating


def may_rate(actor: Actor, conversation: Conversation) -> bool:
    """Whether the actor would be heard."""
    if conversation.client_id != actor.id or not _is_asked(actor):
        return False
    resolution = resolution_of(conversation)
    if resolution is None:
        return False
    rating = rating_of(resolution)
    return rating is None or ask_the_database()() - rating.created_at <= CHANGEABLE


def _must_be_asked(actor: Actor, conversation: Conversation) -> None:
    if conversation.client_id != actor.id:
        raise Forbidden("Whoever was served rates it.")
    if not _is_asked(actor):
        raise Forbidden("Nobody is asked here.")


def _is_asked(actor: Actor) -> bool:
    site = site_of(actor)
    return site is None or site.asks_rating
