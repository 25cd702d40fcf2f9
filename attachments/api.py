"""REST about files: their bytes, to whoever may read what holds them; and what staff decides about them."""

from __future__ import annotations

from pathlib import PurePath
from typing import TypedDict
from uuid import UUID

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from attachments import actions
from attachments.access import NO_FILE, get_readable
from attachments.actions import Decision
from attachments.filing import MIMES, beside
from attachments.inspection.kinds import Kind
from attachments.models import Attachment
from attachments.payloads import FilePayload, file_payload
from attachments.serializers import OrganiseInput, ReviewInput, ReviewTogetherInput, SizeQuery
from attachments.serving import serve
from common import ratelimit
from common.api import read_input
from common.errors import ErrorBody, NotFound, ParleyError

PLAYED = (Kind.AUDIO, Kind.VIDEO)
REVIEWS_PER_MEMBER = "600/minute"


class NotDecided(TypedDict):
    id: str
    error: ErrorBody


class Download(ActorView):
    """Of an image, what was made of it: upright, and without what its camera wrote. Nobody is given the original."""

    def get(self, request: Request, attachment_id: UUID) -> HttpResponseBase:
        file = get_readable(self.actor, attachment_id)
        query = read_input(SizeQuery, request.query_params)
        key, extension = self._asked_for(file, query.get("size"))
        return serve(
            key,
            name=str(PurePath(file.name).with_suffix(f".{extension}")) if extension else file.name,
            mime=MIMES[extension] if extension else file.mime,
            inline=query["inline"] and bool(extension or file.kind in PLAYED),
            headers=request.headers,
        )

    def _asked_for(self, file: Attachment, size: str | None) -> tuple[str, str]:
        """Its key, and the extension of what was made of it; none for the file as it is."""
        if size is None:
            made = "served", file.served_extension
        else:
            thumbnail = file.thumbnails.filter(size=size).first()
            if thumbnail is None:
                raise NotFound(NO_FILE)
            made = size, thumbnail.extension
        return (beside(file.key, *made), made[1]) if made[1] else (file.key, "")


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
        ratelimit.hit(REVIEWS_PER_MEMBER, "review", self.actor.id)
        decision = Decision(data["decision"])
        try:
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
