"""REST about the browsers that one is pushed to."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import read_input
from delivery import actions
from delivery.keys import public_part, push_key
from delivery.models import PushSubscription
from delivery.payloads import subscription_payload
from delivery.serializers import PushSubscriptionInput


class PushSubscriptions(ActorView):
    """`key`: what a browser needs to sign up."""

    def get(self, request: Request) -> Response:
        mine = PushSubscription.objects.filter(member=self.actor.id).order_by("-pk")
        results = [subscription_payload(one) for one in mine]
        return Response({"results": results, "next": None, "key": public_part(push_key())})

    def post(self, request: Request) -> Response:
        data = read_input(PushSubscriptionInput, request.data)
        subscription, is_new = actions.subscribe(self.actor, endpoint=data["endpoint"], **data["keys"])
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return Response(subscription_payload(subscription), status=status)


class OnePushSubscription(ActorView):
    def delete(self, request: Request, subscription_id: UUID) -> Response:
        actions.unsubscribe(self.actor, subscription_id=subscription_id)
        return Response(status=HTTPStatus.NO_CONTENT)
