"""The wire shape of a file: the same in messages, lists and answers to uploads."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from accounts.payloads import MemberPayload, member_payload
from attachments.deciding import held_for
from attachments.models import REQUEST, Attachment, FileAccess, FileState, ShareLink, UploadPolicy
from common.clock import iso, iso_or_none


class ThumbnailPayload(TypedDict):
    size: int
    width: int
    height: int


class AttachmentPayload(TypedDict):
    """`width` and `height` in pixels, `seconds` how long it plays, `thumbnails` those of an image, smallest first;
    `waiting` the number of a newer version that is not decided yet.

    Of a file that is not approved only `id`, `state`, `uploader`, `version` and `created_at` are said, the rest is null
    or empty; but to its uploader and its reviewers, who are also told why it is held, or was rejected.
    """

    id: str
    state: str
    held_for: str
    reason: str
    name: str | None
    kind: str | None
    mime: str | None
    size: int | None
    width: int | None
    height: int | None
    pages: int | None
    seconds: float | None
    thumbnails: list[ThumbnailPayload]
    version: int
    waiting: int | None
    uploader: str
    created_at: str


class FilePayload(AttachmentPayload):
    """As a list of files has it: with where it is, and for whoever reviews it with all that is known of it.

    `conversation` is its place, `message` what holds it, if anything does; `request` that of a client, which is both.
    `by` its uploader.
    """

    by: MemberPayload
    conversation: str | None
    message: str | None
    request: str | None
    category: str
    tags: list[str]
    reviewer: str | None
    reviewed_at: str | None
    metadata: dict[str, Any]


def attachment_payload(file: Attachment, *, is_whole: bool = False) -> AttachmentPayload:
    """Needs `thumbnails`. `is_whole`: for whoever may know what it is before everybody does."""
    is_told = is_whole or file.state == FileState.APPROVED
    return {
        "id": str(file.id),
        "state": file.state,
        "held_for": held_for(file) if is_told else "",
        "reason": file.reason if is_told else "",
        "name": file.name if is_told else None,
        "kind": file.kind if is_told else None,
        "mime": file.mime if is_told else None,
        "size": file.size if is_told else None,
        "width": file.width if is_told else None,
        "height": file.height if is_told else None,
        "pages": file.pages if is_told else None,
        "seconds": file.seconds if is_told else None,
        "thumbnails": _thumbnails(file) if is_told else [],
        "version": file.version,
        "waiting": file.waiting,
        "uploader": str(file.uploader_id),
        "created_at": iso(file.created_at),
    }


def file_payload(file: Attachment, *, is_whole: bool, shows_metadata: bool = False) -> FilePayload:
    """Needs `uploader`, too. `shows_metadata`: what its camera or its program wrote, for the staff."""
    is_told = is_whole or file.state == FileState.APPROVED
    is_of_request = file.place_kind == REQUEST
    return {
        **attachment_payload(file, is_whole=is_whole),
        "by": member_payload(file.uploader),
        "conversation": None if is_of_request else str(file.place),
        "message": str(file.holder) if file.holder and not is_of_request else None,
        "request": str(file.place) if is_of_request else None,
        "category": file.category,
        "tags": file.tags if is_told else [],
        "reviewer": str(file.reviewer_id) if file.reviewer_id and is_told else None,
        "reviewed_at": iso_or_none(file.reviewed_at) if is_told else None,
        "metadata": file.metadata if shows_metadata else {},
    }


def _thumbnails(file: Attachment) -> list[ThumbnailPayload]:
    return [{"size": one.size, "width": one.width, "height": one.height} for one in file.thumbnails.all()]


class UploadsPayload(TypedDict):
    """What is taken at a place, in bytes; `extensions` is empty for all that are known."""

    is_enabled: bool
    max_bytes: int
    max_bytes_by_kind: dict[str, int]
    extensions: list[str]
    uploads_at_once: int


def uploads_payload(policy: UploadPolicy) -> UploadsPayload:
    return {
        "is_enabled": policy.is_enabled,
        "max_bytes": policy.max_bytes,
        "max_bytes_by_kind": policy.max_bytes_by_kind,
        "extensions": policy.extensions,
        "uploads_at_once": policy.uploads_at_once,
    }


# What browsers record, best first, and what such a file may be called.
RECORDED = {"audio/webm": ("webm",), "audio/ogg": ("ogg",), "audio/mp4": ("m4a", "mp4")}


def voice_payload(policy: UploadPolicy) -> dict[str, str]:
    """The types of recordings that are taken, each with the end of its name; empty where none is."""
    if not policy.is_enabled:
        return {}
    taken = {mime: [one for one in names if _takes(policy, one)] for mime, names in RECORDED.items()}
    return {mime: names[0] for mime, names in taken.items() if names}


def _takes(policy: UploadPolicy, extension: str) -> bool:
    return not policy.extensions or extension in policy.extensions


class LinkPayload(TypedDict):
    """`url` is told once, to whoever makes it."""

    id: str
    url: NotRequired[str]
    mode: str
    has_password: bool
    expires_at: str
    max_uses: int | None
    uses: int
    creator: str
    created_at: str


def link_payload(link: ShareLink) -> LinkPayload:
    return {
        "id": str(link.pk),
        "mode": link.mode,
        "has_password": bool(link.password),
        "expires_at": iso(link.expires_at),
        "max_uses": link.max_uses,
        "uses": link.uses,
        "creator": str(link.creator_id),
        "created_at": iso(link.created_at),
    }


class AccessPayload(TypedDict):
    """Who: a member, or whoever has the link."""

    member: MemberPayload | None
    link: str | None
    mode: str
    at: str


def access_payload(access: FileAccess) -> AccessPayload:
    """Needs `member`."""
    return {
        "member": member_payload(access.member) if access.member else None,
        "link": str(access.link_id) if access.link_id else None,
        "mode": access.mode,
        "at": iso(access.at),
    }
