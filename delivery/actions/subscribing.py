"""Browsers that want to be pushed to."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.permissions import Permission
from common import ratelimit
from common.errors import InvalidInput, NotFound
from common.ids import digest_of
from delivery.models import PushSubscription
from delivery.webpush import can_be_encrypted_to, service_of

BROWSERS_OF_A_MEMBER = 20
SUBSCRIPTIONS_PER_MEMBER = "30/minute"


@transaction.atomic
def subscribe(actor: Actor, *, endpoint: str, p256dh: str, auth: str) -> tuple[PushSubscription, bool]:
    """Signs a browser up with what the actor came with; the same endpoint is the same browser. True when it is new.

    Of more than twenty the oldest goes. Limited by member.
    """
    actor.must(Permission.CHANGE_SETTINGS)
    ratelimit.hit(SUBSCRIPTIONS_PER_MEMBER, "push subscription", actor.id)
    service = service_of(endpoint)
    if not service:
        raise InvalidInput(fields={"endpoint": ["This is no push service that we know."]})
    if not can_be_encrypted_to(p256dh, auth):
        raise InvalidInput(fields={"keys": ["These are no keys of a browser."]})
    subscription, is_new = PushSubscription.objects.update_or_create(
        member=actor.member,
        digest=digest_of(endpoint),
        defaults={
            "token_id": actor.credential.token_id,
            "session_key": actor.credential.session_key,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "service": service,
        },
    )
    mine = PushSubscription.objects.filter(member=actor.id).order_by("-pk")
    PushSubscription.objects.filter(
        pk__in=list(mine.values_list("pk", flat=True)[BROWSERS_OF_A_MEMBER:])
    ).delete()
    return subscription, is_new


def unsubscribe(actor: Actor, *, subscription_id: UUID) -> None:
    actor.must(Permission.CHANGE_SETTINGS)
    if not PushSubscription.objects.filter(pk=subscription_id, member=actor.id).delete()[0]:
        raise NotFound("There is no such subscription.")
