"""REST about the files of conversations: uploaded, listed, deleted. Their bytes are served by attachments."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any, TypedDict
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from rest_framework.fields import UUIDField
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from attachments.payloads import AttachmentPayload, attachment_payload
from common import ratelimit
from common.api import cut, page, read_input, unpack_cursor
from common.errors import ErrorBody, InvalidInput, ParleyError
from messaging import actions, queries
from messaging.access import get_conversation, get_conversation_to_speak_in
from messaging.api.limits import UPLOADS_PER_MEMBER
from messaging.serializers import FilesQuery


class Refused(TypedDict):
    name: str
    error: ErrorBody


class Upload(ActorView):
    """Several at once, each for itself. 201 when at least one was taken, else what is wrong with the first."""

    parser_classes = (MultiPartParser,)

    def post(self, request: Request, conversation_id: UUID) -> Response:
        # Before anything of the body is looked at.
        get_conversation_to_speak_in(self.actor, conversation_id)
        files: list[TemporaryUploadedFile] = self._files(request)
        results = [self._take(conversation_id, one) for one in files]
        taken = any(not isinstance(one, ParleyError) for one in results)
        first = next((one for one in results if isinstance(one, ParleyError)), None)
        status = HTTPStatus.CREATED if taken or first is None else first.status
        told = [
            Refused(name=file.name or "", error=one.body()) if isinstance(one, ParleyError) else one
            for file, one in zip(files, results, strict=True)
        ]
        return Response({"results": told}, status=status)

    def _files(self, request: Request) -> Any:
        files = request.FILES.getlist("files")
        if not files:
            raise InvalidInput(fields={"files": ["Send at least one file."]})
        for _ in files:
            ratelimit.hit(UPLOADS_PER_MEMBER, "upload", self.actor.id)
        return files

    def _take(self, conversation_id: UUID, file: TemporaryUploadedFile) -> AttachmentPayload | ParleyError:
        path = Path(file.temporary_file_path())
        try:
            taken = actions.upload_file(
                self.actor, conversation_id=conversation_id, path=path, name=file.name or ""
            )
        except ParleyError as error:
            return error
        return attachment_payload(taken)


class Files(ActorView):
    """What was shared in a conversation, the newest first."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        query = read_input(FilesQuery, request.query_params)
        files = queries.files_in(conversation, kind=query.get("kind", ""), name=query["q"])
        if query["cursor"]:
            (before,) = unpack_cursor(query["cursor"], UUIDField)
            files = files.filter(pk__lt=before)
        found = list(files.prefetch_related("thumbnails")[: query["limit"] + 1])
        shown, next_cursor = cut(found, query["limit"], lambda last: (last.pk,))
        results = [{**attachment_payload(one), "message": str(one.holder)} for one in shown]
        return page(results, next_cursor=next_cursor)


class AttachmentDetail(ActorView):
    def delete(self, request: Request, attachment_id: UUID) -> Response:
        actions.delete_attachment(self.actor, attachment_id=attachment_id)
        return Response(status=HTTPStatus.NO_CONTENT)
