"""Who may read which file. Who may read what holds it decides; rooms above say so for what they hold."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from accounts.actor import Actor
from attachments.models import Attachment
from common.errors import NotFound

NO_FILE = "There is no such file here."

MayRead = Callable[[Actor, UUID], bool]
_holders: dict[str, MayRead] = {}


def register_holder(kind: str, may_read: MayRead) -> None:
    """`may_read(actor, id)`: whether the actor may read what holds the file, now."""
    _holders[kind] = may_read


def get_attachment(actor: Actor, id: UUID) -> Attachment:
    """NotFound for whoever may not read it."""
    file = Attachment.objects.filter(organisation=actor.organisation_id, pk=id, deleted_at=None).first()
    if file is None or not may_read(actor, file):
        raise NotFound(NO_FILE)
    return file


def may_read(actor: Actor, file: Attachment) -> bool:
    """What nobody has said yet is its uploader's."""
    if file.holder is None:
        return file.uploader_id == actor.id
    return _holders[file.holder_kind](actor, file.holder)
