"""REST about webhooks, for an organisation's admins."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from rest_framework.fields import UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import cut, page, read_input, unpack_cursor
from common.clock import iso_or_none
from delivery import actions
from delivery.access import get_webhook, webhooks_of
from delivery.payloads import delivery_payload, webhook_payload
from delivery.serializers import AddWebhookInput, ChangeWebhookInput, LogQuery

DELIVERIES_PER_PAGE = 50


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
        shown, next_cursor = cut(found, DELIVERIES_PER_PAGE, lambda last: (last.pk,))
        return page([delivery_payload(one) for one in shown], next_cursor=next_cursor)


class Redeliver(ActorView):
    def post(self, request: Request, delivery_id: UUID) -> Response:
        delivery = actions.redeliver(self.actor, delivery_id=delivery_id)
        return Response(delivery_payload(delivery), status=HTTPStatus.ACCEPTED)
