"""REST about one's own presence."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import read_input
from presence import actions
from presence.models import Availability, Presence
from presence.queries import own_presence
from presence.roll import roll_call
from presence.serializers import AvailabilityInput


class OwnPresence(ActorView):
    """What the actor has chosen, and how the others see it."""

    def get(self, request: Request) -> Response:
        return self._answer(own_presence(self.actor))

    def patch(self, request: Request) -> Response:
        availability = Availability(read_input(AvailabilityInput, request.data)["availability"])
        return self._answer(actions.set_availability(self.actor, availability=availability))

    def _answer(self, presence: Presence) -> Response:
        seen = roll_call().look([self.actor.id])[self.actor.id]
        return Response({"availability": presence.availability, **seen})
