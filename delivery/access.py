"""The webhooks of one's organisation, for those who manage it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.permissions import Permission
from common.errors import NotFound
from delivery.models import Webhook, WebhookDelivery


def webhooks_of(actor: Actor) -> QuerySet[Webhook]:
    """Forbidden without MANAGE_ORGANISATION."""
    actor.must(Permission.MANAGE_ORGANISATION)
    return Webhook.objects.filter(organisation=actor.organisation_id)


def get_webhook(actor: Actor, id: UUID, *, lock: bool = False, to_remove: bool = False) -> Webhook:
    """Whoever does not manage the organisation learns not even that there is one. `to_remove`: once nobody tells it
    anything any more."""
    webhooks = _in_reach(actor)
    if lock or to_remove:
        webhooks = webhooks.select_for_update(no_key=not to_remove)
    webhook = webhooks.filter(pk=id).first()
    if webhook is None:
        raise NotFound("There is no such webhook here.")
    return webhook


def get_delivery(actor: Actor, id: UUID) -> WebhookDelivery:
    delivery = WebhookDelivery.objects.filter(pk=id, webhook__in=_in_reach(actor)).first()
    if delivery is None:
        raise NotFound("There is no such delivery here.")
    return delivery


def _in_reach(actor: Actor) -> QuerySet[Webhook]:
    return webhooks_of(actor) if actor.can(Permission.MANAGE_ORGANISATION) else Webhook.objects.none()
