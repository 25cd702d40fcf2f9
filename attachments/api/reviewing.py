"""REST about what staff decides about files."""

from __future__ import annotations

from typing import TypedDict
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from attachments import actions
from attachments.actions import Decision
from attachments.models import Attachment
from attachments.payloads import FilePayload, file_payload
from attachments.serializers import OrganiseInput, ReviewInput, ReviewTogetherInput
from common import ratelimit
from common.api import read_input
from common.errors import ErrorBody, ParleyError

REVIEWS_PER_MEMBER = "600/minute"


class NotDecided(TypedDict):
    id: str
    error: ErrorBody


class Review(ActorView):
    def put(self, request: Request, attachment_id: UUID) -> Response:
        ratelimit.hit(REVIEWS_PER_MEMBER, "review", self.actor.id)
        data = read_input(ReviewInput, request.data)
        file = actions.review_file(
            self.actor,
            attachment_id=attachment_id,
            decision=Decision(data["decision"]),
            reason=data["reason"],
        )
        return Response(file_payload(file, is_whole=True, shows_metadata=True))


class ReviewTogether(ActorView):
    """The same decision about several, each for itself. 200 when at least one was decided, else what is wrong with the
    first."""

    def post(self, request: Request) -> Response:
        data = read_input(ReviewTogetherInput, request.data)
        outcomes = {id: self._decide(id, data) for id in data["ids"]}
        errors = [one for one in outcomes.values() if isinstance(one, ParleyError)]
        if len(errors) == len(outcomes):
            raise errors[0]
        return Response({"results": [_told(id, outcome) for id, outcome in outcomes.items()]})

    def _decide(self, id: UUID, data: dict[str, str]) -> Attachment | ParleyError:
        decision = Decision(data["decision"])
        try:
            ratelimit.hit(REVIEWS_PER_MEMBER, "review", self.actor.id)
            return actions.review_file(self.actor, attachment_id=id, decision=decision, reason=data["reason"])
        except ParleyError as error:
            return error


def _told(id: UUID, outcome: Attachment | ParleyError) -> FilePayload | NotDecided:
    if isinstance(outcome, ParleyError):
        return {"id": str(id), "error": outcome.body()}
    return file_payload(outcome, is_whole=True, shows_metadata=True)


class Organise(ActorView):
    def patch(self, request: Request, attachment_id: UUID) -> Response:
        data = read_input(OrganiseInput, request.data)
        file = actions.organise_file(self.actor, attachment_id=attachment_id, **data)
        return Response(file_payload(file, is_whole=True, shows_metadata=True))
