"""REST about what one wants to be told."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common import ratelimit
from common.api import read_input
from delivery import actions
from delivery.choices import get_defaults, wishes_of
from delivery.payloads import preferences_payload
from delivery.serializers import PreferencesInput

CHANGES_PER_MEMBER = "60/minute"


class OwnPreferences(ActorView):
    def get(self, request: Request) -> Response:
        return Response(preferences_payload(wishes_of([self.actor.id])[self.actor.id]))

    def patch(self, request: Request) -> Response:
        return Response(preferences_payload(actions.choose_preferences(self.actor, self._choice(request))))

    def _choice(self, request: Request) -> actions.Choice:
        ratelimit.hit(CHANGES_PER_MEMBER, "preferences", self.actor.id)
        return actions.Choice(**{"kinds": {}, **read_input(PreferencesInput, request.data)})


class Defaults(OwnPreferences):
    """Those of the organisation."""

    def get(self, request: Request) -> Response:
        return Response(preferences_payload(get_defaults(self.actor)))

    def patch(self, request: Request) -> Response:
        get_defaults(self.actor)
        actions.choose_defaults(self.actor, self._choice(request))
        return Response(preferences_payload(get_defaults(self.actor)))
