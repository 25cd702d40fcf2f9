"""The wire shapes of the portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from accounts.models import Space
from accounts.payloads import MemberPayload, member_payload
from attachments.models import Attachment
from attachments.payloads import AttachmentPayload, attachment_payload
from common.clock import iso, iso_or_none
from portal.models import ClientRequest


class SpacePayload(TypedDict):
    id: str
    kind: str
    name: str


class ListedSpacePayload(SpacePayload):
    """`may_request`: whether the viewer may ask for something there."""

    may_request: bool


class RequestPayload(TypedDict):
    """Of `files`, what everybody may know."""

    id: str
    space: SpacePayload
    kind: str
    title: str
    description: str
    status: str
    created_by: MemberPayload
    created_at: str
    updated_at: str
    decided_by: MemberPayload | None
    decided_at: str | None
    reason: str
    files: list[AttachmentPayload]
    version: int


def space_payload(space: Space) -> SpacePayload:
    return {"id": str(space.pk), "kind": space.kind, "name": space.name}


def listed_space_payload(space: Space, *, may_request: bool) -> ListedSpacePayload:
    return {**space_payload(space), "may_request": may_request}


def request_payload(request: ClientRequest, files: Iterable[Attachment]) -> RequestPayload:
    """Needs `space`, `created_by` and `decided_by`; of the files `thumbnails`."""
    return {
        "id": str(request.pk),
        "space": space_payload(request.space),
        "kind": request.kind,
        "title": request.title,
        "description": request.description,
        "status": request.status,
        "created_by": member_payload(request.created_by),
        "created_at": iso(request.created_at),
        "updated_at": iso(request.updated_at),
        "decided_by": member_payload(request.decided_by) if request.decided_by else None,
        "decided_at": iso_or_none(request.decided_at),
        "reason": request.reason,
        "files": [attachment_payload(one) for one in files],
        "version": request.version,
    }
