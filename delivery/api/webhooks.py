"""REST about webhooks, for an organisation's admins."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from rest_framework.fields import UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import pack_cursor, page, read_input, unpack_cursor
from common.clock import iso, iso_or_none
from delivery import actions
from delivery.access import get_webhook, webhooks_of
from delivery.models import Webhook, WebhookDelivery
from delivery.serializers import AddWebhookInput, ChangeWebhookInput, LogQuery

DELIVERIES_PER_PAGE = 50


def webhook_payload(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": str(webhook.pk),
        "url": webhook.url,
        "events": webhook.events,
        "is_active": webhook.is_active,
        "created_at": iso(webhook.created_at),
        "failures": webhook.failures,
        "failing_since": iso_or_none(webhook.failing_since),
        "disabled_at": iso_or_none(webhook.disabled_at),
        "disabled_reason": webhook.disabled_reason,
    }


def delivery_payload(delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": str(delivery.pk),
        "webhook": str(delivery.webhook_id),
        "event": delivery.event,
        "about": delivery.about,
        "created_at": iso(delivery.created_at),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": iso(delivery.next_attempt_at) if delivery.state == "pending" else None,
        "delivered_at": iso_or_none(delivery.delivered_at),
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
    }


class Webhooks(ActorView):
    """All of them; the secret is in the answer to POST only."""

    def get(self, request: Request) -> Response:
        return page(
            [webhook_payload(one) for one in webhooks_of(self.actor).order_by("pk")], next_cursor=None
        )

    def post(self, request: Request) -> Response:
        webhook, secret = actions.add_webhook(self.actor, **read_input(AddWebhookInput, request.data))
        return Response({**webhook_payload(webhook), "secret": secret}, status=HTTPStatus.CREATED)


class WebhookDetail(ActorView):
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        get_webhook(self.actor, webhook_id)
        changes = read_input(ChangeWebhookInput, request.data)
        return Response(webhook_payload(actions.change_webhook(self.actor, webhook_id=webhook_id, **changes)))

    def delete(self, request: Request, webhook_id: UUID) -> Response:
        actions.remove_webhook(self.actor, webhook_id=webhook_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class RotateSecret(ActorView):
    def post(self, request: Request, webhook_id: UUID) -> Response:
        webhook, secret = actions.rotate_secret(self.actor, webhook_id=webhook_id)
        former = {"former_secret_until": iso_or_none(webhook.former_until)}
        return Response({**webhook_payload(webhook), **former, "secret": secret})


class WebhookDeliveries(ActorView):
    """What it was told, the newest first."""

    def get(self, request: Request, webhook_id: UUID) -> Response:
        webhook = get_webhook(self.actor, webhook_id)
        query = read_input(LogQuery, request.query_params)
        deliveries = webhook.deliveries.order_by("-pk")
        if query["cursor"]:
            deliveries = deliveries.filter(pk__lt=unpack_cursor(query["cursor"], UUIDField)[0])
        if "state" in query:
            deliveries = deliveries.filter(state=query["state"])
        found = list(deliveries[: DELIVERIES_PER_PAGE + 1])
        shown, more = found[:DELIVERIES_PER_PAGE], found[DELIVERIES_PER_PAGE:]
        next_cursor = pack_cursor(shown[-1].pk) if more else None
        return page([delivery_payload(one) for one in shown], next_cursor=next_cursor)


class Redeliver(ActorView):
    def post(self, request: Request, delivery_id: UUID) -> Response:
        delivery = actions.redeliver(self.actor, delivery_id=delivery_id)
        return Response(delivery_payload(delivery), status=HTTPStatus.ACCEPTED)
