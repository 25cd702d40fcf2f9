"""The wire shape of a file: the same in messages, lists and answers to uploads."""

from __future__ import annotations

from typing import TypedDict

from attachments.models import Attachment
from common.clock import iso


class ThumbnailPayload(TypedDict):
    size: int
    width: int
    height: int


class AttachmentPayload(TypedDict):
    """`width` and `height` in pixels, `seconds` how long it plays, `thumbnails` those of an image, smallest first."""

    id: str
    state: str
    name: str
    kind: str
    mime: str
    size: int
    width: int | None
    height: int | None
    pages: int | None
    seconds: float | None
    thumbnails: list[ThumbnailPayload]
    uploader: str
    created_at: str


def attachment_payload(file: Attachment) -> AttachmentPayload:
    """Needs `thumbnails`."""
    return {
        "id": str(file.id),
        "state": file.state,
        "name": file.name,
        "kind": file.kind,
        "mime": file.mime,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "pages": file.pages,
        "seconds": file.seconds,
        "thumbnails": [
            {"size": one.size, "width": one.width, "height": one.height} for one in file.thumbnails.all()
        ],
        "uploader": str(file.uploader_id),
        "created_at": iso(file.created_at),
    }
