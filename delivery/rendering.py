"""What hosts are told of a thing: what is there now. Rooms above register what they know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from accounts.models import Member
from accounts.payloads import member_payload
from attachments.access import is_there
from attachments.models import Attachment
from attachments.payloads import file_payload
from common.clock import iso
from delivery.hooks import noun_of
from messaging.models import Conversation
from messaging.payloads import conversation_payload, message_payload
from messaging.queries import MESSAGES, bring_adornments, bring_present, complete

About = Mapping[str, str]
Told = dict[str, Any]
# From the organisation's id and `about`; None when it is not there any more.
Render = Callable[[UUID, About], Told | None]


def data_of(event: str, organisation_id: UUID, about: About) -> Told:
    told = RENDERERS[noun_of(event)](organisation_id, about)
    return {**about, "gone": True} if told is None else told


def register(noun: str, render: Render) -> None:
    """For a room above, when its app is ready."""
    RENDERERS[noun] = render


def _as_it_is(organisation_id: UUID, about: About) -> Told:
    """Of what no room has registered for."""
    return dict(about)


def _message(organisation_id: UUID, about: About) -> Told | None:
    found = complete(MESSAGES.filter(pk=about["message"], conversation__organisation=organisation_id))
    for message in found:
        gone = Conversation.objects.filter(pk=message.conversation_id, deleted_at__isnull=False).first()
        if gone:
            # Nobody sees what was said in a channel that is deleted.
            message.deleted_at, message.system = message.deleted_at or gone.deleted_at, None
        return {"message": message_payload(message)}
    return None


def _conversation(organisation_id: UUID, about: About) -> Told | None:
    """`member`: who has come or gone."""
    conversation = (
        Conversation.objects.select_related("last_message__sender", "last_message__reply_to__sender")
        .filter(pk=about["conversation"], organisation=organisation_id)
        .first()
    )
    if conversation is None:
        return None
    if conversation.deleted_at:
        deleted = {"id": str(conversation.pk), "kind": conversation.kind}
        return {"conversation": {**deleted, "deleted_at": iso(conversation.deleted_at)}}
    bring_present({conversation.pk: conversation})
    if conversation.last_message:
        bring_adornments([conversation.last_message])
    return {"conversation": conversation_payload(conversation), **_member(organisation_id, about)}


def _member(organisation_id: UUID, about: About) -> Told:
    if "member" not in about:
        return {}
    found = Member.objects.filter(pk=about["member"], organisation=organisation_id).first()
    return {"member": member_payload(found)} if found else {}


def _file(organisation_id: UUID, about: About) -> Told | None:
    """With what others are not told of one that was rejected: it is the organisation's own."""
    found = Attachment.objects.filter(pk=about["file"], organisation=organisation_id, deleted_at=None)
    for file in found.select_related("uploader").prefetch_related("thumbnails"):
        return {"file": file_payload(file, is_whole=True)} if is_there(file) else None
    return None


RENDERERS: dict[str, Render] = {
    "message": _message,
    "conversation": _conversation,
    "file": _file,
    "request": _as_it_is,
    "sla": _as_it_is,
}
