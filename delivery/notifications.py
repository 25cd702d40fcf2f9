"""The inbox of one member, as they may see it now: what they no longer reach tells them nothing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Member
from accounts.permissions import Permission
from common.errors import NotFound
from common.prepared import Prepared
from delivery.models import NoticeKind, Notification
from messaging.access import conversations_visible_to
from messaging.models import MessageKind

COMPLETE = Notification.objects.select_related("message", "actor").only(
    *("member", "kind", "conversation", "data", "created_at", "read_at", "dismissed_at"),
    *("message__seq", "message__body", "message__deleted_at", "actor__name", "actor__role"),
)


def notifications_of(actor: Actor) -> QuerySet[Notification]:
    """Not dismissed, of conversations that the actor may still see."""
    return _reached_by(actor).filter(dismissed_at=None)


def _reached_by(actor: Actor) -> QuerySet[Notification]:
    visible = conversations_visible_to(actor).order_by().values("pk")
    reached = COMPLETE.filter(Q(conversation=None) | Q(conversation__in=visible), member=actor.id)
    if not actor.can(Permission.DECIDE_REQUESTS):
        reached = reached.exclude(kind=NoticeKind.NEW_REQUEST)
    return reached if actor.can(Permission.SEE_NOTES) else reached.exclude(message__kind=MessageKind.NOTE)


def get_notification(actor: Actor, id: UUID) -> Notification:
    """Also one that is dismissed: to dismiss it again changes nothing."""
    found = _reached_by(actor).filter(pk=id).first()
    if found is None:
        raise NotFound("There is no such notification.")
    return found


def unread_counts(members: Iterable[UUID]) -> dict[UUID, int]:
    """What each has neither read nor dismissed: one query. What one of them no longer reaches is counted until then."""
    ids = set(members)
    return dict.fromkeys(ids, 0) | dict(_UNREAD([id] for id in ids))


_UNREAD = Prepared(
    Member,
    ("id",),
    lambda those: (
        Notification.objects.unread()
        .filter(member__in=those)
        .order_by()
        .values_list("member_id")
        .annotate(unread=Count("pk"))
    ),
)
