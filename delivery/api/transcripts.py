"""REST about transcripts."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import read_input
from delivery import actions
from delivery.serializers import TranscriptInput
from messaging.access import get_conversation


class TranscriptOf(ActorView):
    def post(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        language = read_input(TranscriptInput, request.data)["language"]
        address = actions.ask_transcript(self.actor, conversation_id=conversation_id, language=language)
        return Response({"email": address}, status=HTTPStatus.ACCEPTED)
