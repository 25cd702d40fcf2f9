"""Files on their way into a message."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from accounts.actor import Actor
from attachments.actions import Place, upload
from attachments.models import Attachment
from messaging import access
from messaging.queries import PLACE


def upload_file(actor: Actor, *, conversation_id: UUID, path: Path, name: str) -> Attachment:
    """A file that a message of the actor's own can then be sent with; it tells nobody. As `attachments.actions.upload`,
    and NotFound or Forbidden for whoever may not speak there.
    """
    conversation = access.get_conversation_to_speak_in(actor, conversation_id)
    place = Place(PLACE, conversation.pk, conversation.space_id)
    return upload(actor, place=place, path=path, name=name)
