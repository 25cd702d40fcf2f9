"""REST about the files of conversations: uploaded, listed, deleted. Their bytes are served by attachments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypedDict
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import QuerySet
from rest_framework.fields import UUIDField
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.http import ActorView
from accounts.permissions import Permission
from attachments.access import get_attachment, sees_details
from attachments.models import Attachment
from attachments.payloads import (
    AttachmentPayload,
    FilePayload,
    attachment_payload,
    file_payload,
    uploads_payload,
)
from attachments.queries import policy_of, versions_of
from common import ratelimit
from common.api import cut, page, read_input, unpack_cursor
from common.errors import ErrorBody, InvalidInput, ParleyError
from common.slots import slot
from messaging import actions, queries
from messaging.access import get_conversation, get_conversation_to_speak_in, get_message
from messaging.api.limits import LONGEST_UPLOAD, UPLOADS_PER_MEMBER
from messaging.serializers import FilesQuery, PendingQuery, UploadInput


class Refused(TypedDict):
    name: str
    error: ErrorBody


def payload_for(actor: Actor, file: Attachment) -> FilePayload:
    """Whatever the actor may know of it."""
    is_whole = sees_details(actor, file)
    return file_payload(file, is_whole=is_whole, shows_metadata=actor.can(Permission.REVIEW_FILES))


def files_in(request: Request, actor: Actor) -> list[TemporaryUploadedFile]:
    """Counted, each of them."""
    files: Any = request.FILES.getlist("files")
    if not files:
        raise InvalidInput(fields={"files": ["Send at least one file."]})
    for _ in files:
        ratelimit.hit(UPLOADS_PER_MEMBER, "upload", actor.id)
    return list(files)


def uploading(actor: Actor, space_id: UUID | None) -> AbstractContextManager[Callable[[], None]]:
    """One of those that a member may have on their way at once; RateLimited for one more. What it gives is called with
    each file."""
    most = policy_of(actor.organisation_id, space_id).uploads_at_once
    return slot(most, "uploads", actor.id, seconds=LONGEST_UPLOAD)


def sources_of(
    files: Iterable[TemporaryUploadedFile], go_on: Callable[[], None]
) -> Iterator[tuple[Path, str]]:
    """Where each lies, and what it is called."""
    for file in files:
        go_on()
        yield Path(file.temporary_file_path()), file.name or ""


class TakesFiles(ActorView):
    """Several at once, each for itself. 201 when at least one was taken, else what is wrong with the first."""

    parser_classes = (MultiPartParser,)

    def take_all(
        self, request: Request, space_id: UUID | None, take: Callable[[Path, str], Attachment]
    ) -> Response:
        files = files_in(request, self.actor)
        with uploading(self.actor, space_id) as go_on:
            results = [self._take(take, source) for source in sources_of(files, go_on)]
        taken = any(not isinstance(one, ParleyError) for one in results)
        first = next((one for one in results if isinstance(one, ParleyError)), None)
        status = HTTPStatus.CREATED if taken or first is None else first.status
        told = [
            Refused(name=file.name or "", error=one.body()) if isinstance(one, ParleyError) else one
            for file, one in zip(files, results, strict=True)
        ]
        return Response({"results": told}, status=status)

    def _take(
        self, take: Callable[[Path, str], Attachment], source: tuple[Path, str]
    ) -> AttachmentPayload | ParleyError:
        try:
            taken = take(*source)
        except ParleyError as error:
            return error
        return attachment_payload(taken, is_whole=True)


class Upload(TakesFiles):
    """To be said with a message, or for one that was said: `message`. GET tells what is taken."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        space_id = get_conversation(self.actor, conversation_id).space_id
        return Response(uploads_payload(policy_of(self.actor.organisation_id, space_id)))

    def post(self, request: Request, conversation_id: UUID) -> Response:
        # Before anything of the body is looked at.
        space_id = get_conversation_to_speak_in(self.actor, conversation_id).space_id
        message = read_input(UploadInput, request.data).get("message")
        if message is None:
            take = partial(actions.upload_file, self.actor, conversation_id=conversation_id)
        else:
            self._must_stand_here(message, conversation_id)
            take = partial(actions.add_file, self.actor, message_id=message)
        return self.take_all(request, space_id, lambda path, name: take(path=path, name=name))

    def _must_stand_here(self, message: UUID, conversation_id: UUID) -> None:
        if get_message(self.actor, message).conversation_id != conversation_id:
            raise InvalidInput(fields={"message": ["This message stands in another conversation."]})


class Versions(TakesFiles):
    """Of one document, the newest first."""

    def get(self, request: Request, attachment_id: UUID) -> Response:
        file = get_attachment(self.actor, attachment_id)
        versions = versions_of(file).select_related("uploader")
        return page([payload_for(self.actor, one) for one in versions], next_cursor=None)

    def post(self, request: Request, attachment_id: UUID) -> Response:
        space_id = get_attachment(self.actor, attachment_id).space_id
        if len(request.FILES.getlist("files")) > 1:
            raise InvalidInput(fields={"files": ["Send one file."]})
        take = partial(actions.add_version, self.actor, attachment_id=attachment_id)
        return self.take_all(request, space_id, lambda path, name: take(path=path, name=name))


class _ListsFiles(ActorView):
    def _page(self, files: QuerySet[Attachment], query: dict[str, Any], *, beyond: str) -> Response:
        """`beyond`: how the next page's ids compare with the last one's."""
        if query["cursor"]:
            (last,) = unpack_cursor(query["cursor"], UUIDField)
            files = files.filter(**{f"pk__{beyond}": last})
        found = list(files.prefetch_related("thumbnails")[: query["limit"] + 1])
        shown, next_cursor = cut(found, query["limit"], lambda last: (last.pk,))
        return page([payload_for(self.actor, one) for one in shown], next_cursor=next_cursor)


class Files(_ListsFiles):
    """What was shared in a conversation, the newest first."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        query = read_input(FilesQuery, request.query_params)
        wanted = {name: query[name] for name in ("kind", "state", "category") if name in query}
        files = queries.files_in(self.actor, conversation, words=query["q"], tags=query["tag"], **wanted)
        return self._page(files, query, beyond="lt")


class Pending(_ListsFiles):
    """What waits for a person, the oldest first."""

    def get(self, request: Request) -> Response:
        self.actor.must(Permission.REVIEW_FILES)
        query = read_input(PendingQuery, request.query_params)
        return self._page(queries.files_to_review(self.actor), query, beyond="gt")


class AttachmentDetail(ActorView):
    def get(self, request: Request, attachment_id: UUID) -> Response:
        return Response(payload_for(self.actor, get_attachment(self.actor, attachment_id)))

    def delete(self, request: Request, attachment_id: UUID) -> Response:
        actions.delete_attachment(self.actor, attachment_id=attachment_id)
        return Response(status=HTTPStatus.NO_CONTENT)
