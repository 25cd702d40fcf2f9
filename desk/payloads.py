"""The wire shapes of support work."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from common.clock import iso
from desk.models import CannedReply


class CannedReplyPayload(TypedDict):
    """`body` as it was written; `text` as it is said in the conversation that was asked about."""

    id: str
    shortcut: str
    body: str
    language: str
    updated_at: str
    text: NotRequired[str]


def canned_reply_payload(reply: CannedReply, text: str | None = None) -> CannedReplyPayload:
    payload: CannedReplyPayload = {
        "id": str(reply.pk),
        "shortcut": reply.shortcut,
        "body": reply.body,
        "language": reply.language,
        "updated_at": iso(reply.updated_at),
    }
    if text is not None:
        payload["text"] = text
    return payload
