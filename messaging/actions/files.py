"""Files on their way into a message."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from accounts.actor import Actor
from attachments.actions import Place, upload
from attachments.models import Attachment
from messaging import access
from messaging.models import Conversation
from messaging.queries import PLACE


def may_upload(actor: Actor, *, conversation_id: UUID) -> Conversation:
    """NotFound, or Forbidden for whoever may not speak there."""
    conversation = access.get_conversation(actor, conversation_id)
    access.must_speak_in(actor, conversation, takes_part=access.takes_part(actor, conversation))
    return conversation


def upload_file(actor: Actor, *, conversation: Conversation, path: Path, name: str) -> Attachment:
    """What `may_upload` allowed: a file that a message of the actor's own can then be sent with. Tells nobody."""
    place = Place(PLACE, conversation.pk, conversation.space_id)
    return upload(actor, place=place, path=path, name=name)
