"""REST about how it was."""

from __future__ import annotations

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import read_input
from desk import actions, queries
from desk.access import get_support
from desk.payloads import rating_payload
from desk.serializers import RateInput
from messaging.api.limits import count_change


class Ratings(ActorView):
    """Of one conversation, the newest first; one for each time it was resolved. `rating`: that of the last time."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_support(self.actor, conversation_id)
        found = [rating_payload(one) for one in queries.ratings_of(conversation)[:20]]
        present = queries.rating_of(queries.resolution_of(conversation))
        return Response(
            {
                "results": found,
                "next": None,
                "may_rate": actions.may_rate(self.actor, conversation),
                "rating": rating_payload(present) if present else None,
            }
        )

    def post(self, request: Request, conversation_id: UUID) -> Response:
        get_support(self.actor, conversation_id)
        data = read_input(RateInput, request.data)
        count_change(self.actor)
        return Response(rating_payload(actions.rate(self.actor, conversation_id=conversation_id, **data)))
